/* SPDX-License-Identifier: MIT
 *
 * classifier_learn.c - see classifier.h: examples in, weights out.
 *
 * An example is read as a message is, in whatever language it seems to be in, for that is what people's messages will
 * go through. Examples of small talk and of red flags say nothing of what is ours: "hello" opens any conversation.
 */
#include "classifier_private.h"

#include "array.h"

#include <math.h>
#include <string.h>

/* Chosen on questions that nobody had developed on; half or double changes little. */
#define SMOOTHING 0.2          /* what an intent has of a feature that none of its examples has */
#define ASK_WEIGHT 2           /* an `ask` counts as so many examples: it must be answered so */
#define INTENT_EXAMPLES_MIN 20 /* an intent with fewer is never meant: each word of them would say too much */
#define COMMON (2.0 / 3.0) /* what so many of the intents have tells none of them apart, and takes most of the time */
#define ROUNDS 8           /* of logistic regression over all examples, each with smaller steps than the one before: */
#define STEP_SIZE 4.0      /* this, divided by the round */
#define BIAS_STEP 0.05     /* of a step, for what no feature says */
#define STRIDE 7919        /* a prime: examples of one intent stand side by side, and come far apart this way */
#define OTHER_STRIDE 7907  /* another one, for as many examples as the first divides */

enum label_kind { OF_OURS, OF_OTHERS, OF_NEITHER };

struct example {
    uint32_t intent;       /* UINT32_MAX: others' */
    uint32_t first, count; /* its features, in learning.known */
    uint32_t kind;         /* enum label_kind */
};

struct mass { /* what the examples of an intent have of a feature */
    uint32_t feature, intent;
    double sum;
};

struct learning {
    const struct pack *pack;
    struct classifier *c;
    struct question *q;
    struct example *examples;
    size_t n_examples;
    uint32_t *known;
    size_t n_known;
    uint32_t *counts; /* by feature: examples that have it */
    uint32_t *marks;  /* by feature: the example that had it last, from 1 on */
    double *scales;   /* by example: 1 / the length of its features */
    struct mass *masses;
    size_t n_masses;
    int no_memory;
};

/* ---------------------------------------------------------------------------------------------- features ---- */

static uint32_t new_feature(struct learning *l)
{
    size_t n = l->c->n_features;
    if (array_room((void **)&l->counts, n, sizeof(*l->counts)) != FAQD_OK ||
        array_room((void **)&l->marks, n, sizeof(*l->marks)) != FAQD_OK) {
        l->no_memory = 1;
        return TABLE_NONE;
    }
    l->counts[n] = l->marks[n] = 0;
    return (uint32_t)l->c->n_features++;
}

static uint32_t learn_word(void *user, const char *text, size_t len)
{
    struct learning *l = user;
    uint64_t hash = table_hash(text, len);
    uint32_t feature = table_get(&l->c->words, hash);
    if (feature != TABLE_NONE)
        return feature;
    feature = new_feature(l);
    if (feature != TABLE_NONE && table_put(&l->c->words, hash, feature) != FAQD_OK)
        l->no_memory = 1;
    return feature;
}

static uint32_t learn_symbol(void *user, uint32_t symbol)
{
    struct learning *l = user;
    if (l->c->symbols[symbol] == TABLE_NONE)
        l->c->symbols[symbol] = new_feature(l);
    return l->c->symbols[symbol];
}

static void take_feature(void *user, uint32_t feature, size_t word, size_t count)
{
    struct learning *l = user;
    (void)word;
    (void)count;
    if (l->no_memory || l->marks[feature] == l->n_examples + 1)
        return;
    if (array_room((void **)&l->known, l->n_known, sizeof(*l->known)) != FAQD_OK) {
        l->no_memory = 1;
        return;
    }
    l->marks[feature] = (uint32_t)l->n_examples + 1;
    l->known[l->n_known++] = feature;
}

/* What is too long to be read says nothing. It counts as `times` examples. */
static void read_example(struct learning *l, const char *text, struct example e, int times)
{
    struct feature_source source = {learn_word, learn_symbol, l};
    e.first = (uint32_t)l->n_known;
    if (l->no_memory || question_read(l->q, l->pack->lexicon, text, strlen(text), -1, l->pack->default_lang) != FAQD_OK)
        return;
    features_of_question(l->q, &source, take_feature, l);
    e.count = (uint32_t)l->n_known - e.first;
    for (int i = 0; i < times && !l->no_memory; i++) {
        if (array_room((void **)&l->examples, l->n_examples, sizeof(*l->examples)) == FAQD_OK)
            l->examples[l->n_examples++] = e;
        else
            l->no_memory = 1;
    }
    for (uint32_t i = 0; i < e.count && !l->no_memory; i++)
        l->counts[l->known[e.first + i]] += (uint32_t)times;
}

static void read_list(struct learning *l, const char *const *texts, size_t n, struct example e, int times)
{
    for (size_t i = 0; i < n; i++)
        read_example(l, texts[i], e, times);
}

static void read_examples(struct learning *l)
{
    const struct pack *pack = l->pack;
    for (uint32_t i = 0; i < pack->n_intents; i++) {
        const struct intent *intent = &pack->intents[i];
        int neither = intent->safety || intent->outcome == FAQD_SMALLTALK;
        struct example e = {.intent = i, .kind = neither ? OF_NEITHER : OF_OURS};
        for (int lang = 0; lang < LANGS; lang++) {
            read_list(l, intent->words[lang].ask, intent->words[lang].n_ask, e, ASK_WEIGHT);
            read_list(l, intent->words[lang].examples, intent->words[lang].n_examples, e, 1);
        }
    }
    for (int lang = 0; lang < LANGS; lang++)
        read_list(l, pack->others[lang], pack->n_others[lang],
                  (struct example){.intent = UINT32_MAX, .kind = OF_OTHERS}, 1);
}

static int weigh_features(struct learning *l)
{
    l->c->features = calloc(l->c->n_features + 1, sizeof(*l->c->features));
    l->scales = calloc(l->n_examples + 1, sizeof(*l->scales));
    if (!l->c->features || !l->scales)
        return FAQD_ENOMEM;
    for (size_t f = 0; f < l->c->n_features; f++)
        l->c->features[f].weight = (float)(1 + log((1.0 + (double)l->n_examples) / (1.0 + l->counts[f])));
    for (size_t e = 0; e < l->n_examples; e++) {
        double squares = 0;
        for (uint32_t i = 0; i < l->examples[e].count; i++) {
            double weight = l->c->features[l->known[l->examples[e].first + i]].weight;
            squares += weight * weight;
        }
        l->scales[e] = squares > 0 ? 1 / sqrt(squares) : 0;
    }
    return FAQD_OK;
}

/* ----------------------------------------------------------------------------------------- which intent ---- */

/* What the examples of one intent, which stand side by side, have of each feature. */
static int sum_intent(struct learning *l, size_t from, size_t to, double *sums)
{
    for (size_t e = from; e < to; e++) {
        const uint32_t *known = l->known + l->examples[e].first;
        for (uint32_t i = 0; i < l->examples[e].count; i++)
            sums[known[i]] += l->c->features[known[i]].weight * l->scales[e];
    }
    for (size_t f = 0; f < l->c->n_features; f++) {
        if (!(sums[f] > 0))
            continue;
        if (array_room((void **)&l->masses, l->n_masses, sizeof(*l->masses)) != FAQD_OK)
            return FAQD_ENOMEM;
        l->masses[l->n_masses++] = (struct mass){(uint32_t)f, l->examples[from].intent, sums[f]};
        l->c->features[f].count++;
        sums[f] = 0;
    }
    return FAQD_OK;
}

/* Forget what tells no intent from another; lay out what is left by feature. The features that are left. */
static size_t lay_out(struct learning *l, size_t n_intents)
{
    struct classifier *c = l->c;
    size_t left = 0;
    uint32_t first = 0;
    for (size_t f = 0; f < c->n_features; f++) {
        if (c->features[f].count > COMMON * (double)n_intents)
            c->features[f].count = 0;
        c->features[f].first = first;
        first += c->features[f].count;
        left += c->features[f].count > 0;
    }
    c->n_evidence = first;
    return left;
}

static int learn_intents(struct learning *l, double *sums, double *totals, uint32_t *filled)
{
    struct classifier *c = l->c;
    size_t n_intents = 0;
    for (size_t from = 0, to = 0; from < l->n_examples && l->examples[from].intent != UINT32_MAX; from = to) {
        while (to < l->n_examples && l->examples[to].intent == l->examples[from].intent)
            to++;
        if (sum_intent(l, from, to, sums) != FAQD_OK)
            return FAQD_ENOMEM;
        c->base[l->examples[from].intent] = to - from < INTENT_EXAMPLES_MIN ? 0 : -1;
        n_intents++;
    }
    double room = SMOOTHING * (double)lay_out(l, n_intents);
    c->evidence = calloc(c->n_evidence + 1, sizeof(*c->evidence));
    if (!c->evidence)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < l->n_masses; i++) {
        const struct mass *mass = &l->masses[i];
        const struct feature *feature = &c->features[mass->feature];
        if (!feature->count)
            continue;
        totals[mass->intent] += mass->sum;
        c->evidence[feature->first + filled[mass->feature]++] =
            (struct evidence){mass->intent, (float)log(1 + mass->sum / SMOOTHING)};
    }
    for (size_t k = 0; k < c->n_intents; k++)
        if (c->base[k] < 0)
            c->base[k] = (float)(log(SMOOTHING) - log(totals[k] + room));
    return FAQD_OK;
}

static int which_intent(struct learning *l)
{
    double *sums = calloc(l->c->n_features + 1, sizeof(*sums));
    double *totals = calloc(l->c->n_intents + 1, sizeof(*totals));
    uint32_t *filled = calloc(l->c->n_features + 1, sizeof(*filled));
    l->c->base = calloc(l->c->n_intents + 1, sizeof(*l->c->base));
    int rc = sums && totals && filled && l->c->base ? learn_intents(l, sums, totals, filled) : FAQD_ENOMEM;
    free(sums);
    free(totals);
    free(filled);
    return rc;
}

/* ------------------------------------------------------------------------------------------------- ours ---- */

/* One step downhill on the logarithm of the likelihood of one example. */
static void step(struct learning *l, size_t e, double size, double *ours)
{
    const struct example *example = &l->examples[e];
    const uint32_t *known = l->known + example->first;
    double sign = example->kind == OF_OURS ? 1 : -1;
    double sum = 0;
    for (uint32_t i = 0; i < example->count; i++)
        sum += l->c->features[known[i]].weight * ours[known[i]];
    sum = sign * (sum * l->scales[e] + l->c->bias);
    double gain = sign * size / (1 + exp(sum));
    for (uint32_t i = 0; i < example->count; i++)
        ours[known[i]] += gain * l->c->features[known[i]].weight * l->scales[e];
    l->c->bias += gain * BIAS_STEP;
}

static int is_ours(struct learning *l)
{
    double *ours = calloc(l->c->n_features + 1, sizeof(*ours));
    size_t stride = l->n_examples % STRIDE ? STRIDE : OTHER_STRIDE;
    if (!ours)
        return FAQD_ENOMEM;
    for (int round = 1; round <= ROUNDS; round++)
        for (size_t i = 0, e = 0; i < l->n_examples; i++, e = (e + stride) % l->n_examples)
            if (l->examples[e].kind != OF_NEITHER)
                step(l, e, STEP_SIZE / round, ours);
    for (size_t f = 0; f < l->c->n_features; f++)
        l->c->features[f].ours = (float)ours[f];
    free(ours);
    return FAQD_OK;
}

/* ------------------------------------------------------------------------------------------------- all ---- */

static int are_enough(const struct learning *l)
{
    size_t counts[3] = {0, 0, 0};
    for (size_t e = 0; e < l->n_examples; e++)
        counts[l->examples[e].kind]++;
    return counts[OF_OURS] >= CLASSIFIER_EXAMPLES_MIN && counts[OF_OTHERS] >= CLASSIFIER_EXAMPLES_MIN;
}

static int learn(struct learning *l)
{
    struct classifier *c = l->c;
    c->n_intents = l->pack->n_intents;
    c->n_symbols = lexicon_count(l->pack->lexicon);
    c->symbols = malloc((c->n_symbols + 1) * sizeof(*c->symbols));
    l->q = question_new();
    if (!c->symbols || !l->q)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < c->n_symbols; i++)
        c->symbols[i] = TABLE_NONE;
    read_examples(l);
    int rc = l->no_memory ? FAQD_ENOMEM : are_enough(l) ? weigh_features(l) : FAQD_DECLINED;
    if (rc == FAQD_OK)
        rc = which_intent(l);
    return rc == FAQD_OK ? is_ours(l) : rc;
}

int classifier_new(const struct pack *pack, struct classifier **out)
{
    *out = NULL;
    if (!pack->has_examples)
        return FAQD_DECLINED;
    struct learning l = {.pack = pack, .c = calloc(1, sizeof(*l.c))};
    int rc = l.c ? learn(&l) : FAQD_ENOMEM;
    question_free(l.q);
    free(l.examples);
    free(l.known);
    free(l.counts);
    free(l.marks);
    free(l.scales);
    free(l.masses);
    if (rc == FAQD_OK)
        *out = l.c;
    else
        classifier_free(l.c);
    return rc;
}
