/* SPDX-License-Identifier: MIT
 *
 * require_private.h - the reader of require.h: require.c knows words and what stands between them, require_letters.c
 * letters anywhere.
 */
#ifndef FAQD_REQUIRE_PRIVATE_H
#define FAQD_REQUIRE_PRIVATE_H

#include "require.h"

struct reading {
    const struct lexicon *lexicon;
    const struct require_sink *sink; /* NULL: only weigh */
    int rc;
};

/* The bracket that closes the one at s[0], or NULL. Escapes and character classes are not looked into: who uses them
 * gets no requirement. */
const char *require_closing(const char *s, const char *end);
/* Behind "(", "(?:" or "(?<name>"; NULL for any other kind of group. */
const char *require_inside(const char *open, const char *close);
/* The weight of a text without top-level alternatives; reports it if there is a sink. 0: there are no such letters. */
int require_letters(struct reading *r, const char *text, size_t len);

#endif
