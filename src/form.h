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

/* "(WORDS)": forms as alternatives of one. `grouped` has room for two bytes more than they and their terminator. */
void form_group(const char *words, size_t len, char *grouped);

/* One word on from a place. */
struct form_way {
    uint32_t word;   /* as the caller numbers it; FORM_NO_WORD: none, the phrase was complete */
    uint32_t to;     /* a place, always a later one; FORM_END: the phrase is complete */
    uint32_t before; /* how many phrases the ways before this one of the place have */
};

/* A form word by word. Places are where a word may begin, the first one where all phrases do; every path to an end is a
 * phrase. What phrases have in common is there once: "(a|b) (c|d) (e|f)" has six ways, not eight phrases. */
struct form_graph {
    uint32_t firsts[FORM_BYTES_MAX + 1]; /* ways of place i: from firsts[i] to firsts[i + 1] */
    size_t n_places;
    struct form_way *ways; /* in the order in which form_expand takes them */
    size_t n_ways;
    size_t room; /* for ways */
    uint32_t phrases;
    uint32_t words; /* of the longest phrase */
    int loose; /* a phrase has a space at an end, or two in a row: they count as none, which PCRE2 sees otherwise */
};
#define FORM_NO_WORD UINT32_MAX
#define FORM_END UINT32_MAX

/* Read a form into a graph, zeroed at first and usable again and again. `number` numbers a word. Result codes and *why
 * as form_expand, with `number` for `each`. */
int form_graph_read(struct form_graph *graph, const char *form,
                    int (*number)(void *user, const char *word, size_t len, int stem, uint32_t *out), void *user,
                    const char **why);
void form_graph_free(struct form_graph *graph);

/* Append the form as a PCRE2 fragment. */
void form_regex(const char *form, struct str *out);

/* Call `each` with every word that stands literally in the fragment (for the vocabulary; may give too many).
 * `stem`: the word goes on with \w. */
int form_words(const char *fragment, int (*each)(void *user, const char *word, size_t len, int stem), void *user);

#endif
