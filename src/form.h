/* SPDX-License-Identifier: MIT
 *
 * form.h - the little language in which the lexicon writes words.
 *
 * A form is folded words with single spaces, with `x?` (a letter that may be missing), `(a|b)` and `(a|b)?` (spaces
 * allowed inside), and `*` at the end of a single word (any ending). It stands for a finite list of phrases. A form is
 * a valid PCRE2 fragment once `*` is written `\w*`, which form_regex does.
 */
#ifndef FAQD_FORM_H
#define FAQD_FORM_H

#include "str.h"

#include <stddef.h>
#include <stdint.h>

#define FORM_PHRASES_MAX 1024 /* phrases that one form may stand for */
#define FORM_BYTES_MAX 512

/* Call `each` with every phrase of a form; `stem`: the phrase is the beginning of a word. Stops and returns what `each`
 * returned if that is not FAQD_OK. FAQD_EINVAL: not a form; FAQD_ELIMIT: too many phrases; *why (may be NULL) then
 * points to a constant text that says so, or to NULL if it was `each` that stopped. */
int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why);

/* What a visitor notes on the way through a form: copied wherever the form branches, so that what two phrases have in
 * common at their beginning is worked out once. All zero at the start. */
struct form_trail {
    uint64_t hash;
    uint32_t words;
    uint32_t notes[2];
};

struct form_visitor {
    /* The next word of the phrases that lie ahead is complete. NULL: not wanted. */
    int (*word)(void *user, struct form_trail *trail, const char *word, size_t len);
    /* A phrase is complete; the words of a stem were not told. */
    int (*phrase)(void *user, const struct form_trail *trail, const char *phrase, size_t len, int stem);
    void *user;
};

/* As form_expand, telling the words as well. */
int form_visit(const char *form, const struct form_visitor *visitor, const char **why);

/* Append the form as a PCRE2 fragment. */
void form_regex(const char *form, struct str *out);

/* Call `each` with every word that stands literally in the fragment (for the vocabulary; may give too many).
 * `stem`: the word goes on with \w. */
int form_words(const char *fragment, int (*each)(void *user, const char *word, size_t len, int stem), void *user);

#endif
