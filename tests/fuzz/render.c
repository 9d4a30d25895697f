/* SPDX-License-Identifier: MIT
 *
 * render.c - fuzz target: an answer of any texts as plain text, HTML and JSON.
 *
 * Input: lines, the first byte of each says what the rest is: p i n a c a block (paragraph, item, notice, alert,
 * choice), s a source's title, u its address, t a topic, f a correction, m how many sources a block names. Behind a
 * line
 * "%%" any bytes are the question. Texts that no answer may hold (text_printable) are left out. What must hold:
 *   - plain text has every block, in their order;
 *   - HTML has only the tags that render.h names, each closed, and nothing unescaped;
 *   - JSON is one line of ASCII, and gives back every text and, if it is UTF-8, the question.
 */
#include "render.h"
#include "fuzz.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 24

struct making {
    struct faqd_answer_view view;
    struct faqd_block_view blocks[TEXTS_MAX];
    struct faqd_choice_view choices[TEXTS_MAX];
    struct faqd_source_view sources[TEXTS_MAX];
    struct faqd_correction_view corrections[TEXTS_MAX];
    const char *topics[TEXTS_MAX];
    size_t numbers[TEXTS_MAX];
    size_t cited;
    char *texts[TEXTS_MAX * 4];
    size_t n_texts;
};

static const char *keep(struct making *m, const struct fuzz_part *line)
{
    struct fuzz_part text = {line->text + 1, line->len - 1};
    if (m->n_texts == sizeof(m->texts) / sizeof(m->texts[0]) || !text_printable(text.text, text.len))
        return NULL;
    return m->texts[m->n_texts++] = fuzz_string(&text);
}

static void add_block(struct making *m, enum faqd_block_kind kind, const char *text)
{
    struct faqd_answer_view *view = &m->view;
    if (view->n_blocks == TEXTS_MAX)
        return;
    size_t n = m->cited < view->n_sources ? m->cited : view->n_sources;
    m->blocks[view->n_blocks++] =
        (struct faqd_block_view){.kind = kind, .text = text, .sources = m->numbers, .n_sources = n};
    if (kind == FAQD_CHOICE && view->n_choices < TEXTS_MAX)
        m->choices[view->n_choices++] = (struct faqd_choice_view){.label = text, .topic = "topic"};
}

static void read_line(struct making *m, const struct fuzz_part *line)
{
    static const char kinds[] = "pinac";
    struct faqd_answer_view *view = &m->view;
    const char *text = line->len > 1 ? keep(m, line) : NULL; /* no text of an answer is empty */
    const char *kind = text ? strchr(kinds, line->text[0]) : NULL;
    if (!text || !line->text[0])
        return;
    if (kind)
        add_block(m, (enum faqd_block_kind)(kind - kinds), text);
    else if (line->text[0] == 's' && view->n_sources < TEXTS_MAX)
        m->sources[view->n_sources++] = (struct faqd_source_view){.id = text, .title = text};
    else if (line->text[0] == 'u' && view->n_sources)
        m->sources[view->n_sources - 1].url = text;
    else if (line->text[0] == 't' && view->n_topics < TEXTS_MAX)
        m->topics[view->n_topics++] = text;
    else if (line->text[0] == 'f' && view->n_corrections < TEXTS_MAX)
        m->corrections[view->n_corrections++] = (struct faqd_correction_view){text, "meant"};
    else if (line->text[0] == 'm')
        m->cited = (size_t)(unsigned char)text[0];
}

static void make(struct making *m, struct fuzz_part lines)
{
    struct fuzz_part line;
    for (size_t i = 0; i < TEXTS_MAX; i++)
        m->numbers[i] = i;
    m->view = (struct faqd_answer_view){.struct_size = sizeof(m->view),
                                        .id = "pack/intent",
                                        .lang = "fr",
                                        .topics = m->topics,
                                        .blocks = m->blocks,
                                        .sources = m->sources,
                                        .choices = m->choices,
                                        .corrections = m->corrections,
                                        .state = "1;l=fr;a=0",
                                        .pack = "pack",
                                        .version = "1"};
    while (fuzz_line(&lines, &line))
        read_line(m, &line);
}

static void check_plain(const struct faqd_answer_view *view)
{
    struct str out;
    str_init(&out, (size_t)4 * 1024 * 1024);
    render_plain(view, "Sources", &out);
    FUZZ_CHECK(!out.error, "plain: error %d", out.error);
    const char *at = str_text(&out);
    for (size_t i = 0; i < view->n_blocks; i++) {
        at = strstr(at, view->blocks[i].text);
        FUZZ_CHECK(at, "plain: block %zu is missing", i);
        at += strlen(view->blocks[i].text);
    }
    FUZZ_CHECK(!out.len || out.data[out.len - 1] != '\n', "plain: it ends with a line feed");
    str_free(&out);
}

/* The name of the tag at s[0] == '<', without its slash; its end in *end. NULL: it is none that we write. */
static const char *tag_at(const char *s, const char **end)
{
    static const char *const tags[] = {"p", "ul", "ol", "li", "strong", "sup", "a"};
    s += 1 + (s[1] == '/');
    size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz");
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (strlen(tags[i]) != len || memcmp(tags[i], s, len) != 0)
            continue;
        s += len;
        if (strncmp(s, " href=\"", 7) == 0 && strcmp(tags[i], "a") == 0) {
            s += 7 + strcspn(s + 7, "\"");
            s += *s == '"';
        }
        *end = s + 1;
        return *s == '>' ? tags[i] : NULL;
    }
    return NULL;
}

static void check_html(const struct faqd_answer_view *view)
{
    struct str out;
    const char *open[8];
    size_t depth = 0;
    str_init(&out, (size_t)4 * 1024 * 1024);
    render_html(view, "Sources", &out);
    FUZZ_CHECK(!out.error, "HTML: error %d", out.error);
    for (const char *s = str_text(&out); *s;) {
        FUZZ_CHECK(*s != '>' && *s != '"' && *s != '\'', "HTML: unescaped: %s", s);
        if (*s == '&')
            FUZZ_CHECK(s[1 + strspn(s + 1, "abcdefghijklmnopqrstuvwxyz#0123456789")] == ';', "HTML: a bare &: %s", s);
        if (*s != '<') {
            s++;
            continue;
        }
        const char *end = s;
        int closing = s[1] == '/';
        const char *tag = tag_at(s, &end);
        FUZZ_CHECK(tag, "HTML: no tag of ours: %.40s", s);
        if (closing) {
            FUZZ_CHECK(depth && open[--depth] == tag, "HTML: <%s> was not the last one opened", tag);
        } else {
            FUZZ_CHECK(depth < sizeof(open) / sizeof(open[0]), "HTML: tags stand too deep");
            open[depth++] = tag;
        }
        s = end;
    }
    FUZZ_CHECK(!depth, "HTML: <%s> is not closed", open[depth - 1]);
    str_free(&out);
}

static void check_json(const struct faqd_answer_view *view, const char *question, size_t len)
{
    struct str out;
    str_init(&out, (size_t)4 * 1024 * 1024);
    struct str bare;
    str_init(&bare, (size_t)4 * 1024 * 1024);
    FUZZ_CHECK(render_json(view, "Sources", &bare) == FAQD_OK, "JSON: it cannot be written");
    render_question(question, len, str_text(&bare), &out);
    str_free(&bare);
    for (const char *s = str_text(&out); *s; s++)
        FUZZ_CHECK(*s >= ' ' && (unsigned char)*s <= 0x7f, "JSON: byte %02x", (unsigned char)*s);
    json_t *root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    FUZZ_CHECK(root, "JSON: it cannot be read: %s", str_text(&out));
    const json_t *blocks = json_object_get(root, "blocks");
    FUZZ_CHECK(json_array_size(blocks) == view->n_blocks, "JSON: %zu blocks", json_array_size(blocks));
    for (size_t i = 0; i < view->n_blocks; i++) {
        const char *text = json_string_value(json_object_get(json_array_get(blocks, i), "text"));
        FUZZ_CHECK(text && strcmp(text, view->blocks[i].text) == 0, "JSON: block %zu is \"%s\"", i, text);
    }
    const json_t *back = json_object_get(root, "question");
    FUZZ_CHECK(json_is_string(back), "JSON: the question is missing");
    if (text_valid(question, len))
        FUZZ_CHECK(json_string_length(back) == len && memcmp(json_string_value(back), question, len) == 0,
                   "JSON: the question is another one");
    json_decref(root);
    str_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part rest = {(const char *)data, size};
    struct fuzz_part lines = {NULL, 0};
    struct making m = {0};
    fuzz_part(&rest, &lines);
    make(&m, lines);
    check_plain(&m.view);
    check_html(&m.view);
    check_json(&m.view, rest.text ? rest.text : "", rest.len);
    for (size_t i = 0; i < m.n_texts; i++)
        free(m.texts[i]);
    return 0;
}
