/* SPDX-License-Identifier: MIT
 *
 * test_prebuilt.c - images that come with the program: the first start maps one and writes nothing, wherever the pack
 * lies; one that does not fit or cannot be trusted is left alone, and the cache of the user's own takes its place. And
 * what nobody uses any more goes from there.
 */
#include "kept_pack.h"

#include "cache.h"
#include "failing_malloc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char pack[512], own[512], ready[512], file[1024];
static const struct cache both = {own, ready};
static const struct cache prebuilt_only = {NULL, ready};

static struct plugins plugins;
static struct host host; /* for its table; it has a slot, too */

/* Load the pack from its files and write its image. */
static int prebuild(const char *dir)
{
    static const struct cache none = {NULL, NULL};
    struct err err = {0};
    struct snapshot *snapshot = NULL;
    int rc = snapshot_load(dir, &none, &plugins, &host.api, &err, &snapshot);
    if (rc == FAQD_OK && snapshot->has_key) /* without memory there may be none */
        rc = cache_prebuild(ready, dir, &snapshot->key, snapshot->image, &err);
    assert_int_equal(err.code, rc);
    snapshot_free(snapshot);
    return rc;
}

static int fresh(void **state)
{
    static int turn;
    (void)state;
    turn++;
    umask(022);
    mkdir(temp_path("turn%d", turn), 0755);
    snprintf(pack, sizeof(pack), "%s", temp_path("turn%d/pack", turn));
    snprintf(own, sizeof(own), "%s", temp_path("turn%d/own", turn));
    snprintf(ready, sizeof(ready), "%s", temp_path("turn%d/lib/images", turn));
    kept_make(pack, "\"version\": \"1\"");
    assert_int_equal(prebuild(pack), FAQD_OK);
    snprintf(file, sizeof(file), "%s/pack.image", ready);
    return 0;
}

static void expect_own(int wanted)
{
    char found[1024];
    kept_find(own, found);
    assert_int_equal(found[0] != '\0', wanted);
}

/* --------------------------------------------------------------------------------------------------- use ---- */

static void the_first_start_maps_it(void **state)
{
    (void)state;
    struct stat st;
    char found[1024];
    kept_find(ready, found);
    assert_string_equal(found, file);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0444);
    assert_int_equal(stat(ready, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_true(kept_is_used(pack, &both));
    kept_expect_same_answers(pack, &both);
    kept_expect_same_answers(pack, &prebuilt_only);
    assert_int_equal(access(own, F_OK), -1); /* nothing is kept, not even a folder made */
}

static void packs_may_move(void **state)
{
    (void)state;
    size_t len = 0;
    char elsewhere[600];
    char *bytes = read_file(file, &len);
    assert_null(memmem(bytes, len, pack, strlen(pack)));
    snprintf(elsewhere, sizeof(elsewhere), "%s", temp_path("elsewhere"));
    mkdir(elsewhere, 0755);
    snprintf(elsewhere, sizeof(elsewhere), "%s", temp_path("elsewhere/pack"));
    copy_folder(pack, elsewhere);
    assert_true(kept_is_used(elsewhere, &both));
    kept_expect_same_answers(elsewhere, &both);
    unlink(file);
    assert_int_equal(prebuild(elsewhere), FAQD_OK); /* the same bytes from there */
    size_t len2 = 0;
    char *bytes2 = read_file(file, &len2);
    assert_int_equal(len, len2);
    assert_memory_equal(bytes, bytes2, len);
    free(bytes);
    free(bytes2);
}

/* Packs that were loaded together have slots of their own, and are mapped in any order, one after the other. */
static void several_in_any_order(void **state)
{
    (void)state;
    struct image *images[3] = {NULL};
    struct cache_key key;
    char second[600];
    snprintf(second, sizeof(second), "%s2", pack);
    copy_folder(pack, second);
    assert_int_equal(image_new(&images[0]), FAQD_OK); /* as if the first were loaded */
    assert_int_equal(prebuild(second), FAQD_OK);
    image_free(images[0]);
    assert_int_equal(cache_key(pack, &key), FAQD_OK);
    for (int order = 0; order < 2; order++) {
        const char *const dirs[] = {order ? second : pack, order ? pack : second, pack};
        for (int i = 0; i < 3; i++) {
            assert_int_equal(image_new(&images[i]), FAQD_OK);
            int rc = cache_open(&both, dirs[i], &key, images[i]);
            assert_int_equal(rc, i < 2 ? FAQD_OK : FAQD_DECLINED); /* its slot is taken, as when it is loaded again */
        }
        assert_int_equal(image_slot(images[2]), 3);
        for (int i = 0; i < 3; i++)
            image_free(images[i]);
    }
}

static void slots_are_left_as_they_were(void **state)
{
    (void)state;
    struct image *first, *second;
    assert_int_equal(image_new(&first), FAQD_OK);
    assert_int_equal(image_new(&second), FAQD_OK);
    int slots[] = {image_slot(first), image_slot(second)};
    uint64_t base = image_base(second);
    assert_int_equal(image_move(first, base), FAQD_DECLINED);
    assert_int_equal(image_move(first, base + 4096), FAQD_EINVAL);
    assert_int_equal(image_move(first, 0), FAQD_EINVAL);
    assert_int_equal(image_move(first, base << 1), FAQD_EINVAL);
    assert_int_equal(image_slot(first), slots[0]);
    image_free(second);
    assert_int_equal(image_move(first, base), FAQD_OK);
    assert_int_equal(image_slot(first), slots[1]);
    image_drop(first);
    assert_int_equal(image_slot(first), slots[0]); /* as a new one */
    image_free(first);
}

static void edited_packs_are_read(void **state)
{
    (void)state;
    ino_t before = kept_inode(file);
    kept_make(pack, "\"version\": \"2\"");
    assert_false(kept_is_used(pack, &both));
    kept_expect_same_answers(pack, &both);
    expect_own(1);
    assert_true(kept_is_used(pack, &both));
    assert_int_equal(kept_inode(file), before);
    kept_make(pack, "\"version\": \"1\"");
    assert_true(kept_is_used(pack, &both)); /* the other one is passed over */
    kept_expect_same_answers(pack, &both);
}

/* ----------------------------------------------------------------------------------------------- distrust ---- */

/* It is not used and not touched; the user's own cache takes its place. */
static void refused(void)
{
    char found[1024];
    struct stat before, after;
    assert_int_equal(lstat(file, &before), 0);
    assert_false(kept_is_used(pack, &both));
    kept_expect_same_answers(pack, &both);
    assert_true(kept_is_used(pack, &both));
    assert_int_equal(lstat(file, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(before.st_mode, after.st_mode);
    kept_find(own, found);
    assert_int_equal(unlink(found), 0);
}

static void links_and_open_files(void **state)
{
    (void)state;
    char aside[1100];
    snprintf(aside, sizeof(aside), "%s.aside", own);
    chmod(file, 0666);
    refused();
    chmod(file, 0464);
    refused();
    chmod(file, 0444);
    chmod(ready, 0775);
    refused();
    chmod(ready, 0757);
    refused();
    chmod(ready, 0755);
    assert_true(kept_is_used(pack, &both));
    if (geteuid() == 0) {
        assert_int_equal(chown(file, 65534, 65534), 0);
        refused();
        assert_int_equal(chown(file, 0, 0), 0);
        assert_int_equal(chown(ready, 65534, 65534), 0);
        refused();
        assert_int_equal(chown(ready, 0, 0), 0);
    }
    assert_int_equal(link(file, aside), 0);
    refused();
    unlink(file);
    assert_int_equal(symlink(aside, file), 0);
    refused();
    unlink(file);
    assert_int_equal(mkfifo(file, 0444), 0);
    refused();
    unlink(file);
    assert_int_equal(mkdir(file, 0755), 0);
    refused();
    rmdir(file);
    assert_int_equal(rename(aside, file), 0);
    assert_true(kept_is_used(pack, &both));
}

static void damaged_files(void **state)
{
    (void)state;
    size_t len = 0;
    struct random random = {20261122};
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
        chmod(file, 0444);
        assert_false(kept_is_used(pack, &both));
    }
    refused();
    free(good);
    free(bad);
}

/* While the prebuilt one serves, nothing would replace an own one that is refused. */
static void a_bad_own_one_goes(void **state)
{
    (void)state;
    char found[1024];
    rename(file, temp_path("aside"));
    kept_expect_same_answers(pack, &both);
    rename(temp_path("aside"), file);
    kept_find(own, found);
    chmod(found, 0660);
    kept_expect_same_answers(pack, &both);
    expect_own(0);
    assert_int_equal(symlink("/etc/passwd", found), 0);
    kept_expect_same_answers(pack, &both);
    expect_own(0);
    assert_int_equal(symlink("/etc/passwd", found), 0);
    chmod(own, 0777); /* nothing is changed where others may */
    kept_expect_same_answers(pack, &both);
    expect_own(1);
    chmod(own, 0700);
}

/* ---------------------------------------------------------------------------------------------- no writing ---- */

static void full_disk(void **state)
{
    (void)state;
    char found[1024];
    struct rlimit limit;
    unlink(file);
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    signal(SIGXFSZ, SIG_IGN);
    limit.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(prebuild(pack), FAQD_EIO);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
    kept_find(ready, found);
    assert_string_equal(found, ""); /* not even a part */
}

static void in_the_way(void **state)
{
    (void)state;
    unlink(file);
    mkdir(file, 0755);
    assert_int_equal(prebuild(pack), FAQD_EIO);
    rmdir(file);
    chmod(ready, 0775);
    assert_int_equal(prebuild(pack), FAQD_EIO); /* nobody would use it there */
    rmdir(ready);
    write_text(ready, "no folder");
    assert_int_equal(prebuild(pack), FAQD_EIO);
    kept_expect_same_answers(pack, &both);
    unlink(ready);
}

/* ------------------------------------------------------------------------------------------------- old ones ---- */

#define DAY (24 * 60 * 60)

static void put_back(const char *path, time_t seconds)
{
    struct timespec then[2] = {{.tv_sec = time(NULL) - seconds}, {.tv_sec = time(NULL) - seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, then, AT_SYMLINK_NOFOLLOW), 0);
}

static time_t age(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return time(NULL) - st.st_mtime;
}

/* A file of the own folder, with these bytes and of this age. */
static const char *make_old(const char *name, const char *bytes, size_t len, time_t seconds)
{
    static char path[1024];
    snprintf(path, sizeof(path), "%s/%s", own, name);
    write_file(path, bytes, len);
    put_back(path, seconds);
    return path;
}

static int is_there(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", own, name);
    return access(path, F_OK) == 0;
}

static void what_is_not_used_goes(void **state)
{
    (void)state;
    const time_t old = CACHE_DAYS * DAY + 60;
    size_t len = 0;
    char *bytes = read_file(file, &len);
    assert_int_equal(mkdir(own, 0700), 0);
    make_old("gone-00000000-0.image", bytes, len, old);
    make_old("cut-00000000-0.image.Xy12ab", bytes, 4096, old);
    make_old("young-00000000-0.image", bytes, len, old - 120);
    make_old("later-00000000-0.image", bytes, len, -old); /* the clock was wrong */
    make_old("disk.image", "faqdisk", 7, old);
    make_old("empty.image", "", 0, old);
    make_old("notes", bytes, len, old);
    if (geteuid() == 0)
        assert_int_equal(chown(make_old("others.image", bytes, len, old), 65534, 65534), 0);
    kept_expect_same_answers(pack, &both);
    assert_true(is_there("gone-00000000-0.image")); /* nothing was written */
    kept_make(pack, "\"version\": \"2\"");
    kept_expect_same_answers(pack, &both);
    assert_false(is_there("gone-00000000-0.image"));
    assert_false(is_there("cut-00000000-0.image.Xy12ab"));
    assert_true(is_there("young-00000000-0.image"));
    assert_true(is_there("later-00000000-0.image"));
    assert_true(is_there("disk.image")); /* no image of ours */
    assert_true(is_there("empty.image"));
    assert_true(is_there("notes"));
    assert_true(geteuid() != 0 || is_there("others.image"));
    assert_true(kept_is_used(pack, &both));
    free(bytes);
}

static void use_is_noted_once_a_day(void **state)
{
    (void)state;
    char found[1024];
    unlink(file);
    kept_expect_same_answers(pack, &both);
    kept_find(own, found);
    put_back(found, 2 * DAY);
    assert_true(kept_is_used(pack, &both));
    assert_in_range(age(found), 0, 600);
    put_back(found, DAY / 2);
    assert_true(kept_is_used(pack, &both));
    assert_in_range(age(found), DAY / 2, DAY / 2 + 600);
    put_back(found, 2 * DAY);
    kept_make(pack, "\"version\": \"2\"");
    assert_false(kept_is_used(pack, &both));
    assert_in_range(age(found), 2 * DAY, 2 * DAY + 600); /* passed over: not used */
}

/* ------------------------------------------------------------------------------------------------- no memory ---- */

static void load(void)
{
    kept_load(pack, &both, &plugins, &host.api);
}

static void load_a_damaged_one(void)
{
    char found[1024];
    kept_find(own, found);
    unlink(found);
    load();
}

static void make(void)
{
    int rc = prebuild(pack);
    assert_true(rc == FAQD_OK || rc == FAQD_ENOMEM);
}

static void without_memory(void **state)
{
    (void)state;
    torture("load a prebuilt image", load);
    expect_own(0);
    torture("make a prebuilt image", make);
    assert_true(kept_is_used(pack, &both));
    size_t len = 0;
    char *bytes = read_file(file, &len);
    bytes[len - 2] ^= 1;
    unlink(file);
    write_file(file, bytes, len);
    free(bytes);
    torture("load instead of a damaged one", load_a_damaged_one);
    expect_own(1);
}

static int start(void **state)
{
    struct err err = {0};
    (void)state;
    start_host(&host, SMALL_PACK);
    return open_plugins(plugins_folder(), &plugins, &err);
}

static int end(void **state)
{
    (void)state;
    plugins_free(&plugins);
    host_end(&host);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_start_maps_it, fresh),
        cmocka_unit_test_setup(packs_may_move, fresh),
        cmocka_unit_test_setup(several_in_any_order, fresh),
        cmocka_unit_test_setup(slots_are_left_as_they_were, fresh),
        cmocka_unit_test_setup(edited_packs_are_read, fresh),
        cmocka_unit_test_setup(links_and_open_files, fresh),
        cmocka_unit_test_setup(damaged_files, fresh),
        cmocka_unit_test_setup(a_bad_own_one_goes, fresh),
        cmocka_unit_test_setup(full_disk, fresh),
        cmocka_unit_test_setup(in_the_way, fresh),
        cmocka_unit_test_setup(what_is_not_used_goes, fresh),
        cmocka_unit_test_setup(use_is_noted_once_a_day, fresh),
        cmocka_unit_test_setup(without_memory, fresh),
    };
    return cmocka_run_group_tests(tests, start, end);
}
