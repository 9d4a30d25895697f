/* SPDX-License-Identifier: MIT
 *
 * test_statistics.c - what is counted in several threads and processes adds up in the file, is dropped in time, and
 * holds nothing but what packs can say; misses only where they are wanted.
 */
#include "support.h"

#include "statistics.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[512];

static int fresh(void **state)
{
    static int turn;
    (void)state;
    snprintf(folder, sizeof(folder), "%s", temp_path("stats%d", turn++));
    return 0;
}

static struct statistics *begun(long days, int misses)
{
    struct statistics *s = NULL;
    struct statistics_settings settings = {folder, days, misses, 30};
    assert_int_equal(statistics_new(&s), FAQD_OK);
    statistics_configure(s, &settings);
    return s;
}

struct rows {
    size_t n;
    long sum;
    char text[8192];
};

/* A row as its columns, blanks between them. */
static int write_row(void *user, const struct store_row *row)
{
    struct rows *rows = user;
    size_t at = strlen(rows->text);
    for (int i = 0; i < 6; i++)
        at += (size_t)snprintf(rows->text + at, sizeof(rows->text) - at, "%s ",
                               (const char *)store_row_bytes(row, i, NULL));
    snprintf(rows->text + at, sizeof(rows->text) - at, "%ld\n", (long)store_row_number(row, 6));
    rows->sum += (long)store_row_number(row, 6);
    rows->n++;
    return 0;
}

static struct rows read_rows(size_t statement, const char *from)
{
    struct rows rows = {0};
    struct store *store = NULL;
    struct err err = {0};
    struct store_value values[] = {STORE_TEXT(from)};
    int rc = store_open(folder, STATISTICS_FILE, &statistics_schema, STORE_READ, &err, &store);
    if (rc == FAQD_DECLINED)
        return rows;
    assert_int_equal(rc, FAQD_OK);
    assert_int_equal(store_run(store, statement, values, 1, write_row, &rows), FAQD_OK);
    store_close(store);
    return rows;
}

static int64_t now(void)
{
    return (int64_t)time(NULL);
}

static void counts_add_up(void **state)
{
    (void)state;
    struct statistics *s = begun(400, 0);
    struct statistics_counter *a = statistics_join(s), *b = statistics_join(s);
    char today[STATISTICS_DAY_SIZE], expected[256];
    statistics_day(now() / 86400, today);
    assert_int_equal(statistics_flush(s, now()), FAQD_OK);
    assert_int_equal(access(folder, F_OK), -1); /* nothing was counted: nothing is made */
    for (int i = 0; i < 10; i++)
        statistics_count(i % 2 ? a : b, "web", "fr", FAQD_ANSWER, "small/what");
    statistics_count(a, "matrix", "fr", FAQD_ANSWER, "small/what");
    assert_int_equal(statistics_flush(s, now()), FAQD_OK);
    statistics_count(a, "web", "fr", FAQD_ANSWER, "small/what");
    statistics_count(b, "web", "en", FAQD_UNKNOWN, "small/unknown");
    statistics_leave(s, b); /* what it has is not lost */
    assert_int_equal(statistics_flush(s, now()), FAQD_OK);
    struct rows rows = read_rows(STATISTICS_LIST_COUNTS, "");
    snprintf(expected, sizeof(expected),
             "%s matrix small fr answer small/what 1\n%s web small en unknown small/unknown 1\n"
             "%s web small fr answer small/what 11\n",
             today, today, today);
    assert_string_equal(rows.text, expected);
    statistics_leave(s, a);
    statistics_leave(s, NULL);
    statistics_free(s);
    statistics_free(NULL);
}

static void votes_can_be_taken_back(void **state)
{
    (void)state;
    struct statistics *s = begun(400, 0);
    char today[STATISTICS_DAY_SIZE], expected[256];
    statistics_day(now() / 86400, today);
    statistics_vote(s, "web", "fr", "small/what", 1, 1);
    statistics_vote(s, "matrix", "fr", "small/what", 1, 1);
    statistics_vote(s, "web", "fr", "small/what", -1, 1);
    statistics_vote(s, "web", "fr", "small/price", 1, -1); /* of a vote that was dropped long ago */
    assert_int_equal(statistics_flush(s, now()), FAQD_OK);
    statistics_vote(s, "web", "fr", "small/what", -1, -1);
    assert_int_equal(statistics_flush(s, now()), FAQD_OK);
    struct rows rows = read_rows(STATISTICS_LIST_VOTES, "");
    snprintf(expected, sizeof(expected), "%s fr small/price 0 0  0\n%s fr small/what 2 0  0\n", today, today);
    assert_string_equal(rows.text, expected);
    statistics_free(s);
}

static void old_rows_go(void **state)
{
    (void)state;
    struct statistics *s = begun(10, 1);
    struct statistics_counter *c = statistics_join(s);
    int64_t later = now() + (int64_t)11 * 86400;
    statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
    statistics_vote(s, "web", "fr", "small/what", 1, 1);
    statistics_miss(c, "fr", FAQD_UNKNOWN, "small", "le prix du pain", 15);
    statistics_flush(s, now());
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").n, 1);
    statistics_flush(s, now() + (int64_t)10 * 86400);
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").n, 1);
    statistics_flush(s, later);
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").n, 0);
    assert_int_equal(read_rows(STATISTICS_LIST_VOTES, "").n, 0);
    assert_int_equal(read_rows(STATISTICS_LIST_MISSES, "").n, 1); /* 30 days */
    statistics_flush(s, 0);                                       /* a clock that was set back drops nothing */
    assert_int_equal(read_rows(STATISTICS_LIST_MISSES, "").n, 1);
    statistics_leave(s, c);
    statistics_free(s);
    s = begun(10, 0); /* switched off: what was kept goes, though nothing is asked any more */
    statistics_flush(s, now());
    assert_int_equal(read_rows(STATISTICS_LIST_MISSES, "").n, 0);
    statistics_free(s);
}

static void days_of_zero_keep_nothing(void **state)
{
    (void)state;
    struct statistics *s = begun(0, 0);
    struct statistics_counter *c = statistics_join(s);
    statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
    statistics_vote(s, "web", "fr", "small/what", 1, 1);
    statistics_flush(s, now());
    assert_int_equal(access(folder, F_OK), -1);
    statistics_leave(s, c);
    statistics_free(s);
}

static int count_rows(void *user, const struct store_row *row)
{
    (void)row;
    ((struct rows *)user)->n++;
    return 0;
}

static void misses_are_bounded(void **state)
{
    (void)state;
    static char text[5000];
    struct statistics *s = begun(400, 0);
    struct statistics_counter *c = statistics_join(s);
    statistics_miss(c, "fr", FAQD_UNKNOWN, "small", "not wanted", 10);
    statistics_flush(s, now());
    assert_int_equal(access(folder, F_OK), -1);
    statistics_leave(s, c);
    statistics_free(s);

    s = begun(400, 1);
    c = statistics_join(s);
    for (int i = 0; i < 3; i++)
        statistics_miss(c, "fr", FAQD_UNKNOWN, "small", "mon numero est le 06 12", 23);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 10 == 9 ? ' ' : 'x';
    statistics_miss(c, "en", FAQD_UNDOCUMENTED, "small", text, sizeof(text));
    statistics_miss(c, "en", FAQD_UNKNOWN, "small", "", 0);
    statistics_flush(s, now());
    struct rows rows = read_rows(STATISTICS_LIST_MISSES, "");
    assert_int_equal(rows.n, 2);
    assert_non_null(strstr(rows.text, "mon numero est le ## ## 3 "));
    assert_non_null(strstr(rows.text, "en undocumented xxxxxxxxx "));
    assert_true(strlen(rows.text) < 2 * STATISTICS_MISS_MAX + 100);
    for (int i = 0; i < 1500; i++) {
        int len = snprintf(text, sizeof(text), "question %c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
        statistics_miss(c, "fr", FAQD_UNKNOWN, "small", text, (size_t)len);
        if (i % 100 == 99)
            statistics_flush(s, now());
    }
    statistics_flush(s, now());
    struct rows many = {0};
    struct store *store = NULL;
    struct store_value values[] = {STORE_TEXT("")};
    assert_int_equal(store_open(folder, STATISTICS_FILE, &statistics_schema, STORE_READ, NULL, &store), FAQD_OK);
    assert_int_equal(store_run(store, STATISTICS_LIST_MISSES, values, 1, count_rows, &many), FAQD_OK);
    store_close(store);
    assert_int_equal(many.n, STATISTICS_MISSES_MAX);
    statistics_leave(s, c);
    statistics_free(s);
}

/* ------------------------------------------------------------------------------------ threads, processes ---- */

#define THREADS 4
#define EACH 20000

static void *count_many(void *user)
{
    struct statistics_counter *c = statistics_join(user);
    char id[64];
    for (int i = 0; i < EACH; i++) {
        snprintf(id, sizeof(id), "small/intent%d/entity", i % 50);
        statistics_count(c, "web", i % 2 ? "fr" : "en", FAQD_ANSWER, id);
        if (i % 100 == 0)
            statistics_vote(user, "web", "fr", "small/what", 1, 1);
    }
    statistics_leave(user, c);
    return NULL;
}

static void add_total(void *user, int is_vote, const struct tally_key *key, int64_t n)
{
    assert_int_equal(key->day, 0);
    ((int64_t *)user)[is_vote] += n;
}

static void threads_add_up(void **state)
{
    (void)state;
    struct statistics *s = begun(400, 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_many, s), 0);
    for (int i = 0; i < 20; i++) {
        int64_t totals[2] = {0};
        assert_int_equal(statistics_flush(s, now()), FAQD_OK);
        statistics_totals(s, add_total, totals);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    statistics_flush(s, now());
    int64_t totals[2] = {0};
    statistics_totals(s, add_total, totals);
    assert_int_equal(totals[0], THREADS * EACH);
    assert_int_equal(totals[1], THREADS * EACH / 100);
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").sum, THREADS * EACH);
    statistics_free(s);
}

static void processes_add_up(void **state)
{
    (void)state;
    enum { PROCESSES = 8, FLUSHES = 30 };
    pid_t pids[PROCESSES];
    for (int p = 0; p < PROCESSES; p++) {
        pids[p] = fork();
        if (pids[p] != 0)
            continue;
        struct statistics *s = begun(400, 0);
        struct statistics_counter *c = statistics_join(s);
        int bad = 0;
        for (int i = 0; i < FLUSHES; i++) {
            statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
            bad |= statistics_flush(s, now()) != FAQD_OK;
        }
        statistics_leave(s, c);
        statistics_free(s);
        _exit(bad);
    }
    for (int p = 0; p < PROCESSES; p++) {
        int status = 0;
        assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").sum, PROCESSES * FLUSHES);
}

/* A folder that cannot be used: counts wait, and are written once it can. */
static void it_heals(void **state)
{
    (void)state;
    struct statistics *s = begun(400, 0);
    struct statistics_counter *c = statistics_join(s);
    write_text(folder, "a file is in the way");
    for (int i = 0; i < 3; i++) {
        statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
        statistics_vote(s, "web", "fr", "small/what", 1, 1);
        assert_int_not_equal(statistics_flush(s, now()), FAQD_OK);
    }
    unlink(folder);
    assert_int_not_equal(statistics_flush(s, now()), FAQD_OK); /* not at once: it is tried once a minute */
    assert_int_equal(statistics_flush(s, now() + 61), FAQD_OK);
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").sum, 3);
    assert_non_null(strstr(read_rows(STATISTICS_LIST_VOTES, "").text, " 3 0 "));
    statistics_leave(s, c);
    statistics_free(s);
}

/* ------------------------------------------------------------------------------------------- through the host */

static void votes_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {"small/definition",   "small/may_go/coffee", "small/unknown", "small/clarify",
                                       "small/undocumented", "small/unavailable",   "small/welcome"};
    static const char *const bad[] = {"",
                                      "small",
                                      "small/",
                                      "small/nothing",
                                      "small/definition/",
                                      "other/definition",
                                      "small/definition/nothing",
                                      "small/unknown/coffee",
                                      "/definition",
                                      "small/may_go/coffee/x",
                                      "small//coffee",
                                      "small/Monsieur Dupont",
                                      "smal/definition"};
    struct host host;
    start_host(&host, SMALL_PACK);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        for (int vote = -1; vote <= 1; vote += 2)
            if (host.api.vote(&host.api, "web", good[i], "fr", vote) != FAQD_OK)
                fail_msg("%s was refused", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (host.api.vote(&host.api, "web", bad[i], "fr", 1) != FAQD_EINVAL)
            fail_msg("%s was taken", bad[i]);
    assert_int_equal(host.api.vote(&host.api, "web", good[0], "de", 1), FAQD_EINVAL);
    assert_int_equal(host.api.vote(&host.api, "web", good[0], NULL, 1), FAQD_EINVAL);
    assert_int_equal(host.api.vote(&host.api, "web", good[0], "fr", 0), FAQD_EINVAL);
    assert_int_equal(host.api.vote(&host.api, "web", good[0], "fr", 2), FAQD_EINVAL);
    assert_int_equal(host.api.vote(&host.api, "web", NULL, "fr", 1), FAQD_EINVAL);
    assert_int_equal(host.api.vote(&host.api, NULL, good[0], "fr", 1), FAQD_EINVAL);
    assert_int_equal(host.api.unvote(&host.api, "web", good[0], "fr", 1), FAQD_OK);
    assert_int_equal(host.api.unvote(&host.api, "web", bad[5], "fr", 1), FAQD_EINVAL);
    int64_t totals[2] = {0};
    statistics_totals(host.statistics, add_total, totals);
    assert_int_equal(totals[1], 2 * (int64_t)(sizeof(good) / sizeof(good[0])) - 1);
    host_end(&host);
}

/* Every id that answers get is one that takes votes. */
static void answers_are_counted(void **state)
{
    (void)state;
    static const char *const questions[] = {"C'est quoi le compost ?",
                                            "Puis-je mettre du marc au compost ?",
                                            "l'hiver ?",
                                            "Combien coûte le botox, 0612345678 ?",
                                            "le prix ?",
                                            "Mon compost fume !",
                                            "",
                                            "bonjour"};
    struct host host;
    struct faqd_answer_view view;
    struct statistics_settings settings = {folder, 400, 1, 30};
    start_host(&host, SMALL_PACK);
    statistics_configure(host.statistics, &settings);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    host.api.count(worker, "web"); /* nothing was asked yet */
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        view = ask_text(&host, worker, questions[i]);
        host.api.count(worker, "web");
        if (host.api.vote(&host.api, "web", view.id, view.lang, 1) != FAQD_OK)
            fail_msg("%s", view.id);
    }
    host.api.welcome(worker, "fr", &view);
    host.api.count(worker, "web");
    assert_int_equal(host.api.vote(&host.api, "web", view.id, view.lang, 1), FAQD_OK);
    host.api.worker_free(worker);
    assert_int_equal(host_flush(&host), FAQD_OK);
    host_end(&host);
    assert_int_equal(read_rows(STATISTICS_LIST_COUNTS, "").sum, 9);
    struct rows misses = read_rows(STATISTICS_LIST_MISSES, "");
    assert_non_null(strstr(misses.text, "small fr unknown combien coute le botox ##########"));
    assert_non_null(strstr(misses.text, "small fr undocumented le prix"));
    assert_int_equal(misses.n, 2); /* an empty message is none */
}

static void days_are_dates(void **state)
{
    (void)state;
    char day[STATISTICS_DAY_SIZE];
    statistics_day(0, day);
    assert_string_equal(day, "1970-01-01");
    statistics_day(20779, day);
    assert_string_equal(day, "2026-11-22");
    statistics_day(-1, day);
    assert_string_equal(day, "");
    statistics_day(INT64_MAX / 86400, day);
    assert_string_equal(day, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(counts_add_up, fresh),
        cmocka_unit_test_setup(votes_can_be_taken_back, fresh),
        cmocka_unit_test_setup(old_rows_go, fresh),
        cmocka_unit_test_setup(days_of_zero_keep_nothing, fresh),
        cmocka_unit_test_setup(misses_are_bounded, fresh),
        cmocka_unit_test_setup(threads_add_up, fresh),
        cmocka_unit_test_setup(processes_add_up, fresh),
        cmocka_unit_test_setup(it_heals, fresh),
        cmocka_unit_test_setup(votes_are_checked, fresh),
        cmocka_unit_test_setup(answers_are_counted, fresh),
        cmocka_unit_test(days_are_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
