/* SPDX-License-Identifier: MIT
 *
 * phrases.h - which symbols stand at which words: all forms of a lexicon as one automaton over words.
 *
 * Forms are added as graphs and stay as small as they are written: their phrases are never written out. Sealing makes
 * the automaton deterministic, so that reading takes one look-up a word, and most words end it at once. It writes
 * beginnings out as far as several forms share them; where one form is left, its own graph goes on, shared by all
 * beginnings that lead there and by all forms of a symbol that end alike.
 *
 * Words are numbers, 0 and up. What is sealed is flat arrays of numbers that refer to each other by index.
 */
#ifndef FAQD_PHRASES_H
#define FAQD_PHRASES_H

#include "form.h"
#include "image.h"
#include "lang.h"
#include "sparse.h"

struct phrase_edge { /* a state's are sorted by their words */
    uint32_t word;
    uint32_t state; /* that it leads to */
    uint32_t order; /* to be added to what comes behind; see struct phrase_name */
};

struct phrase_state { /* its edges and names end where those of the next state begin; there is one more at the end */
    uint32_t edge;
    uint32_t name;
};

struct phrase_name {      /* a symbol for which the words that lead to a state stand */
    uint32_t symbol : 30; /* see phrases_add */
    uint32_t langs : 2;
    uint32_t order[LANGS]; /* by when the form was added, and where in it the phrase comes; summed up over the edges */
};

struct phrases {
    struct sparse_block *first; /* words that phrases begin with; their places are those of their edges */
    size_t n_words;             /* words from here on are none */
    struct phrase_edge *edges;
    size_t n_edges;
    struct phrase_state *states;
    size_t n_states;
    struct phrase_name *names;
    size_t n_names;
};
#define PHRASES_NONE UINT32_MAX

/* --- building --- */

struct phrases_builder; /* all that was added */

struct phrases_builder *phrases_builder_new(void);          /* NULL: no memory */
void phrases_builder_free(struct phrases_builder *builder); /* takes NULL */
/* The names of a symbol (below 2^30) in one language, by a form. FAQD_OK or FAQD_ENOMEM. */
int phrases_add(struct phrases_builder *builder, const struct form_graph *graph, uint32_t symbol, enum lang lang);
/* Make the automaton; *out is zeroed before. FAQD_OK or FAQD_ENOMEM; free it in either case. */
int phrases_seal(const struct phrases_builder *builder, struct phrases *out);
void phrases_copy(struct image *image, struct phrases *phrases); /* image.h */
void phrases_free(struct phrases *phrases);

/* --- reading --- */

/* The edge that a phrase begins with, by its first word; the edge on from a state. NULL: there is none. */
const struct phrase_edge *phrases_first(const struct phrases *phrases, uint32_t word);
const struct phrase_edge *phrases_next(const struct phrases *phrases, uint32_t state, uint32_t word);

#endif
