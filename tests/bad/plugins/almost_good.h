/* SPDX-License-Identifier: MIT
 *
 * almost_good.h - a good module, but for what the file that includes it has defined otherwise before.
 */
#include "faqd_plugin.h"

#ifndef STRUCT_SIZE
#define STRUCT_SIZE sizeof(struct faqd_plugin)
#endif
#ifndef ABI_MAJOR
#define ABI_MAJOR FAQD_ABI_MAJOR
#endif
#ifndef ABI_MINOR
#define ABI_MINOR FAQD_ABI_MINOR
#endif
#ifndef KIND
#define KIND FAQD_MODULE
#endif
#ifndef NAME
#define NAME "almost_good"
#endif
#ifndef VERSION
#define VERSION "1.0"
#endif
#ifndef ANSWER
#define ANSWER() FAQD_DECLINED
#endif
#ifndef OPS_SIZE
#define OPS_SIZE sizeof(struct faqd_module)
#endif

#ifndef OPS
#define OPS &ops
static int answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                  const struct faqd_query *query, struct faqd_reply *reply)
{
    (void)instance;
    (void)host;
    (void)content;
    (void)query;
    (void)reply;
    return ANSWER();
}

static const struct faqd_module ops = {.struct_size = OPS_SIZE, .answer = answer};
#endif

FAQD_EXPORT const struct faqd_plugin faqd_plugin = {
    .struct_size = STRUCT_SIZE,
    .abi_major = ABI_MAJOR,
    .abi_minor = ABI_MINOR,
    .kind = KIND,
    .name = NAME,
    .version = VERSION,
    .ops = OPS,
};
