/* SPDX-License-Identifier: MIT
 *
 * short_descriptor.c - its descriptor says that it ends before its last field.
 */
#define NAME "short_descriptor"
#define STRUCT_SIZE offsetof(struct faqd_plugin, ops)
#include "almost_good.h"
