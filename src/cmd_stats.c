/* SPDX-License-Identifier: MIT
 *
 * cmd_stats.c - faqd stats: what was counted, as a table or as JSON. faqd misses: what was asked in vain.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BAR_COLUMNS 24
#define TOP 20 /* answers that are listed */

struct report {
    char from[STATISTICS_DAY_SIZE], to[STATISTICS_DAY_SIZE];
    json_t *counts, *votes; /* rows as objects, in the file's order */
    int no_memory;
};

/* A row as an object: its first columns are texts, the others numbers. */
static int take_row(json_t *rows, const struct store_row *row, const char *const *names, int texts, int all)
{
    json_t *object = json_object();
    int failed = 0;
    for (int i = 0; i < all; i++) {
        json_t *value =
            i < texts ? json_string(store_row_bytes(row, i, NULL)) : json_integer((json_int_t)store_row_number(row, i));
        failed |= json_object_set_new(object, names[i], value);
    }
    return json_array_append_new(rows, object) | failed ? FAQD_ENOMEM : 0;
}

static int take_count(void *user, const struct store_row *row)
{
    static const char *const names[] = {"day", "connector", "pack", "lang", "outcome", "id", "count"};
    return take_row(((struct report *)user)->counts, row, names, 6, 7);
}

static int take_vote(void *user, const struct store_row *row)
{
    static const char *const names[] = {"day", "lang", "id", "up", "down"};
    return take_row(((struct report *)user)->votes, row, names, 3, 5);
}

static int take_miss(void *user, const struct store_row *row)
{
    static const char *const names[] = {"day", "pack", "lang", "outcome", "text", "count"};
    return take_row(((struct report *)user)->counts, row, names, 5, 6);
}

/* Read the file from the first day on. FAQD_OK, also if there is no file: then nothing was counted. */
static int read_file(const struct options *o, struct report *r, int misses, struct err *err)
{
    struct store *store = NULL;
    const char *folder = o->config.values[SETTING_STATE_DIR];
    if (!folder)
        return err_set(err, FAQD_EINVAL, "there is no state folder: name one with --state-dir, or set HOME");
    int rc = store_open(folder, STATISTICS_FILE, &statistics_schema, STORE_READ, err, &store);
    if (rc != FAQD_OK)
        return rc == FAQD_DECLINED ? FAQD_OK : rc;
    struct store_value from[] = {STORE_TEXT(r->from)};
    rc = store_run(store, misses ? STATISTICS_LIST_MISSES : STATISTICS_LIST_COUNTS, from, 1,
                   misses ? take_miss : take_count, r);
    if (rc == FAQD_OK && !misses)
        rc = store_run(store, STATISTICS_LIST_VOTES, from, 1, take_vote, r);
    store_close(store);
    return rc == FAQD_OK ? rc : err_set(err, rc, "cannot read the statistics in %.300s", folder);
}

static int print_json(json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    int failed = !text || puts(text) < 0;
    free(text);
    json_decref(object);
    return failed ? EXIT_SOFTWARE : 0;
}

/* ------------------------------------------------------------------------------------------------- table ---- */

static json_int_t number(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

/* Sums of the rows' member `what` by the text of their member `by`. */
static json_t *sum_by(const json_t *rows, const char *by, const char *what)
{
    json_t *sums = json_object();
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        const char *key = json_string_value(json_object_get(row, by));
        json_object_set_new(sums, key, json_integer(number(sums, key) + number(row, what)));
    }
    return sums;
}

static json_int_t total_of(const json_t *rows, const char *what)
{
    json_int_t total = 0;
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row) total += number(row, what);
    return total;
}

/* Eighths of a column, as block characters. */
static void print_bar(json_int_t n, json_int_t most)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    json_int_t eighths = most > 0 ? (n * BAR_COLUMNS * 8 + most - 1) / most : 0;
    for (; eighths >= 8; eighths -= 8)
        fputs("█", stdout);
    fputs(parts[eighths > 0 ? eighths : 0], stdout);
}

struct line {
    const char *name;
    json_int_t n;
};

static int more_first(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->name, y->name);
}

/* Print sums, at most `top` of them (0: all), the largest first if `sorted`. */
static int print_sums(const char *title, json_t *sums, int sorted, size_t top, json_int_t total)
{
    size_t n = json_object_size(sums);
    size_t i = 0;
    size_t width = 0;
    json_int_t most = 0;
    const char *name = NULL;
    json_t *value = NULL;
    struct line *lines = calloc(n + 1, sizeof(*lines));
    json_object_foreach(sums, name, value)
    {
        if (!lines)
            break;
        lines[i++] = (struct line){name, json_integer_value(value)};
        width = strlen(name) > width ? strlen(name) : width;
        most = json_integer_value(value) > most ? json_integer_value(value) : most;
    }
    if (lines && sorted)
        qsort(lines, n, sizeof(*lines), more_first);
    printf("\n%s\n", title);
    for (i = 0; lines && i < n && (!top || i < top); i++) {
        printf("  %-*s %8lld %3lld %%  ", (int)width, lines[i].name, (long long)lines[i].n,
               (long long)(total ? (lines[i].n * 100 + total / 2) / total : 0));
        print_bar(lines[i].n, most);
        putchar('\n');
    }
    if (top && n > top)
        printf("  and %zu more; --json lists all\n", n - top);
    int failed = !lines || !sums;
    free(lines);
    json_decref(sums);
    return failed;
}

static int print_votes(const json_t *votes)
{
    json_t *up = sum_by(votes, "id", "up");
    json_t *down = sum_by(votes, "id", "down");
    const char *id = NULL;
    json_t *value = NULL;
    puts("\nvotes: useful, not useful");
    json_object_foreach(up, id, value) if (json_integer_value(value) || number(down, id))
        printf("  %8lld %8lld  %s\n", (long long)json_integer_value(value), (long long)number(down, id), id);
    int failed = !up || !down;
    json_decref(up);
    json_decref(down);
    return failed;
}

static int print_table(const struct report *r)
{
    json_int_t total = total_of(r->counts, "count");
    json_int_t votes = total_of(r->votes, "up") + total_of(r->votes, "down");
    if (!total && !votes) {
        printf("nothing was counted from %s to %s\n", r->from, r->to);
        return 0;
    }
    printf("%s to %s (UTC): %lld answers, %lld votes\n", r->from, r->to, (long long)total, (long long)votes);
    int failed = print_sums("by day", sum_by(r->counts, "day", "count"), 0, 0, total);
    failed |= print_sums("by outcome", sum_by(r->counts, "outcome", "count"), 1, 0, total);
    failed |= print_sums("by connector", sum_by(r->counts, "connector", "count"), 1, 0, total);
    failed |= print_sums("by pack", sum_by(r->counts, "pack", "count"), 1, 0, total);
    failed |= print_sums("by language", sum_by(r->counts, "lang", "count"), 1, 0, total);
    failed |= print_sums("answers", sum_by(r->counts, "id", "count"), 1, TOP, total);
    if (votes)
        failed |= print_votes(r->votes);
    return failed ? EXIT_SOFTWARE : 0;
}

static int print_misses(const struct report *r)
{
    size_t i = 0;
    json_t *row = NULL;
    if (!json_array_size(r->counts))
        printf("nothing was asked in vain from %s to %s\n", r->from, r->to);
    json_array_foreach(r->counts, i, row)
        printf("%6lld  %s  %s  %-12s  %s\n", (long long)number(row, "count"),
               json_string_value(json_object_get(row, "day")), json_string_value(json_object_get(row, "lang")),
               json_string_value(json_object_get(row, "outcome")), json_string_value(json_object_get(row, "text")));
    return 0;
}

/* ---------------------------------------------------------------------------------------------- commands ---- */

static int report(struct options *o, int misses)
{
    struct err err = {0};
    struct report r = {.counts = json_array(), .votes = json_array()};
    int64_t today = (int64_t)time(NULL) / 86400;
    statistics_day(today, r.to);
    statistics_day(today - o->days + 1, r.from);
    int rc = r.counts && r.votes ? read_file(o, &r, misses, &err) : err_set(&err, FAQD_ENOMEM, "out of memory");
    int status = 0;
    if (rc != FAQD_OK)
        status = complain(&err);
    else if (o->json && misses)
        status = print_json(json_pack("{s:s, s:s, s:O}", "from", r.from, "to", r.to, "misses", r.counts));
    else if (o->json)
        status = print_json(json_pack("{s:s, s:s, s:I, s:O, s:O}", "from", r.from, "to", r.to, "answers",
                                      total_of(r.counts, "count"), "counts", r.counts, "votes", r.votes));
    else
        status = misses ? print_misses(&r) : print_table(&r);
    json_decref(r.counts);
    json_decref(r.votes);
    return status;
}

static int misses_are_off(const struct options *o)
{
    if (o->config.numbers[NUMBER_MISSES])
        return 0;
    fprintf(
        stderr,
        "faqd misses: nothing is kept, because \"misses\" is not true in %s%s; people may write about their health: "
        "tell them if you switch it on\n",
        o->config.file ? o->config.file : "the configuration",
        o->config.file ? "" : " (none was read: name it with -c faqd.json)");
    return EXIT_CONFIG;
}

static int run(int argc, char **argv, int misses)
{
    struct options options;
    struct err err = {0};
    int status = options_parse(&options, "cjD", argc, argv);
    if (status == 0 && options.n_args) {
        fprintf(stderr, "faqd %s: takes no arguments; see faqd --help\n", argv[0]);
        status = EXIT_USAGE;
    }
    if (status == 0 && config_finish(&options.config, &err) != FAQD_OK)
        status = complain(&err);
    if (status == 0 && misses)
        status = misses_are_off(&options);
    if (status == 0)
        status = report(&options, misses);
    options_free(&options);
    return status;
}

int cmd_stats(int argc, char **argv)
{
    return run(argc, argv, 0);
}

int cmd_misses(int argc, char **argv)
{
    return run(argc, argv, 1);
}
