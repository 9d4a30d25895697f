/* SPDX-License-Identifier: MIT
 *
 * editor.c - libedit (its own el_* interface) made to wait where we wait, and to leave signals alone.
 *
 * libedit gets its characters from next_char(), which polls: stop() can end it, a resize or a continue repaints. In
 * its edit mode the terminal sends no signals; Ctrl-C, Ctrl-Z and Ctrl-\ arrive here as characters. Each character is
 * decoded here too, so that bytes that are no UTF-8 and characters that must not be shown never enter a line.
 */
#include "editor.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <utf8proc.h>

#include "buf.h"
#include "clean.h"
#include "terminal.h"
#include "wrap.h"

enum { CTRL_BACKSLASH = 28, PASTE_GAP_MS = 50 };
enum { LINE_CHARS = MESSAGE_MAX + 64, REMEMBERED = 500 };

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

static struct editor *self(EditLine *el)
{
    void *user = NULL;
    el_wget(el, EL_CLIENTDATA, &user);
    return user;
}

static wchar_t *show_prompt(EditLine *el)
{
    return self(el)->prompt;
}

/* ------------------------------------------------------------------------------------------ text conversions ---- */

static void to_utf8(struct buf *out, const wchar_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_char(out, (unsigned long)text[i]);
}

static size_t to_wide(wchar_t *out, size_t size, const char *text)
{
    size_t len = strlen(text), n = 0;
    for (size_t at = 0; at < len && n + 1 < size;)
        out[n++] = (wchar_t)clean_next(text, len, &at);
    out[n] = L'\0';
    return n;
}

/* The text before the cursor as UTF-8. */
static void before_cursor(EditLine *el, struct buf *out)
{
    const LineInfoW *line = el_wline(el);
    to_utf8(out, line->buffer, (size_t)(line->cursor - line->buffer));
}

/* ---------------------------------------------------------------------------------------------- the screen ---- */

/* Print the prompt and the line again, on the row where the cursor is. */
static void repaint(struct editor *ed)
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
    before_cursor(ed->el, &typed);
    size_t columns = ed->prompt_columns + wrap_columns(buf_text(&typed), typed.len);
    size_t rows = columns / terminal_columns(STDIN_FILENO);
    buf_free(&typed);

    fputc('\r', ed->screen);
    if (rows)
        fprintf(ed->screen, "\033[%zuA", rows);
    fputs("\033[J", ed->screen);
    repaint(ed);
}

/* Leave the line as it stands, put `mark` behind it, and go below it. */
static void below_line(struct editor *ed, const char *mark)
{
    struct buf typed;
    const LineInfoW *line = el_wline(ed->el);
    size_t width = terminal_columns(STDIN_FILENO);

    buf_init(&typed, BUF_MAX);
    before_cursor(ed->el, &typed);
    size_t row = (ed->prompt_columns + wrap_columns(buf_text(&typed), typed.len)) / width;
    to_utf8(&typed, line->cursor, (size_t)(line->lastchar - line->cursor));
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
    below_line(ed, mark);
    el_wset(ed->el, EL_PREP_TERM, 0);
    terminal_give_way(signal_number);
    el_wset(ed->el, EL_PREP_TERM, 1);
    repaint(ed);
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
        repaint(ed);
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

/* libedit's source of characters. */
static int next_char(EditLine *el, wchar_t *out)
{
    struct editor *ed = self(el);
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

/* ------------------------------------------------------------------------------------------- keys of our own ---- */

/* The terminal says where a paste begins and ends: up to the end line feeds are spaces, and no key is a command. */
static unsigned char paste_key(EditLine *el, int key)
{
    static const wchar_t end[] = L"\033[201~";
    struct editor *ed = self(el);
    size_t seen = 0, taken = 0;
    wchar_t c[2] = L"";

    (void)key;
    ed->pasting = true;
    while (end[seen] && el_wgetc(el, c) == 1) {
        if (c[0] == end[seen]) {
            seen++;
            continue;
        }
        seen = c[0] == end[0]; /* what looked like the end and was none held a control character: dropped */
        if (c[0] == L'\n' || c[0] == L'\r' || c[0] == L'\t')
            c[0] = L' ';
        if (clean_allows((uint32_t)c[0]) && taken++ < LINE_CHARS)
            el_winsertstr(el, c);
    }
    ed->pasting = false;
    return CC_REFRESH;
}

/* The longest beginning that all have in common, cut between characters. */
static size_t common_length(const struct strings *s)
{
    size_t len = strlen(s->items[0]);
    for (size_t i = 1; i < s->n; i++) {
        size_t same = 0;
        while (same < len && s->items[i][same] == s->items[0][same])
            same++;
        len = same;
    }
    while (len && ((unsigned char)s->items[0][len] & 0xC0) == 0x80)
        len--;
    return len;
}

static void replace_before_cursor(EditLine *el, const char *with)
{
    wchar_t wide[LINE_CHARS];
    const LineInfoW *line = el_wline(el);
    to_wide(wide, LINE_CHARS, with);
    el_wdeletestr(el, (int)(line->cursor - line->buffer));
    el_winsertstr(el, wide);
}

static void list(struct editor *ed, const struct strings *found)
{
    below_line(ed, "");
    for (size_t i = 0; i < found->n; i++)
        fprintf(ed->screen, "  %s\n", found->items[i]);
    repaint(ed);
}

static unsigned char complete_key(EditLine *el, int key)
{
    struct editor *ed = self(el);
    struct strings found = {0};
    struct buf typed;
    unsigned char result = CC_ERROR; /* a beep */

    (void)key;
    buf_init(&typed, BUF_MAX);
    before_cursor(el, &typed);
    ed->complete(ed->user, buf_text(&typed), &found);
    if (found.n > 0) {
        size_t common = common_length(&found);
        bool further = found.n == 1 ? strcmp(found.items[0], buf_text(&typed)) != 0 : common > typed.len;
        if (!further && found.n > 1) {
            list(ed, &found);
            result = CC_NORM;
        } else if (further) {
            found.items[0][common] = '\0';
            replace_before_cursor(el, found.items[0]);
            result = CC_REFRESH;
        }
    }
    buf_free(&typed);
    strings_clear(&found);
    return result;
}

/* ------------------------------------------------------------------------------------------------- interface ---- */

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
    el_wset(el, EL_GETCFN, next_char);
    el_wset(el, EL_HIST, history_w, ed->lines);
    el_wset(el, EL_SETTY, L"-d", L"-isig", NULL);
    /* Between two lines too: what is typed while an answer is written waits for the next prompt, unechoed, and a
     * Ctrl-D among it is not swallowed by the kernel's own editing. */
    el_wset(el, EL_SETTY, L"-x", L"-isig", L"-icanon", L"-echo", NULL);
    el_wset(el, EL_ADDFN, L"faqd-complete", L"Complete a command or topic", complete_key);
    el_wset(el, EL_ADDFN, L"faqd-paste", L"Insert pasted text", paste_key);
    el_wset(el, EL_BIND, L"\t", L"faqd-complete", NULL);
    el_wset(el, EL_BIND, L"\\e[200~", L"faqd-paste", NULL);
    el_wset(el, EL_BIND, L"\\e[201~", L"ed-ignore", NULL); /* the end of a paste that was broken off */
    el_wset(el, EL_BIND, L"^R", L"em-inc-search-prev", NULL);
    el_wset(el, EL_BIND, L"\\e[3~", L"ed-delete-next-char", NULL);
    return true;
}

struct editor *editor_new(const char *prompt, int fd, struct wake *wake, editor_completer *complete,
                          void *user)
{
    struct editor *ed = calloc(1, sizeof(*ed));
    if (!ed)
        return NULL;
    buf_init(&ed->line, BUF_MAX);
    ed->wake = wake;
    ed->complete = complete;
    ed->user = user;
    to_wide(ed->prompt, sizeof(ed->prompt) / sizeof(*ed->prompt), prompt);
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
    to_utf8(&ed->line, line, (size_t)n);
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
    below_line(ed, ed->ended == INPUT_INTERRUPT ? "^C" : "");
    return ed->ended;
}

void editor_remember(struct editor *ed, const char *line)
{
    wchar_t wide[LINE_CHARS];
    HistEventW event;
    if (to_wide(wide, LINE_CHARS, line) > 0)
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
