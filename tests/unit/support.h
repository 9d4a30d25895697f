/* SPDX-License-Identifier: MIT
 *
 * support.h - what the unit tests share: where the builds are, temporary folders, packs that may be changed, and random
 * numbers that are the same in every run. Whatever goes wrong in here ends the program with a line that says so.
 */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include "host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* needs those above */

#define SMALL_PACK "tests/packs/small"
#define SHIPPED_PACK "intents/mesotherapy"

/* A folder of this program's own; it is removed at the end. */
const char *temp_dir(void);
/* A path below it; four of them live at a time. */
const char *temp_path(const char *format, ...) FAQD_PRINTF(1, 2);

/* The folder with the shipped plugins and those of the tests. */
const char *plugins_folder(void);
/* Open all plugins of a folder; on an error none are left open. */
int open_plugins(const char *dir, struct plugins *plugins, struct err *err);

/* Files whole, with a terminator behind *len bytes that the caller frees; folders flat. */
char *read_file(const char *path, size_t *len);
void write_file(const char *path, const char *bytes, size_t len);
void write_text(const char *path, const char *text);
void copy_folder(const char *from, const char *to);

/* `text` with every `from` replaced by `to`; the caller frees. */
char *replaced(const char *text, const char *from, const char *to);

/* A host with this pack, or the end of the program. */
void start_host(struct host *host, const char *pack_dir);

/* Load DIR/lexicon.json. As lexicon_read. */
int load_lexicon(const char *dir, struct arena *arena, struct err *err, struct lexicon **out);
/* Load a pack, or the end of the program. */
struct pack *load_pack(const char *dir);

/* The answer to one message without state or language. */
struct faqd_answer_view ask_text(struct host *host, struct faqd_worker *worker, const char *text);
/* The first intent of an answer; "". */
const char *first_intent(const struct faqd_answer_view *view);

/* Random numbers: xorshift64*, seeded by the test. */
struct random {
    uint64_t state;
};
uint64_t random_next(struct random *r);
size_t random_below(struct random *r, size_t limit); /* 0 <= n < limit */

int64_t now_ns(void);

/* 1 if the build has a sanitizer, which makes everything several times slower. */
int sanitized(void);

#endif
