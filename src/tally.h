/* SPDX-License-Identifier: MIT
 *
 * tally.h - how often: a hash table of counts by day, connector, language, outcome and answer id.
 *
 * Adding to a key that is there allocates nothing and takes some tens of nanoseconds. Keys are copied. A tally belongs
 * to whoever holds its owner's lock.
 */
#ifndef FAQD_TALLY_H
#define FAQD_TALLY_H

#include "faqd_plugin.h"

#include <stddef.h>
#include <stdint.h>

#define TALLY_MAX 65536 /* different keys; ids come from packs, so this is many more than there are */

struct tally_key {
    int64_t day; /* since 1970-01-01, UTC */
    int what;    /* the outcome, or the vote */
    const char *connector;
    const char *lang;
    const char *id;
};

struct tally_entry {
    struct tally_key key; /* its texts are the entry's own, in one block that begins with the connector */
    uint64_t hash;
    int64_t n;
};

struct tally { /* zeroed: empty */
    struct tally_entry *slots;
    size_t size; /* a power of two, or 0 */
    size_t used;
};

/* FAQD_OK; FAQD_ENOMEM or FAQD_ELIMIT: not counted. */
int tally_add(struct tally *tally, const struct tally_key *key, int64_t n);
/* Add everything to another one and set it to 0 here; what does not fit there stays. */
int tally_move(struct tally *from, struct tally *to);
int64_t tally_sum(const struct tally *tally);
void tally_free(struct tally *tally); /* empty again */

#endif
