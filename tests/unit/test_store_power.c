/* SPDX-License-Identifier: MIT
 *
 * test_store_power.c - what a store has on the disk when the power fails: all that was committed before the last flush,
 * what was committed later or nothing of it, never a half; also when a sync failed in between, after which the kernel
 * counts as written what is not.
 *
 * The disk is played here: it has of each file what was written before a sync of it that worked.
 */
#include "support.h"

#include "entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK = 4096, BLOCKS = 4096, FILES = 2 };

static char folder[512];
static const char *const names[FILES] = {"s.sqlite", "s.sqlite-wal"};

static struct {
    char *bytes; /* on the disk */
    size_t len;
    char dirty[BLOCKS]; /* in memory only */
    long syncs;
} files[FILES];
static int fail_with; /* errno of each sync; 0: they work */
static int watching;

/* Which of the files is it? -1: none. */
static int file_of(int fd)
{
    char link[64], path[1024], wanted[1024];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = watching ? readlink(link, path, sizeof(path) - 1) : -1;
    path[n < 0 ? 0 : n] = '\0';
    for (int i = 0; i < FILES; i++) {
        snprintf(wanted, sizeof(wanted), "%s/%s", folder, names[i]);
        if (strcmp(path, wanted) == 0)
            return i;
    }
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    int file = file_of(fd);
    ssize_t n = syscall(SYS_pwrite64, fd, bytes, len, at);
    for (size_t b = (size_t)at / BLOCK; file >= 0 && n > 0 && b <= ((size_t)at + (size_t)n - 1) / BLOCK; b++) {
        assert_true(b < BLOCKS);
        files[file].dirty[b] = 1;
    }
    return n;
}

static void to_disk(int fd, int file)
{
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    size_t len = (size_t)st.st_size;
    files[file].bytes = realloc(files[file].bytes, len + BLOCK);
    for (size_t at = 0; at < len; at += BLOCK)
        if (files[file].dirty[at / BLOCK])
            assert_true(pread(fd, files[file].bytes + at, BLOCK, (off_t)at) > 0);
        else if (at >= files[file].len)
            memset(files[file].bytes + at, 0, BLOCK);
    files[file].len = len;
}

int fdatasync(int fd)
{
    int file = file_of(fd);
    if (file < 0)
        return (int)syscall(SYS_fdatasync, fd);
    files[file].syncs++;
    if (!fail_with)
        to_disk(fd, file);
    memset(files[file].dirty, 0, sizeof(files[file].dirty)); /* also after a failure */
    errno = fail_with;
    return fail_with ? -1 : 0;
}

static struct faqd_store *opened(void)
{
    struct err err = {0};
    struct faqd_store *store = NULL;
    if (entries_open(folder, "s", &err, &store) != FAQD_OK)
        fail_msg("%s", err.text);
    return store;
}

static int fresh(void **state)
{
    static int turn;
    (void)state;
    snprintf(folder, sizeof(folder), "%s", temp_path("power%d", turn++));
    mkdir(folder, 0700);
    for (int i = 0; i < FILES; i++) {
        free(files[i].bytes);
        memset(&files[i], 0, sizeof(files[i]));
    }
    fail_with = 0;
    watching = 1;
    return 0;
}

static int tidy(void **state)
{
    watching = 0;
    fail_with = 0;
    (void)state;
    return 0;
}

/* One commit: the number in two entries, and in a third one of many. */
static void commit(struct faqd_store *store, long n)
{
    char text[200], key[32];
    snprintf(text, sizeof(text), "%ld%100s", n, "");
    snprintf(key, sizeof(key), "some%ld", n % 97);
    assert_int_equal(entries_begin(store), FAQD_OK);
    assert_int_equal(entries_put(store, "k", "a", text, strlen(text), 0), FAQD_OK);
    assert_int_equal(entries_put(store, "k", key, text, strlen(text), n % 3 ? n : 0), FAQD_OK);
    assert_int_equal(entries_put(store, "k", "b", text, strlen(text), 0), FAQD_OK);
    assert_int_equal(entries_commit(store), FAQD_OK);
}

static long number_of(struct faqd_store *store, const char *key)
{
    const void *value = NULL;
    size_t len = 0;
    return entries_get(store, "k", key, &value, &len) == FAQD_OK ? strtol(value, NULL, 10) : 0;
}

/* The last commit that the disk has, read as after a failure of the power. */
static long on_the_disk(void)
{
    char path[1024], real[512];
    snprintf(real, sizeof(real), "%s", folder);
    watching = 0;
    snprintf(folder, sizeof(folder), "%s", temp_path("after"));
    mkdir(folder, 0700);
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
        if (files[i].len)
            write_file(path, files[i].bytes, files[i].len);
    }
    struct faqd_store *store = opened(); /* whole, says the check of opening */
    long a = number_of(store, "a");
    assert_int_equal(a, number_of(store, "b"));
    entries_close(store);
    snprintf(folder, sizeof(folder), "%s", real);
    watching = 1;
    return a;
}

static long syncs(void)
{
    return files[0].syncs + files[1].syncs;
}

static void a_flush_syncs_what_was_committed(void **state)
{
    (void)state;
    struct faqd_store *store = opened();
    commit(store, 1);
    assert_int_equal(entries_flush(store), FAQD_OK);
    assert_int_equal(on_the_disk(), 1);
    long before = syncs();
    assert_int_equal(entries_flush(store), FAQD_OK); /* nothing to do */
    assert_int_equal(syncs(), before);
    for (long n = 2; n <= 9; n++)
        commit(store, n);
    assert_int_equal(syncs(), before); /* a commit does not wait for the disk */
    assert_int_equal(on_the_disk(), 1);
    assert_int_equal(entries_flush(store), FAQD_OK); /* one for all of them */
    assert_int_equal(syncs(), before + 1);
    assert_int_equal(on_the_disk(), 9);
    assert_int_equal(entries_put(store, "k", "c", "1", 1, 0), FAQD_OK); /* a commit of its own */
    assert_int_equal(entries_flush(store), FAQD_OK);
    assert_int_equal(syncs(), before + 2);
    assert_int_equal(entries_begin(store), FAQD_OK);
    assert_int_equal(entries_flush(store), FAQD_EINVAL); /* within a transaction */
    entries_close(store);
    assert_int_equal(on_the_disk(), 9);
}

static void the_power_fails_at_any_time(void **state)
{
    (void)state;
    struct random random = {.state = 815};
    struct faqd_store *store = opened();
    long flushed = 0;
    long n = 0;
    int back = 0;
    int moved = 0;
    int rounds = 2000;
    commit(store, ++n);
    for (int i = 0; i < rounds; i++) {
        switch (random_below(&random, 8)) {
        case 0: {
            long before = files[0].syncs;
            assert_int_equal(entries_flush(store), FAQD_OK);
            flushed = n;
            moved += files[0].syncs > before; /* the log into the file */
            break;
        }
        case 1:
            if (random_below(&random, 20) == 0)
                assert_int_equal(entries_purge(store, n - 200), FAQD_OK); /* shrinks the log */
            break;
        default: commit(store, ++n);
        }
        if (!flushed || random_below(&random, 10))
            continue;
        long found = on_the_disk();
        assert_true(flushed <= found && found <= n);
        back += found < n;
    }
    assert_true(moved > 3);
    assert_true(back > 10); /* what was not flushed was lost indeed */
    entries_close(store);
}

/* What the program says on stderr while `work` runs, which the caller frees. */
static char *said_by(void (*work)(void *user), void *user)
{
    char path[512];
    snprintf(path, sizeof(path), "%s", temp_path("said"));
    int kept = dup(2);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    size_t len = 0;
    assert_true(kept >= 0 && fd >= 0 && dup2(fd, 2) == 2);
    work(user);
    dup2(kept, 2);
    close(kept);
    close(fd);
    return read_file(path, &len);
}

static void fail_and_heal(void *user)
{
    struct faqd_store *store = user;
    commit(store, 2);
    fail_with = EIO;
    assert_int_equal(entries_flush(store), FAQD_EIO);
    commit(store, 3); /* work goes on */
    fail_with = ENOSPC;
    assert_int_equal(entries_flush(store), FAQD_EIO); /* again and again, without a commit, too */
    assert_int_equal(entries_flush(store), FAQD_EIO);
    assert_int_equal(entries_purge(store, 0), FAQD_EIO);
    assert_int_equal(number_of(store, "b"), 3);
    assert_int_equal(on_the_disk(), 1);
    fail_with = 0;
    assert_int_equal(entries_flush(store), FAQD_OK);
    assert_int_equal(on_the_disk(), 3); /* also what the kernel took for written after the first failure */
    commit(store, 4);
    assert_int_equal(entries_flush(store), FAQD_OK);
}

static void fail_now_and_then(void *user)
{
    struct faqd_store *store = user;
    for (long n = 5; n < 200; n++) {
        commit(store, n);
        fail_with = n % 5 == 0 ? EIO : 0;
        assert_int_equal(entries_flush(store), fail_with ? FAQD_EIO : FAQD_OK);
        assert_int_equal(on_the_disk(), fail_with ? n - 1 : n);
    }
}

static int times(const char *text, const char *word)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

static void a_sync_that_failed(void **state)
{
    (void)state;
    struct faqd_store *store = opened();
    commit(store, 1);
    assert_int_equal(entries_flush(store), FAQD_OK);
    char *said = said_by(fail_and_heal, store);
    assert_int_equal(times(said, "store_failed"), 1);
    assert_int_equal(times(said, "store_healed"), 1);
    free(said);
    assert_int_equal(on_the_disk(), 4);
    long before = files[0].syncs;
    free(said_by(fail_now_and_then, store));
    assert_true(files[0].syncs > before); /* a long log was moved, too */
    fail_with = 0;
    entries_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flush_syncs_what_was_committed, fresh, tidy),
        cmocka_unit_test_setup_teardown(the_power_fails_at_any_time, fresh, tidy),
        cmocka_unit_test_setup_teardown(a_sync_that_failed, fresh, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
