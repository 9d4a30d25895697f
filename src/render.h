/* SPDX-License-Identifier: MIT
 *
 * render.h - an answer as plain text, as HTML and as JSON. Pure functions of the view; the same on every channel.
 */
#ifndef FAQD_RENDER_H
#define FAQD_RENDER_H

#include "faqd_plugin.h"
#include "str.h"

extern const char *const outcome_names[]; /* "answer", "clarify", ... by enum faqd_outcome */

/* Paragraphs on lines of their own, items with "- ", choices numbered, source marks [1], below the titles of the
 * sources under `sources_label`. Ends without a line feed. */
void render_plain(const struct faqd_answer_view *view, const char *sources_label, struct str *out);

/* A fragment of p, ul, ol, li, strong, sup, a; everything from the pack is escaped. */
void render_html(const struct faqd_answer_view *view, const char *sources_label, struct str *out);

/* One object on one line, ASCII only, keys in the order of the documentation; "text" is the plain text. FAQD_OK or
 * FAQD_ENOMEM. */
int render_json(const struct faqd_answer_view *view, const char *sources_label, struct str *out);

/* Such an object with "question" as its first member: any bytes; what is not UTF-8 is replaced. */
void render_question(const char *question, size_t len, const char *json, struct str *out);

#endif
