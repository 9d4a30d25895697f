/* SPDX-License-Identifier: MIT
 *
 * outbox.h - what has to be sent: kept in the store until the server has it, in order in each room.
 *
 * The transaction id of an entry is made of the id of the event that it answers and the number of the part. So the same
 * question has the same transaction id for ever, in whatever run of the program, and the server sends it once. It is
 * also the mark of the content (event.h), for servers that have forgotten it: what a sync shows to be there is not sent
 * again. In memory an entry is small; its content lies in the store, and beside it in memory only if few wait: it is
 * sent at once then.
 */
#ifndef MATRIX_OUTBOX_H
#define MATRIX_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct bot;
struct room;

enum item_kind { ITEM_MESSAGE = 0, ITEM_REACTION, ITEM_REDACTION };

struct item {
    struct item *next;
    char *txn;
    char *value; /* while it is not in the store; else NULL */
    char *body;  /* the text of the content, to be sent as it is; NULL: it is in the value alone */
    enum item_kind kind;
    bool optional; /* the first to be left out when the server slows us down */
    bool under_way;
    bool dropped; /* while it was under way: just its answer is waited for */
    bool shortened;
    int64_t first_failed; /* clock_ms; 0: not yet */
};

/* What an entry is about. Members that are NULL are not there. */
struct letter {
    enum item_kind kind;
    const char *cause;  /* the event that is answered */
    const char *part;   /* "0", "1", ...; "r1" ...: of reactions */
    json_t *content;    /* stolen, also on failure */
    json_t *answer;     /* stolen: what to remember by the event's id once it is sent */
    const char *target; /* of a redaction */
};

/* Put it at the end of a room's queue. False: the queue is full or no memory. */
bool outbox_put(struct bot *bot, struct room *room, const struct letter *letter);

/* The entry with this transaction id; NULL: there is none. */
struct item *outbox_find(const struct room *room, const char *txn);

/* The value of an entry; owned by the caller. NULL: it is gone; drop the entry. */
json_t *outbox_value(struct bot *bot, const struct item *item);

/* Take an entry away (it was sent, or cannot be). While it is under way it keeps its place, marked as dropped. */
void outbox_drop(struct bot *bot, struct room *room, struct item *item);

/* Drop what waits and is not under way: all of a room; what answers `cause`; what is optional, everywhere. */
void outbox_clear(struct bot *bot, struct room *room);
unsigned outbox_withdraw(struct bot *bot, struct room *room, const char *cause);
void outbox_drop_optional(struct bot *bot);

/* Put another content in the place of the first entry's. */
void outbox_replace(struct bot *bot, struct room *room, json_t *value);

/* Put the entries in memory into the transaction that begins: an earlier one could not be committed. */
void outbox_store(struct bot *bot);

/* The entries in memory are in the store now. */
void outbox_stored(struct bot *bot);

/* At the start: take over what is in the store. FAQD_OK, or an error. */
int outbox_load(struct bot *bot);

/* Free the memory; the store keeps its entries. */
void outbox_free(struct room *room);

#endif
