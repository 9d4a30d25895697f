/* SPDX-License-Identifier: MIT
 *
 * host_private.h - the functions of the host's table that live in files of their own. What they do is documented in
 * faqd_plugin.h.
 */
#ifndef FAQD_HOST_PRIVATE_H
#define FAQD_HOST_PRIVATE_H

#include "host.h"

static inline struct host *host_of(const struct faqd_host *api)
{
    return (struct host *)api; /* api is the first member of a struct host that we made ourselves */
}

/* host_store.c */
int host_path(const struct faqd_host *api, const char *named, char *out, size_t size);
int host_store_open(const struct faqd_host *api, const char *name, struct faqd_store **out);

#endif
