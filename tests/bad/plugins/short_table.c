/* SPDX-License-Identifier: MIT
 *
 * short_table.c - its table of functions ends before the functions that every module has.
 */
#define NAME "short_table"
#define OPS_SIZE offsetof(struct faqd_module, close)
#include "almost_good.h"
