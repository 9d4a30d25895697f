/* SPDX-License-Identifier: MIT
 *
 * ours.c - faqd's own stages as engines: the index alone, the best intent, all patterns, and a whole answer.
 *
 * A question is read (folded, corrected, its language found) before finding is measured, as the other engines get
 * folded text; cutting that text into words and hashing them is counted for ours as it is part of theirs.
 */
#include "scale.h"

#include "bench.h"
#include "host.h"
#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ours {
    struct host host;
    const struct snapshot *snapshot;
    const struct pack *pack;
    struct dispatch *dispatch;
    struct pattern_scratch *patterns;
    struct match_scratch *scratch;
    struct match match;
    double load_seconds; /* of a kept one */
    struct question questions[SCALE_BATCH];
    struct scale_text texts[SCALE_BATCH]; /* as typed */
    uint8_t *mark;
    struct index_window there;
    uint64_t floor;
};

/* The engine of the pack in the folder. NULL: it cannot be loaded. */
static struct ours *start(const struct scale_pack *pack, const struct cache *cache)
{
    struct ours *ours = calloc(1, sizeof(*ours));
    struct err err = {0};
    char line[ERR_LINE_MAX];
    if (!ours)
        return NULL;
    if (host_start(&ours->host, pack->plugins, cache, pack->folder, &err) != FAQD_OK) {
        fprintf(stderr, "scale: %s\n", err_line(&err, line, sizeof(line)));
        return NULL;
    }
    ours->snapshot = ours->host.packs[0]->snapshots.current;
    ours->pack = ours->snapshot->pack;
    ours->dispatch = dispatch_new();
    ours->patterns = pattern_scratch_new();
    ours->mark = calloc(ours->pack->n_rules + 1, 1);
    if (!ours->dispatch || !ours->patterns || !ours->mark ||
        match_scratch_new(ours->pack, ours->patterns, &ours->scratch) != FAQD_OK ||
        index_window_new(ours->pack, &ours->there) != FAQD_OK)
        return NULL;
    return ours;
}

static void stop(struct ours *ours)
{
    match_scratch_free(ours->scratch);
    pattern_scratch_free(ours->patterns);
    dispatch_free(ours->dispatch);
    free(ours->mark);
    host_end(&ours->host);
    free(ours);
}

static void *ours_load(const struct scale_pack *pack, uint8_t *refused)
{
    (void)refused;
    return start(pack, NULL);
}

/* Load a pack of which an image is kept in the pack's folder: made by the first load, used by the second. */
static void *kept_load(const struct scale_pack *pack, uint8_t *refused)
{
    static char folder[4096]; /* the host borrows them */
    static const struct cache cache = {folder, NULL};
    (void)refused;
    snprintf(folder, sizeof(folder), "%s/cache", pack->folder);
    struct ours *first = start(pack, &cache);
    if (!first)
        return NULL;
    stop(first);
    double from = bench_us();
    struct ours *ours = start(pack, &cache);
    if (ours)
        ours->load_seconds = (bench_us() - from) / 1e6;
    return ours;
}

static double kept_seconds(void *state)
{
    return ((struct ours *)state)->load_seconds;
}

static void ours_ready(void *state, const struct scale_text *questions, size_t n)
{
    struct ours *ours = state;
    for (size_t i = 0; i < n; i++) {
        ours->texts[i] = questions[i];
        question_read(&ours->questions[i], ours->pack->lexicon, questions[i].text, questions[i].len, -1,
                      ours->pack->default_lang);
    }
}

static size_t find_index(void *state, const struct scale_text *text, size_t at)
{
    struct ours *ours = state;
    const struct question *q = &ours->questions[at];
    size_t candidates = 0;
    engine_floor.find(&ours->floor, text, at);
    for (size_t i = 0; i < q->n_windows; i++) {
        struct search_window window;
        search_prepare(&window, &ours->pack->literals, q, &q->windows[i], LANG_FR);
        index_meet(&ours->there, &window, 0);
        index_find(ours->snapshot->ordinary, &ours->there, LANG_FR);
        candidates += ours->there.n_rules;
    }
    return candidates;
}

static size_t find(struct ours *ours, uint8_t *mark, const struct scale_text *text, size_t at)
{
    engine_floor.find(&ours->floor, text, at);
    match_scratch_mark(ours->scratch, mark);
    match_begin(ours->scratch, &ours->questions[at], 0);
    match_question(ours->scratch, ours->snapshot->ordinary, LANG_FR, &ours->match);
    return ours->match.n;
}

static size_t find_best(void *state, const struct scale_text *text, size_t at)
{
    return find(state, NULL, text, at);
}

static size_t find_all(void *state, const struct scale_text *text, size_t at)
{
    struct ours *ours = state;
    return find(ours, ours->mark, text, at);
}

static size_t find_reading(void *state, const struct scale_text *text, size_t at)
{
    struct ours *ours = state;
    ours_ready(ours, &ours->texts[at], 1);
    return find(ours, NULL, text, 0);
}

static size_t find_answer(void *state, const struct scale_text *text, size_t at)
{
    struct ours *ours = state;
    struct faqd_answer_view view;
    struct faqd_message message = {
        .struct_size = sizeof(message), .text = ours->texts[at].text, .text_len = ours->texts[at].len};
    (void)text;
    dispatch_ask(ours->dispatch, ours->snapshot, &message, &view);
    return view.outcome == FAQD_ANSWER;
}

static void note_texts(void *state, const struct scale_text *questions, size_t n)
{
    struct ours *ours = state;
    memcpy(ours->texts, questions, n * sizeof(*questions));
}

static void tell(void *state, uint8_t *found)
{
    struct ours *ours = state;
    memcpy(found, ours->mark, ours->pack->n_rules);
}

/* Marks stay until they are taken away: outside the time that is measured. */
static void ready_all(void *state, const struct scale_text *questions, size_t n)
{
    struct ours *ours = state;
    memset(ours->mark, 0, ours->pack->n_rules);
    ours_ready(state, questions, n);
}

struct scale_text ours_folded(void *state, const struct scale_text *question)
{
    struct ours *ours = state;
    const struct question *q = &ours->questions[0];
    ours_ready(ours, question, 1);
    struct scale_text folded = {strndup(q->text, q->text_len), q->text_len};
    return folded;
}

static double answer_ms(struct ours *ours, const struct hostile_text *text)
{
    double us[3];
    struct scale_text typed = {text->text, text->len};
    note_texts(ours, &typed, 1);
    for (int i = 0; i < 3; i++) {
        double from = bench_cpu_us();
        find_answer(ours, &typed, 0);
        us[i] = bench_cpu_us() - from;
    }
    return bench_median(us, 3) / 1e3;
}

double ours_worst_ms(void *state, const char **what)
{
    struct ours *ours = state;
    struct hostile_text texts[HOSTILE_MAX];
    double worst = 0;
    size_t n = hostile_make(ours->pack, texts);
    for (size_t i = 0; i < n; i++) {
        double ms = answer_ms(ours, &texts[i]);
        if (ms > worst) {
            worst = ms;
            *what = texts[i].name;
        }
    }
    return worst; /* the names live as long as the texts: they are constants */
}

const struct engine engine_index = {
    .name = "faqd-index",
    .means = "faqd: its index alone",
    .load = ours_load,
    .ready = ours_ready,
    .find = find_index,
};
const struct engine engine_best = {
    .name = "faqd-best",
    .means = "faqd: the best intent",
    .load = ours_load,
    .ready = ours_ready,
    .find = find_best,
};
const struct engine engine_kept = {
    .name = "faqd-kept",
    .means = "faqd: from the cache",
    .load = kept_load,
    .ready = ours_ready,
    .find = find_best,
    .load_seconds = kept_seconds,
};
const struct engine engine_all = {
    .name = "faqd-all",
    .means = "faqd: all patterns that match",
    .load = ours_load,
    .ready = ready_all,
    .find = find_all,
    .tell = tell,
};
const struct engine engine_reading = {
    .name = "faqd-reading",
    .means = "faqd: read the question, find the best intent",
    .load = ours_load,
    .ready = note_texts,
    .find = find_reading,
};
const struct engine engine_answer = {
    .name = "faqd-answer",
    .means = "faqd: the whole answer",
    .load = ours_load,
    .ready = note_texts,
    .find = find_answer,
};
