/* SPDX-License-Identifier: MIT
 *
 * render.c - see render.h.
 */
#include "render.h"

#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *const outcome_names[] = {
    [FAQD_ANSWER] = "answer",           [FAQD_CLARIFY] = "clarify",           [FAQD_EMERGENCY] = "emergency",
    [FAQD_SMALLTALK] = "smalltalk",     [FAQD_UNDOCUMENTED] = "undocumented", [FAQD_UNKNOWN] = "unknown",
    [FAQD_UNAVAILABLE] = "unavailable",
};

static const char *const kind_names[] = {
    [FAQD_PARAGRAPH] = "paragraph", [FAQD_ITEM] = "item",     [FAQD_NOTICE] = "notice",
    [FAQD_ALERT] = "alert",         [FAQD_CHOICE] = "choice",
};

void render_plain(const struct faqd_answer_view *view, const char *sources_label, struct str *out)
{
    size_t choice = 0;
    for (size_t i = 0; i < view->n_blocks; i++) {
        const struct faqd_block_view *block = &view->blocks[i];
        if (i)
            str_addc(out, '\n');
        if (block->kind == FAQD_ITEM)
            str_adds(out, "- ");
        if (block->kind == FAQD_CHOICE)
            str_addf(out, "%zu. ", ++choice);
        str_adds(out, block->text);
        for (size_t s = 0; s < block->n_sources; s++)
            str_addf(out, "%s[%zu]", s ? "" : " ", block->sources[s] + 1);
    }
    if (view->n_sources)
        str_addf(out, "\n\n%s", sources_label);
    for (size_t i = 0; i < view->n_sources; i++) {
        const struct faqd_source_view *source = &view->sources[i];
        str_addf(out, "\n[%zu] %s%s%s%s", i + 1, source->title, source->url ? " <" : "", source->url ? source->url : "",
                 source->url ? ">" : "");
    }
}

static void escape(const char *text, struct str *out)
{
    for (const char *s = text; *s; s++) {
        switch (*s) {
        case '&': str_adds(out, "&amp;"); break;
        case '<': str_adds(out, "&lt;"); break;
        case '>': str_adds(out, "&gt;"); break;
        case '"': str_adds(out, "&quot;"); break;
        case '\'': str_adds(out, "&#39;"); break;
        default: str_addc(out, *s);
        }
    }
}

/* The list that a block stands in: "" for none. */
static const char *list_of(const struct faqd_block_view *block)
{
    return block->kind == FAQD_ITEM ? "ul" : block->kind == FAQD_CHOICE ? "ol" : "";
}

static void html_block(const struct faqd_block_view *block, struct str *out)
{
    int in_list = list_of(block)[0] != '\0';
    str_adds(out, in_list ? "<li>" : "<p>");
    if (block->kind == FAQD_ALERT)
        str_adds(out, "<strong>");
    escape(block->text, out);
    if (block->kind == FAQD_ALERT)
        str_adds(out, "</strong>");
    for (size_t s = 0; s < block->n_sources; s++)
        str_addf(out, "<sup>[%zu]</sup>", block->sources[s] + 1);
    str_adds(out, in_list ? "</li>" : "</p>");
}

static void html_sources(const struct faqd_answer_view *view, const char *sources_label, struct str *out)
{
    str_adds(out, "<p>");
    escape(sources_label, out);
    str_adds(out, "</p><ol>");
    for (size_t i = 0; i < view->n_sources; i++) {
        str_adds(out, "<li>");
        if (view->sources[i].url) {
            str_adds(out, "<a href=\"");
            escape(view->sources[i].url, out);
            str_adds(out, "\">");
        }
        escape(view->sources[i].title, out);
        str_adds(out, view->sources[i].url ? "</a></li>" : "</li>");
    }
    str_adds(out, "</ol>");
}

void render_html(const struct faqd_answer_view *view, const char *sources_label, struct str *out)
{
    const char *list = "";
    for (size_t i = 0; i < view->n_blocks; i++) {
        const char *next = list_of(&view->blocks[i]);
        if (strcmp(list, next) != 0) {
            if (list[0])
                str_addf(out, "</%s>", list);
            if (next[0])
                str_addf(out, "<%s>", next);
            list = next;
        }
        html_block(&view->blocks[i], out);
    }
    if (list[0])
        str_addf(out, "</%s>", list);
    if (view->n_sources)
        html_sources(view, sources_label, out);
}

static json_t *texts(const char *const *list, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(array, json_string(list[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* An array made of n values; NULL if one of them is. */
static json_t *collect(const struct faqd_answer_view *view, size_t n,
                       json_t *(*make)(const struct faqd_answer_view *view, size_t i))
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(array, make(view, i)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *block_json(const struct faqd_answer_view *view, size_t i)
{
    const struct faqd_block_view *block = &view->blocks[i];
    json_t *sources = json_array();
    int bad = !sources;
    for (size_t s = 0; s < block->n_sources; s++)
        bad |= json_array_append_new(sources, json_string(view->sources[block->sources[s]].id));
    if (bad) {
        json_decref(sources);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:o}", "kind", kind_names[block->kind], "text", block->text, "sources", sources);
}

static json_t *source_json(const struct faqd_answer_view *view, size_t i)
{
    const struct faqd_source_view *source = &view->sources[i];
    return json_pack("{s:s, s:s, s:s?}", "id", source->id, "title", source->title, "url", source->url);
}

static json_t *choice_json(const struct faqd_answer_view *view, size_t i)
{
    return json_pack("{s:s, s:s}", "label", view->choices[i].label, "topic", view->choices[i].topic);
}

static json_t *correction_json(const struct faqd_answer_view *view, size_t i)
{
    return json_pack("{s:s, s:s}", "from", view->corrections[i].from, "to", view->corrections[i].to);
}

/* Any bytes as a JSON string: what is not UTF-8 becomes U+FFFD. */
static json_t *bytes_json(const char *bytes, size_t len)
{
    json_t *direct = json_stringn(bytes, len);
    if (direct)
        return direct;
    struct str mended;
    str_init(&mended, len * 3 + 1);
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        size_t took = text_decode(bytes + at, len - at, &cp);
        if (cp == 0xfffd && took == 1)
            str_adds(&mended, "\xef\xbf\xbd");
        else
            str_add(&mended, bytes + at, took);
        at += took;
    }
    json_t *value = mended.error ? NULL : json_stringn(str_text(&mended), mended.len);
    str_free(&mended);
    return value;
}

static int put(const char *bytes, size_t len, void *user)
{
    str_add(user, bytes, len);
    return 0;
}

int render_json(const struct faqd_answer_view *view, const char *question, size_t question_len, const char *text,
                struct str *out)
{
    json_t *root = json_object();
    int bad = 0;
    if (question)
        bad |= json_object_set_new(root, "question", bytes_json(question, question_len));
    bad |= json_object_set_new(root, "id", json_string(view->id));
    bad |= json_object_set_new(root, "lang", json_string(view->lang));
    bad |= json_object_set_new(root, "outcome", json_string(outcome_names[view->outcome]));
    bad |= json_object_set_new(root, "topics", texts(view->topics, view->n_topics));
    bad |= json_object_set_new(root, "intents", texts(view->intents, view->n_intents));
    bad |= json_object_set_new(root, "text", json_string(text));
    bad |= json_object_set_new(root, "blocks", collect(view, view->n_blocks, block_json));
    bad |= json_object_set_new(root, "sources", collect(view, view->n_sources, source_json));
    bad |= json_object_set_new(root, "choices", collect(view, view->n_choices, choice_json));
    bad |= json_object_set_new(root, "corrections", collect(view, view->n_corrections, correction_json));
    bad |= json_object_set_new(root, "state", json_string(view->state));
    bad |= json_object_set_new(root, "pack", json_string(view->pack));
    bad |= json_object_set_new(root, "version", json_string(view->version));
    if (!bad)
        bad = json_dump_callback(root, put, out, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(root);
    return bad || out->error ? FAQD_ENOMEM : FAQD_OK;
}
