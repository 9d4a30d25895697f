/* SPDX-License-Identifier: MIT
 *
 * plugin.h - plugins: found in a folder, opened, and accepted or refused by their descriptor before a function of
 * theirs is called. Never unloaded (RTLD_NODELETE): code may still run when the process ends. Knows no dispatcher.
 *
 * All of it belongs to the main thread; the list is read-only once the others start.
 */
#ifndef FAQD_PLUGIN_LOADER_H
#define FAQD_PLUGIN_LOADER_H

#include "err.h"

struct plugin {
    const struct faqd_plugin *descriptor;
    char *path;
};

struct plugins {
    struct plugin *items;
    size_t n;
};

/* Open every *.so of a folder, in the order of their names. A plugin that is refused is left out, with one line of the
 * log that says why. FAQD_OK; FAQD_EIO: no such folder; FAQD_ENOMEM. */
int plugins_open(const char *dir, struct plugins *plugins, struct err *err);
void plugins_free(struct plugins *plugins); /* the list; the code stays */

/* Open one file. FAQD_OK, or FAQD_EINVAL with the reason. */
int plugin_open(const char *path, struct plugin *plugin, struct err *err);

/* The plugin of a kind and name; NULL. */
const struct plugin *plugins_find(const struct plugins *plugins, enum faqd_kind kind, const char *name);

extern const char *const plugin_kinds[]; /* by enum faqd_kind */

#endif
