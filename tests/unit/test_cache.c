/* SPDX-License-Identifier: MIT
 *
 * test_cache.c - packs kept as images: what is mapped answers as what was read; a file that is damaged, cut, foreign, a
 * link or open to others is never used; whatever fails, the pack is loaded all the same, and nothing leaks. Those that
 * come with the program: test_prebuilt.c.
 */
#include "kept_pack.h"

#include "cache.h"
#include "failing_malloc.h"
#include "folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char pack[512], cache[512];
static const struct cache kept = {cache, NULL};
static struct host host;

static int fresh(void **state)
{
    static int turn;
    (void)state;
    turn++;
    snprintf(pack, sizeof(pack), "%s", temp_path("pack%d", turn));
    snprintf(cache, sizeof(cache), "%s/deeper", temp_path("cache%d", turn));
    kept_make(pack, "\"version\": \"1\"");
    return 0;
}

static void find_file(char out[1024])
{
    kept_find(cache, out);
}

static void expect_same_answers(void)
{
    kept_expect_same_answers(pack, &kept);
}

static int is_used(void)
{
    return kept_is_used(pack, &kept);
}

/* --------------------------------------------------------------------------------------------------- use ---- */

static void mapped_answers_as_read(void **state)
{
    (void)state;
    char file[1024];
    struct stat st;
    expect_same_answers(); /* and makes the file */
    find_file(file);
    ino_t first = kept_inode(file);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0400);
    assert_int_equal(stat(cache, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_true(is_used());
    expect_same_answers();
    assert_int_equal(kept_inode(file), first); /* it was used, not made again */
}

static void images_are_the_same_each_time(void **state)
{
    (void)state;
    char file[1024];
    size_t len[2] = {0, 0};
    char *bytes[2];
    for (int i = 0; i < 2; i++) {
        free(kept_answers(pack, &kept));
        find_file(file);
        bytes[i] = read_file(file, &len[i]);
        unlink(file);
    }
    assert_int_equal(len[0], len[1]);
    assert_memory_equal(bytes[0], bytes[1], len[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void any_change_of_the_pack_counts(void **state)
{
    (void)state;
    struct cache_key key, other;
    char path[1024];
    size_t len = 0;
    assert_int_equal(cache_key(pack, &key), FAQD_OK);
    assert_int_equal(cache_key(pack, &other), FAQD_OK);
    assert_memory_equal(&key, &other, sizeof(key));
    static const char *const files[] = {"pack.json", "lexicon.json", "general.json"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", pack, files[i]);
        char *text = read_file(path, &len);
        text[len - 1] = text[len - 1] == '\n' ? ' ' : '\n';
        write_file(path, text, len);
        free(text);
        assert_int_equal(cache_key(pack, &other), FAQD_OK);
        assert_memory_not_equal(&key, &other, sizeof(key));
        key = other;
    }
    snprintf(path, sizeof(path), "%s/new.json", pack);
    write_text(path, "");
    assert_int_equal(cache_key(pack, &other), FAQD_OK);
    assert_memory_not_equal(&key, &other, sizeof(key));
    assert_int_equal(cache_key(SMALL_PACK, &key), FAQD_DECLINED); /* read as fast */
    assert_int_equal(cache_key("/nonexistent", &key), FAQD_DECLINED);
}

static void other_content_is_not_mixed(void **state)
{
    (void)state;
    char file[1024];
    expect_same_answers();
    find_file(file);
    ino_t first = kept_inode(file);
    kept_make(pack, "\"version\": \"2\"");
    assert_false(is_used());
    expect_same_answers(); /* the version is in each answer */
    find_file(file);
    assert_int_not_equal(kept_inode(file), first);
    assert_true(is_used());
}

/* ----------------------------------------------------------------------------------------------- distrust ---- */

static void refused_and_made_anew(const char *file)
{
    assert_false(is_used());
    expect_same_answers();
    assert_true(is_used());
    struct stat st;
    assert_int_equal(lstat(file, &st), 0);
    assert_true(S_ISREG(st.st_mode));
}

static void links_and_open_files(void **state)
{
    (void)state;
    char file[1024];
    char aside[1100];
    expect_same_answers();
    find_file(file);
    snprintf(aside, sizeof(aside), "%s.aside", temp_path("aside"));
    chmod(file, 0606);
    refused_and_made_anew(file);
    chmod(file, 0460); /* a group that may write */
    refused_and_made_anew(file);
    rename(file, aside);
    assert_int_equal(symlink(aside, file), 0);
    refused_and_made_anew(file);
    unlink(aside);
    assert_int_equal(link(file, aside), 0);
    assert_false(is_used()); /* it has a second name: who may write to it there? */
    unlink(aside);
    unlink(file);
    assert_int_equal(mkfifo(file, 0600), 0);
    refused_and_made_anew(file);
    if (geteuid() == 0) {
        assert_int_equal(chown(file, 65534, 65534), 0);
        refused_and_made_anew(file);
    }
}

static void open_folders(void **state)
{
    (void)state;
    expect_same_answers();
    chmod(cache, 0777);
    assert_false(is_used());
    expect_same_answers();
    assert_false(is_used()); /* nothing is written there either */
    chmod(cache, 0700);
    assert_true(is_used());
}

static void damaged_files(void **state)
{
    (void)state;
    char file[1024];
    size_t len = 0;
    struct random random = {20261122};
    expect_same_answers();
    find_file(file);
    char *good = read_file(file, &len);
    char *bad = malloc(len + 1);
    assert_non_null(bad);
    for (int i = 0; i < 400; i++) {
        size_t at = i < 80 ? (size_t)i : random_below(&random, len); /* each byte of the head */
        memcpy(bad, good, len + 1);
        bad[at] = (char)(bad[at] ^ (1 << random_below(&random, 8)));
        size_t left = i % 4 ? len : random_below(&random, len); /* or cut */
        unlink(file);
        write_file(file, i % 4 ? bad : good, left);
        chmod(file, 0600);
        assert_false(is_used());
    }
    refused_and_made_anew(file);
    free(good);
    free(bad);
}

/* ---------------------------------------------------------------------------------------------- no writing ---- */

static void in_the_way(void **state)
{
    (void)state;
    char file[1024];
    expect_same_answers();
    find_file(file);
    unlink(file);
    mkdir(file, 0700); /* cannot be replaced by a file */
    expect_same_answers();
    find_file(file);
    rmdir(file);
    rmdir(cache);
    write_text(cache, "no folder");
    expect_same_answers();
    unlink(cache);
}

static void full_disk(void **state)
{
    (void)state;
    char file[1024];
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    signal(SIGXFSZ, SIG_IGN);
    limit.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_same_answers();
    find_file(file);
    assert_string_equal(file, ""); /* not even a part */
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
}

static void starting_at_once(void **state)
{
    (void)state;
    enum { PROCESSES = 6 };
    pid_t pids[PROCESSES];
    char *wanted = kept_answers(pack, NULL);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            char *got = kept_answers(pack, &kept);
            _exit(strcmp(got, wanted) != 0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    free(wanted);
    assert_true(is_used());
}

/* -------------------------------------------------------------------------------------------------- images ---- */

struct shelf {
    const char *label;
    const char *same;
    const char *none;
    unsigned *books;
    size_t n_books;
};

static void *copy_shelf(struct image *image, void *user)
{
    struct shelf *copy = image_copy(image, user, sizeof(*copy));
    copy->label = image_text(image, copy->label);
    copy->same = image_text(image, copy->same);
    copy->none = image_text(image, copy->none);
    copy->books = image_copy(image, copy->books, copy->n_books * sizeof(*copy->books));
    return copy;
}

static void images_hold_copies(void **state)
{
    (void)state;
    enum { MANY = IMAGE_SLOTS + 2 };
    unsigned books[] = {1, 2, 3};
    char label[] = "a label";
    char same[] = "a label";
    struct shelf shelf = {label, same, NULL, books, 3};
    struct image *images[MANY] = {NULL};
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(image_new(&images[i]), FAQD_OK);
        books[0] = (unsigned)i;
        assert_int_equal(image_fill(images[i], copy_shelf, &shelf), FAQD_OK);
    }
    assert_ptr_equal(shelf.books, books); /* measuring changes nothing */
    assert_ptr_equal(shelf.label, label);
    label[0] = 'x';
    for (int i = 0; i < MANY; i++) {
        const struct shelf *copy = image_root(images[i]);
        assert_string_equal(copy->label, "a label");
        assert_ptr_equal(copy->label, copy->same);
        assert_null(copy->none);
        assert_int_equal(copy->books[0], i);
        assert_int_equal(copy->books[2], 3);
        for (int j = 0; j < i; j++)
            assert_true(image_slot(images[i]) < 0 || image_slot(images[i]) != image_slot(images[j]));
    }
    assert_int_equal(image_slot(images[MANY - 1]), -1); /* no slot is left: it lies elsewhere, and is not kept */
    assert_int_equal(cache_save(&kept, pack, &(struct cache_key){{1, 2}}, images[MANY - 1]), FAQD_DECLINED);
    for (int i = 0; i < MANY; i++)
        image_free(images[i]);
    image_free(NULL);
    struct image *again = NULL;
    assert_int_equal(image_new(&again), FAQD_OK);
    assert_int_equal(image_slot(again), 0); /* given back */
    image_free(again);
}

/* ------------------------------------------------------------------------------------------------- reloads ---- */

static void reloads_do_not_disturb(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(host_start(&host, plugins_folder(), &kept, pack, &err), FAQD_OK);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (int i = 0; i < 2 * IMAGE_SLOTS + 4; i++) { /* more than there are slots: they are given back */
        kept_make(pack, i % 2 ? "\"version\": \"1\"" : "\"version\": \"2\"");
        struct faqd_answer_view view = ask_text(&host, worker, "c'est quoi le compost ?");
        assert_string_equal(first_intent(&view), "definition");
        assert_int_equal(host_reload(&host, 0, &err), FAQD_OK);
        view = ask_text(&host, worker, "c'est quoi le compost ?");
        assert_string_equal(first_intent(&view), "definition");
    }
    host.api.worker_free(worker);
    host_end(&host);
}

/* ------------------------------------------------------------------------------------------------- no memory ---- */

static struct plugins plugins; /* opened before: what the system's linker takes is not ours */

static void load(void)
{
    kept_load(pack, &kept, &plugins, &host.api);
}

static void load_anew(void)
{
    char file[1024];
    find_file(file);
    unlink(file);
    load();
}

static void without_memory(void **state)
{
    (void)state;
    struct err err = {0};
    start_host(&host, SMALL_PACK);
    assert_int_equal(open_plugins(plugins_folder(), &plugins, &err), FAQD_OK);
    torture("load from a cache", load);
    assert_true(is_used());
    torture("load into a cache", load_anew);
    assert_true(is_used());
    plugins_free(&plugins);
    host_end(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(mapped_answers_as_read, fresh),
        cmocka_unit_test_setup(images_are_the_same_each_time, fresh),
        cmocka_unit_test_setup(any_change_of_the_pack_counts, fresh),
        cmocka_unit_test_setup(other_content_is_not_mixed, fresh),
        cmocka_unit_test_setup(links_and_open_files, fresh),
        cmocka_unit_test_setup(open_folders, fresh),
        cmocka_unit_test_setup(damaged_files, fresh),
        cmocka_unit_test_setup(in_the_way, fresh),
        cmocka_unit_test_setup(full_disk, fresh),
        cmocka_unit_test_setup(starting_at_once, fresh),
        cmocka_unit_test_setup(images_hold_copies, fresh),
        cmocka_unit_test_setup(reloads_do_not_disturb, fresh),
        cmocka_unit_test_setup(without_memory, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
