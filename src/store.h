/* SPDX-License-Identifier: MIT
 *
 * store.h - the door to SQLite: a small database file with a versioned schema and prepared statements.
 *
 * A store is one connection; one thread at a time. What entries (entries.h) and statistics (statistics.h) keep on disk
 * goes through here; no other file knows SQL's C interface.
 *
 *   Files       FOLDER/NAME.sqlite, 0600, in a folder made 0700 on first use. No links are followed to the file.
 *   Durability  write-ahead log, synchronous=NORMAL. A commit is written when it returns: it survives the process,
 *               however that ends. It survives the power once store_flush has returned; until then a power failure
 *               may take back whole commits, the last ones first, never the file.
 *   Processes   STORE_OWN: one at a time, the second is refused. STORE_SHARED: several, writers wait for each other.
 *   Privacy     secure_delete: what is deleted is overwritten; store_shrink empties the log, which may still hold it.
 *   Errors      FAQD_ENOMEM, FAQD_EIO (disk full, read-only, damaged). The first failure of a series is logged as
 *               store_failed, the first write that works again as store_healed.
 */
#ifndef FAQD_STORE_H
#define FAQD_STORE_H

#include "err.h"

#include <stddef.h>
#include <stdint.h>

enum store_mode {
    STORE_OWN,    /* read and write, nobody else */
    STORE_SHARED, /* read and write, beside others */
    STORE_READ,   /* read beside others; makes nothing: FAQD_DECLINED if there is no file */
};

struct store_schema {
    const char *const *steps;      /* SQL; step i takes version i of the schema to i + 1 */
    int version;                   /* how many steps: what this program writes */
    const char *const *statements; /* run by their index */
    size_t n_statements;
};

/* What stands for ?1, ?2, ... in a statement. */
struct store_value {
    const void *bytes; /* NULL: the number is meant */
    size_t len;
    int64_t number;
    int is_text;
};
#define STORE_NUMBER(n) ((struct store_value){.number = (n)})
#define STORE_TEXT(s) ((struct store_value){.bytes = (s), .len = strlen(s), .is_text = 1})
#define STORE_BLOB(b, l) ((struct store_value){.bytes = (l) ? (b) : "", .len = (l)})

struct store;
struct store_row; /* a row of a result, valid during the call that hands it over */

/* FAQD_OK; FAQD_EINVAL: another process has it, a newer faqd or another program made it, or a folder that others may
 * write to; FAQD_EIO; FAQD_ENOMEM; FAQD_DECLINED (STORE_READ only). An error names the file and the way out. */
int store_open(const char *folder, const char *name, const struct store_schema *schema, enum store_mode mode,
               struct err *err, struct store **out);
void store_close(struct store *store); /* takes NULL; rolls an open transaction back */

/* A transaction. After an error inside it everything up to the rollback fails with that error. */
int store_begin(struct store *store);
int store_commit(struct store *store); /* else rolled back */
void store_rollback(struct store *store);

/* FAQD_OK: all that was committed is on the disk; nothing is done if it was before. Else it may not be, though it can
 * be read: call it again. Only STORE_OWN, not within a transaction (FAQD_EINVAL); it is also what keeps the log short.
 */
int store_flush(struct store *store);

/* Run a statement; `each` (may be NULL) gets its rows until it returns other than 0, which is then the result. */
int store_run(struct store *store, size_t statement, const struct store_value *values, size_t n,
              int (*each)(void *user, const struct store_row *row), void *user);
int64_t store_changes(const struct store *store); /* rows that the last statement wrote or deleted */

int64_t store_row_number(const struct store_row *row, int column);
/* Never NULL; text is NUL-terminated behind its length. */
const void *store_row_bytes(const struct store_row *row, int column, size_t *len);

/* Move the log into the file and cut it to nothing, so that deleted rows are in no file any more; within a transaction
 * when that is committed. */
int store_shrink(struct store *store);

#endif
