/* SPDX-License-Identifier: MIT
 *
 * no_table.c - its descriptor lacks the table of functions.
 */
#include "faqd_plugin.h"

FAQD_EXPORT const struct faqd_plugin faqd_plugin = {
    .struct_size = sizeof(struct faqd_plugin),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .kind = FAQD_MODULE,
    .name = "no_table",
    .version = "1.0",
};
