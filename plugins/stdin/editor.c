/* SPDX-License-Identifier: MIT
 *
 * editor.c - libedit (its own el_* interface) set up to wait where we wait and to leave signals alone; its lines.
 */
#include "editor_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "terminal.h"
#include "wrap.h"

enum { REMEMBERED = 500 };

struct editor *editor_self(EditLine *el)
{
    void *user = NULL;
    el_wget(el, EL_CLIENTDATA, &user);
    return user;
}

static wchar_t *show_prompt(EditLine *el)
{
    return editor_self(el)->prompt;
}

void editor_to_utf8(struct buf *out, const wchar_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_char(out, (unsigned long)text[i]);
}

size_t editor_to_wide(wchar_t *out, size_t size, const char *text)
{
    size_t len = strlen(text), n = 0;
    for (size_t at = 0; at < len && n + 1 < size;)
        out[n++] = (wchar_t)clean_next(text, len, &at);
    out[n] = L'\0';
    return n;
}

void editor_before_cursor(EditLine *el, struct buf *out)
{
    const LineInfoW *line = el_wline(el);
    editor_to_utf8(out, line->buffer, (size_t)(line->cursor - line->buffer));
}

/* libedit asks the locale which characters it may show and aborts on those it cannot write; ours are UTF-8 always. */
static bool use_utf8(struct editor *ed)
{
    ed->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!ed->utf8)
        ed->utf8 = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
    if (!ed->utf8)
        return false;
    ed->former_locale = uselocale(ed->utf8);
    return true;
}

static bool open_screen(struct editor *ed, int fd)
{
    int own = dup(fd); /* so that closing the stream leaves the descriptor to its owner */
    if (own < 0)
        return false;
    ed->screen = fdopen(own, "w");
    if (!ed->screen)
        close(own);
    return ed->screen != NULL;
}

static bool set_up(struct editor *ed)
{
    HistEventW event;
    EditLine *el = ed->el;

    ed->lines = history_winit();
    if (!ed->lines)
        return false;
    history_w(ed->lines, &event, H_SETSIZE, REMEMBERED);
    history_w(ed->lines, &event, H_SETUNIQUE, 1);

    el_wset(el, EL_CLIENTDATA, ed);
    el_wset(el, EL_PROMPT, show_prompt);
    el_wset(el, EL_EDITOR, L"emacs");
    el_wset(el, EL_SIGNAL, 0);
    el_wset(el, EL_GETCFN, editor_next_char);
    el_wset(el, EL_HIST, history_w, ed->lines);
    el_wset(el, EL_SETTY, L"-d", L"-isig", NULL);
    /* Between two lines too: what is typed while an answer is written waits for the next prompt, unechoed, and a
     * Ctrl-D among it is not swallowed by the kernel's own editing. */
    el_wset(el, EL_SETTY, L"-x", L"-isig", L"-icanon", L"-echo", NULL);
    editor_bind_keys(el);
    return true;
}

struct editor *editor_new(const char *prompt, int fd, struct wake *wake, editor_completer *complete, void *user)
{
    struct editor *ed = calloc(1, sizeof(*ed));
    if (!ed)
        return NULL;
    buf_init(&ed->line, BUF_MAX);
    ed->wake = wake;
    ed->complete = complete;
    ed->user = user;
    editor_to_wide(ed->prompt, sizeof(ed->prompt) / sizeof(*ed->prompt), prompt);
    ed->prompt_columns = wrap_columns(prompt, strlen(prompt));
    if (!use_utf8(ed) || !open_screen(ed, fd))
        goto fail;
    ed->el = el_init("faqd", stdin, ed->screen, ed->screen);
    if (!ed->el || !set_up(ed))
        goto fail;
    return ed;

fail:
    editor_free(ed);
    return NULL;
}

static enum input line_done(struct editor *ed, const wchar_t *line, int n, const char **text, size_t *len)
{
    buf_clear(&ed->line);
    while (n > 0 && (line[n - 1] == L'\n' || line[n - 1] == L'\r'))
        n--;
    editor_to_utf8(&ed->line, line, (size_t)n);
    *text = buf_text(&ed->line);
    *len = ed->line.len > MESSAGE_MAX + 1 ? MESSAGE_MAX + 1 : ed->line.len;
    return INPUT_LINE;
}

enum input editor_read(struct editor *ed, const char **text, size_t *len)
{
    int n = 0;
    ed->ended = INPUT_LINE;
    el_wset(ed->el, EL_PREP_TERM, 1);
    terminal_brackets(true);
    const wchar_t *line = el_wgets(ed->el, &n);
    terminal_brackets(false);
    if (line && n > 0 && ed->ended == INPUT_LINE)
        return line_done(ed, line, n, text, len);

    const LineInfoW *rest = el_wline(ed->el);
    *text = NULL;
    *len = (size_t)(rest->lastchar - rest->buffer);
    if (ed->ended == INPUT_LINE)
        ed->ended = INPUT_EOF; /* Ctrl-D */
    editor_below_line(ed, ed->ended == INPUT_INTERRUPT ? "^C" : "");
    return ed->ended;
}

void editor_remember(struct editor *ed, const char *line)
{
    wchar_t wide[LINE_CHARS];
    HistEventW event;
    if (editor_to_wide(wide, LINE_CHARS, line) > 0)
        history_w(ed->lines, &event, H_ENTER, wide);
}

void editor_forget(struct editor *ed)
{
    HistEventW event;
    history_w(ed->lines, &event, H_CLEAR);
}

void editor_free(struct editor *ed)
{
    if (!ed)
        return;
    if (ed->el)
        el_end(ed->el);
    if (ed->lines)
        history_wend(ed->lines);
    if (ed->screen)
        fclose(ed->screen);
    if (ed->utf8) {
        uselocale(ed->former_locale);
        freelocale(ed->utf8);
    }
    buf_free(&ed->line);
    free(ed);
}
