/* SPDX-License-Identifier: MIT
 *
 * editor_internal.h - what the three files of the line editor share: editor.c (its life and its lines), editor_input.c
 * (characters, and what interrupts them), editor_keys.c (paste and completion).
 */
#ifndef STDIN_EDITOR_INTERNAL_H
#define STDIN_EDITOR_INTERNAL_H

#include <histedit.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

#include "buf.h"
#include "editor.h"

enum { LINE_CHARS = MESSAGE_MAX + 64 }; /* more is of no use: the message is too long then */

struct editor {
    EditLine *el;
    HistoryW *lines;
    FILE *screen;
    struct wake *wake;
    locale_t utf8;
    locale_t former_locale;
    editor_completer *complete;
    void *user;
    wchar_t prompt[64];
    size_t prompt_columns;
    struct buf line;
    enum input ended; /* INPUT_LINE: still editing */
    bool pasting;
};

/* The editor that libedit calls back for. */
struct editor *editor_self(EditLine *el);

/* Between UTF-8 and the characters of libedit. */
void editor_to_utf8(struct buf *out, const wchar_t *text, size_t len);
size_t editor_to_wide(wchar_t *out, size_t size, const char *text);

/* The text before the cursor as UTF-8. */
void editor_before_cursor(EditLine *el, struct buf *out);

/* libedit's source of characters: 1, or -1 when the editing has ended (`ended` says how). */
int editor_next_char(EditLine *el, wchar_t *out);

/* Print the prompt and the line again, on the row where the cursor is. */
void editor_repaint(struct editor *ed);

/* Leave the line as it stands, put `mark` behind it, and go below it. */
void editor_below_line(struct editor *ed, const char *mark);

/* Bind the keys of our own. */
void editor_bind_keys(EditLine *el);

#endif
