/* SPDX-License-Identifier: MIT
 *
 * render_private.h - what the plain text and the JSON that holds it share: render.c, render_json.c.
 */
#ifndef FAQD_RENDER_PRIVATE_H
#define FAQD_RENDER_PRIVATE_H

#include "render.h"

typedef void render_add(struct str *out, const char *text);

/* The plain text, each piece of it through `add` (digits and brackets excepted: they need no escape anywhere). */
void render_text(const struct faqd_answer_view *view, const char *sources_label, render_add *add, struct str *out);

#endif
