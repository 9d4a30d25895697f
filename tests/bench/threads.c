/* SPDX-License-Identifier: MIT
 *
 * threads.c - do two threads of one process answer as much as two processes? They share a snapshot, and nothing else:
 * a lock or a cache line that is written to would show here.
 *
 * Each process has its own pack. Rounds take turns; in each, both workers answer every question of the pack PASSES
 * times, and the time until both are done counts.
 */
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2
#define ROUNDS 7
#define PASSES 1
#define PROMISED 0.9

static void answer_all(const struct bench *b, struct dispatch *d)
{
    struct faqd_answer_view view;
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < b->n; i++) {
            struct faqd_message message = bench_message(b->questions[i].text, b->questions[i].len);
            dispatch_ask(d, b->snapshot, &message, &view);
        }
}

struct worker {
    const struct bench *b;
    struct dispatch *dispatch;
    pthread_t thread;
    pthread_barrier_t *begin;
};

static void *work(void *user)
{
    struct worker *worker = user;
    pthread_barrier_wait(worker->begin);
    answer_all(worker->b, worker->dispatch);
    return NULL;
}

static double round_of_threads(const struct bench *b, struct worker workers[WORKERS], size_t n)
{
    pthread_barrier_t begin;
    pthread_barrier_init(&begin, NULL, (unsigned)n + 1);
    for (size_t i = 0; i < n; i++) {
        workers[i].b = b;
        workers[i].begin = &begin;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            bench_die("thread", "cannot be started");
    }
    pthread_barrier_wait(&begin);
    double from = bench_us();
    for (size_t i = 0; i < n; i++)
        pthread_join(workers[i].thread, NULL);
    double us = bench_us() - from;
    pthread_barrier_destroy(&begin);
    return us;
}

struct process {
    pid_t pid;
    int to, from;
};

#define GO 'g'
#define END 'e' /* told, as the end of the pipe is not: the other process has inherited it */

/* In a process with a pack of its own: answer all questions for every GO, and say so with a byte. */
static void serve(const struct bench *b, int in, int out) __attribute__((noreturn));
static void serve(const struct bench *b, int in, int out)
{
    char byte = GO;
    struct bench own = {0};
    memcpy(own.build, b->build, sizeof(own.build));
    bench_start(&own);
    for (;;) {
        if (write(out, &byte, 1) != 1)
            _exit(2);
        if (read(in, &byte, 1) != 1 || byte == END)
            _exit(0);
        answer_all(&own, own.dispatch);
    }
}

static struct process process_new(const struct bench *b)
{
    int to[2];
    int from[2];
    char byte = 0;
    if (pipe(to) != 0 || pipe(from) != 0)
        bench_die("pipe", "cannot be made");
    pid_t pid = fork();
    if (pid == 0)
        serve(b, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    if (pid < 0 || read(from[0], &byte, 1) != 1)
        bench_die("process", "it did not start");
    return (struct process){pid, to[1], from[0]};
}

static double round_of_processes(const struct process processes[WORKERS])
{
    char byte = GO;
    double from = bench_us();
    for (int i = 0; i < WORKERS; i++)
        if (write(processes[i].to, &byte, 1) != 1)
            bench_die("process", "it ended");
    for (int i = 0; i < WORKERS; i++)
        if (read(processes[i].from, &byte, 1) != 1)
            bench_die("process", "it ended");
    return bench_us() - from;
}

static void process_end(struct process *process)
{
    char byte = END;
    if (write(process->to, &byte, 1) != 1)
        bench_die("process", "it ended");
    close(process->to);
    close(process->from);
    waitpid(process->pid, NULL, 0);
}

void bench_threads(struct bench *b)
{
    struct worker workers[WORKERS] = {0};
    struct process processes[WORKERS];
    double ratios[ROUNDS];
    double alone[ROUNDS];
    for (int i = 0; i < WORKERS; i++) {
        workers[i].dispatch = dispatch_new();
        if (!workers[i].dispatch)
            bench_die("bench", "out of memory");
        processes[i] = process_new(b);
    }
    for (int round = 0; round < ROUNDS; round++) {
        double together = round_of_threads(b, workers, WORKERS);
        ratios[round] = round_of_processes(processes) / together;
        alone[round] = WORKERS * round_of_threads(b, workers, 1) / together;
    }
    double ratio = bench_median(ratios, ROUNDS);
    printf("\n| answers a second, median of %d rounds | ratio | promised |\n|---|---|---|\n", ROUNDS);
    printf("| two threads to two processes | %.2f%s | ≥ %.1f |\n", ratio, bench_judge(b, PROMISED, ratio), PROMISED);
    printf("| two threads to one | %.2f | |\n", bench_median(alone, ROUNDS));
    for (int i = 0; i < WORKERS; i++) {
        dispatch_free(workers[i].dispatch);
        process_end(&processes[i]);
    }
}
