/* SPDX-License-Identifier: MIT
 *
 * template.h - a small mustache for the pages: {{name}} escaped text, {{{name}}} text as it is, {{#name}}...{{/name}}
 * once for each item of a list (or once, if it is there and not empty), {{^name}}...{{/name}} if it is not.
 *
 * Values are JSON: strings, lists of objects, true. Names are looked for in the innermost item first, then outside.
 */
#ifndef FAQD_WEB_TEMPLATE_H
#define FAQD_WEB_TEMPLATE_H

#include <stddef.h>

#include <jansson.h>

/* 0 if every tag is known and closed; else the byte of the first one that is not, from 1 on. */
size_t template_check(const char *text, size_t len);

/* Fill in; the caller frees *out. FAQD_OK, FAQD_ENOMEM. The template has been checked. */
int template_render(const char *text, size_t len, const json_t *values, char **out, size_t *out_len);

#endif
