/* SPDX-License-Identifier: MIT
 *
 * process.c - the program as a whole: how long `faqd ask` takes for one question, and how large it gets; with the image
 * that came with it, and with an edited copy of the pack, which no such image fits.
 */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 20
#define QUESTION "c koi la mesotherapie ?"
#define TALK 200 /* questions after which the size is read */

extern char **environ;

/* How it is started: the folder of packs; the cache, "" for none. */
struct start {
    const char *packs;
    const char *cache;
};

static pid_t spawn(const struct bench *b, const struct start *start, const char *question, int in, int out)
{
    char program[sizeof(b->build) + 8];
    pid_t pid = 0;
    posix_spawn_file_actions_t actions;
    char *argv[] = {program,
                    (char[]){"ask"},
                    (char[]){"--json"},
                    (char[]){"--packs-dir"},
                    (char *)start->packs,
                    (char[]){"--cache-dir"},
                    (char *)start->cache,
                    (char *)question,
                    NULL};
    snprintf(program, sizeof(program), "%s/faqd", b->build);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (posix_spawn(&pid, program, &actions, NULL, argv, environ) != 0)
        bench_die(program, "cannot be started");
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static double one_run_ms(const struct bench *b, const struct start *start, int nowhere)
{
    int status = 0;
    double from = bench_us();
    pid_t pid = spawn(b, start, QUESTION, nowhere, nowhere);
    waitpid(pid, &status, 0);
    if (status != 0)
        bench_die("faqd ask", "it did not answer");
    return (bench_us() - from) / 1e3;
}

/* The most that the process ever had resident, in MB. */
static double resident_mb(pid_t pid)
{
    char path[64];
    char line[256];
    long kb = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof(line), status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    if (status)
        fclose(status);
    return (double)kb / 1024.0;
}

/* Ask one question after the other through pipes; the size when all are answered. */
static double talk_mb(const struct bench *b, const struct start *start)
{
    int in[2];
    int out[2];
    char *line = NULL;
    size_t cap = 0;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        bench_die("pipe", "cannot be made");
    pid_t pid = spawn(b, start, NULL, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    FILE *answers = fdopen(out[0], "r");
    for (int i = 0; answers && i < TALK; i++)
        if (write(in[1], QUESTION "\n", sizeof(QUESTION)) < 0 || getline(&line, &cap, answers) < 0)
            bench_die("faqd ask", "it stopped answering");
    double mb = resident_mb(pid);
    close(in[1]);
    waitpid(pid, NULL, 0);
    if (answers)
        fclose(answers);
    free(line);
    return mb;
}

/* Forget what is kept. */
static void empty(const char *cache)
{
    char file[PATH_MAX];
    DIR *folder = opendir(cache);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        snprintf(file, sizeof(file), "%s/%s", cache, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(file) != 0)
            bench_die(file, "cannot be removed");
    }
    if (folder)
        closedir(folder);
}

static double median_run_ms(const struct bench *b, const struct start *start, int first)
{
    double ms[RUNS];
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < RUNS; i++) {
        if (first)
            empty(start->cache);
        ms[i] = one_run_ms(b, start, nowhere);
    }
    close(nowhere);
    return bench_median(ms, RUNS);
}

static void print_run(struct bench *b, const char *which, double ms)
{
    printf("| %s, median of %d | %.1f ms%s | %.0f ms |\n", which, RUNS, ms, bench_judge(b, ms, LIMIT_PROCESS_MS),
           LIMIT_PROCESS_MS);
}

void bench_process(struct bench *b)
{
    char cache[sizeof(b->build) + 16];
    char edited[sizeof(b->build) + 16];
    snprintf(cache, sizeof(cache), "%s/bench/cache", b->build);
    snprintf(edited, sizeof(edited), "%s/bench/edited", b->build);
    const struct start shipped = {BENCH_PACKS, cache};
    const struct start own = {edited, cache};
    const struct start from_files = {edited, ""};
    double first = median_run_ms(b, &shipped, 1);
    double shipped_mb = talk_mb(b, &shipped);
    double own_first = median_run_ms(b, &own, 1);
    print_run(b, "`faqd ask` as a whole process, first start and each other", first);
    print_run(b, "the same with an edited pack, whose first start made the cache", median_run_ms(b, &own, 0));
    print_run(b, "that first start: the pack is read from JSON", own_first);
    print_run(b, "the same where no cache can be kept", median_run_ms(b, &from_files, 0));
    printf("| resident memory of `faqd ask` after %d questions | %.1f MB%s | %.0f MB |\n", TALK, shipped_mb,
           bench_judge(b, shipped_mb, LIMIT_RESIDENT_MB), LIMIT_RESIDENT_MB);
    printf("| the same from JSON, at its peak while loading | %.1f MB | |\n", talk_mb(b, &from_files));
}

void bench_load(struct bench *b)
{
    double ms[RUNS];
    struct err err = {0};
    for (int i = 0; i < RUNS; i++) {
        struct snapshot *snapshot = NULL;
        double from = bench_us();
        if (snapshot_load(BENCH_PACK, NULL, &b->host.plugins, &b->host.api, &err, &snapshot) != FAQD_OK)
            bench_die("the pack", err.text);
        ms[i] = (bench_us() - from) / 1e3;
        snapshot_free(snapshot);
    }
    printf("| loading the pack (%zu intents, %zu patterns), median of %d | %.1f ms | |\n", b->pack->n_intents,
           b->pack->n_rules, RUNS, bench_median(ms, RUNS));
}
