/* SPDX-License-Identifier: MIT
 *
 * editor.h - one line from a person at a terminal, edited with libedit.
 *
 * Emacs keys, UTF-8 whatever the locale says, Tab completion, lines of this session with the arrow keys, pasted text
 * as one line. Everything is shown on one stream (stderr if that is the terminal); stdout is not touched.
 */
#ifndef STDIN_EDITOR_H
#define STDIN_EDITOR_H

#include <stdio.h>

#include "lines.h"
#include "strings.h"

struct editor;

/* Add to `out` what the text before the cursor may be completed to, each a whole new text in its place. */
typedef void editor_completer(void *user, const char *typed, struct strings *out);

/* `fd` is where the prompt and the line are shown. terminal_begin() was called before. NULL: no memory, or a terminal
 * that libedit cannot handle. The thread's locale is UTF-8 until editor_free. */
struct editor *editor_new(const char *prompt, int fd, struct wake *wake, editor_completer *complete, void *user);

/* Read a line. `*text`, without line feed, is valid until the next call; at most MESSAGE_MAX + 1 bytes. */
enum input editor_read(struct editor *ed, const char **text, size_t *len);

/* Put a line where the arrow keys find it; forget them all. */
void editor_remember(struct editor *ed, const char *line);
void editor_forget(struct editor *ed);

void editor_free(struct editor *ed); /* takes NULL */

#endif
