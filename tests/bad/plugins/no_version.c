/* SPDX-License-Identifier: MIT
 *
 * no_version.c - its descriptor lacks a version.
 */
#include "faqd_plugin.h"

static int answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                  const struct faqd_query *query, struct faqd_reply *reply)
{
    (void)instance;
    (void)host;
    (void)content;
    (void)query;
    (void)reply;
    return FAQD_DECLINED;
}

static const struct faqd_module ops = {.struct_size = sizeof(ops), .answer = answer};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = {
    .struct_size = sizeof(struct faqd_plugin),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .kind = FAQD_MODULE,
    .name = "no_version",
    .ops = &ops,
};
