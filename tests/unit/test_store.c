/* SPDX-License-Identifier: MIT
 *
 * test_store.c - what a connector puts into its store is there again, in order, also after a rollback and a new start;
 * one process at a time; files of others, of newer versions and damaged ones are refused with the way out.
 */
#include "support.h"

#include "entries.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[512];
static char listed[4096];

static int fresh(void **state)
{
    static int turn;
    (void)state;
    snprintf(folder, sizeof(folder), "%s", temp_path("below/state%d", turn++));
    return 0;
}

static struct faqd_store *opened(const char *name)
{
    struct err err = {0};
    struct faqd_store *store = NULL;
    char line[ERR_LINE_MAX];
    if (entries_open(folder, name, &err, &store) != FAQD_OK)
        fail_msg("%s", err_line(&err, line, sizeof(line)));
    return store;
}

static int list(void *user, const char *key, const void *value, size_t len)
{
    size_t at = strlen(listed);
    assert_int_equal(((const char *)value)[len], '\0');
    snprintf(listed + at, sizeof(listed) - at, "%s=%.*s ", key, (int)len, (const char *)value);
    return user && strcmp(user, key) == 0 ? 42 : 0;
}

static const char *all_of(struct faqd_store *store, const char *kind)
{
    listed[0] = '\0';
    assert_int_equal(entries_each(store, kind, list, NULL), FAQD_OK);
    return listed;
}

static int put(struct faqd_store *store, const char *kind, const char *key, const char *value)
{
    return entries_put(store, kind, key, value, strlen(value), 0);
}

static void has_value(struct faqd_store *store, const char *kind, const char *key, const char *expected)
{
    const void *value = NULL;
    size_t len = 99;
    int rc = entries_get(store, kind, key, &value, &len);
    assert_int_equal(rc, expected ? FAQD_OK : FAQD_DECLINED);
    if (!expected) {
        assert_null(value);
        return;
    }
    assert_string_equal(value, expected);
    assert_int_equal(len, strlen(expected));
}

static void entries_keep_their_place(void **state)
{
    (void)state;
    struct faqd_store *store = opened("matrix");
    assert_int_equal(put(store, "out", "b", "1"), FAQD_OK);
    assert_int_equal(put(store, "seen", "x", "other kind"), FAQD_OK);
    assert_int_equal(put(store, "out", "a", "2"), FAQD_OK);
    assert_int_equal(put(store, "out", "c", ""), FAQD_OK);
    assert_int_equal(put(store, "out", "b", "one"), FAQD_OK); /* replaced, same place */
    assert_string_equal(all_of(store, "out"), "b=one a=2 c= ");
    listed[0] = '\0';
    assert_int_equal(entries_each(store, "out", list, (void *)"a"), 42); /* stopped by the caller */
    assert_string_equal(listed, "b=one a=2 ");
    assert_int_equal(entries_delete(store, "out", "b"), FAQD_OK);
    assert_int_equal(entries_delete(store, "out", "b"), FAQD_DECLINED);
    assert_int_equal(put(store, "out", "b", "last"), FAQD_OK);
    entries_close(store);
    store = opened("matrix"); /* another start */
    assert_string_equal(all_of(store, "out"), "a=2 c= b=last ");
    assert_string_equal(all_of(store, "none"), "");
    has_value(store, "out", "a", "2");
    has_value(store, "out", "c", "");
    has_value(store, "seen", "a", NULL);
    entries_close(store);
    entries_close(NULL);
}

static void any_bytes_are_kept(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    const void *value = NULL;
    size_t len = 0;
    size_t big = (size_t)3 * 1024 * 1024;
    char *bytes = malloc(big);
    for (size_t i = 0; i < big; i++)
        bytes[i] = (char)(i * 7);
    assert_int_equal(entries_put(store, "k\xff", "\xc3\x28 '\";--", bytes, big, 0), FAQD_OK);
    assert_int_equal(entries_get(store, "k\xff", "\xc3\x28 '\";--", &value, &len), FAQD_OK);
    assert_int_equal(len, big);
    assert_memory_equal(value, bytes, big);
    assert_int_equal(entries_put(store, "k", "zero", "a\0b", 3, 0), FAQD_OK);
    assert_int_equal(entries_put(store, "k", "", NULL, 0, 0), FAQD_OK);
    assert_int_equal(entries_get(store, "k", "zero", &value, &len), FAQD_OK);
    assert_int_equal(len, 3);
    assert_memory_equal(value, "a\0b", 4);
    assert_int_equal(entries_get(store, "k", "", &value, &len), FAQD_OK);
    assert_int_equal(len, 0);
    free(bytes);
    entries_close(store);
}

static void a_transaction_is_whole(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    put(store, "k", "a", "1");
    assert_int_equal(entries_begin(store), FAQD_OK);
    put(store, "k", "b", "2");
    entries_delete(store, "k", "a");
    assert_string_equal(all_of(store, "k"), "b=2 "); /* seen from within */
    entries_rollback(store);
    assert_string_equal(all_of(store, "k"), "a=1 ");
    assert_int_equal(entries_begin(store), FAQD_OK);
    put(store, "k", "c", "3");
    assert_int_equal(entries_commit(store), FAQD_OK);
    assert_int_equal(entries_begin(store), FAQD_OK);
    put(store, "k", "d", "4");
    entries_close(store); /* with the transaction open */
    store = opened("s");
    assert_string_equal(all_of(store, "k"), "a=1 c=3 ");
    assert_int_equal(entries_commit(store), FAQD_EIO); /* there is none */
    assert_int_equal(entries_begin(store), FAQD_OK);
    assert_int_equal(entries_begin(store), FAQD_EIO);      /* no second one within */
    assert_int_equal(put(store, "k", "e", "5"), FAQD_EIO); /* after an error only rollback is left */
    assert_int_equal(entries_commit(store), FAQD_EIO);
    assert_int_equal(put(store, "k", "f", "6"), FAQD_OK);
    assert_string_equal(all_of(store, "k"), "a=1 c=3 f=6 ");
    entries_close(store);
}

static void what_expired_goes(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    entries_put(store, "k", "never", "x", 1, 0);
    entries_put(store, "k", "old", "x", 1, 100);
    entries_put(store, "k", "new", "x", 1, 101);
    assert_int_equal(entries_purge(store, 99), FAQD_OK);
    assert_string_equal(all_of(store, "k"), "never=x old=x new=x ");
    assert_int_equal(entries_purge(store, 100), FAQD_OK);
    assert_string_equal(all_of(store, "k"), "never=x new=x ");
    entries_put(store, "k", "new", "x", 1, 0); /* a new date replaces the old one */
    assert_int_equal(entries_begin(store), FAQD_OK);
    assert_int_equal(entries_purge(store, INT64_MAX), FAQD_OK);
    assert_int_equal(entries_commit(store), FAQD_OK);
    assert_string_equal(all_of(store, "k"), "never=x new=x ");
    entries_close(store);
}

static long size_of(const char *file)
{
    struct stat st;
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", folder, file);
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

/* How often the bytes are in a file of the folder. */
static int found_in(const char *file, const char *bytes)
{
    char path[1024];
    size_t len = 0;
    int found = 0;
    snprintf(path, sizeof(path), "%s/%s", folder, file);
    if (access(path, R_OK) != 0)
        return 0;
    char *text = read_file(path, &len);
    for (char *at = text; (at = memmem(at, len - (size_t)(at - text), bytes, strlen(bytes))); at++)
        found++;
    free(text);
    return found;
}

static void purged_text_is_gone(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    char key[32];
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof(key), "key%d", i);
        entries_put(store, "k", key, "Monsieur Dupont a mal", 21, 50);
    }
    assert_true(found_in("s.sqlite", "Dupont") + found_in("s.sqlite-wal", "Dupont") > 0);
    assert_int_equal(entries_purge(store, 60), FAQD_OK);
    assert_int_equal(found_in("s.sqlite", "Dupont"), 0);
    assert_int_equal(found_in("s.sqlite-wal", "Dupont"), 0);
    entries_put(store, "k", "a", "Madame Durand", 13, 0);
    assert_int_equal(entries_begin(store), FAQD_OK);
    entries_delete(store, "k", "a");
    assert_int_equal(entries_purge(store, 60), FAQD_OK);
    assert_int_equal(entries_commit(store), FAQD_OK);
    assert_int_equal(found_in("s.sqlite", "Durand") + found_in("s.sqlite-wal", "Durand"), 0);
    entries_close(store);
}

static void the_log_stays_small(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    static char value[20000];
    memset(value, 'v', sizeof(value));
    for (int i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "%d", i % 20);
        assert_int_equal(entries_put(store, "k", key, value, sizeof(value), 0), FAQD_OK);
        assert_true(size_of("s.sqlite-wal") < 2 * 1024 * 1024);
    }
    assert_true(size_of("s.sqlite") < 2 * 1024 * 1024);
    entries_close(store);
    assert_int_equal(size_of("s.sqlite-wal"), -1);
}

static void files_are_private(void **state)
{
    (void)state;
    struct stat st;
    char path[1024];
    mode_t before = umask(0);
    struct faqd_store *store = opened("s");
    put(store, "k", "a", "1");
    umask(before);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    static const char *const files[] = {"s.sqlite", "s.sqlite-wal"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    assert_int_equal(size_of("s.sqlite-shm"), -1);
    entries_close(store);
    snprintf(path, sizeof(path), "%s/s.sqlite", folder);
    chmod(path, 0644); /* restored from a backup, say */
    entries_close(opened("s"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

/* ---------------------------------------------------------------------------------------------- refusals ---- */

static void refused(const char *name, int rc, const char *says)
{
    struct err err = {0};
    struct faqd_store *store = NULL;
    char line[ERR_LINE_MAX];
    assert_int_equal(entries_open(folder, name, &err, &store), rc);
    assert_null(store);
    if (!strstr(err_line(&err, line, sizeof(line)), says))
        fail_msg("%s", line);
}

static void one_at_a_time(void **state)
{
    (void)state;
    struct faqd_store *store = opened("s");
    refused("s", FAQD_EINVAL, "s.sqlite: another process has it open; stop that one");
    pid_t child = fork();
    if (child == 0) {
        struct err err = {0};
        struct faqd_store *other = NULL;
        _exit(entries_open(folder, "s", &err, &other) == FAQD_EINVAL && strstr(err.text, "another process") ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    entries_close(opened("other")); /* its own file */
    put(store, "k", "a", "1");      /* the one that was first has lost nothing */
    refused("s", FAQD_EINVAL, "another process has it open");
    assert_string_equal(all_of(store, "k"), "a=1 ");
    entries_close(store);
    entries_close(opened("s"));
}

static void names_are_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a/b", "..", "A", "a.b", "a b", NULL};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        refused(bad[i], FAQD_EINVAL, "a store is named by");
    assert_int_equal(access(folder, F_OK), -1); /* nothing was made */
}

static void folders_are_checked(void **state)
{
    (void)state;
    char path[1024];
    mkdir(temp_path("below"), 0700);
    mkdir(folder, 0700);
    chmod(folder, 0777);
    refused("s", FAQD_EINVAL, "anybody may write to the state folder");
    chmod(folder, 0700);
    snprintf(path, sizeof(path), "%s/s.sqlite", folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    refused("s", FAQD_EINVAL, "s.sqlite: not a regular file");
    unlink(path);
    mkdir(path, 0700);
    refused("s", FAQD_EINVAL, "not a regular file");
    rmdir(path);
    char *kept = strdup(folder);
    snprintf(folder, sizeof(folder), "%s/file/below", kept);
    snprintf(path, sizeof(path), "%s/file", kept);
    write_text(path, "x");
    refused("s", FAQD_EIO, "file/below: cannot use the state folder: Not a directory");
    snprintf(folder, sizeof(folder), "/proc/faqd");
    refused("s", FAQD_EIO, "/proc/faqd: cannot use the state folder");
    free(kept);
}

/* Overwrite the header's number at this place: 60 is user_version, 68 application_id (SQLite's file format). */
static void set_header(const char *file, size_t at, unsigned value)
{
    char path[1024];
    size_t len = 0;
    snprintf(path, sizeof(path), "%s/%s", folder, file);
    char *bytes = read_file(path, &len);
    for (int i = 0; i < 4; i++)
        bytes[at + (size_t)i] = (char)(value >> (24 - 8 * i));
    write_file(path, bytes, len);
    free(bytes);
}

static void other_versions(void **state)
{
    (void)state;
    entries_close(opened("s"));
    set_header("s.sqlite", 60, 3);
    refused("s", FAQD_EINVAL,
            "a newer faqd wrote it (schema 3, this one knows 2): use that one, or move the file away");
    set_header("s.sqlite", 60, 2);
    set_header("s.sqlite", 68, 0x12345678);
    refused("s", FAQD_EINVAL, "this is a database, but not faqd's; move it away");
}

struct counted {
    long n, sum;
};

static int add(void *user, const struct store_row *row)
{
    struct counted *c = user;
    c->n++;
    c->sum += (long)store_row_number(row, 0);
    return 0;
}

/* A file of an older version is brought up to date with what is in it; one whose step fails stays as it was. */
static void older_versions_are_migrated(void **state)
{
    (void)state;
    static const char *const statements[] = {"INSERT INTO t (a) VALUES (?1)", "SELECT a FROM t"};
    const char *steps[] = {"CREATE TABLE t (a)", "ALTER TABLE t ADD COLUMN b DEFAULT 7; UPDATE t SET a = a + b"};
    const char *broken[] = {steps[0], "UPDATE t SET a = 0; UPDATE absent SET x = 1"};
    struct store_schema one = {steps, 1, statements, 2};
    struct store_schema two = {steps, 2, statements, 2};
    struct store_schema bad = {broken, 2, statements, 2};
    struct store_value value[] = {STORE_NUMBER(3)};
    struct counted c = {0};
    struct store *store = NULL;
    struct err err = {0};
    assert_int_equal(store_open(folder, "t", &one, STORE_OWN, &err, &store), FAQD_OK);
    assert_int_equal(store_run(store, 0, value, 1, NULL, NULL), FAQD_OK);
    store_close(store);
    assert_int_equal(store_open(folder, "t", &two, STORE_READ, &err, &store), FAQD_EINVAL);
    assert_non_null(strstr(err.text, "an older faqd wrote it"));
    err = (struct err){0};
    assert_int_equal(store_open(folder, "t", &bad, STORE_OWN, &err, &store), FAQD_EIO);
    if (!strstr(err.text, "no such table: absent"))
        fail_msg("%s", err.text);
    err = (struct err){0};
    assert_int_equal(store_open(folder, "t", &two, STORE_OWN, &err, &store), FAQD_OK);
    assert_int_equal(store_run(store, 1, NULL, 0, add, &c), FAQD_OK);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.sum, 10);
    store_close(store);
    assert_int_equal(store_open(folder, "t", &one, STORE_OWN, &err, &store), FAQD_EINVAL);
}

/* What the first version of the schema wrote is all there, in its order, and goes on in it. */
static void first_entries_are_migrated(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
        " expires INTEGER NOT NULL, UNIQUE (kind, key));"
        "CREATE INDEX entries_in_order ON entries (kind, id);"
        "CREATE INDEX entries_by_expiry ON entries (expires) WHERE expires > 0",
    };
    static const char *const statements[] = {
        "INSERT INTO entries (kind, key, value, expires) VALUES ('out', 'b', '1', 0), ('q', 'x', 'old', 100),"
        " ('out', 'a', '2', 0), ('out', 'c', '3', 0)",
    };
    struct store_schema first = {steps, 1, statements, 1};
    struct store *old = NULL;
    struct err err = {0};
    assert_int_equal(store_open(folder, "s", &first, STORE_OWN, &err, &old), FAQD_OK);
    assert_int_equal(store_run(old, 0, NULL, 0, NULL, NULL), FAQD_OK);
    store_close(old);
    for (int start = 0; start < 2; start++) {
        struct faqd_store *store = opened("s");
        assert_string_equal(all_of(store, "out"), start ? "b=1 a=2 c=3 0=4 " : "b=1 a=2 c=3 ");
        assert_int_equal(put(store, "out", "0", "4"), FAQD_OK);
        has_value(store, "q", "x", start ? NULL : "old");
        assert_int_equal(entries_purge(store, 100), FAQD_OK);
        entries_close(store);
    }
    assert_int_equal(store_open(folder, "s", &first, STORE_OWN, &err, &old), FAQD_EINVAL);
}

static void reading_makes_nothing(void **state)
{
    (void)state;
    static const char *const statements[] = {"INSERT INTO t (a) VALUES (?1)", "SELECT a FROM t"};
    const char *steps[] = {"CREATE TABLE t (a)"};
    struct store_schema schema = {steps, 1, statements, 2};
    struct store_value value[] = {STORE_NUMBER(3)};
    struct store *store = NULL, *second = NULL, *reader = NULL;
    struct err err = {0};
    assert_int_equal(store_open(folder, "t", &schema, STORE_READ, &err, &store), FAQD_DECLINED);
    assert_int_equal(access(folder, F_OK), -1);
    mkdir(temp_path("below"), 0700);
    mkdir(folder, 0700);
    assert_int_equal(store_open(folder, "t", &schema, STORE_READ, &err, &store), FAQD_DECLINED);
    assert_int_equal(size_of("t.sqlite"), -1);
    assert_int_equal(store_open(folder, "t", &schema, STORE_SHARED, &err, &store), FAQD_OK);
    assert_int_equal(store_open(folder, "t", &schema, STORE_SHARED, &err, &second), FAQD_OK); /* several at once */
    assert_int_equal(store_run(store, 0, value, 1, NULL, NULL), FAQD_OK);
    assert_int_equal(store_run(second, 0, value, 1, NULL, NULL), FAQD_OK);
    assert_int_equal(store_open(folder, "t", &schema, STORE_READ, &err, &reader), FAQD_OK);
    struct counted c = {0};
    assert_int_equal(store_run(reader, 1, NULL, 0, add, &c), FAQD_OK);
    assert_int_equal(c.sum, 6);
    assert_int_equal(store_run(reader, 0, value, 1, NULL, NULL), FAQD_EIO);
    store_close(reader);
    store_close(second);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(entries_keep_their_place, fresh),
        cmocka_unit_test_setup(any_bytes_are_kept, fresh),
        cmocka_unit_test_setup(a_transaction_is_whole, fresh),
        cmocka_unit_test_setup(what_expired_goes, fresh),
        cmocka_unit_test_setup(purged_text_is_gone, fresh),
        cmocka_unit_test_setup(the_log_stays_small, fresh),
        cmocka_unit_test_setup(files_are_private, fresh),
        cmocka_unit_test_setup(one_at_a_time, fresh),
        cmocka_unit_test_setup(names_are_checked, fresh),
        cmocka_unit_test_setup(folders_are_checked, fresh),
        cmocka_unit_test_setup(other_versions, fresh),
        cmocka_unit_test_setup(older_versions_are_migrated, fresh),
        cmocka_unit_test_setup(first_entries_are_migrated, fresh),
        cmocka_unit_test_setup(reading_makes_nothing, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
