/* SPDX-License-Identifier: MIT
 *
 * bad_name.c - its name cannot stand in content or configuration.
 */
#define NAME "Bad Name!"
#include "almost_good.h"
