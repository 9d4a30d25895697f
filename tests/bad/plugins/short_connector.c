/* SPDX-License-Identifier: MIT
 *
 * short_connector.c - a connector whose table of functions ends too early.
 */
#include "faqd_plugin.h"

static int open_it(const struct faqd_host *host, const char *settings, void **instance)
{
    (void)host;
    (void)settings;
    (void)instance;
    return FAQD_OK;
}

static void stop_it(void *instance)
{
    (void)instance;
}

static const struct faqd_connector ops = {
    .struct_size = offsetof(struct faqd_connector, check), .open = open_it, .stop = stop_it, .close = stop_it};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = {
    .struct_size = sizeof(struct faqd_plugin),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .kind = FAQD_CONNECTOR,
    .name = "short_connector",
    .version = "1.0",
    .ops = &ops,
};
