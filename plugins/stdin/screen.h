/* SPDX-License-Identifier: MIT
 *
 * screen.h - how things look: colours, links, the layout of an answer.
 *
 * All of it fills a buffer and is a pure function of its arguments, but for style_detect.
 */
#ifndef STDIN_SCREEN_H
#define STDIN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "faqd_plugin.h"
#include "settings.h"
#include "strings.h"

struct style {
    bool color;
    bool links;   /* OSC 8 hyperlinks */
    bool plain;   /* for a screen reader: words instead of rules and marks */
    size_t width; /* columns; 0: do not wrap */
};

/* What the terminal on `fd` can do and the user wants (NO_COLOR, TERM, the settings). */
struct style style_detect(int fd, enum color color, bool plain);

/* A whole answer: alert, paragraphs, lists, choices, its sources. */
void screen_answer(struct buf *out, const struct style *style, const struct faqd_answer_view *answer);

/* Lines [1] title <url>; the strings are titles and addresses by turns. */
void screen_sources(struct buf *out, const struct style *style, const struct strings *sources);

/* A numbered list. */
void screen_choices(struct buf *out, const struct style *style, const struct strings *labels);

/* A remark of the chat itself: one dim paragraph. */
void screen_hint(struct buf *out, const struct style *style, const char *words);

/* One paragraph, the lines after the first indented. */
void screen_paragraph(struct buf *out, const struct style *style, const char *first, const char *next,
                      const char *words);

#endif
