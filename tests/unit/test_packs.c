/* SPDX-License-Identifier: MIT
 *
 * test_packs.c - several packs in one host: each worker asks the one that it named, content and reloads are apart.
 */
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct host host;
static char dirs[2][512];

/* Two packs, "small" and "other", that give their own answer to the same question. */
static int setup(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const names[] = {"small", "other"};
    for (size_t i = 0; i < 2; i++) {
        strcpy(dirs[i], temp_path("%s", names[i]));
        copy_folder(SMALL_PACK, dirs[i]);
    }
    char *meta = read_file(SMALL_PACK "/pack.json", NULL);
    char *text = read_file(SMALL_PACK "/general.json", NULL);
    char *renamed = replaced(meta, "\"name\": \"small\"", "\"name\": \"other\"");
    char *changed = replaced(text, "(édition 1)", "(autre)");
    write_text(temp_path("other/pack.json"), renamed);
    write_text(temp_path("other/general.json"), changed);
    free(meta);
    free(text);
    free(renamed);
    free(changed);
    start_host(&host, dirs[0]);
    assert_int_equal(host_add_pack(&host, "second", dirs[1], &err), FAQD_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    host_end(&host);
    return 0;
}

static void expect_pack(struct faqd_worker *worker, const char *pack, const char *mark)
{
    struct faqd_answer_view view = ask_text(&host, worker, "C'est quoi le compost ?");
    assert_string_equal(view.pack, pack);
    assert_int_equal(strncmp(view.id, pack, strlen(pack)), 0);
    assert_non_null(strstr(host.api.render(worker, FAQD_PLAIN, NULL), mark));
}

static void a_worker_asks_the_pack_it_named(void **state)
{
    (void)state;
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    struct faqd_answer_view view;
    expect_pack(worker, "small", "(édition 1)");
    assert_int_equal(host.api.use_pack(worker, "second"), FAQD_OK);
    assert_non_null(strstr(host.api.render(worker, FAQD_PLAIN, NULL), "(édition 1)")); /* the last answer stays */
    expect_pack(worker, "other", "(autre)");
    assert_int_equal(host.api.use_pack(worker, "nobody"), FAQD_EINVAL); /* changes nothing */
    expect_pack(worker, "other", "(autre)");
    host.api.welcome(worker, "fr", &view);
    assert_string_equal(view.pack, "other");
    assert_non_null(host.api.explain(worker, NULL));
    assert_int_equal(host.api.use_pack(worker, NULL), FAQD_OK);
    host.api.welcome(worker, "fr", &view);
    assert_string_equal(view.pack, "small");
    assert_int_equal(host.api.use_pack(worker, ""), FAQD_OK);
    expect_pack(worker, "small", "(édition 1)");
    assert_int_equal(host.api.use_pack(worker, "small"), FAQD_OK); /* the default one is called as its folder */
    expect_pack(worker, "small", "(édition 1)");
    host.api.worker_free(worker);
}

static void count_topic(void *user, const char *topic, const char *label)
{
    (void)label;
    *(int *)user += strcmp(topic, "smell") == 0 ? 100 : 1;
}

static void topics_are_those_of_the_pack(void **state)
{
    (void)state;
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    int all = 0, fewer = 0;
    char *text = read_file(temp_path("other/general.json"), NULL);
    char *changed = replaced(text, "\"topic\": \"smell\"", "\"topic\": \"definition\"");
    write_text(temp_path("other/general.json"), changed);
    assert_int_equal(host_reload(&host, 1, NULL), FAQD_OK);
    expect_pack(worker, "small", "(édition 1)");
    host.api.topics(worker, "fr", count_topic, &all);
    host.api.use_pack(worker, "second");
    host.api.topics(worker, "fr", count_topic, &fewer);
    assert_true(all > 100 && all == fewer + 100);
    assert_non_null(strstr(host.api.render(worker, FAQD_PLAIN, NULL), "(édition 1)")); /* the last answer stays */
    host.api.worker_free(worker);
    write_text(temp_path("other/general.json"), text);
    assert_int_equal(host_reload(&host, 1, NULL), FAQD_OK);
    free(text);
    free(changed);
}

static void a_reload_is_one_packs(void **state)
{
    (void)state;
    struct err err = {0};
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    char *text = read_file(temp_path("other/general.json"), NULL);
    write_text(temp_path("other/general.json"), "{");
    assert_int_not_equal(host_reload(&host, 1, &err), FAQD_OK);
    assert_non_null(strstr(err.file, "other/general.json"));
    assert_int_equal(host_reload(&host, 0, NULL), FAQD_OK);
    host.api.use_pack(worker, "second");
    expect_pack(worker, "other", "(autre)"); /* what was there */
    char *changed = replaced(text, "(autre)", "(neuf)");
    write_text(temp_path("other/general.json"), changed);
    assert_int_equal(host_reload(&host, 1, NULL), FAQD_OK);
    expect_pack(worker, "other", "(neuf)");
    host.api.use_pack(worker, NULL);
    expect_pack(worker, "small", "(édition 1)");
    write_text(temp_path("other/general.json"), text);
    assert_int_equal(host_reload(&host, 1, NULL), FAQD_OK);
    host.api.worker_free(worker);
    free(text);
    free(changed);
}

/* The ids of answers must tell the packs apart: a second one of that name is refused, at the start and by a reload. */
static void names_are_apart(void **state)
{
    (void)state;
    struct err err = {0};
    char *meta = read_file(temp_path("other/pack.json"), NULL);
    char *small = read_file(SMALL_PACK "/pack.json", NULL);
    size_t packs = host.n_packs;
    assert_int_equal(host_add_pack(&host, "third", SMALL_PACK, &err), FAQD_EINVAL);
    assert_non_null(strstr(err.text, "is called \"small\", too"));
    assert_int_equal(host.n_packs, packs);
    assert_null(host_find_pack(&host, "third"));
    write_text(temp_path("other/pack.json"), small);
    err = (struct err){0};
    assert_int_equal(host_reload(&host, 1, &err), FAQD_EINVAL);
    assert_non_null(strstr(err.text, "is called \"small\", too"));
    write_text(temp_path("other/pack.json"), meta);
    assert_int_equal(host_reload(&host, 1, NULL), FAQD_OK);
    assert_int_equal(host_add_pack(&host, "alias", dirs[1], &err), FAQD_OK); /* loaded once */
    assert_int_equal(host.n_packs, packs);
    assert_ptr_equal(host_find_pack(&host, "alias"), host_find_pack(&host, "second"));
    free(meta);
    free(small);
}

struct asking {
    const char *pack, *id;
    long asked, wrong;
    atomic_int *stop;
};

static void *keep_asking(void *user)
{
    struct asking *a = user;
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    while (!atomic_load(a->stop)) {
        a->wrong += host.api.use_pack(worker, a->pack) != FAQD_OK;
        struct faqd_answer_view view = ask_text(&host, worker, "C'est quoi le compost ?");
        a->wrong += strcmp(view.pack, a->id) != 0 || view.outcome != FAQD_ANSWER;
        a->wrong += !host.api.render(worker, FAQD_JSON, NULL);
        a->asked++;
    }
    host.api.worker_free(worker);
    return NULL;
}

static void reloads_under_load_mix_nothing(void **state)
{
    (void)state;
    atomic_int stop = 0;
    struct asking asking[2] = {{"second", "other", 0, 0, &stop}, {NULL, "small", 0, 0, &stop}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_asking, &asking[i]), 0);
    for (int i = 0; i < (sanitized() ? 20 : 60); i++)
        assert_int_equal(host_reload(&host, (size_t)i % 2, NULL), FAQD_OK);
    atomic_store(&stop, 1);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(asking[i].wrong, 0);
        assert_true(asking[i].asked > 10);
    }
    host_reap(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_asks_the_pack_it_named), cmocka_unit_test(topics_are_those_of_the_pack),
        cmocka_unit_test(a_reload_is_one_packs),           cmocka_unit_test(names_are_apart),
        cmocka_unit_test(reloads_under_load_mix_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
