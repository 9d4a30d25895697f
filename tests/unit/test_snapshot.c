/* SPDX-License-Identifier: MIT
 *
 * test_snapshot.c - which load is current, who reads it, and when an old one goes; and the modules of one load: opened
 * once, closed once, refused with their place.
 */
#include "support.h"

#include "snapshot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static int opened, closed; /* by the module below; from one thread */

static int counting_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    (void)host;
    (void)content;
    *instance = &opened;
    opened++;
    return FAQD_OK;
}

static void counting_close(void *instance)
{
    assert_true(!instance || instance == &opened);
    closed += instance != NULL; /* close takes NULL: what open left behind when it failed */
}

static int no_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                     const struct faqd_query *query, struct faqd_reply *reply)
{
    (void)instance;
    (void)host;
    (void)content;
    (void)query;
    (void)reply;
    return FAQD_DECLINED;
}

static int failing_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    (void)host;
    (void)content;
    (void)instance;
    return FAQD_EINVAL; /* without saying why */
}

static const struct faqd_module counting = {
    .struct_size = sizeof(counting), .open = counting_open, .answer = no_answer, .close = counting_close};
static const struct faqd_module simple = {.struct_size = sizeof(simple), .answer = no_answer};
static const struct faqd_module failing = {
    .struct_size = sizeof(failing), .open = failing_open, .answer = no_answer, .close = counting_close};

static const struct faqd_plugin heap = FAQD_PLUGIN(FAQD_MODULE, "heap", "1", &counting);
static const struct faqd_plugin statements = FAQD_PLUGIN(FAQD_MODULE, "statements", "1", &simple);
static const struct faqd_plugin bad_heap = FAQD_PLUGIN(FAQD_MODULE, "heap", "1", &failing);
static const struct faqd_plugin connector = FAQD_PLUGIN(FAQD_CONNECTOR, "heap", "1", &simple);

static struct snapshot *load(const struct faqd_plugin *first, struct err *err)
{
    struct plugin items[] = {{first, "a.so"}, {&statements, "b.so"}};
    struct plugins plugins = {.items = items, .n = 2};
    struct snapshot *snapshot = NULL;
    int rc = snapshot_load(SMALL_PACK, NULL, &plugins, NULL, err, &snapshot);
    assert_int_equal(rc == FAQD_OK, snapshot != NULL);
    return snapshot;
}

static void modules_are_opened_and_closed_once(void **state)
{
    (void)state;
    struct err err = {0};
    opened = closed = 0;
    struct snapshot *snapshot = load(&heap, &err);
    assert_non_null(snapshot);
    assert_int_equal(opened, 1);
    snapshot_free(snapshot);
    assert_int_equal(closed, 1);
    snapshot_free(NULL);
}

static void missing_and_failing_modules_are_errors(void **state)
{
    (void)state;
    struct err err = {0};
    closed = 0;
    assert_null(load(&connector, &err)); /* a connector of that name is no module */
    assert_string_equal(err.text, "the pack needs the module \"heap\", and no plugin of that name was loaded");
    assert_string_equal(err.file, SMALL_PACK);
    err = (struct err){0};
    assert_null(load(&bad_heap, &err));
    assert_string_equal(err.text, "module \"heap\" refused its content");
    assert_int_equal(closed, 0); /* what never opened is not closed */
}

static void readers_keep_what_they_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct snapshots all;
    opened = closed = 0;
    assert_int_equal(snapshots_init(&all), FAQD_OK);
    assert_null(snapshots_acquire(&all)); /* none was published */
    snapshots_release(&all, NULL);
    struct snapshot *first = load(&heap, &err);
    struct snapshot *second = load(&heap, &err);
    snapshots_publish(&all, first);
    struct snapshot *a = snapshots_acquire(&all);
    struct snapshot *b = snapshots_acquire(&all);
    assert_ptr_equal(a, first);
    snapshots_publish(&all, second);
    assert_ptr_equal(snapshots_acquire(&all), second);
    assert_int_equal(snapshots_reap(&all), 1); /* still read */
    snapshots_release(&all, a);
    assert_int_equal(snapshots_reap(&all), 1);
    assert_int_equal(closed, 0);
    snapshots_release(&all, b);
    assert_int_equal(snapshots_reap(&all), 0);
    assert_int_equal(closed, 1);
    snapshots_release(&all, second);
    assert_int_equal(snapshots_reap(&all), 0); /* the current one stays without readers */
    assert_int_equal(closed, 1);
    snapshots_end(&all);
    assert_int_equal(closed, 2);
}

/* Several threads take, look and let go while others are published: nothing that is read is ever freed. */
enum { READERS = 4, PUBLISHED = 60 };
struct sharing {
    struct snapshots all;
    atomic_int done;
    atomic_long read;
};

static void *read_on(void *user)
{
    struct sharing *s = user;
    while (!atomic_load(&s->done)) {
        struct snapshot *snapshot = snapshots_acquire(&s->all);
        if (!snapshot || strcmp(snapshot->pack->name, "small") != 0 || !snapshot->pack->n_intents)
            abort();
        atomic_fetch_add(&s->read, 1);
        snapshots_release(&s->all, snapshot);
    }
    return NULL;
}

static void threads_share_them(void **state)
{
    (void)state;
    static struct sharing s;
    struct err err = {0};
    pthread_t threads[READERS];
    snapshots_init(&s.all);
    snapshots_publish(&s.all, load(&heap, &err));
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &s), 0);
    for (int i = 0; i < PUBLISHED; i++) {
        snapshots_publish(&s.all, load(&heap, &err));
        snapshots_reap(&s.all);
    }
    atomic_store(&s.done, 1);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_true(atomic_load(&s.read) > 0);
    assert_int_equal(snapshots_reap(&s.all), 0);
    snapshots_end(&s.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_are_opened_and_closed_once),
        cmocka_unit_test(missing_and_failing_modules_are_errors),
        cmocka_unit_test(readers_keep_what_they_read),
        cmocka_unit_test(threads_share_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
