/* SPDX-License-Identifier: MIT
 *
 * wrap.c - the line breaking of wrap.h: greedy, word by word; a word that is wider than a line is cut between
 * clusters, except an address, which is of no use in pieces.
 */
#include "wrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "clean.h"

enum { VARIATION_EMOJI = 0xFE0F };

/* The bytes and columns of the cluster at *at; *at is moved behind it. */
static size_t cluster_next(const char *text, size_t len, size_t *at)
{
    uint32_t c = clean_next(text, len, at);
    size_t regional = utf8proc_get_property((utf8proc_int32_t)c)->boundclass == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR;
    int width = utf8proc_charwidth((utf8proc_int32_t)c);
    utf8proc_int32_t state = 0;

    while (*at < len) {
        size_t behind = *at;
        uint32_t next = clean_next(text, len, &behind);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)c, (utf8proc_int32_t)next, &state))
            break;
        int w = utf8proc_charwidth((utf8proc_int32_t)next);
        if (regional || next == VARIATION_EMOJI) /* flags and emoji presentation are two columns */
            w = 2;
        if (w > width)
            width = w;
        c = next;
        *at = behind;
    }
    return (size_t)(width < 0 ? 0 : width);
}

size_t wrap_columns(const char *text, size_t len)
{
    size_t columns = 0;
    for (size_t at = 0; at < len;)
        columns += cluster_next(text, len, &at);
    return columns;
}

static bool starts_with(const char *text, size_t len, const char *head)
{
    size_t n = strlen(head);
    return len >= n && memcmp(text, head, n) == 0;
}

/* May a line end at the space text[at]? */
static bool breaks_at(const char *text, size_t len, size_t at)
{
    static const char *const tied_behind[] = {"?", "!", ":", ";", "%", "[", "»", "€"};
    const char *rest = text + at + 1;
    size_t n = len - at - 1;
    for (size_t i = 0; i < sizeof(tied_behind) / sizeof(*tied_behind); i++)
        if (starts_with(rest, n, tied_behind[i]))
            return false;
    return !(at >= 2 && memcmp(text + at - 2, "«", 2) == 0);
}

/* The end of the word that begins at `at`. */
static size_t word_end(const char *text, size_t len, size_t at)
{
    while (at < len && !(text[at] == ' ' && breaks_at(text, len, at)))
        at++;
    return at;
}

struct line {
    struct buf *out;
    const struct wrap *how;
    size_t column;
    bool first;
    bool open;
    bool words; /* the open line has some */
};

static void line_open(struct line *l)
{
    const char *indent = l->first ? l->how->first : l->how->next;
    if (indent) {
        buf_puts(l->out, indent);
        l->column = wrap_columns(indent, strlen(indent));
    } else {
        l->column = 0;
    }
    if (l->how->on)
        buf_puts(l->out, l->how->on);
    l->first = false;
    l->open = true;
    l->words = false;
}

static void line_close(struct line *l)
{
    if (l->how->off)
        buf_puts(l->out, l->how->off);
    buf_puts(l->out, "\n");
    l->open = false;
}

/* A word too wide for any line: as many clusters on each as fit, one at least. */
static void put_in_pieces(struct line *l, const char *word, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t start = at;
        size_t columns = cluster_next(word, len, &at);
        if (l->words && l->column + columns > l->how->width) {
            line_close(l);
            line_open(l);
        }
        buf_add(l->out, word + start, at - start);
        l->column += columns;
        l->words = true;
    }
}

static bool is_address(const char *word, size_t len)
{
    return memmem(word, len, "://", 3) != NULL;
}

static void put_word(struct line *l, const char *word, size_t len)
{
    size_t columns = wrap_columns(word, len);
    size_t width = l->how->width;

    if (!l->open)
        line_open(l);
    if (l->words && width && l->column + 1 + columns > width) {
        line_close(l);
        line_open(l);
    } else if (l->words) {
        buf_puts(l->out, " ");
        l->column++;
    }
    if (width && l->column + columns > width && !is_address(word, len)) {
        put_in_pieces(l, word, len);
        return;
    }
    buf_add(l->out, word, len);
    l->column += columns;
    l->words = true;
}

void wrap_text(struct buf *out, const struct wrap *how, const char *text)
{
    struct line l = {.out = out, .how = how, .first = true};
    size_t len = strlen(text);
    for (size_t at = 0; at < len;) {
        if (text[at] == ' ' && breaks_at(text, len, at)) {
            at++;
            continue;
        }
        size_t end = word_end(text, len, at);
        put_word(&l, text + at, end - at);
        at = end;
    }
    if (l.open)
        line_close(&l);
}
