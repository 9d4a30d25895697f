/* SPDX-License-Identifier: MIT
 *
 * render_json.c - an answer as JSON: render_json() and render_question() of render.h.
 *
 * Written straight into the buffer: building a tree first and then writing it out took longer than understanding the
 * question (13 of 48 microseconds, measured).
 */
#include "render_private.h"

#include "text.h"

#include <endian.h>
#include <string.h>

static const char *const kind_names[] = {
    [FAQD_PARAGRAPH] = "paragraph", [FAQD_ITEM] = "item",     [FAQD_NOTICE] = "notice",
    [FAQD_ALERT] = "alert",         [FAQD_CHOICE] = "choice",
};

static void add_unit(struct str *out, unsigned unit)
{
    static const char digits[] = "0123456789ABCDEF";
    char escape[6] = {
        '\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15]};
    str_add(out, escape, sizeof(escape));
}

static void add_code_point(struct str *out, uint32_t cp)
{
    static const char named[] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"'};
    char escape[2] = {'\\', cp == '\\' ? '\\' : cp < sizeof(named) ? named[cp] : '\0'};
    if (escape[1]) {
        str_add(out, escape, sizeof(escape));
    } else if (cp > 0xffff) { /* as UTF-16 writes it */
        add_unit(out, 0xd800 + ((cp - 0x10000) >> 10));
        add_unit(out, 0xdc00 + ((cp - 0x10000) & 0x3ff));
    } else {
        add_unit(out, cp);
    }
}

static int stands_for_itself(unsigned char c)
{
    return c >= ' ' && c <= 0x7f && c != '"' && c != '\\';
}

/* Each byte `c` of a word. */
#define EACH(c) (0x0101010101010101u * (uint64_t)(c))

/* Of eight bytes the top bit of the first one that does not stand for itself (and of any after it), 0: all do.
 * (v - EACH(n) borrows into the top bit of a byte below n, and from the bytes above that one.) */
static uint64_t find_special(const char *bytes)
{
    uint64_t v = 0;
    memcpy(&v, bytes, sizeof(v));
    v = le64toh(v); /* the first byte lowest */
    uint64_t quote = v ^ EACH('"'), backslash = v ^ EACH('\\');
    uint64_t control = (v - EACH(' ')) & ~v;
    return (v | control | ((quote - EACH(1)) & ~quote) | ((backslash - EACH(1)) & ~backslash)) & EACH(0x80);
}

/* How many bytes from here on stand for themselves. */
static size_t plain_run(const char *bytes, size_t len)
{
    size_t n = 0;
    for (; len - n >= sizeof(uint64_t); n += sizeof(uint64_t)) {
        uint64_t found = find_special(bytes + n);
        if (found)
            return n + (size_t)__builtin_ctzll(found) / 8;
    }
    while (n < len && stands_for_itself((unsigned char)bytes[n]))
        n++;
    return n;
}

/* Any bytes; what is not UTF-8 becomes U+FFFD. */
static void add_escaped(struct str *out, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t plain = plain_run(bytes + at, len - at);
        str_add(out, bytes + at, plain);
        at += plain;
        if (at < len) {
            uint32_t cp = 0;
            at += text_decode(bytes + at, len - at, &cp);
            add_code_point(out, cp);
        }
    }
}

static void add_text(struct str *out, const char *text)
{
    add_escaped(out, text, strlen(text));
}

static void add_string(struct str *out, const char *text)
{
    str_addc(out, '"');
    add_text(out, text);
    str_addc(out, '"');
}

/* `before` is what leads to the value: a brace or comma, the key, a colon. */
static void add_member(struct str *out, const char *before, const char *text)
{
    str_adds(out, before);
    add_string(out, text);
}

static void add_list(struct str *out, const char *before, const char *const *texts, size_t n)
{
    str_adds(out, before);
    str_addc(out, '[');
    for (size_t i = 0; i < n; i++)
        add_member(out, i ? "," : "", texts[i]);
    str_addc(out, ']');
}

static void add_blocks(struct str *out, const struct faqd_answer_view *view)
{
    str_adds(out, ",\"blocks\":[");
    for (size_t i = 0; i < view->n_blocks; i++) {
        const struct faqd_block_view *block = &view->blocks[i];
        str_adds(out, i ? ",{\"kind\":\"" : "{\"kind\":\"");
        str_adds(out, kind_names[block->kind]);
        add_member(out, "\",\"text\":", block->text);
        str_adds(out, ",\"sources\":[");
        for (size_t s = 0; s < block->n_sources; s++)
            add_member(out, s ? "," : "", view->sources[block->sources[s]].id);
        str_adds(out, "]}");
    }
    str_addc(out, ']');
}

static void add_sources(struct str *out, const struct faqd_answer_view *view)
{
    str_adds(out, ",\"sources\":[");
    for (size_t i = 0; i < view->n_sources; i++) {
        const struct faqd_source_view *source = &view->sources[i];
        add_member(out, i ? ",{\"id\":" : "{\"id\":", source->id);
        add_member(out, ",\"title\":", source->title);
        if (source->url)
            add_member(out, ",\"url\":", source->url);
        else
            str_adds(out, ",\"url\":null");
        str_addc(out, '}');
    }
    str_addc(out, ']');
}

static void add_choices(struct str *out, const struct faqd_answer_view *view)
{
    str_adds(out, ",\"choices\":[");
    for (size_t i = 0; i < view->n_choices; i++) {
        add_member(out, i ? ",{\"label\":" : "{\"label\":", view->choices[i].label);
        add_member(out, ",\"topic\":", view->choices[i].topic);
        str_addc(out, '}');
    }
    str_addc(out, ']');
}

static void add_corrections(struct str *out, const struct faqd_answer_view *view)
{
    str_adds(out, ",\"corrections\":[");
    for (size_t i = 0; i < view->n_corrections; i++) {
        add_member(out, i ? ",{\"from\":" : "{\"from\":", view->corrections[i].from);
        add_member(out, ",\"to\":", view->corrections[i].to);
        str_addc(out, '}');
    }
    str_addc(out, ']');
}

int render_json(const struct faqd_answer_view *view, const char *sources_label, struct str *out)
{
    add_member(out, "{\"id\":", view->id);
    add_member(out, ",\"lang\":", view->lang);
    add_member(out, ",\"outcome\":", outcome_names[view->outcome]);
    add_list(out, ",\"topics\":", view->topics, view->n_topics);
    add_list(out, ",\"intents\":", view->intents, view->n_intents);
    str_adds(out, ",\"text\":\"");
    render_text(view, sources_label, add_text, out);
    str_addc(out, '"');
    add_blocks(out, view);
    add_sources(out, view);
    add_choices(out, view);
    add_corrections(out, view);
    add_member(out, ",\"state\":", view->state);
    add_member(out, ",\"pack\":", view->pack);
    add_member(out, ",\"version\":", view->version);
    str_addc(out, '}');
    return out->error ? FAQD_ENOMEM : FAQD_OK;
}

void render_question(const char *question, size_t len, const char *json, struct str *out)
{
    str_adds(out, "{\"question\":\"");
    add_escaped(out, question, len);
    str_adds(out, "\",");
    str_adds(out, json + 1);
}
