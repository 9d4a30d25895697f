/* SPDX-License-Identifier: MIT
 *
 * test_reload.c - a running faqd keeps answering whatever becomes of its files: the small pack cut off at every byte of
 * every file, and a thousand reloads while several threads ask.
 */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = {"pack.json", "lexicon.json", "general.json", "matter.json"};
enum { FILES = 4, EDITIONS = 2 };

static const char *const questions[] = {
    "C'est quoi le compost ?",
    "tout ce que je peux jeter",
    "The price? And the smell? How long?",
    "l'hiver ?",
    "frzbl",
    "",
    "Puis-je mettre du marc de cafe et la viande au compost ?",
    "my compost is on fire",
    "and the plastic in the compost",
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

static char dir[512];
static char *texts[EDITIONS][FILES]; /* the files of two editions of the pack */
static char *golden[EDITIONS][QUESTIONS];

static void install(int edition)
{
    for (size_t f = 0; f < FILES; f++)
        write_text(temp_path("pack/%s", files[f]), texts[edition][f]);
}

static char *answer_of(struct host *host, struct faqd_worker *worker, size_t question)
{
    ask_text(host, worker, questions[question]);
    const char *json = host->api.render(worker, FAQD_JSON, NULL);
    return json ? strdup(json) : NULL;
}

/* The second edition says "edition 2" in every statement, and is called version 2. */
static int setup(void **state)
{
    (void)state;
    copy_folder(SMALL_PACK, temp_path("pack"));
    strcpy(dir, temp_path("pack"));
    for (size_t f = 0; f < FILES; f++) {
        texts[0][f] = read_file(temp_path("pack/%s", files[f]), NULL);
        char *second = replaced(texts[0][f], "dition 1)", "dition 2)");
        texts[1][f] = replaced(second, "\"version\": \"1\"", "\"version\": \"2\"");
        free(second);
    }
    for (int e = 0; e < EDITIONS; e++) {
        struct host host;
        install(e);
        start_host(&host, dir);
        struct faqd_worker *worker = host.api.worker_new(&host.api);
        for (size_t i = 0; i < QUESTIONS; i++)
            golden[e][i] = answer_of(&host, worker, i);
        host.api.worker_free(worker);
        host_end(&host);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int e = 0; e < EDITIONS; e++) {
        for (size_t f = 0; f < FILES; f++)
            free(texts[e][f]);
        for (size_t i = 0; i < QUESTIONS; i++)
            free(golden[e][i]);
    }
    return 0;
}

static int is_golden(struct host *host, struct faqd_worker *worker, int edition, size_t question)
{
    char *json = answer_of(host, worker, question);
    int same = json && strcmp(json, golden[edition][question]) == 0;
    free(json);
    return same;
}

static void cut_off_at_every_byte(void **state)
{
    (void)state;
    struct host host;
    size_t cuts = 0;
    install(0);
    start_host(&host, dir);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    size_t step = sanitized() ? 7 : 1;
    for (size_t f = 0; f < FILES; f++) {
        char path[512];
        strcpy(path, temp_path("pack/%s", files[f]));
        const char *text = texts[0][f];
        for (size_t len = 0; len < strlen(text); len += step) {
            struct err err = {0};
            char line[ERR_LINE_MAX];
            if (strspn(text + len, " \n") == strlen(text + len))
                break; /* nothing but the last line feed is missing */
            write_file(path, text, len);
            int rc = host_reload(&host, 0, &err);
            if (rc == FAQD_OK || err.code != rc)
                fail_msg("%s cut off at byte %zu was taken", files[f], len);
            err_line(&err, line, sizeof(line));
            if (!strstr(err.file, files[f]) || err.line <= 0 || !err.text[0])
                fail_msg("%s cut off at byte %zu: no place in \"%s\"", files[f], len, line);
            if (!is_golden(&host, worker, 0, cuts++ % QUESTIONS))
                fail_msg("%s cut off at byte %zu: another answer than before", files[f], len);
        }
        write_text(path, text);
    }
    print_message("%zu cuts\n", cuts);
    host.api.worker_free(worker);
    host_end(&host);
}

/* Files that go missing, or become something else, while it runs. */
static void files_that_vanish(void **state)
{
    (void)state;
    struct host host;
    struct err err = {0};
    install(0);
    start_host(&host, dir);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (size_t f = 0; f < 2; f++) { /* pack.json and lexicon.json; what is left without one of the others is a pack */
        err = (struct err){0};
        remove(temp_path("pack/%s", files[f]));
        assert_int_not_equal(host_reload(&host, 0, &err), FAQD_OK);
        assert_true(err.file[0] && err.text[0]);
        assert_true(is_golden(&host, worker, 0, f));
        install(0);
    }
    rename(dir, temp_path("elsewhere"));
    err = (struct err){0};
    assert_int_not_equal(host_reload(&host, 0, &err), FAQD_OK);
    assert_string_equal(err.file, dir);
    assert_true(is_golden(&host, worker, 0, 0));
    rename(temp_path("elsewhere"), dir);
    assert_int_equal(host_reload(&host, 0, NULL), FAQD_OK); /* it heals without a restart */
    install(1);
    assert_int_equal(host_reload(&host, 0, NULL), FAQD_OK);
    assert_true(is_golden(&host, worker, 1, 0));
    host.api.worker_free(worker);
    host_end(&host);
}

/* -------------------------------------------------------------------------------------------- under load ---- */

enum { THREADS = 3, RELOADS = 1000 };

struct load {
    struct host host;
    atomic_int done;
    atomic_long answered[EDITIONS];
    atomic_long wrong; /* answers that are of neither edition as a whole */
};

struct asker {
    struct load *load;
    uint64_t seed;
};

static void *keep_asking(void *user)
{
    struct asker *asker = user;
    struct load *load = asker->load;
    struct random r = {asker->seed};
    struct faqd_worker *worker = load->host.api.worker_new(&load->host.api);
    while (!atomic_load(&load->done)) {
        size_t question = random_below(&r, QUESTIONS);
        char *json = answer_of(&load->host, worker, question);
        int edition = 0;
        while (edition < EDITIONS && (!json || strcmp(json, golden[edition][question]) != 0))
            edition++;
        if (edition < EDITIONS)
            atomic_fetch_add(&load->answered[edition], 1);
        else if (atomic_fetch_add(&load->wrong, 1) == 0)
            fprintf(stderr, "\"%s\" got %s\n", questions[question], json ? json : "nothing");
        load->host.api.explain(worker, NULL);
        free(json);
    }
    load->host.api.worker_free(worker);
    return NULL;
}

static void a_thousand_reloads_under_load(void **state)
{
    (void)state;
    static struct load load;
    pthread_t threads[THREADS];
    struct asker askers[THREADS];
    install(0);
    start_host(&load.host, dir);
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){&load, (uint64_t)i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, keep_asking, &askers[i]), 0);
    }
    for (int i = 1; i <= RELOADS; i++) {
        struct err err = {0};
        if (i % 10 == 5) { /* a broken one in between */
            write_text(temp_path("pack/matter.json"), "{\"module\": ");
            assert_int_not_equal(host_reload(&load.host, 0, &err), FAQD_OK);
        }
        err = (struct err){0};
        install(i % 2);
        if (host_reload(&load.host, 0, &err) != FAQD_OK)
            fail_msg("reload %d: %s: %s: %s", i, err.file, err.path, err.text);
    }
    atomic_store(&load.done, 1);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    print_message("%d reloads, %ld answers of one edition, %ld of the other\n", RELOADS, atomic_load(&load.answered[0]),
                  atomic_load(&load.answered[1]));
    assert_int_equal(atomic_load(&load.wrong), 0);
    assert_true(atomic_load(&load.answered[0]) > 0 && atomic_load(&load.answered[1]) > 0);
    assert_int_equal(snapshots_reap(&load.host.packs[0]->snapshots), 0); /* nothing is held for ever */
    host_end(&load.host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_off_at_every_byte),
        cmocka_unit_test(files_that_vanish),
        cmocka_unit_test(a_thousand_reloads_under_load),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
