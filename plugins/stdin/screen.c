/* SPDX-License-Identifier: MIT
 *
 * screen.c - the layout of screen.h. Emphasis is never colour alone: an alert has a word and a mark on every line,
 * choices have numbers, sources have brackets.
 */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "terminal.h"
#include "texts.h"
#include "wrap.h"

enum { WIDTH_MAX = 80, WIDTH_MIN = 16 };

static const char alert_on[] = "\033[1;31m";
static const char dim_on[] = "\033[2m";
static const char color_off[] = "\033[0m";

/* ------------------------------------------------------------------------------------------------- detection ---- */

static const char *env(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static bool color_wanted(enum color color, bool tty, bool plain)
{
    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    bool dumb = env("TERM")[0] == '\0' || strcmp(env("TERM"), "dumb") == 0;
    return tty && !plain && !dumb && env("NO_COLOR")[0] == '\0';
}

/* Terminals that are known to take OSC 8. A multiplexer passes the variables of the terminal around it on, but not
 * the links, or not always. */
static bool links_known(void)
{
    static const char *const programs[] = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"};
    static const char *const terms[] = {"xterm-kitty", "alacritty", "foot", "xterm-ghostty", "contour"};
    if (env("TMUX")[0] || env("STY")[0])
        return false;
    if (strtol(env("VTE_VERSION"), NULL, 10) >= 5000 || env("WT_SESSION")[0] || env("KITTY_WINDOW_ID")[0] ||
        env("KONSOLE_VERSION")[0])
        return true;
    for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
        if (strcmp(env("TERM_PROGRAM"), programs[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++)
        if (strcmp(env("TERM"), terms[i]) == 0)
            return true;
    return false;
}

struct style style_detect(int fd, enum color color, bool plain)
{
    struct style style = {.plain = plain};
    bool tty = isatty(fd);
    style.color = color_wanted(color, tty, plain);
    style.links = tty && !plain && links_known();
    if (tty) {
        size_t columns = terminal_columns(fd);
        style.width = columns > WIDTH_MAX ? WIDTH_MAX : columns < WIDTH_MIN ? WIDTH_MIN : columns;
    }
    return style;
}

/* ----------------------------------------------------------------------------------------------------- pieces ---- */

static void paragraph(struct buf *out, const struct style *style, const char *first, const char *next,
                      const char *color, const char *words)
{
    struct wrap how = {.width = style->width, .first = first, .next = next};
    if (style->color && color) {
        how.on = color;
        how.off = color_off;
    }
    wrap_text(out, &how, words);
}

void screen_paragraph(struct buf *out, const struct style *style, const char *first, const char *next,
                      const char *words)
{
    paragraph(out, style, first, next, NULL, words);
}

void screen_hint(struct buf *out, const struct style *style, const char *words)
{
    paragraph(out, style, NULL, NULL, dim_on, words);
}

/* An address as ASCII; everything that an address may not hold is written %XX. */
static void put_address(struct buf *out, const char *url)
{
    static const char allowed[] = "-._~:/?#[]@!$&'()*+,;=%";
    for (const char *c = url; *c; c++) {
        char code[4];
        bool plain = (*c >= '0' && *c <= '9') || ((*c | 32) >= 'a' && (*c | 32) <= 'z');
        if (plain || strchr(allowed, *c)) {
            buf_add(out, c, 1);
        } else {
            snprintf(code, sizeof(code), "%%%02X", (unsigned)(unsigned char)*c);
            buf_puts(out, code);
        }
    }
}

static bool is_web_address(const char *url)
{
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

static void linked_source(struct buf *out, const struct style *style, const char *mark, const char *words,
                          const char *url)
{
    struct buf link;
    buf_init(&link, BUF_MAX);
    buf_puts(&link, "\033]8;;");
    put_address(&link, url);
    buf_puts(&link, "\033\\");
    struct wrap how = {.width = style->width, .first = mark, .next = "    "};
    how.on = buf_text(&link);
    how.off = "\033]8;;\033\\";
    wrap_text(out, &how, words);
    out->failed = out->failed || link.failed;
    buf_free(&link);
}

static void source(struct buf *out, const struct style *style, size_t number, const char *title, const char *url)
{
    struct buf words;
    char mark[32];
    const char *name = title[0] ? title : url;

    buf_init(&words, BUF_MAX);
    snprintf(mark, sizeof(mark), "[%zu] ", number);
    clean_line(&words, name, strlen(name));
    if (style->links && is_web_address(url)) {
        linked_source(out, style, mark, buf_text(&words), url);
    } else {
        if (url[0] && title[0]) {
            buf_puts(&words, " <");
            put_address(&words, url);
            buf_puts(&words, ">");
        }
        paragraph(out, style, mark, "    ", dim_on, buf_text(&words));
    }
    out->failed = out->failed || words.failed;
    buf_free(&words);
}

void screen_sources(struct buf *out, const struct style *style, const struct strings *sources)
{
    for (size_t i = 0; i + 1 < sources->n; i += 2)
        source(out, style, i / 2 + 1, sources->items[i], sources->items[i + 1]);
}

static void choice(struct buf *out, const struct style *style, size_t number, const char *label)
{
    struct buf words;
    char mark[32];
    buf_init(&words, BUF_MAX);
    clean_line(&words, label, strlen(label));
    snprintf(mark, sizeof(mark), "%3zu. ", number);
    screen_paragraph(out, style, mark, "     ", buf_text(&words));
    out->failed = out->failed || words.failed;
    buf_free(&words);
}

void screen_choices(struct buf *out, const struct style *style, const struct strings *labels)
{
    for (size_t i = 0; i < labels->n; i++)
        choice(out, style, i + 1, labels->items[i]);
}

/* ----------------------------------------------------------------------------------------------------- answer ---- */

static void block_words(struct buf *out, const struct faqd_block_view *block)
{
    clean_line(out, block->text, strlen(block->text));
    for (size_t i = 0; i < block->n_sources; i++) {
        char mark[32];
        snprintf(mark, sizeof(mark), "%s[%zu]", i ? "" : " ", block->sources[i] + 1);
        buf_puts(out, mark);
    }
}

static void alert_head(struct buf *out, const struct style *style, const char *lang)
{
    char head[64];
    if (style->plain)
        return;
    snprintf(head, sizeof(head), "*** %s ***", text(lang, TEXT_EMERGENCY));
    paragraph(out, style, NULL, NULL, alert_on, head);
}

static void alert(struct buf *out, const struct style *style, const char *lang, const char *words)
{
    if (style->plain)
        paragraph(out, style, text(lang, TEXT_EMERGENCY_WORD), NULL, alert_on, words);
    else
        paragraph(out, style, "! ", "! ", alert_on, words);
}

static bool joins_the_one_before(enum faqd_block_kind kind, enum faqd_block_kind before)
{
    return kind == before && (kind == FAQD_ITEM || kind == FAQD_CHOICE || kind == FAQD_ALERT);
}

static void block(struct buf *out, const struct style *style, const char *lang, enum faqd_block_kind kind,
                  const struct faqd_block_view *b, size_t choice_number)
{
    struct buf words;
    buf_init(&words, BUF_MAX);
    block_words(&words, b);
    switch (kind) {
    case FAQD_ALERT: alert(out, style, lang, buf_text(&words)); break;
    case FAQD_ITEM: screen_paragraph(out, style, "- ", "  ", buf_text(&words)); break;
    case FAQD_CHOICE: choice(out, style, choice_number, buf_text(&words)); break;
    case FAQD_PARAGRAPH:
    case FAQD_NOTICE:
    default: /* a kind that a newer host knows is at least readable */
        screen_paragraph(out, style, NULL, NULL, buf_text(&words));
        break;
    }
    out->failed = out->failed || words.failed;
    buf_free(&words);
}

/* An emergency stands out even if its pack marked none of its blocks: then its first one is the alert. */
static enum faqd_block_kind kind_of(const struct faqd_answer_view *a, size_t i)
{
    bool marked = a->outcome != FAQD_EMERGENCY;
    for (size_t k = 0; k < a->n_blocks; k++)
        marked = marked || a->blocks[k].kind == FAQD_ALERT;
    return i == 0 && !marked ? FAQD_ALERT : a->blocks[i].kind;
}

static size_t blocks(struct buf *out, const struct style *style, const struct faqd_answer_view *a)
{
    size_t choices = 0;
    for (size_t i = 0; i < a->n_blocks; i++) {
        enum faqd_block_kind kind = kind_of(a, i);
        bool joins = i > 0 && joins_the_one_before(kind, kind_of(a, i - 1));
        if (i > 0 && !joins)
            buf_puts(out, "\n");
        if (kind == FAQD_ALERT && !joins)
            alert_head(out, style, a->lang);
        choices += kind == FAQD_CHOICE;
        block(out, style, a->lang, kind, &a->blocks[i], choices);
    }
    return choices;
}

void screen_answer(struct buf *out, const struct style *style, const struct faqd_answer_view *a)
{
    size_t shown = blocks(out, style, a);
    if (shown == 0 && a->n_choices > 0) {
        if (a->n_blocks > 0)
            buf_puts(out, "\n");
        for (size_t i = 0; i < a->n_choices; i++)
            choice(out, style, i + 1, a->choices[i].label);
    }
    if (a->n_sources > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < a->n_sources; i++)
        source(out, style, i + 1, a->sources[i].title, a->sources[i].url ? a->sources[i].url : "");
}
