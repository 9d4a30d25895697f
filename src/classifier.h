/* SPDX-License-Identifier: MIT
 *
 * classifier.h - what the pack's examples speak for: a second opinion beside its patterns.
 *
 * A pack with examples (examples.json) is learned from while it is loaded: from those, from every `ask` of its intents,
 * and from messages that were meant for others. What is learned are weights of features. The features of a message are
 * its words, as they were read, and the classes, entities and types of entities that the lexicon finds in it; each
 * once, weighted by how rare it is in the examples, and all together of length 1 (tf-idf).
 *
 *   which intent   multinomial naive Bayes over those weights (Rennie and others, 2003): each feature speaks for the
 *                  intents in whose examples it is
 *   ours at all    logistic regression: each feature speaks for our subject or for others'
 *
 * It knows nothing of order, negation or scope, and is never sure: it chooses among answers, it never makes one, and
 * the dialogue hears it only where patterns leave a doubt (dialogue_reconsider.c).
 *
 * The same pack gives the same weights: examples are gone through in a fixed order. A classifier is immutable, and
 * shared by all threads; a prediction is a worker's.
 */
#ifndef FAQD_CLASSIFIER_H
#define FAQD_CLASSIFIER_H

#include "pack.h"
#include "question.h"
#include "table.h"

struct feature {
    float weight;          /* more the rarer it is; > 0 */
    float ours;            /* for our subject; for others' if below 0 */
    uint32_t first, count; /* what it says of intents, in classifier.evidence; 0: nothing, most of them have it */
};

struct evidence {
    uint32_t intent;
    float weight; /* beyond what the intent has for a feature that none of its examples has */
};

struct classifier {
    struct table words; /* table_hash of a word -> feature */
    uint32_t *symbols;  /* by symbol of the lexicon: its feature, or TABLE_NONE */
    size_t n_symbols;
    struct feature *features;
    size_t n_features;
    struct evidence *evidence;
    size_t n_evidence;
    float *base; /* by intent: its weight for a feature that none of its examples has; 0: it has too few */
    size_t n_intents;
    double bias; /* of what is ours */
};

#define CLASSIFIER_EXAMPLES_MIN 500 /* of questions, and of messages to others: from fewer nothing can be learned */

/* Learn. FAQD_OK; FAQD_DECLINED: the pack has no examples.json, or too little in it, *out is NULL; FAQD_ENOMEM. */
int classifier_new(const struct pack *pack, struct classifier **out);
void classifier_free(struct classifier *classifier);                                    /* takes NULL */
struct classifier *classifier_copy(struct image *image, struct classifier *classifier); /* likewise; image.h */

/* What the examples say of a message. */
struct prediction {
    float *scores; /* by intent: logarithms of how likely each is, but for a constant; only differences count. 0: of an
                      intent with too few examples nothing is known, all others are below */
    uint32_t best, second;
    float lead;     /* of the best one over the second: 0.7 is twice as likely */
    float ours;     /* above 0 it is likelier about our subject than about another one; 3 is twenty to one */
    size_t strange; /* words of the message that no example has */
    size_t n;       /* features of it that are known: */
    uint32_t *known;
    uint32_t *seen; /* by feature: the message in which it was met last */
    uint32_t message;
};
int prediction_new(const struct classifier *classifier, struct prediction **out); /* FAQD_OK, FAQD_ENOMEM */
void prediction_free(struct prediction *prediction);                              /* takes NULL */
void classifier_predict(const struct classifier *classifier, const struct question *q, struct prediction *prediction);

/* The features of a message one after the other, some of them more than once: words (TABLE_NONE: no example has it),
 * then symbols. `word` is where it begins, over `count` words. */
typedef void feature_fn(void *user, uint32_t feature, size_t word, size_t count);
void classifier_features(const struct classifier *classifier, const struct question *q, feature_fn *each, void *user);
/* How much more a feature says for one intent than for another. */
float classifier_prefers(const struct classifier *classifier, uint32_t feature, uint32_t intent, uint32_t other);

#endif
