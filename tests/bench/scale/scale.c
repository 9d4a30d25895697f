/* SPDX-License-Identifier: MIT
 *
 * scale.c - measure engines on one pack: scale FOLDER PLUGINS [slow]
 *
 * FOLDER is one that packs.py wrote. Prints one object of JSON: for each engine how long it takes to load and how much
 * memory it then keeps (in a process of its own), the microseconds of a question in each round, and on how many
 * questions it finds other patterns than the first engine does. Engines take turns in each round, and every round has
 * questions that were not asked before. `slow`: engines may take minutes to load.
 *
 * A round's figure is a mean, which a few questions that many patterns match can rule. So the questions of one round
 * are also timed one by one for finding the best intent: all of them ROUNDS times over, so that between two times of
 * one the caches have seen all others; of each the median of its times is taken, and of these the median and the worst
 * are told. That a clock is asked twice for each, some 50 ns, is part of it.
 *
 * Before each round it prints a line, the number of the round's first question, and waits for one, so that programs
 * beside this one can take their turn. What the first engine finds is left in FOLDER/plain/found.txt for them.
 */
#include "scale.h"

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 7
#define QUESTIONS 1920 /* a round, of engines that are quick enough: */
#define ROUND_US 150e3 /* they get as many as they can do in this time, */
#define LEAST 4        /* but so many at least */
#define COMPARED_US 2e6
#define WARM_UP 64
#define INTENT_PATTERNS 10 /* packs.py: patterns of an intent */

static const struct engine *const engines[] = {
    &engine_pcre,      &engine_all, &engine_best, &engine_index, &engine_reading, &engine_answer, &engine_kept,
#ifdef HAVE_HYPERSCAN
    &engine_hyperscan,
#endif
#ifdef HAVE_RE2
    &engine_re2,
#endif
    &engine_floor,
};
#define ENGINES (sizeof(engines) / sizeof(engines[0]))

struct running {
    const struct engine *engine;
    void *state;
    uint8_t *refused;
    double load_seconds;
    double resident_mb;
    size_t per_round;
    double us[ROUNDS];
    double median_us, worst_us; /* of the questions one by one; 0: not taken */
    size_t compared, different;
};

struct scale {
    struct scale_pack pack;
    struct scale_text *folded; /* the questions as patterns see them */
    struct running running[ENGINES];
};

static struct scale_text *read_lines(const char *folder, const char *name, size_t *n)
{
    char path[4096];
    char *line = NULL;
    size_t cap = 0;
    size_t room = 0;
    struct scale_text *lines = NULL;
    ssize_t len = 0;
    snprintf(path, sizeof(path), "%s/plain/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        bench_die(path, "cannot be read");
    for (*n = 0; (len = getline(&line, &cap, file)) > 0; ++*n) {
        if (*n == room) {
            room = room ? room * 2 : 1024;
            lines = realloc(lines, room * sizeof(*lines));
            if (!lines)
                bench_die("scale", "out of memory");
        }
        line[--len] = '\0';
        lines[*n] = (struct scale_text){strndup(line, (size_t)len), (size_t)len};
    }
    free(line);
    fclose(file);
    return lines;
}

static double resident_mb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*s %ld", &pages) != 1)
        bench_die("/proc/self/statm", "cannot be read");
    fclose(file);
    return (double)(pages * sysconf(_SC_PAGESIZE)) / 1e6;
}

static void ask_some(const struct scale *s, struct running *r, size_t first, size_t n)
{
    if (r->engine->ready)
        r->engine->ready(r->state, s->pack.questions + first, n);
    for (size_t i = 0; i < n; i++)
        r->engine->find(r->state, &s->folded[first + i], i);
}

/* Load the engine in a process of its own, which is told through the pipe what it took. */
static void weigh(struct scale *s, struct running *r)
{
    int ends[2];
    double told[2] = {0, 0};
    if (pipe(ends) != 0)
        bench_die("pipe", "cannot be made");
    pid_t pid = fork();
    if (pid == 0) {
        double before = resident_mb();
        double from = bench_us();
        r->state = r->engine->load(&s->pack, r->refused);
        told[0] = (bench_us() - from) / 1e6;
        if (r->state)
            ask_some(s, r, 0, SCALE_BATCH);
        told[1] = resident_mb() - before;
        _exit(write(ends[1], told, sizeof(told)) == sizeof(told) ? 0 : 2);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], told, sizeof(told)) != sizeof(told))
        fprintf(stderr, "scale: %s ended while it loaded\n", r->engine->name);
    close(ends[0]);
    waitpid(pid, NULL, 0);
    r->load_seconds = told[0];
    r->resident_mb = told[1];
}

static struct running *same_load(struct scale *s, const struct engine *engine)
{
    for (size_t i = 0; i < ENGINES; i++)
        if (s->running[i].engine && s->running[i].engine->load == engine->load)
            return &s->running[i];
    return NULL;
}

/* Weigh each engine while this process is still empty: memory that was freed would be used again unseen. */
static void weigh_all(struct scale *s)
{
    s->folded = s->pack.questions;
    for (size_t i = 0; i < ENGINES; i++) {
        struct running *r = &s->running[i];
        const struct running *other = same_load(s, engines[i]);
        if (other)
            *r = *other;
        r->engine = engines[i];
        r->refused = bench_array(s->pack.n_patterns, 1);
        if (other)
            continue;
        weigh(s, r);
        if (r->engine->load_seconds) /* what it keeps is made: weigh it without the making */
            weigh(s, r);
    }
}

static void load_all(struct scale *s)
{
    for (size_t i = 0; i < ENGINES; i++) {
        struct running *r = &s->running[i];
        const struct running *other = same_load(s, r->engine);
        r->state = other != r ? other->state : r->engine->load(&s->pack, r->refused);
        if (r->state && r->engine->load_seconds)
            r->load_seconds = r->engine->load_seconds(r->state);
    }
}

static void fold_all(struct scale *s)
{
    void *state = same_load(s, &engine_all)->state;
    if (!state)
        bench_die(s->pack.folder, "cannot be loaded");
    s->folded = bench_array(s->pack.n_questions, sizeof(*s->folded));
    for (size_t i = 0; i < s->pack.n_questions; i++)
        s->folded[i] = ours_folded(state, &s->pack.questions[i]);
}

static double run(const struct scale *s, struct running *r, size_t first, size_t n)
{
    double us = 0;
    for (size_t at = 0; at < n; at += SCALE_BATCH) {
        size_t batch = n - at < SCALE_BATCH ? n - at : SCALE_BATCH;
        if (r->engine->ready)
            r->engine->ready(r->state, s->pack.questions + first + at, batch);
        double from = bench_us();
        for (size_t i = 0; i < batch; i++)
            r->engine->find(r->state, &s->folded[first + at + i], i);
        us += bench_us() - from;
    }
    return us / (double)n;
}

static void warm_up(struct scale *s, struct running *r)
{
    size_t n = 1;
    double us = run(s, r, 0, n);
    while (n < WARM_UP && us * (double)n < ROUND_US) {
        n *= 2;
        us = run(s, r, 0, n);
    }
    double fit = ROUND_US / (us > 0.01 ? us : 0.01);
    r->per_round = fit > QUESTIONS ? QUESTIONS : fit < LEAST ? LEAST : (size_t)fit;
}

/* Does it find the same patterns as the first engine, of those that it does not refuse? */
static int agrees(const struct scale *s, struct running *r, const uint8_t *expected, uint8_t *found, size_t question)
{
    memset(found, 0, s->pack.n_patterns);
    ask_some(s, r, question, 1);
    r->engine->tell(r->state, found);
    for (size_t i = 0; i < s->pack.n_patterns; i++)
        if (!r->refused[i] && !s->running[0].refused[i] && found[i] != expected[i])
            return 0;
    return 1;
}

/* A line "QUESTION INTENT...". */
static void note_found(const struct scale *s, FILE *file, size_t question, const uint8_t *found)
{
    size_t last = SIZE_MAX;
    fprintf(file, "%zu", question);
    for (size_t i = 0; i < s->pack.n_patterns; i++) {
        if (found[i] && i / INTENT_PATTERNS != last)
            fprintf(file, " i%05zu", i / INTENT_PATTERNS);
        last = found[i] ? i / INTENT_PATTERNS : last;
    }
    fputc('\n', file);
}

static FILE *open_found(const struct scale *s)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plain/found.txt", s->pack.folder);
    FILE *file = fopen(path, "w");
    if (!file)
        bench_die(path, "cannot be written");
    return file;
}

static void compare(struct scale *s)
{
    FILE *file = open_found(s);
    uint8_t *expected = bench_array(s->pack.n_patterns, 1);
    uint8_t *found = bench_array(s->pack.n_patterns, 1);
    struct running *first = &s->running[0];
    double from = bench_us();
    for (size_t q = 0; q < QUESTIONS && bench_us() - from < COMPARED_US; q++) {
        memset(expected, 0, s->pack.n_patterns);
        ask_some(s, first, q, 1);
        first->engine->tell(first->state, expected);
        note_found(s, file, q, expected);
        for (size_t i = 1; i < ENGINES; i++) {
            struct running *r = &s->running[i];
            if (!r->state || !r->engine->tell)
                continue;
            r->compared++;
            r->different += !agrees(s, r, expected, found, q);
        }
    }
    fclose(file);
    free(expected);
    free(found);
}

static void one_round(struct scale *s, size_t round)
{
    size_t first = (round + 1) * QUESTIONS;
    printf("%zu\n", first);
    fflush(stdout);
    while (getchar() != '\n' && !feof(stdin))
        ;
    for (size_t i = 0; i < ENGINES; i++)
        if (s->running[i].state)
            s->running[i].us[round] = run(s, &s->running[i], first, s->running[i].per_round);
}

/* See above. */
static void time_each(const struct scale *s, struct running *r)
{
    double *us = bench_array((size_t)QUESTIONS * ROUNDS, sizeof(*us));
    double *medians = bench_array(QUESTIONS, sizeof(*medians));
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t at = 0; at < QUESTIONS; at += SCALE_BATCH) {
            r->engine->ready(r->state, s->pack.questions + QUESTIONS + at, SCALE_BATCH);
            for (size_t i = 0; i < SCALE_BATCH; i++) {
                double from = bench_us();
                r->engine->find(r->state, &s->folded[QUESTIONS + at + i], i);
                us[(at + i) * ROUNDS + round] = bench_us() - from;
            }
        }
    }
    for (size_t i = 0; i < QUESTIONS; i++)
        medians[i] = bench_median(us + i * ROUNDS, ROUNDS);
    r->median_us = bench_median(medians, QUESTIONS);
    r->worst_us = medians[QUESTIONS - 1]; /* they are sorted now */
    free(us);
    free(medians);
}

static size_t count_refused(const struct scale *s, const struct running *r)
{
    size_t n = 0;
    for (size_t i = 0; i < s->pack.n_patterns; i++)
        n += r->refused[i];
    return n;
}

static void print_engine(const struct scale *s, const struct running *r)
{
    printf("  {\"name\": \"%s\", \"means\": \"%s\"", r->engine->name, r->engine->means);
    if (r->state) {
        printf(", \"load_s\": %.4f, \"resident_mb\": %.1f, \"refused\": %zu, \"compared\": %zu, \"different\": %zu, "
               "\"us\": [",
               r->load_seconds, r->resident_mb, count_refused(s, r), r->compared, r->different);
        for (int i = 0; i < ROUNDS; i++)
            printf("%s%.4f", i ? ", " : "", r->us[i]);
        printf("]");
        if (r->median_us)
            printf(", \"median_us\": %.3f, \"worst_us\": %.3f", r->median_us, r->worst_us);
    }
    printf("}");
}

static void print_all(struct scale *s)
{
    const char *what = "";
    double worst = ours_worst_ms(same_load(s, &engine_answer)->state, &what);
    printf("{\"patterns\": %zu, \"pattern_mb\": %.3f, \"worst_ms\": %.3f, \"worst\": \"%s\", \"engines\": [\n",
           s->pack.n_patterns, (double)s->pack.pattern_bytes / 1e6, worst, what);
    for (size_t i = 0; i < ENGINES; i++) {
        print_engine(s, &s->running[i]);
        printf(i + 1 < ENGINES ? ",\n" : "\n");
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    static struct scale s;
    if (argc < 3)
        bench_die("usage", "scale FOLDER PLUGINS [slow]");
    s.pack = (struct scale_pack){.folder = argv[1], .plugins = argv[2], .slow_compile = argc > 3};
    s.pack.patterns = read_lines(argv[1], "patterns.txt", &s.pack.n_patterns);
    s.pack.questions = read_lines(argv[1], "questions.txt", &s.pack.n_questions);
    if (s.pack.n_questions < (ROUNDS + 1) * QUESTIONS)
        bench_die(argv[1], "too few questions");
    for (size_t i = 0; i < s.pack.n_patterns; i++)
        s.pack.pattern_bytes += s.pack.patterns[i].len;
    weigh_all(&s);
    load_all(&s);
    fold_all(&s);
    compare(&s);
    for (size_t i = 0; i < ENGINES; i++)
        if (s.running[i].state)
            warm_up(&s, &s.running[i]);
    for (size_t round = 0; round < ROUNDS; round++)
        one_round(&s, round);
    for (size_t i = 0; i < ENGINES; i++)
        if (s.running[i].state && s.running[i].engine == &engine_best)
            time_each(&s, &s.running[i]);
    print_all(&s);
    return 0;
}
