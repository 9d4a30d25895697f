/* SPDX-License-Identifier: MIT
 *
 * editor_input.c - where libedit's characters come from.
 *
 * editor_next_char() polls, so that stop() can end it and a resize or a continue repaints. In the edit mode the
 * terminal sends no signals; Ctrl-C, Ctrl-Z and Ctrl-\ arrive here as characters. Each character is decoded here too,
 * so that bytes that are no UTF-8 and characters that must not be shown never enter a line.
 */
#include "editor_internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <utf8proc.h>

#include "clean.h"
#include "terminal.h"
#include "wrap.h"

enum { CTRL_BACKSLASH = 28, PASTE_GAP_MS = 50 };

/* ---------------------------------------------------------------------------------------------- the screen ---- */

void editor_repaint(struct editor *ed)
{
    el_resize(ed->el);
    fputc('\r', ed->screen);
    el_wset(ed->el, EL_REFRESH);
    fflush(ed->screen);
}

/* The terminal has another width and, as most do, has re-flowed what it shows: wipe our rows and print them again. */
static void resized(struct editor *ed)
{
    struct buf typed;
    buf_init(&typed, BUF_MAX);
    editor_before_cursor(ed->el, &typed);
    size_t columns = ed->prompt_columns + wrap_columns(buf_text(&typed), typed.len);
    size_t rows = columns / terminal_columns(STDIN_FILENO);
    buf_free(&typed);

    fputc('\r', ed->screen);
    if (rows)
        fprintf(ed->screen, "\033[%zuA", rows);
    fputs("\033[J", ed->screen);
    editor_repaint(ed);
}

void editor_below_line(struct editor *ed, const char *mark)
{
    struct buf typed;
    const LineInfoW *line = el_wline(ed->el);
    size_t width = terminal_columns(STDIN_FILENO);

    buf_init(&typed, BUF_MAX);
    editor_before_cursor(ed->el, &typed);
    size_t row = (ed->prompt_columns + wrap_columns(buf_text(&typed), typed.len)) / width;
    editor_to_utf8(&typed, line->cursor, (size_t)(line->lastchar - line->cursor));
    size_t end = ed->prompt_columns + wrap_columns(buf_text(&typed), typed.len);
    buf_free(&typed);

    fputc('\r', ed->screen);
    for (; row < end / width; row++)
        fputc('\n', ed->screen);
    if (end % width)
        fprintf(ed->screen, "\033[%zuC", end % width);
    fprintf(ed->screen, "%s\n", mark);
    fflush(ed->screen);
}

static void give_way(struct editor *ed, int signal_number, const char *mark)
{
    editor_below_line(ed, mark);
    el_wset(ed->el, EL_PREP_TERM, 0);
    terminal_give_way(signal_number);
    el_wset(ed->el, EL_PREP_TERM, 1);
    editor_repaint(ed);
}

static void handle_events(struct editor *ed)
{
    unsigned events = wake_take(ed->wake);
    if (events & WAKE_STOP) {
        ed->ended = INPUT_STOPPED;
        return;
    }
    if (events & WAKE_CONTINUE) {
        el_wset(ed->el, EL_PREP_TERM, 0);
        terminal_retake();
        el_wset(ed->el, EL_PREP_TERM, 1);
        editor_repaint(ed);
    }
    if (events & WAKE_RESIZE)
        resized(ed);
}

/* ----------------------------------------------------------------------------------------------- characters ---- */

/* One byte; false: the editing has ended. */
static bool next_byte(struct editor *ed, unsigned char *out)
{
    while (ed->ended == INPUT_LINE) {
        unsigned events = WAKE_RESIZE | WAKE_CONTINUE;
        if (wake_wait(ed->wake, events, STDIN_FILENO, POLLIN, -1) == WAIT_WOKEN) {
            handle_events(ed);
            continue;
        }
        ssize_t n = read(STDIN_FILENO, out, 1);
        if (n == 1)
            return true;
        if (n == 0 || errno == EIO || errno == EBADF) {
            ed->ended = INPUT_EOF;
        } else if (errno != EINTR && errno != EAGAIN) {
            ed->wake->error = errno;
            ed->ended = INPUT_ERROR;
        }
    }
    return false;
}

/* The bytes of the sequence that `first` begins; 0: none can. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* One character; broken sequences are left out. */
static bool next_code_point(struct editor *ed, uint32_t *out)
{
    char bytes[4];
    size_t n = 0, whole = 0;
    unsigned char byte;

    while (next_byte(ed, &byte)) {
        if (n == 0 || (byte & 0xC0) != 0x80) {
            n = 0;
            whole = sequence_length(byte);
        }
        if (whole == 0)
            continue;
        bytes[n++] = (char)byte;
        if (n < whole)
            continue;
        size_t at = 0;
        *out = clean_next(bytes, n, &at);
        if (at == whole && *out != CLEAN_REPLACEMENT)
            return true;
        n = 0;
    }
    return false;
}

/* libedit takes a combining mark for a character of its own; text pasted in decomposed form is full of them. If the
 * mark composes with the character before the cursor, take that away and return the composed one. */
static uint32_t compose(EditLine *el, uint32_t mark)
{
    const LineInfoW *line = el_wline(el);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)mark);
    if (category != UTF8PROC_CATEGORY_MN || line->cursor == line->buffer)
        return mark;
    utf8proc_int32_t pair[3] = {(utf8proc_int32_t)line->cursor[-1], (utf8proc_int32_t)mark, 0};
    if (utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) != 1)
        return mark;
    el_wdeletestr(el, 1);
    return (uint32_t)pair[0];
}

/* A Ctrl-C that more characters follow at once was pasted; one on its own is the way out of a paste whose end never
 * comes. */
static bool is_pasted(struct editor *ed)
{
    return ed->pasting && wake_wait(ed->wake, 0, STDIN_FILENO, POLLIN, PASTE_GAP_MS) == WAIT_READY;
}

/* The keys that are signals elsewhere. True: it was one. */
static bool signal_key(struct editor *ed, uint32_t c)
{
    if (c == CTRL_C && !is_pasted(ed))
        ed->ended = INPUT_INTERRUPT;
    else if (ed->pasting)
        return false;
    else if (c == CTRL_Z)
        give_way(ed, SIGTSTP, "^Z");
    else if (c == CTRL_BACKSLASH)
        give_way(ed, SIGQUIT, "^\\");
    else
        return false;
    return true;
}

int editor_next_char(EditLine *el, wchar_t *out)
{
    struct editor *ed = editor_self(el);
    uint32_t c;
    while (next_code_point(ed, &c)) {
        if (signal_key(ed, c))
            continue;
        if (c >= 0x80 && !clean_allows(c))
            continue;
        *out = (wchar_t)compose(el, c);
        return 1;
    }
    *out = L'\0';
    return -1;
}
