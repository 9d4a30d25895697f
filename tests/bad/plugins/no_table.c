/* SPDX-License-Identifier: MIT
 *
 * no_table.c - its descriptor lacks the table of functions.
 */
#define NAME "no_table"
#define OPS NULL
#include "almost_good.h"
