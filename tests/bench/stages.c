/* SPDX-License-Identifier: MIT
 *
 * stages.c - the time of one question in the process, whole and by stages.
 *
 * Stages are the same calls that dispatch.c makes, through the public headers, into memory of our own; what is left of
 * the whole is dialogue and module. Each question's time is its median over the rounds; then the median, the 99th
 * percentile and the worst of all questions.
 */
#include "bench.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 11

enum stage { WHOLE, READ, RED_FLAGS, FIND, REST, PLAIN, JSON, STAGES };

static const char *const names[STAGES] = {
    [WHOLE] = "**one question, whole**",          [READ] = "fold, words, language, corrections",
    [RED_FLAGS] = "red flags, both languages",    [FIND] = "find and rank intents",
    [REST] = "dialogue and answer module",        [PLAIN] = "render as plain text (not in the whole)",
    [JSON] = "render as JSON (not in the whole)",
};

struct staging {
    struct bench *b;
    struct question q;
    struct match match;
    struct pattern_scratch *patterns;
    struct match_scratch *scratch;
    struct str out;
    struct faqd_answer_view view;
    double times[STAGES][ROUNDS]; /* of one question */
};

static double since(double *from)
{
    double now = bench_us();
    double us = now - *from;
    *from = now;
    return us;
}

static int find(struct staging *s, enum lang lang)
{
    match_question(s->scratch, s->b->snapshot->ordinary, lang, &s->match);
    return s->match.n_in_scope > 0;
}

static void one_round(struct staging *s, const struct bench_question *question, int round)
{
    struct bench *b = s->b;
    struct faqd_message message = bench_message(question->text, question->len);
    double from = bench_us();
    dispatch_ask(b->dispatch, b->snapshot, &message, &s->view);
    s->times[WHOLE][round] = since(&from);

    question_read(&s->q, b->pack->lexicon, question->text, question->len, -1, b->pack->default_lang);
    s->times[READ][round] = since(&from);

    match_begin(s->scratch, &s->q, 0);
    match_safety(s->scratch, b->snapshot->safety, &s->match);
    s->times[RED_FLAGS][round] = since(&from);

    int flagged = s->match.n_in_scope > 0;
    from = bench_us();
    if (!flagged && !s->q.third_language && !find(s, s->q.lang))
        find(s, lang_other(s->q.lang));
    s->times[FIND][round] = since(&from);

    str_reset(&s->out);
    from = bench_us();
    render_plain(&s->view, "Sources", &s->out);
    s->times[PLAIN][round] = since(&from);
    str_reset(&s->out);
    from = bench_us();
    render_json(&s->view, "Sources", &s->out);
    s->times[JSON][round] = since(&from);
    double rest = s->times[WHOLE][round] - s->times[READ][round] - s->times[RED_FLAGS][round] - s->times[FIND][round];
    s->times[REST][round] = rest > 0 ? rest : 0;
}

static void print_stages(struct bench *b, double *values[STAGES])
{
    printf("\n| one question in the process, %zu questions, µs | median | 99 %% | worst |\n|---|---|---|---|\n", b->n);
    for (int stage = 0; stage < STAGES; stage++) {
        double median = bench_median(values[stage], b->n);
        printf("| %s | %.1f%s | %.1f | %.1f |\n", names[stage], median,
               stage == WHOLE ? bench_judge(b, median, LIMIT_QUESTION_US) : "", bench_share(values[stage], b->n, 0.99),
               values[stage][b->n - 1]);
    }
}

void bench_stages(struct bench *b)
{
    struct staging *s = bench_array(1, sizeof(*s));
    double *values[STAGES];
    double *rounds = bench_array(b->n * STAGES * ROUNDS, sizeof(double));
    s->b = b;
    str_init(&s->out, (size_t)1024 * 1024);
    s->patterns = pattern_scratch_new();
    if (!s->patterns || match_scratch_new(b->pack, s->patterns, &s->scratch) != FAQD_OK)
        bench_die("bench", "out of memory");
    for (int round = 0; round < ROUNDS;
         round++) /* all questions, then all again: none finds its own data in the cache */
        for (size_t i = 0; i < b->n; i++) {
            one_round(s, &b->questions[i], round);
            for (int stage = 0; stage < STAGES; stage++)
                rounds[(i * STAGES + (size_t)stage) * ROUNDS + (size_t)round] = s->times[stage][round];
        }
    for (int stage = 0; stage < STAGES; stage++) {
        values[stage] = bench_array(b->n, sizeof(double));
        for (size_t i = 0; i < b->n; i++)
            values[stage][i] = bench_median(rounds + (i * STAGES + (size_t)stage) * ROUNDS, ROUNDS);
    }
    print_stages(b, values);
    for (int stage = 0; stage < STAGES; stage++)
        free(values[stage]);
    match_scratch_free(s->scratch);
    pattern_scratch_free(s->patterns);
    str_free(&s->out);
    free(rounds);
    free(s);
}
