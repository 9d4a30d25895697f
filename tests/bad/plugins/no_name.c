/* SPDX-License-Identifier: MIT
 *
 * no_name.c - it has no name at all.
 */
#define NAME NULL
#include "almost_good.h"
