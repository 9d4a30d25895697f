/* SPDX-License-Identifier: MIT
 *
 * form.h - the little language in which the lexicon writes words, and the reader of what a pattern requires.
 *
 * A form is folded words with single spaces, with `x?` (a letter that may be missing), `(a|b)` and `(a|b)?` (spaces
 * allowed inside), and `*` at the end of a single word (any ending). It stands for a finite list of phrases. A form is
 * a valid PCRE2 fragment once `*` is written `\w*`, which form_regex does.
 */
#ifndef FAQD_FORM_H
#define FAQD_FORM_H

#include "str.h"

#include <stddef.h>

#define FORM_PHRASES_MAX 256 /* phrases that one form may stand for */
#define FORM_BYTES_MAX 512

/* Call `each` with every phrase of a form; `stem`: the phrase is the beginning of a word. Stops and returns what `each`
 * returned if that is not FAQD_OK. FAQD_EINVAL: not a form; FAQD_ELIMIT: too many phrases; *why (may be NULL) then
 * points to a constant text that says so. */
int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why);

/* Append the form as a PCRE2 fragment. */
void form_regex(const char *form, struct str *out);

/* What a PCRE2 fragment over folded text requires. Splits it at the spaces that every match must contain, looks for the
 * parts that are forms, and calls `each` once for every phrase of ONE such part: any match of the fragment contains one
 * of these phrases (as whole words; `stem`: as a word's beginning). Returns FAQD_OK, or FAQD_DECLINED without having
 * called `each` if no part is understood: then the pattern must always be tried. It never guesses: anything that is
 * not plainly a form counts as not understood. */
int form_required(const char *fragment, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user);

/* Call `each` with every word that stands literally in the fragment (for the vocabulary; may give too many).
 * `stem`: the word goes on with \w. */
int form_words(const char *fragment, int (*each)(void *user, const char *word, size_t len, int stem), void *user);

#endif
