/* SPDX-License-Identifier: MIT
 *
 * answer.h - an answer under construction, and as it leaves: blocks of vetted text with their sources.
 *
 * Text enters only as a statement of the pack or a fixed sentence of it; gaps take the display name of an entity of the
 * lexicon or a number, nothing else. All memory is taken by answer_init, so that answering needs none. Errors stick.
 * An answer belongs to a worker and points into the pack that it was built from.
 */
#ifndef FAQD_ANSWER_H
#define FAQD_ANSWER_H

#include "pack.h"
#include "str.h"

#define ANSWER_TEXT_MAX ((size_t)32 * 1024)
#define ANSWER_BLOCKS_MAX 64
#define ANSWER_TOPICS_MAX 24
#define ANSWER_INTENTS_MAX 4
#define ANSWER_CHOICES_MAX 8
#define ANSWER_ID_MAX 256
#define ANSWER_STATE_MAX 513

struct answer_block {
    enum faqd_block_kind kind;
    const struct statement *statement; /* NULL: a fixed sentence or a choice */
    const char *text;
    size_t sources[PACK_SOURCES_MAX]; /* indexes into answer.sources */
    size_t n_sources;
};

struct answer {
    const struct pack *pack;
    enum lang lang;
    enum faqd_outcome outcome;
    char id[ANSWER_ID_MAX];
    struct str text; /* of all blocks, each terminated; never moves */
    struct answer_block blocks[ANSWER_BLOCKS_MAX];
    size_t n_blocks;
    const char *topics[ANSWER_TOPICS_MAX];
    size_t n_topics;
    const char *intents[ANSWER_INTENTS_MAX];
    size_t n_intents;
    struct faqd_source_view sources[PACK_SOURCES_MAX]; /* shown ones, in the order of their first use */
    uint16_t source_of[PACK_SOURCES_MAX];              /* pack.sources index of each */
    size_t n_sources;
    struct faqd_choice_view choices[ANSWER_CHOICES_MAX];
    size_t n_choices;
    struct faqd_block_view views[ANSWER_BLOCKS_MAX];
    char state[ANSWER_STATE_MAX];
    int error; /* FAQD_OK, FAQD_EINVAL, FAQD_ELIMIT */
};

/* A module's door to the answer (struct faqd_reply of the ABI). */
struct faqd_reply {
    struct answer *answer;
    enum faqd_outcome outcome; /* of this module's part */
    int alert; /* the next paragraph is one that must stand out: what to do in an emergency comes first */
};

int answer_init(struct answer *answer); /* FAQD_OK or FAQD_ENOMEM */
void answer_free(struct answer *answer);

/* Begin anew. */
void answer_begin(struct answer *answer, const struct pack *pack, enum lang lang);

int answer_say(struct answer *answer, enum faqd_block_kind kind, const char *statement, const struct faqd_gap *gaps,
               size_t n_gaps);
void answer_fixed(struct answer *answer, enum faqd_block_kind kind, enum fixed sentence);
void answer_topic(struct answer *answer, const char *topic); /* once each; "" is none. Borrowed from the pack */
void answer_intent(struct answer *answer, const char *intent);
/* A choice: a block and an entry of choices. Both texts are borrowed from the pack, or NUL-terminated ones that live as
 * long as the answer. */
void answer_choice(struct answer *answer, const char *label, const char *topic);

/* A text that is given to the answer for its life (for labels that were put together). NULL: no room. */
const char *answer_keep(struct answer *answer, const char *text);

/* The answer as plugins see it. Corrections are the question's and set by the caller. */
struct faqd_answer_view answer_view(struct answer *answer);

#endif
