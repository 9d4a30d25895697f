/* SPDX-License-Identifier: MIT
 *
 * no_answer.c - a module without the one function that it must have.
 */
#include "faqd_plugin.h"

static const struct faqd_module ops = {.struct_size = sizeof(ops)};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = {
    .struct_size = sizeof(struct faqd_plugin),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .kind = FAQD_MODULE,
    .name = "no_answer",
    .version = "1.0",
    .ops = &ops,
};
