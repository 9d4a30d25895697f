/* SPDX-License-Identifier: MIT
 *
 * mention.h - does a message speak to us, and what does it say without our name? Pure functions over cleaned text
 * (clean.h).
 *
 * Clients of today say whom they mention (m.mentions), and what they say counts. For those that do not, a mention is
 * our full Matrix id, a link to it, or our display name or the id's local part as a word of its own, in any case; a
 * name inside an address (https://example.org/faq) or another word is none.
 */
#ifndef MATRIX_MENTION_H
#define MATRIX_MENTION_H

#include <stdbool.h>
#include <stddef.h>

struct identity {
    const char *user_id;
    const char *localpart;   /* without "@" */
    const char *displayname; /* cleaned; "": none */
};

/* For a message without m.mentions; `html` is its formatted body, uncleaned, or NULL. */
bool mention_found(const char *text, const char *html, const struct identity *us);

/* Take our names out, in place, with the "@" before and the ":" or "," behind them. */
void mention_strip(char *text, const struct identity *us);

/* Is it `prefix` as a first word, and something behind it? Then the rest, else NULL. */
const char *mention_prefix(const char *text, const char *prefix);

#endif
