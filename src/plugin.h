/* SPDX-License-Identifier: MIT
 *
 * plugin.h - plugins: found in a folder, opened, and accepted or refused by their descriptor before a function of
 * theirs is called. Never unloaded (RTLD_NODELETE): code may still run when the process ends. Knows no dispatcher.
 *
 * A plugin is opened when it is first wanted: a connector brings libraries that a question on the command line does not
 * need. NAME.so is looked at first; if that is not it, all the others are opened.
 *
 * All of it belongs to the main thread.
 */
#ifndef FAQD_PLUGIN_LOADER_H
#define FAQD_PLUGIN_LOADER_H

#include "err.h"

struct plugin {
    const struct faqd_plugin *descriptor;
    char *path;
};

struct plugins {
    struct plugin *items; /* those that are open */
    size_t n;
    char *dir;
    char **closed; /* file names in their order; NULL: it was opened, or refused */
    size_t n_closed;
};

/* List the *.so of a folder, opening none. FAQD_OK; FAQD_EIO: no such folder; FAQD_ENOMEM. */
int plugins_list(const char *dir, struct plugins *plugins, struct err *err);
/* Open all that are listed. A plugin that is refused is left out, with one line of the log that says why. FAQD_OK,
 * FAQD_ENOMEM. */
int plugins_open_all(struct plugins *plugins, struct err *err);
void plugins_free(struct plugins *plugins); /* the list; the code stays */

/* Open one file. FAQD_OK, or FAQD_EINVAL with the reason. */
int plugin_open(const char *path, struct plugin *plugin, struct err *err);

/* The plugin of a kind and name, opened if need be; NULL: there is none, or no memory. It stays where it is until more
 * are opened. */
const struct plugin *plugins_find(struct plugins *plugins, enum faqd_kind kind, const char *name);

extern const char *const plugin_kinds[]; /* by enum faqd_kind */

#endif
