/* SPDX-License-Identifier: MIT
 *
 * statistics.h - how many answers of which kind, votes on them, and, only where the operator asked for it, what was
 * asked in vain: counted in memory, written to FOLDER/counters.sqlite now and then.
 *
 * Every worker has a counter of its own, so that counting waits for nobody; its lock is only ever contended by a flush.
 * Several processes may write one file. A failure to write loses nothing that fits in memory: it is written as soon as
 * that works again, and answers go on meanwhile.
 *
 * What is kept has no text of a person in it but the misses: those are the words of a message as they were read (lower
 * case, no accents), cut to 200 bytes, with # in place of digits.
 */
#ifndef FAQD_STATISTICS_H
#define FAQD_STATISTICS_H

#include "store.h"
#include "tally.h"

#define STATISTICS_MISS_MAX 200    /* bytes of a miss */
#define STATISTICS_MISSES_MAX 1000 /* different ones kept in the file; the oldest and rarest go first */

struct statistics_settings {
    const char *folder; /* NULL: nothing is written */
    long days;          /* counts and votes are kept as long; 0: none are */
    int misses;         /* 0: none are kept, and those of the file are dropped */
    long misses_days;
};

struct statistics;
struct statistics_counter;

int statistics_new(struct statistics **out);         /* FAQD_OK or FAQD_ENOMEM */
void statistics_free(struct statistics *statistics); /* takes NULL; writes nothing. After every counter has left */
/* Before it, nothing is written, and misses are not even remembered. The settings' texts are borrowed. */
void statistics_configure(struct statistics *statistics, const struct statistics_settings *settings);

/* Any thread. A counter belongs to the thread that counts with it. */
struct statistics_counter *statistics_join(struct statistics *statistics); /* NULL: out of memory */
void statistics_leave(struct statistics *statistics, struct statistics_counter *counter);
void statistics_count(struct statistics_counter *counter, const char *connector, const char *lang,
                      enum faqd_outcome outcome, const char *id);
int statistics_wants_misses(const struct statistics *statistics);
void statistics_miss(struct statistics_counter *counter, const char *lang, enum faqd_outcome outcome, const char *pack,
                     const char *text, size_t len);
/* Add n (1, or -1 to take one back) votes. `vote` is 1 or -1; the id must have been checked. FAQD_OK, FAQD_ENOMEM. */
int statistics_vote(struct statistics *statistics, const char *connector, const char *lang, const char *id, int vote,
                    int n);

/* Write what was counted; on the main thread. FAQD_OK, also where nothing is to be written. */
int statistics_flush(struct statistics *statistics, int64_t now);

/* The sums since the start by connector, language and outcome; of votes by connector, language and vote. */
void statistics_totals(struct statistics *statistics,
                       void (*each)(void *user, int is_vote, const struct tally_key *key, int64_t n), void *user);

/* ---- the file, for those who read it ---- */

#define STATISTICS_FILE "counters"

/* Statements of the schema. Days are texts such as 2026-11-22; `from` is the first one that counts. */
enum {
    STATISTICS_ADD_COUNT,
    STATISTICS_ADD_VOTE,
    STATISTICS_ADD_MISS,
    STATISTICS_PURGE_COUNTS,
    STATISTICS_PURGE_VOTES,
    STATISTICS_PURGE_MISSES,
    STATISTICS_LIMIT_MISSES,
    STATISTICS_LIST_COUNTS, /* ?1 from: day, connector, pack, lang, outcome, id, n */
    STATISTICS_LIST_VOTES,  /* ?1 from: day, lang, id, up, down */
    STATISTICS_LIST_MISSES, /* ?1 from: day (the last), pack, lang, outcome, text, n */
};
extern const struct store_schema statistics_schema;

#define STATISTICS_DAY_SIZE 16
void statistics_day(int64_t day, char out[STATISTICS_DAY_SIZE]); /* days since 1970 -> "2026-11-22" */

#endif
