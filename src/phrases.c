/* SPDX-License-Identifier: MIT
 *
 * phrases.c - see phrases.h: reading. phrases_build.c makes them.
 */
#include "phrases.h"

#include <stdlib.h>

const struct phrase_edge *phrases_first(const struct phrases *phrases, uint32_t word)
{
    int begins = word < phrases->n_words && sparse_has(phrases->first, word);
    return begins ? &phrases->edges[sparse_place(phrases->first, word)] : NULL;
}

const struct phrase_edge *phrases_next(const struct phrases *phrases, uint32_t state, uint32_t word)
{
    const struct phrase_edge *edge = phrases->edges + phrases->states[state].edge;
    size_t n = phrases->states[state + 1].edge - phrases->states[state].edge;
    if (!n)
        return NULL;
    while (n > 1) { /* the last edge whose word is not above it */
        size_t half = n / 2;
        edge += edge[half].word <= word ? half : 0;
        n -= half;
    }
    return edge->word == word ? edge : NULL;
}

void phrases_copy(struct image *image, struct phrases *phrases)
{
    size_t states = phrases->n_states + 1;
    phrases->first = image_copy(image, phrases->first, sparse_blocks(phrases->n_words) * sizeof(*phrases->first));
    phrases->edges = image_copy(image, phrases->edges, phrases->n_edges * sizeof(*phrases->edges));
    phrases->states = image_copy(image, phrases->states, states * sizeof(*phrases->states));
    phrases->names = image_copy(image, phrases->names, phrases->n_names * sizeof(*phrases->names));
}

void phrases_free(struct phrases *phrases)
{
    free(phrases->first);
    free(phrases->edges);
    free(phrases->states);
    free(phrases->names);
    *phrases = (struct phrases){0};
}
