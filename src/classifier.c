/* SPDX-License-Identifier: MIT
 *
 * classifier.c - see classifier.h: what was learned, applied to a message. classifier_learn.c learns it.
 */
#include "classifier_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void classifier_free(struct classifier *classifier)
{
    if (!classifier)
        return;
    table_free(&classifier->words);
    free(classifier->symbols);
    free(classifier->features);
    free(classifier->evidence);
    free(classifier->base);
    free(classifier);
}

struct classifier *classifier_copy(struct image *image, struct classifier *classifier)
{
    if (!classifier)
        return NULL;
    struct classifier *c = image_copy(image, classifier, sizeof(*c));
    image_table(image, &c->words);
    c->symbols = image_copy(image, c->symbols, c->n_symbols * sizeof(*c->symbols));
    c->features = image_copy(image, c->features, c->n_features * sizeof(*c->features));
    c->evidence = image_copy(image, c->evidence, c->n_evidence * sizeof(*c->evidence));
    c->base = image_copy(image, c->base, c->n_intents * sizeof(*c->base));
    return c;
}

static void each_symbol(const struct hit *hit, uint32_t symbol, const struct feature_source *source, feature_fn *each,
                        void *user)
{
    uint32_t feature = source->symbol(source->user, symbol);
    if (feature != TABLE_NONE)
        each(user, feature, hit->word, hit->count);
}

void features_of_question(const struct question *q, const struct feature_source *source, feature_fn *each, void *user)
{
    for (size_t i = 0; i < q->n_words; i++)
        each(user, source->word(source->user, q->words[i].text, q->words[i].len), i, 1);
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        if (hit->hidden || !(hit->langs & LANG_BIT(q->lang)) ||
            (hit->kind != SYMBOL_CLASS && hit->kind != SYMBOL_ENTITY))
            continue;
        each_symbol(hit, hit->symbol, source, each, user);
        if (hit->kind == SYMBOL_ENTITY)
            each_symbol(hit, hit->type, source, each, user);
    }
}

static uint32_t known_word(void *user, const char *text, size_t len)
{
    const struct classifier *classifier = user;
    return table_get(&classifier->words, table_hash(text, len));
}

static uint32_t known_symbol(void *user, uint32_t symbol)
{
    const struct classifier *classifier = user;
    return symbol < classifier->n_symbols ? classifier->symbols[symbol] : TABLE_NONE;
}

void classifier_features(const struct classifier *classifier, const struct question *q, feature_fn *each, void *user)
{
    struct feature_source source = {known_word, known_symbol, (void *)(uintptr_t)classifier};
    features_of_question(q, &source, each, user);
}

int prediction_new(const struct classifier *classifier, struct prediction **out)
{
    struct prediction *p = calloc(1, sizeof(*p));
    *out = p;
    if (!p)
        return FAQD_ENOMEM;
    p->scores = calloc(classifier->n_intents + 1, sizeof(*p->scores));
    p->known = calloc(classifier->n_features + 1, sizeof(*p->known));
    p->seen = calloc(classifier->n_features + 1, sizeof(*p->seen));
    if (p->scores && p->known && p->seen)
        return FAQD_OK;
    prediction_free(p);
    *out = NULL;
    return FAQD_ENOMEM;
}

void prediction_free(struct prediction *prediction)
{
    if (!prediction)
        return;
    free(prediction->scores);
    free(prediction->known);
    free(prediction->seen);
    free(prediction);
}

static void note(void *user, uint32_t feature, size_t word, size_t count)
{
    struct prediction *p = user;
    (void)word;
    (void)count;
    if (feature == TABLE_NONE) {
        p->strange++;
        return;
    }
    if (p->seen[feature] == p->message)
        return;
    p->seen[feature] = p->message;
    p->known[p->n++] = feature;
}

static void note_all(const struct classifier *classifier, const struct question *q, struct prediction *p)
{
    p->n = p->strange = 0;
    if (++p->message == 0) { /* after 2^32 messages old marks could be taken for new ones */
        memset(p->seen, 0, classifier->n_features * sizeof(*p->seen));
        p->message = 1;
    }
    classifier_features(classifier, q, note, p);
}

/* 1 / the length of the message's features. */
static float scale_of(const struct classifier *classifier, const struct prediction *p)
{
    float squares = 0;
    for (size_t i = 0; i < p->n; i++)
        squares += classifier->features[p->known[i]].weight * classifier->features[p->known[i]].weight;
    return squares > 0 ? 1 / sqrtf(squares) : 0;
}

/* Intents with too few examples are never meant. */
static void rank(const struct classifier *classifier, struct prediction *p)
{
    float best = -INFINITY;
    float second = -INFINITY;
    p->best = p->second = 0;
    for (uint32_t k = 0; k < classifier->n_intents; k++) {
        float score = classifier->base[k] < 0 ? p->scores[k] : -INFINITY;
        if (score > best) {
            second = best;
            p->second = p->best;
            best = score;
            p->best = k;
        } else if (score > second) {
            second = score;
            p->second = k;
        }
    }
    p->lead = second > -INFINITY ? best - second : 0;
}

void classifier_predict(const struct classifier *classifier, const struct question *q, struct prediction *p)
{
    float telling = 0;
    note_all(classifier, q, p);
    float scale = scale_of(classifier, p);
    p->ours = (float)classifier->bias;
    memset(p->scores, 0, classifier->n_intents * sizeof(*p->scores));
    for (size_t i = 0; i < p->n; i++) {
        const struct feature *feature = &classifier->features[p->known[i]];
        float value = feature->weight * scale;
        p->ours += value * feature->ours;
        telling += feature->count ? value : 0;
        for (const struct evidence *e = classifier->evidence + feature->first, *end = e + feature->count; e < end; e++)
            p->scores[e->intent] += value * e->weight;
    }
    for (size_t k = 0; k < classifier->n_intents; k++)
        p->scores[k] = classifier->base[k] < 0 ? p->scores[k] + telling * classifier->base[k] : 0;
    rank(classifier, p);
}

static float says(const struct classifier *classifier, const struct feature *feature, uint32_t intent)
{
    for (const struct evidence *e = classifier->evidence + feature->first, *end = e + feature->count; e < end; e++)
        if (e->intent == intent)
            return e->weight + classifier->base[intent];
    return classifier->base[intent];
}

float classifier_prefers(const struct classifier *classifier, uint32_t feature, uint32_t intent, uint32_t other)
{
    const struct feature *f = &classifier->features[feature];
    return f->count ? f->weight * (says(classifier, f, intent) - says(classifier, f, other)) : 0;
}
