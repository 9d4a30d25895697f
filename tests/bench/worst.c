/* SPDX-License-Identifier: MIT
 *
 * worst.c - the messages of hostile.c against the time that no message may take.
 */
#include "bench.h"
#include "hostile.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 5
#define SHOWN 10

struct timed {
    const struct hostile_text *text;
    double ms;
    enum faqd_outcome outcome;
};

static int slowest_first(const void *a, const void *b)
{
    double x = ((const struct timed *)a)->ms;
    double y = ((const struct timed *)b)->ms;
    return (x < y) - (x > y);
}

static struct timed time_one(struct bench *b, const struct hostile_text *text)
{
    double us[ROUNDS];
    struct faqd_answer_view view = {0};
    struct faqd_message message = bench_message(text->text, text->len);
    for (int round = 0; round < ROUNDS; round++) {
        double from = bench_cpu_us();
        dispatch_ask(b->dispatch, b->snapshot, &message, &view);
        us[round] = bench_cpu_us() - from;
    }
    return (struct timed){text, bench_median(us, ROUNDS) / 1e3, view.outcome};
}

void bench_hostile(struct bench *b)
{
    struct hostile_text texts[HOSTILE_MAX];
    struct timed timed[HOSTILE_MAX];
    size_t n = hostile_make(b->pack, texts);
    if (!n)
        bench_die("bench", "out of memory");
    for (size_t i = 0; i < n; i++)
        timed[i] = time_one(b, &texts[i]);
    qsort(timed, n, sizeof(timed[0]), slowest_first);
    printf("\n| hostile messages, the %d slowest of %zu, CPU ms (promised: %.0f) | bytes | ms | outcome "
           "|\n|---|---|---|---|\n",
           SHOWN, n, LIMIT_HOSTILE_MS);
    for (size_t i = 0; i < n && i < SHOWN; i++)
        printf("| %s | %zu | %.2f%s | %s |\n", timed[i].text->name, timed[i].text->len, timed[i].ms,
               bench_judge(b, timed[i].ms, LIMIT_HOSTILE_MS), outcome_names[timed[i].outcome]);
    hostile_free(texts);
}
