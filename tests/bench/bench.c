/* SPDX-License-Identifier: MIT
 *
 * bench.c - measure the program with its shipped pack.
 *
 * Runs in the project's top folder; BUILD/faqd and BUILD/plugins are taken from beside BUILD/bench/bench. The counts of
 * instructions come from tests/bench/run, if valgrind is there. Ends with 1 if a promise of bench.h is not kept.
 */
#include "bench.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *bench_judge(struct bench *b, double value, double limit)
{
    if (value <= limit)
        return "";
    b->failed = 1;
    return " **over**";
}

struct faqd_message bench_message(const char *text, size_t len)
{
    return (struct faqd_message){.struct_size = sizeof(struct faqd_message), .text = text, .text_len = len};
}

static void shuffle(struct bench_question *questions, size_t n)
{
    uint32_t random = BENCH_SEED;
    for (size_t i = n; i > 1; i--) {
        random = random * 1664525u + 1013904223u;
        size_t j = (random >> 8) % i;
        struct bench_question swapped = questions[i - 1];
        questions[i - 1] = questions[j];
        questions[j] = swapped;
    }
}

static void take_questions(struct bench *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->pack->n_intents; i++)
        n += b->pack->intents[i].words[LANG_FR].n_ask + b->pack->intents[i].words[LANG_EN].n_ask;
    b->questions = bench_array(n, sizeof(*b->questions));
    for (size_t i = 0; i < b->pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &b->pack->intents[i].words[lang];
            for (size_t q = 0; q < words->n_ask; q++)
                b->questions[b->n++] = (struct bench_question){words->ask[q], strlen(words->ask[q]), (enum lang)lang};
        }
    if (!b->n)
        bench_die(BENCH_PACK, "it has no questions");
    shuffle(b->questions, b->n);
}

static void find_build(struct bench *b)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (len <= 0)
        bench_die("bench", "it does not know where it is");
    program[len] = '\0';
    snprintf(b->build, sizeof(b->build), "%s", dirname(dirname(program)));
}

void bench_start(struct bench *b)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    char plugins[PATH_MAX + 16];
    snprintf(plugins, sizeof(plugins), "%s/plugins", b->build);
    if (host_start(&b->host, plugins, NULL, BENCH_PACK, &err) != FAQD_OK)
        bench_die("the pack", err_line(&err, line, sizeof(line)));
    b->snapshot = b->host.packs[0]->snapshots.current;
    b->pack = b->snapshot->pack;
    b->dispatch = dispatch_new();
    if (!b->dispatch)
        bench_die("bench", "out of memory");
    take_questions(b);
}

int main(void)
{
    static struct bench b;
    find_build(&b);
    printf("| %-52s | %-18s | %-9s |\n|---|---|---|\n", "the program", "measured", "promised");
    bench_process(&b);
    bench_start(&b);
    bench_load(&b);
    bench_stages(&b);
    bench_threads(&b);
    bench_hostile(&b);
    bench_peer(&b);
    dispatch_free(b.dispatch);
    free(b.questions);
    host_end(&b.host);
    if (b.failed)
        fprintf(stderr, "bench: a promise was not kept\n");
    return b.failed;
}
