/* SPDX-License-Identifier: MIT
 *
 * almost_good_connector.h - a connector that cannot run; its table of functions is as long as OPS_SIZE says.
 */
#define KIND FAQD_CONNECTOR
#define OPS &connector

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

static const struct faqd_connector connector = {
    .struct_size = OPS_SIZE, .open = open_it, .stop = stop_it, .close = stop_it};

#include "almost_good.h"
