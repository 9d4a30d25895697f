/* SPDX-License-Identifier: MIT
 *
 * entries.h - a connector's own durable memory, as faqd_plugin.h describes it: (kind, key) -> bytes, in the order of
 * their first put. The functions are those of struct faqd_host, called through host_store.c.
 */
#ifndef FAQD_ENTRIES_H
#define FAQD_ENTRIES_H

#include "err.h"

#define ENTRIES_NAME_MAX 64

/* Open FOLDER/NAME.sqlite. The results of store_open, and FAQD_EINVAL for a name that is not of [a-z0-9_]. */
int entries_open(const char *folder, const char *name, struct err *err, struct faqd_store **out);

void entries_close(struct faqd_store *store);
int entries_begin(struct faqd_store *store);
int entries_commit(struct faqd_store *store);
int entries_flush(struct faqd_store *store);
void entries_rollback(struct faqd_store *store);
int entries_put(struct faqd_store *store, const char *kind, const char *key, const void *value, size_t len,
                int64_t expires);
int entries_get(struct faqd_store *store, const char *kind, const char *key, const void **value, size_t *len);
int entries_delete(struct faqd_store *store, const char *kind, const char *key);
int entries_each(struct faqd_store *store, const char *kind,
                 int (*each)(void *user, const char *key, const void *value, size_t len), void *user);
int entries_purge(struct faqd_store *store, int64_t now);

#endif
