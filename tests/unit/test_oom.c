/* SPDX-License-Identifier: MIT
 *
 * test_oom.c - out of memory, everywhere: the first allocation fails, then the second, and so on until the work gets
 * through; once with a single failure, once with every later allocation failing as well. Nothing crashes or leaks,
 * what was asked gets its right answer or `unavailable`, and afterwards all is as before.
 */
#include "failing_malloc.h"
#include "support.h"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct plugins plugins;
static struct host host;
static char pack_dir[512];

static const char *const questions[] = {"Puis-je mettre du marc de café au compost ?", "what is compsot", "frzbl",
                                        "tout ce que je peux jeter", "l'hiver ?"};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };
static char *golden[QUESTIONS];

static char *json_of(struct faqd_worker *worker)
{
    const char *text = host.api.render(worker, FAQD_JSON, NULL);
    return text ? strdup(text) : NULL;
}

static int setup(void **state)
{
    struct err err = {0};
    (void)state;
    copy_folder(SMALL_PACK, temp_path("pack"));
    strcpy(pack_dir, temp_path("pack"));
    start_host(&host, pack_dir);
    assert_int_equal(open_plugins(plugins_folder(), &plugins, &err), FAQD_OK);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (size_t i = 0; i < QUESTIONS; i++) {
        ask_text(&host, worker, questions[i]);
        golden[i] = json_of(worker);
    }
    host.api.worker_free(worker);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < QUESTIONS; i++)
        free(golden[i]);
    plugins_free(&plugins);
    host_end(&host);
    return 0;
}

/* A worker that is sound answers everything as it always did. */
static void all_is_well(struct faqd_worker *worker)
{
    for (size_t i = 0; i < QUESTIONS; i++) {
        ask_text(&host, worker, questions[i]);
        char *json = json_of(worker);
        assert_non_null(json);
        assert_string_equal(json, golden[i]);
        free(json);
    }
}

static void check_error(int rc, const struct err *err)
{
    assert_int_equal(err->code, rc);
    if (rc != FAQD_OK && rc != FAQD_ENOMEM)
        fail_msg("out of memory is told as \"%s: %s: %s\"", err->file, err->path, err->text);
}

/* ------------------------------------------------------------------------------------------------- load ---- */

static void load(void)
{
    struct err err = {0};
    struct snapshot *snapshot = NULL;
    int rc = snapshot_load(pack_dir, NULL, &plugins, &host.api, &err, &snapshot);
    assert_int_equal(rc == FAQD_OK, snapshot != NULL);
    if (rc != FAQD_OK || !atomic_load(&failing.failed))
        check_error(rc, &err);
    snapshot_free(snapshot);
}

static void loading(void **state)
{
    (void)state;
    torture("load", load);
}

static void open_all_plugins(void)
{
    struct err err = {0};
    struct plugins own;
    int rc = open_plugins(plugins_folder(), &own, &err);
    if (rc != FAQD_OK)
        check_error(rc, &err);
    plugins_free(&own);
}

/* The dynamic linker allocates, too, and what it cannot open is left out with a line of the log. */
static void opening_plugins(void **state)
{
    (void)state;
    torture("plugins", open_all_plugins);
    struct err err = {0};
    struct plugins own;
    assert_int_equal(open_plugins(plugins_folder(), &own, &err), FAQD_OK);
    assert_int_equal(own.n, plugins.n);
    plugins_free(&own);
}

/* ------------------------------------------------------------------------------------------------- ask ---- */

static void make_worker(void)
{
    host.api.worker_free(host.api.worker_new(&host.api));
}

static void making_a_worker(void **state)
{
    (void)state;
    torture("worker_new", make_worker);
}

static size_t question; /* which one */

static long ask_n; /* the allocation that fails */
static int ask_for_ever;

/* Ask with the ask_n-th allocation failing, counted from the asking on. How many failed. */
static long ask_once(void)
{
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    struct faqd_message message = {
        .struct_size = sizeof(message), .text = questions[question], .text_len = strlen(questions[question])};
    struct faqd_answer_view view;
    assert_non_null(worker);
    failing_begin(ask_n, ask_for_ever);
    int rc = host.api.ask(worker, &message, &view);
    const char *plain = host.api.render(worker, FAQD_PLAIN, NULL);
    const char *html = host.api.render(worker, FAQD_HTML, NULL);
    const char *json = host.api.render(worker, FAQD_JSON, NULL);
    if (json && rc == FAQD_OK)
        assert_string_equal(json, golden[question]);
    const char *why = host.api.explain(worker, NULL);
    long failed = failing_end();
    if (rc == FAQD_OK) {
        assert_true(view.n_blocks > 0);
    } else {
        assert_int_equal(rc, FAQD_ENOMEM);
        assert_int_equal(view.outcome, FAQD_UNAVAILABLE);
        assert_int_equal(view.n_blocks, 1);
        assert_string_equal(view.pack, "small");
    }
    assert_true(failed || (plain && html && json && why && rc == FAQD_OK));
    all_is_well(worker); /* the next questions are answered rightly, by the same worker */
    host.api.worker_free(worker);
    return failed;
}

static void asking_and_rendering(void **state)
{
    (void)state;
    for (question = 0; question < QUESTIONS; question++) {
        for (ask_for_ever = 0; ask_for_ever < 2; ask_for_ever++) {
            long failed = 1;
            ask_n = 0;
            while (failed) {
                long live = atomic_load(&failing.live);
                ask_n++;
                failed = ask_once();
                assert_true(!FAILING_COUNTS || atomic_load(&failing.live) == live);
            }
            assert_true(ask_n > 2);
        }
        print_message("ask \"%s\": %ld allocations\n", questions[question], ask_n - 1);
    }
}

/* A worker that has answered once needs no memory to answer again. */
static void answering_needs_no_memory(void **state)
{
    (void)state;
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    ask_text(&host, worker, questions[0]);
    host.api.render(worker, FAQD_PLAIN, NULL);
    for (size_t i = 0; i < QUESTIONS; i++) {
        failing_begin(1, 1);
        struct faqd_answer_view view = ask_text(&host, worker, questions[i]);
        assert_int_equal(failing_end(), 0);
        assert_int_not_equal(view.outcome, FAQD_UNAVAILABLE);
    }
    host.api.worker_free(worker);
}

/* ------------------------------------------------------------------------------------------------- reload ---- */

static struct faqd_worker *serving;

static void reload(void)
{
    struct err err = {0};
    int rc = host_reload(&host, 0, &err);
    int failed = failing_end() > 0;
    if (rc != FAQD_OK)
        check_error(rc, &err);
    assert_true(failed || rc == FAQD_OK);
    all_is_well(serving); /* with the old content or the new one */
    snapshots_reap(&host.packs[0]->snapshots);
    atomic_store(&failing.failed, failed);
}

static void reloading(void **state)
{
    (void)state;
    serving = host.api.worker_new(&host.api);
    all_is_well(serving);
    torture("reload", reload);
    host.api.worker_free(serving);
}

/* ------------------------------------------------------------------------------------------------- status ---- */

static int packs_added;

static void add_a_pack(void)
{
    struct err err = {0};
    struct host own;
    if (host_start(&own, plugins_folder(), NULL, pack_dir, &err) != FAQD_OK)
        return;
    int rc = host_add_pack(&own, "alias", pack_dir, &err);
    assert_true(rc == FAQD_OK || (rc == FAQD_ENOMEM && failing_end() > 0));
    packs_added += rc == FAQD_OK;
    host_end(&own);
}

static void adding_a_pack(void **state)
{
    (void)state;
    add_a_pack();
    for (long n = 1; n < 40; n++) { /* those of the plugins and of loading are tried above */
        failing_begin(n, 0);
        add_a_pack();
        failing_end();
    }
    assert_true(packs_added > 0);
}

/* Whole, or none at all. */
static void tell_the_status(void)
{
    size_t len = 0;
    host.api.health(&host.api, "desk", 0, "why not");
    host.api.figure(&host.api, "desk", "drawers", 3);
    const char *json = host.api.status(serving, &len);
    if (!json) {
        assert_true(atomic_load(&failing.failed) > 0);
        return;
    }
    static const char *const members[] = {"\"ready\":", "\"packs\":[{", "\"name\":\"small\"", "\"connectors\":{",
                                          "\"votes\":["};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (!strstr(json, members[i]))
            fail_msg("%s lacks %s", json, members[i]);
    assert_int_equal(strlen(json), len);
}

static void telling_the_status(void **state)
{
    (void)state;
    serving = host.api.worker_new(&host.api);
    ask_text(&host, serving, questions[0]);
    host.api.count(serving, "desk");
    torture("status", tell_the_status);
    host.api.worker_free(serving);
}

/* ------------------------------------------------------------------------------------------------- config ---- */

static char config_file[512];

static void configure(void)
{
    struct err err = {0};
    struct config config = {0};
    struct str out;
    int rc = config_set(&config, SETTING_PACK, pack_dir, "test");
    if (rc == FAQD_OK)
        rc = config_environment(&config);
    if (rc == FAQD_OK)
        rc = config_read(&config, config_file, &err);
    if (rc == FAQD_OK)
        rc = config_finish(&config, &err);
    char *settings = config_connector(&config, "stdin");
    str_init(&out, 10000);
    config_print(&config, &out);
    assert_true(rc == FAQD_OK || rc == FAQD_ENOMEM);
    str_free(&out);
    free(settings);
    config_free(&config);
}

static void configuring(void **state)
{
    (void)state;
    strcpy(config_file, temp_path("faqd.json"));
    write_text(
        config_file,
        "{\"lang\": \"fr\", \"plugins_dir\": \"x\", \"packs\": {\"small\": \"/\", \"other\": \"./\"}, \"misses\": true,"
        " \"connectors\": {\"stdin\": {\"json\": true}}}");
    torture("config", configure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading),
        cmocka_unit_test(opening_plugins),
        cmocka_unit_test(making_a_worker),
        cmocka_unit_test(asking_and_rendering),
        cmocka_unit_test(answering_needs_no_memory),
        cmocka_unit_test(reloading),
        cmocka_unit_test(adding_a_pack),
        cmocka_unit_test(telling_the_status),
        cmocka_unit_test(configuring),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
