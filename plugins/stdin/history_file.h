/* SPDX-License-Identifier: MIT
 *
 * history_file.h - the file in which questions are kept for a next session, if the user asked for that.
 *
 * $XDG_STATE_HOME/faqd/history, or ~/.local/state/faqd/history: one line each, readable by its owner only. Questions
 * about one's health are nobody else's affair, so nothing is created unless the setting "history" is on.
 */
#ifndef STDIN_HISTORY_FILE_H
#define STDIN_HISTORY_FILE_H

#include <stddef.h>

enum { HISTORY_LINES = 500 }; /* kept; older ones are dropped when the file is opened */

struct history_file {
    int fd; /* -1: not kept */
    char *path;
};

/* Name the file; it is not touched. FAQD_OK, FAQD_EINVAL (no home), FAQD_ENOMEM. */
int history_file_init(struct history_file *h);

/* Create or open the file and call `each` with every line of it, oldest first. FAQD_OK, FAQD_EIO (errno says why),
 * FAQD_EINVAL (it is somebody else's, or no file), FAQD_ENOMEM. */
int history_file_open(struct history_file *h, void (*each)(void *user, const char *line), void *user);

/* Append a line without line feeds; nothing if the file is not open. */
void history_file_add(struct history_file *h, const char *line, size_t len);

/* Empty the file, also one of an earlier session. FAQD_OK (also without a file), FAQD_EIO. */
int history_file_wipe(struct history_file *h);

void history_file_free(struct history_file *h);

#endif
