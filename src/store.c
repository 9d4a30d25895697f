/* SPDX-License-Identifier: MIT
 *
 * store.c - see store.h. The only file with sqlite3.h.
 *
 * Exclusive stores use SQLite's locking_mode=EXCLUSIVE, set before the write-ahead log is first touched: the lock then
 * lives as long as the connection, the kernel drops it with the process however that ends, and there is no shared
 * memory file.
 */
#include "store.h"

#include "folder.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define APPLICATION_ID 0x66617164 /* "faqd", in the file's header */
#define WAIT_MS 2000              /* for other writers of a shared store */

#define LOG_PAGES 256 /* so long (1 MiB) the log gets before it is moved into the file */

/* The log is cut back to 1 MiB; 512 KiB of pages are kept in memory. */
static const char settings[] = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                               "PRAGMA journal_size_limit=1048576; PRAGMA cache_size=-512; PRAGMA temp_store=MEMORY;";

struct store {
    sqlite3 *db;
    sqlite3_stmt **statements; /* those of the schema, then those of transactions */
    size_t n_statements;
    int open;       /* within a transaction, which SQLite may have ended of itself */
    int error;      /* of that transaction */
    int sick;       /* the failure was logged */
    int log_pages;  /* in the log after the last commit */
    int unflushed;  /* something was committed since the last flush */
    int doubtful;   /* a flush failed: what the log has on the disk is not known */
    int shrink_due; /* at the end of the transaction */
    char path[];    /* of the file */
};

enum { BEGIN, COMMIT, N_OWN };
static const char *const own_statements[] = {[BEGIN] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT"};

struct store_row {
    sqlite3_stmt *statement;
};

static int result(int code)
{
    return code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW ? FAQD_OK
           : code == SQLITE_NOMEM                                         ? FAQD_ENOMEM
                                                                          : FAQD_EIO;
}

/* ------------------------------------------------------------------------------------------- running ---- */

/* Remember and log a failure. */
static int failed(struct store *store, int code)
{
    int rc = result(code);
    if (store->open)
        store->error = rc;
    if (!store->sick)
        log_event(FAQD_ERROR, "store_failed", "%s: %s", store->path, sqlite3_errstr(code));
    store->sick = 1;
    return rc;
}

static void wrote(struct store *store)
{
    if (store->sick && !store->doubtful) {
        log_event(FAQD_INFO, "store_healed", "%s can be written again", store->path);
        store->sick = 0;
    }
}

static int run_own(struct store *store, size_t which)
{
    sqlite3_stmt *statement = store->statements[store->n_statements - N_OWN + which];
    sqlite3_step(statement);
    int code = sqlite3_reset(statement);
    return code == SQLITE_OK ? FAQD_OK : failed(store, code);
}

int store_begin(struct store *store)
{
    int rc = run_own(store, BEGIN);
    store->open = rc == FAQD_OK;
    return rc;
}

void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db)) /* a full disk may have rolled it back already */
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->error = FAQD_OK;
    store->open = store->shrink_due = 0;
}

int store_commit(struct store *store)
{
    int rc = store->error ? store->error : run_own(store, COMMIT);
    int shrink = store->shrink_due;
    store_rollback(store);
    if (rc != FAQD_OK)
        return rc;
    wrote(store);
    if (shrink)
        store_shrink(store); /* what was committed is safe without it */
    return FAQD_OK;
}

static int bind(sqlite3_stmt *statement, const struct store_value *values, size_t n)
{
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < n; i++) {
        const struct store_value *v = &values[i];
        int at = (int)i + 1;
        if (!v->bytes)
            code = sqlite3_bind_int64(statement, at, v->number);
        else if (v->is_text)
            code = sqlite3_bind_text64(statement, at, v->bytes, v->len, SQLITE_STATIC, SQLITE_UTF8);
        else
            code = sqlite3_bind_blob64(statement, at, v->bytes, v->len, SQLITE_STATIC);
    }
    return code;
}

int store_run(struct store *store, size_t which, const struct store_value *values, size_t n,
              int (*each)(void *user, const struct store_row *row), void *user)
{
    sqlite3_stmt *statement = store->statements[which];
    struct store_row row = {statement};
    int stopped = 0;
    if (store->error)
        return store->error;
    int code = bind(statement, values, n);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    while (code == SQLITE_ROW && !stopped) {
        stopped = each ? each(user, &row) : 0;
        if (!stopped)
            code = sqlite3_step(statement);
    }
    int ended = sqlite3_reset(statement); /* a commit of its own may fail only here */
    sqlite3_clear_bindings(statement);
    if (code == SQLITE_DONE && ended != SQLITE_OK)
        code = ended;
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        return failed(store, code);
    if (!sqlite3_stmt_readonly(statement) && !store->open)
        wrote(store);
    return stopped;
}

int64_t store_changes(const struct store *store)
{
    return sqlite3_changes64(store->db);
}

int64_t store_row_number(const struct store_row *row, int column)
{
    return sqlite3_column_int64(row->statement, column);
}

const void *store_row_bytes(const struct store_row *row, int column, size_t *len)
{
    const void *bytes = sqlite3_column_type(row->statement, column) == SQLITE_TEXT
                            ? (const void *)sqlite3_column_text(row->statement, column)
                            : sqlite3_column_blob(row->statement, column);
    if (len)
        *len = bytes ? (size_t)sqlite3_column_bytes(row->statement, column) : 0;
    return bytes ? bytes : "";
}

/* SQLite calls it after each commit of an exclusive store, instead of moving the log by itself: store_flush does. */
static int committed(void *user, sqlite3 *db, const char *schema, int pages)
{
    struct store *store = user;
    (void)db;
    (void)schema;
    store->log_pages = pages;
    store->unflushed = 1;
    return SQLITE_OK;
}

/* Write all of the log anew, with what it has: after a sync that failed the kernel counts its pages as written, though
 * they are not, and the next sync would say that all is well (fsync(2)). */
static int rewrite(sqlite3_file *log)
{
    char bytes[4096];
    sqlite3_int64 size = 0;
    int code = log->pMethods->xFileSize(log, &size);
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += (int)sizeof(bytes)) {
        int n = size - at < (int)sizeof(bytes) ? (int)(size - at) : (int)sizeof(bytes);
        code = log->pMethods->xRead(log, bytes, n, at);
        if (code == SQLITE_OK)
            code = log->pMethods->xWrite(log, bytes, n, at);
    }
    return code;
}

/* Sync the log: all that synchronous=FULL does at the end of a commit more than NORMAL, just later. The file is
 * SQLite's own (SQLITE_FCNTL_JOURNAL_POINTER), which has written it with that commit and syncs the folder with it at
 * first. */
static int sync_log(struct store *store)
{
    sqlite3_file *log = NULL;
    int code = sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (code == SQLITE_OK && store->doubtful)
        code = rewrite(log);
    if (code == SQLITE_OK)
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    store->doubtful = code != SQLITE_OK;
    return code;
}

int store_flush(struct store *store)
{
    if (store->open)
        return FAQD_EINVAL;
    if (!store->unflushed)
        return FAQD_OK;
    int code = sync_log(store);
    if (code == SQLITE_OK && store->log_pages >= LOG_PAGES)
        code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code != SQLITE_OK)
        return failed(store, code);
    store->unflushed = 0;
    wrote(store);
    return FAQD_OK;
}

int store_shrink(struct store *store)
{
    if (store->open) {
        store->shrink_due = 1;
        return FAQD_OK;
    }
    int rc = store->doubtful ? store_flush(store) : FAQD_OK;
    if (rc != FAQD_OK)
        return rc;
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY ? FAQD_OK /* others read; another time */ : failed(store, code);
}

/* ------------------------------------------------------------------------------------------- opening ---- */

static int folder_error(const char *folder, struct err *err)
{
    int missing = errno == EACCES || errno == EROFS;
    err_set(err, FAQD_EIO, "cannot use the state folder: %s%s", strerror(errno),
            missing ? "; name another one with --state-dir" : "");
    err_where(err, folder, NULL);
    return FAQD_EIO;
}

/* The folder without links (those to the file itself are refused later), made if it is missing. */
static int find_folder(const char *folder, enum store_mode mode, char *out, struct err *err)
{
    struct stat st;
    if (mode != STORE_READ && folder_make(folder, 0700) != 0)
        return folder_error(folder, err);
    if (!realpath(folder, out) || stat(out, &st) != 0)
        return mode == STORE_READ && errno == ENOENT ? FAQD_DECLINED : folder_error(folder, err);
    errno = ENOTDIR;
    if (!S_ISDIR(st.st_mode))
        return folder_error(folder, err);
    if (!(st.st_mode & S_IWOTH))
        return FAQD_OK;
    err_set(err, FAQD_EINVAL, "anybody may write to the state folder; close it with: chmod o-w");
    err_where(err, folder, NULL);
    return FAQD_EINVAL;
}

/* The file, there and closed to others. It is never opened here: closing it again would drop the locks that this
 * process may hold on it already (fcntl(2)). */
static int make_file(const char *path, enum store_mode mode, struct err *err)
{
    struct stat st;
    int fd = mode == STORE_READ ? -1 : open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (mode != STORE_READ && errno != EEXIST)
        return err_set(err, FAQD_EIO, "cannot make it: %s", strerror(errno));
    if (lstat(path, &st) != 0)
        return mode == STORE_READ && errno == ENOENT ? FAQD_DECLINED
                                                     : err_set(err, FAQD_EIO, "cannot look at it: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(err, FAQD_EINVAL, "not a regular file; move it away");
    if (mode != STORE_READ && (st.st_mode & 077) && chmod(path, 0600) != 0)
        return err_set(err, FAQD_EIO, "others may read it, and it cannot be closed to them: %s", strerror(errno));
    return FAQD_OK;
}

/* What SQLite said while the store was opened, with the way out. */
static int refuse(struct store *store, int code, struct err *err)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM: return err_set(err, FAQD_ENOMEM, "out of memory");
    case SQLITE_BUSY:
        return err_set(err, FAQD_EINVAL,
                       "another process has it open; stop that one, or give this one another state folder");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(
            err, FAQD_EIO,
            "the file is damaged (%s): move it away together with its -wal file, or put a backup in its place; "
            "without it faqd begins anew",
            sqlite3_errmsg(store->db));
    case SQLITE_READONLY: return err_set(err, FAQD_EIO, "cannot write to it: check who owns the file and its folder");
    default: break;
    }
    int why = sqlite3_system_errno(store->db);
    return err_set(err, FAQD_EIO, "%s%s%s", sqlite3_errmsg(store->db), why ? ": " : "", why ? strerror(why) : "");
}

static int take_number(void *user, int n, char **values, char **names)
{
    (void)names;
    *(long *)user = n && values[0] ? strtol(values[0], NULL, 10) : 0;
    return 0;
}

static int take_verdict(void *user, int n, char **values, char **names)
{
    (void)names;
    *(int *)user = n && values[0] && strcmp(values[0], "ok") == 0;
    return 0;
}

/* Is it ours, whole, and of a version that this program knows? */
static int inspect(struct store *store, const struct store_schema *schema, long *version, struct err *err)
{
    long application = 0;
    long tables = 0;
    int whole = 1;
    int code =
        sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL); /* another process may be making it: one view of it */
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "PRAGMA application_id", take_number, &application, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "PRAGMA user_version", take_number, version, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", take_number, &tables, NULL);
    if (code == SQLITE_OK && tables)
        code = sqlite3_exec(store->db, "PRAGMA quick_check(1)", take_verdict, &whole, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return refuse(store, code, err);
    if (!whole)
        return refuse(store, SQLITE_CORRUPT, err);
    if (tables && application != APPLICATION_ID)
        return err_set(err, FAQD_EINVAL, "this is a database, but not faqd's; move it away");
    if (*version > schema->version)
        return err_set(err, FAQD_EINVAL,
                       "a newer faqd wrote it (schema %ld, this one knows %d): use that one, or move the file away",
                       *version, schema->version);
    return FAQD_OK;
}

/* Take the schema to its version, wholly or not at all. */
static int migrate(struct store *store, const struct store_schema *schema, long version, struct err *err)
{
    char sql[80];
    if (version == schema->version) /* nothing is written: this must work on a full disk */
        return FAQD_OK;
    int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK) /* another process may have done it meanwhile */
        code = sqlite3_exec(store->db, "PRAGMA user_version", take_number, &version, NULL);
    for (; code == SQLITE_OK && version < schema->version; version++)
        code = sqlite3_exec(store->db, schema->steps[version], NULL, NULL, NULL);
    snprintf(sql, sizeof(sql), "PRAGMA user_version=%d; PRAGMA application_id=%d", schema->version, APPLICATION_ID);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    return code == SQLITE_OK ? FAQD_OK : refuse(store, code, err);
}

static int prepare(struct store *store, const struct store_schema *schema, struct err *err)
{
    size_t n = schema->n_statements;
    store->statements = calloc(n + N_OWN, sizeof(store->statements[0]));
    if (!store->statements)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    store->n_statements = n + N_OWN;
    for (size_t i = 0; i < n + N_OWN; i++) {
        const char *sql = i < n ? schema->statements[i] : own_statements[i - n];
        int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL);
        if (code != SQLITE_OK)
            return refuse(store, code, err);
    }
    return FAQD_OK;
}

/* Go to the journal of the mode. Whoever turns a file to the write-ahead log needs it alone for a moment, and SQLite
 * does not wait for that by itself (it calls no busy handler where two that wait might wait for each other). */
static int set_journal(struct store *store, const char *sql, int wait_ms)
{
    const struct timespec pause = {0, 5 * 1000000L};
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    for (int waited = 0; (code & 0xff) == SQLITE_BUSY && waited < wait_ms; waited += 5) {
        nanosleep(&pause, NULL);
        code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    }
    return code;
}

static int set_up(struct store *store, const struct store_schema *schema, enum store_mode mode, struct err *err)
{
    const char *journal =
        mode == STORE_READ ? "PRAGMA query_only=ON" : "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL";
    long version = 0;
    int wait_ms = mode == STORE_OWN ? 0 : WAIT_MS;
    sqlite3_busy_timeout(store->db, wait_ms);
    int code = sqlite3_exec(store->db, mode == STORE_OWN ? "PRAGMA locking_mode=EXCLUSIVE" : "", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, settings, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return refuse(store, code, err);
    if (mode == STORE_OWN)
        sqlite3_wal_hook(store->db, committed, store);
    else
        sqlite3_wal_autocheckpoint(store->db, LOG_PAGES);
    int rc = inspect(store, schema, &version, err);
    if (rc == FAQD_OK && mode != STORE_READ && sqlite3_db_readonly(store->db, "main"))
        rc = refuse(store, SQLITE_READONLY, err);
    if (rc == FAQD_OK) {
        code = set_journal(store, journal, wait_ms);
        rc = code == SQLITE_OK ? FAQD_OK : refuse(store, code, err);
    }
    if (rc == FAQD_OK && mode != STORE_READ)
        rc = migrate(store, schema, version, err);
    else if (rc == FAQD_OK && version < schema->version)
        rc = version ? err_set(err, FAQD_EINVAL, "an older faqd wrote it; the next \"faqd run\" brings it up to date")
                     : FAQD_DECLINED;
    return rc == FAQD_OK ? prepare(store, schema, err) : rc;
}

int store_open(const char *folder, const char *name, const struct store_schema *schema, enum store_mode mode,
               struct err *err, struct store **out)
{
    char real[PATH_MAX];
    *out = NULL;
    int rc = find_folder(folder, mode, real, err);
    if (rc != FAQD_OK)
        return rc;
    size_t size = strlen(real) + strlen(name) + sizeof("/.sqlite");
    struct store *store = calloc(1, sizeof(*store) + size);
    if (!store)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    snprintf(store->path, size, "%s/%s.sqlite", real, name);
    rc = make_file(store->path, mode, err);
    if (rc == FAQD_OK) {
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
        int code = sqlite3_open_v2(store->path, &store->db, flags, NULL);
        rc = !store->db          ? err_set(err, FAQD_ENOMEM, "out of memory")
             : code != SQLITE_OK ? refuse(store, code, err)
                                 : set_up(store, schema, mode, err);
    }
    if (rc == FAQD_OK) {
        *out = store;
        return FAQD_OK;
    }
    err_where(err, store->path, NULL);
    store_close(store);
    return rc;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->n_statements; i++)
        sqlite3_finalize(store->statements[i]);
    free(store->statements);
    sqlite3_close(store->db); /* rolls back, and moves the log into the file if nobody else has it open */
    free(store);
}
