/* SPDX-License-Identifier: MIT
 *
 * test_store_faults.c - stores and statistics when things break: no memory, a full disk, a read-only folder, kill -9 at
 * any time, damaged files. What was committed is there, nothing else is, and it heals without a restart.
 */
#include "support.h"

#include "entries.h"
#include "failing_malloc.h"
#include "statistics.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[512];

static int fresh(void **state)
{
    static int turn;
    (void)state;
    snprintf(folder, sizeof(folder), "%s", temp_path("faults%d", turn++));
    mkdir(folder, 0700);
    return 0;
}

static void path_of(const char *file, char out[1024])
{
    snprintf(out, 1024, "%s/%s", folder, file);
}

static int sum_up(void *user, const char *key, const void *value, size_t len)
{
    (void)key;
    (void)len;
    *(long *)user += strtol(value, NULL, 10);
    return 0;
}

/* ------------------------------------------------------------------------------------------------ memory ---- */

static void use_entries(void)
{
    struct err err = {0};
    struct faqd_store *s = NULL;
    const void *value = NULL;
    size_t len = 0;
    long sum = 0;
    int rc = entries_open(folder, "s", &err, &s);
    if (rc != FAQD_OK) {
        if (rc != FAQD_ENOMEM || !atomic_load(&failing.failed))
            fail_msg("open: %d %s", rc, err.text);
        return;
    }
    rc = entries_begin(s);
    int first = rc == FAQD_OK ? entries_put(s, "k", "a", "1", 1, 0) : rc;
    int second = rc == FAQD_OK ? entries_put(s, "k", "b", "1", 1, 9) : rc; /* also after the first has failed */
    if (first == FAQD_OK && second == FAQD_OK)
        rc = entries_commit(s);
    else
        entries_rollback(s);
    entries_get(s, "k", "a", &value, &len);
    entries_each(s, "k", sum_up, &sum);
    assert_true(sum == 0 || sum == 2 || atomic_load(&failing.failed));
    entries_purge(s, 10);
    entries_delete(s, "k", "a");
    entries_close(s);
}

static void entries_without_memory(void **state)
{
    (void)state;
    torture("entries", use_entries);
}

static int64_t now(void)
{
    return (int64_t)time(NULL);
}

static void use_statistics(void)
{
    struct statistics *s = NULL;
    struct statistics_settings settings = {folder, 400, 1, 30};
    if (statistics_new(&s) != FAQD_OK)
        return;
    statistics_configure(s, &settings);
    struct statistics_counter *c = statistics_join(s);
    if (c) {
        statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
        statistics_miss(c, "fr", FAQD_UNKNOWN, "small", "le pain", 7);
        statistics_vote(s, "web", "fr", "small/what", 1, 1);
        if (statistics_flush(s, now()) != FAQD_OK)
            assert_true(atomic_load(&failing.failed) > 0);
        statistics_leave(s, c);
    }
    statistics_free(s);
}

static void statistics_without_memory(void **state)
{
    (void)state;
    torture("statistics", use_statistics);
}

/* -------------------------------------------------------------------------------------------------- disk ---- */

/* Run in a child, whose rights and limits may change; its exit status, 77: cannot be done here. */
static int in_child(int (*work)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(work());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

/* Fill the disk with transactions of two entries until one fails: it is not there by half; then make room. */
static int fill_up(void (*make_room)(void))
{
    static char big[20000];
    struct faqd_store *s = NULL;
    char key[40];
    int rc = FAQD_OK;
    int n = 0;
    long sum = 0, before = 0;
    memset(big, ' ', sizeof(big));
    big[0] = '1';
    CHECK(entries_open(folder, "s", NULL, &s) == FAQD_OK);
    for (; n < 2000 && rc == FAQD_OK; n++) {
        CHECK(entries_begin(s) == FAQD_OK);
        for (int half = 0; half < 2; half++) {
            snprintf(key, sizeof(key), "%d.%d", n, half);
            int put = entries_put(s, "k", key, big, sizeof(big), 0);
            rc = rc == FAQD_OK ? put : rc;
            CHECK(rc == FAQD_OK || put == rc); /* nothing goes through after an error */
        }
        if (rc == FAQD_OK)
            rc = entries_commit(s);
        else
            CHECK(entries_commit(s) == rc);
    }
    CHECK(rc == FAQD_EIO && n > 5);
    CHECK(entries_each(s, "k", sum_up, &before) == FAQD_OK); /* reading goes on */
    entries_close(s);
    CHECK(entries_open(folder, "s", NULL, &s) == FAQD_OK); /* so does a start */
    CHECK(before == 2 * (n - 1));
    make_room();
    CHECK(entries_put(s, "k", "more", big, sizeof(big), 0) == FAQD_OK); /* without a restart */
    entries_close(s);
    CHECK(entries_open(folder, "s", NULL, &s) == FAQD_OK); /* whole, says the check of opening */
    CHECK(entries_each(s, "k", sum_up, &sum) == FAQD_OK);
    CHECK(sum == before + 1);
    entries_close(s);
    return 0;
}

static void lift_limit(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static int file_too_large(void)
{
    struct rlimit limit = {1024 * 1024, RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1024 * 1024;
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    return fill_up(lift_limit);
}

static int mount_small(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", folder, "tmpfs", 0, "size=1m,mode=0700") == 0;
}

static void remove_ballast(void)
{
    char path[1024];
    path_of("ballast", path);
    unlink(path);
}

static int disk_full(void)
{
    char path[1024];
    static char bytes[400 * 1024];
    if (!mount_small())
        return 77;
    path_of("ballast", path);
    write_file(path, bytes, sizeof(bytes));
    return fill_up(remove_ballast);
}

static int statistics_on_a_full_disk(void)
{
    char path[1024];
    static char bytes[4096];
    if (!mount_small())
        return 77;
    path_of("ballast", path);
    FILE *ballast = fopen(path, "w");
    while (ballast && fwrite(bytes, 1, sizeof(bytes), ballast) == sizeof(bytes) && fflush(ballast) == 0)
        ;
    if (ballast)
        fclose(ballast);
    struct statistics *s = NULL;
    struct statistics_settings settings = {folder, 400, 0, 30};
    CHECK(statistics_new(&s) == FAQD_OK);
    statistics_configure(s, &settings);
    struct statistics_counter *c = statistics_join(s);
    for (int i = 0; i < 3; i++) {
        statistics_count(c, "web", "fr", FAQD_ANSWER, "small/what");
        CHECK(statistics_flush(s, now()) != FAQD_OK);
    }
    remove_ballast();
    CHECK(statistics_flush(s, now() + 61) == FAQD_OK); /* opening is tried again once a minute */
    statistics_leave(s, c);
    statistics_free(s);
    path_of("counters.sqlite", path);
    CHECK(access(path, R_OK) == 0);
    return 0;
}

static void full_disks(void **state)
{
    (void)state;
    assert_int_equal(in_child(file_too_large), 0);
    fresh(NULL);
    int status = in_child(disk_full);
    if (status == 77)
        print_message("no right to mount a file system of 1 MiB: the limit on a file's size must do\n");
    else
        assert_int_equal(status, 0);
    status = in_child(statistics_on_a_full_disk);
    assert_true(status == 0 || status == 77);
}

/* Let others through the folders of the tests, down to this one. */
static void open_the_way(void)
{
    char path[512];
    struct stat st;
    snprintf(path, sizeof(path), "%s", temp_dir());
    for (char *slash = NULL; strstr(path, "faqd-"); *slash = '\0') {
        if (stat(path, &st) == 0)
            chmod(path, st.st_mode | 0011);
        slash = strrchr(path, '/');
    }
}

static int read_only(void)
{
    struct err err = {0};
    struct faqd_store *s = NULL;
    char path[1024];
    path_of("s.sqlite", path);
    CHECK(entries_open(folder, "s", NULL, &s) == FAQD_OK);
    CHECK(entries_put(s, "k", "a", "1", 1, 0) == FAQD_OK);
    entries_close(s);
    if (geteuid() == 0) {
        open_the_way();
        CHECK(chown(folder, 65534, 65534) == 0);
        CHECK(setgid(65534) == 0 && setuid(65534) == 0);
    }
    chmod(folder, 0500); /* a file of somebody else that cannot be written, in a folder that cannot either */
    CHECK(entries_open(folder, "s", &err, &s) == FAQD_EIO && err.text[0]);
    err = (struct err){0};
    CHECK(entries_open(folder, "new", &err, &s) == FAQD_EIO);
    CHECK(strstr(err.text, "cannot make it: Permission denied"));
    chmod(folder, 0700);
    CHECK(entries_open(folder, "new", NULL, &s) == FAQD_OK);
    entries_close(s);
    return 0;
}

static void read_only_folders(void **state)
{
    (void)state;
    assert_int_equal(in_child(read_only), 0);
}

/* --------------------------------------------------------------------------------------------- kill -9 ---- */

/* Commit numbers for ever: one in three entries at once, told to the parent once it is on the disk. */
static void commit_for_ever(int to, long n)
{
    struct faqd_store *s = NULL;
    if (entries_open(folder, "s", NULL, &s) != FAQD_OK)
        _exit(1);
    for (;; n++) {
        char text[32], key[32];
        int len = snprintf(text, sizeof(text), "%ld", n);
        snprintf(key, sizeof(key), "old%ld", n % 50);
        int bad = entries_begin(s);
        bad |= entries_put(s, "k", "a", text, (size_t)len, 0);
        bad |= entries_put(s, "k", key, text, (size_t)len, n);
        bad |= entries_put(s, "k", "b", text, (size_t)len, 0);
        bad |= entries_commit(s);
        if (bad || write(to, &n, sizeof(n)) != sizeof(n))
            _exit(1);
        if (n % 64 == 0 && entries_purge(s, n - 30) != FAQD_OK)
            _exit(1);
    }
}

static long number_of(struct faqd_store *s, const char *key)
{
    const void *value = NULL;
    size_t len = 0;
    return entries_get(s, "k", key, &value, &len) == FAQD_OK ? strtol(value, NULL, 10) : -1;
}

static void killed_at_any_time(void **state)
{
    (void)state;
    struct random random = {.state = 4711};
    long told = 0;
    int kills = sanitized() ? 20 : 80;
    for (int i = 0; i < kills; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0) {
            close(ends[0]);
            commit_for_ever(ends[1], told + 1);
        }
        close(ends[1]);
        long n = 0;
        assert_int_equal(read(ends[0], &n, sizeof(n)), sizeof(n)); /* it is at work */
        told = n;
        struct timespec nap = {.tv_nsec = (long)random_below(&random, 15000000)};
        nanosleep(&nap, NULL);
        kill(pid, SIGKILL);
        while (read(ends[0], &n, sizeof(n)) == sizeof(n))
            told = n;
        close(ends[0]);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        struct faqd_store *s = NULL;
        struct err err = {0};
        if (entries_open(folder, "s", &err, &s) != FAQD_OK) /* whole, and nobody holds it any more */
            fail_msg("after %d kills: %s", i + 1, err.text);
        long a = number_of(s, "a");
        assert_int_equal(a, number_of(s, "b"));
        assert_true(a == told || a == told + 1); /* committed, but the telling was cut off */
        entries_close(s);
        told = a;
    }
    assert_true(told >= kills); /* each was at work */
}

/* ---------------------------------------------------------------------------------------------- damage ---- */

static void make_good(void)
{
    struct faqd_store *s = NULL;
    char key[32];
    assert_int_equal(entries_open(folder, "s", NULL, &s), FAQD_OK);
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof(key), "key number %d", i);
        assert_int_equal(entries_put(s, i % 3 ? "k" : "other", key, "1 some value of a few bytes", 27, i), FAQD_OK);
    }
    entries_close(s);
}

/* Open what may be damaged, and use it: an error that says so, or results; never a crash. 1: it was refused. */
static int try_damaged(void)
{
    struct err err = {0};
    struct faqd_store *s = NULL;
    char line[ERR_LINE_MAX];
    long sum = 0;
    int rc = entries_open(folder, "s", &err, &s);
    err_line(&err, line, sizeof(line));
    if (rc != FAQD_OK) {
        if (!strstr(line, "s.sqlite: ") || !(rc == FAQD_EIO || rc == FAQD_EINVAL))
            fail_msg("%d %s", rc, line);
        assert_null(s);
        return 1;
    }
    rc = entries_each(s, "k", sum_up, &sum);
    assert_true(rc == FAQD_OK || rc == FAQD_EIO);
    rc = entries_put(s, "k", "one more", "1", 1, 0);
    assert_true(rc == FAQD_OK || rc == FAQD_EIO);
    rc = entries_purge(s, 150);
    assert_true(rc == FAQD_OK || rc == FAQD_EIO);
    entries_close(s);
    return 0;
}

static void damaged_files(void **state)
{
    (void)state;
    struct random random = {.state = 99};
    char path[1024], wal[1024];
    size_t len = 0;
    int refused = 0;
    make_good();
    path_of("s.sqlite", path);
    path_of("s.sqlite-wal", wal);
    char *good = read_file(path, &len);
    char *bad = malloc(len);
    assert_true(len > 30000);
    int rounds = sanitized() ? 60 : 300;
    for (int i = 0; i < rounds; i++) {
        memcpy(bad, good, len);
        size_t page = random_below(&random, len / 4096) * 4096;
        size_t n = i % 3 == 0 ? 4096 : 1 + random_below(&random, 40);
        size_t at = i % 3 == 0 ? page : page + random_below(&random, 200);
        for (size_t b = 0; b < n && at + b < len; b++)
            bad[at + b] = i % 2 ? (char)random_next(&random) : 0;
        unlink(wal);
        write_file(path, bad, len);
        refused += try_damaged();
    }
    assert_true(refused > rounds / 3);
    for (size_t cut = 1; cut < len; cut += 3001) { /* cut off anywhere */
        unlink(wal);
        write_file(path, good, cut);
        try_damaged();
    }
    struct err err = {0};
    struct faqd_store *s = NULL;
    unlink(wal);
    write_text(
        path, "This is not a database, but a text that is long enough to look at, a hundred bytes or so, says SQLite.");
    assert_int_equal(entries_open(folder, "s", &err, &s), FAQD_EIO);
    assert_non_null(
        strstr(err.text, "the file is damaged (file is not a database): move it away together with its -wal"));
    write_file(path, good, len); /* a backup put in its place */
    assert_int_equal(try_damaged(), 0);
    free(good);
    free(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(entries_without_memory, fresh),
        cmocka_unit_test_setup(statistics_without_memory, fresh),
        cmocka_unit_test_setup(full_disks, fresh),
        cmocka_unit_test_setup(read_only_folders, fresh),
        cmocka_unit_test_setup(killed_at_any_time, fresh),
        cmocka_unit_test_setup(damaged_files, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
