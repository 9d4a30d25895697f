/* SPDX-License-Identifier: MIT
 *
 * bench.h - what the parts of the benchmark share: the pack and its questions, the clock, medians.
 *
 * Everything is measured in rounds that take turns (A B C A B C), and the median of the rounds counts: the machine may
 * be busy and its speed may drift. Tables are Markdown, on stdout.
 */
#ifndef FAQD_BENCH_H
#define FAQD_BENCH_H

#include "host.h"

#include <stddef.h>

#define BENCH_PACK "intents/mesotherapy"
#define BENCH_PACKS "intents"
#define BENCH_SEED 20260101u

/* What the project promises; a row that fails is marked. */
#define LIMIT_QUESTION_US 15.0
#define LIMIT_PROCESS_MS 60.0
#define LIMIT_RESIDENT_MB 16.0
#define LIMIT_HOSTILE_MS 50.0

struct bench_question {
    const char *text; /* borrowed from the pack */
    size_t len;
    enum lang lang;
};

struct bench {
    char build[4096]; /* the folder that the program was built in */
    struct host host;
    struct snapshot *snapshot;
    struct pack *pack;
    struct dispatch *dispatch;
    struct bench_question *questions; /* every "ask" of the pack, shuffled with a fixed seed */
    size_t n;
    int failed; /* a promise was not kept */
};

/* Out of memory, or a thing is missing: a message, and the end. */
void bench_die(const char *what, const char *why) __attribute__((noreturn));
void *bench_array(size_t n, size_t size);

double bench_us(void);     /* a clock that only runs forward */
double bench_cpu_us(void); /* CPU time of this thread */

void bench_sort(double *values, size_t n);
double bench_median(double *values, size_t n);                    /* sorts them */
double bench_share(const double *sorted, size_t n, double share); /* 0.99: the value that 99 % are not above */

/* " over the limit" and remembered if it is, else "". */
const char *bench_judge(struct bench *b, double value, double limit);

/* One message in a conversation of its own. */
struct faqd_message bench_message(const char *text, size_t len);

/* Load the shipped pack and take its questions; b->build is known. */
void bench_start(struct bench *b);

/* The parts, each prints its table (rows of the common one: process). */
void bench_process(struct bench *b); /* before anything is loaded: sizes must be the program's own */
void bench_load(struct bench *b);
void bench_stages(struct bench *b);
void bench_threads(struct bench *b);
void bench_hostile(struct bench *b);
void bench_peer(struct bench *b);

#endif
