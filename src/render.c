/* SPDX-License-Identifier: MIT
 *
 * render.c - see render.h.
 */
#include "render_private.h"

#include <string.h>

const char *const outcome_names[] = {
    [FAQD_ANSWER] = "answer",           [FAQD_CLARIFY] = "clarify",           [FAQD_EMERGENCY] = "emergency",
    [FAQD_SMALLTALK] = "smalltalk",     [FAQD_UNDOCUMENTED] = "undocumented", [FAQD_UNKNOWN] = "unknown",
    [FAQD_UNAVAILABLE] = "unavailable",
};

/* " [1][2]" behind a block, each number between the two texts. */
static void marks(const struct faqd_block_view *block, const char *before, const char *after, struct str *out)
{
    for (size_t s = 0; s < block->n_sources; s++) {
        str_adds(out, before);
        str_addn(out, block->sources[s] + 1);
        str_adds(out, after);
    }
}

void render_text(const struct faqd_answer_view *view, const char *sources_label, render_add *add, struct str *out)
{
    size_t choice = 0;
    for (size_t i = 0; i < view->n_blocks; i++) {
        const struct faqd_block_view *block = &view->blocks[i];
        if (i)
            add(out, "\n");
        if (block->kind == FAQD_ITEM)
            add(out, "- ");
        if (block->kind == FAQD_CHOICE) {
            str_addn(out, ++choice);
            add(out, ". ");
        }
        add(out, block->text);
        if (block->n_sources)
            add(out, " ");
        marks(block, "[", "]", out);
    }
    if (view->n_sources) {
        add(out, "\n\n");
        add(out, sources_label);
    }
    for (size_t i = 0; i < view->n_sources; i++) {
        const struct faqd_source_view *source = &view->sources[i];
        add(out, "\n[");
        str_addn(out, i + 1);
        add(out, "] ");
        add(out, source->title);
        if (source->url) {
            add(out, " <");
            add(out, source->url);
            add(out, ">");
        }
    }
}

void render_plain(const struct faqd_answer_view *view, const char *sources_label, struct str *out)
{
    render_text(view, sources_label, str_adds, out);
}

static void escape(const char *text, struct str *out)
{
    for (const char *s = text; *s; s++) {
        size_t plain = strcspn(s, "&<>\"'");
        str_add(out, s, plain);
        s += plain;
        switch (*s) {
        case '\0': return;
        case '&': str_adds(out, "&amp;"); break;
        case '<': str_adds(out, "&lt;"); break;
        case '>': str_adds(out, "&gt;"); break;
        case '"': str_adds(out, "&quot;"); break;
        default: str_adds(out, "&#39;");
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
    marks(block, "<sup>[", "]</sup>", out);
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
