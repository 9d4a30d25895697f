/* SPDX-License-Identifier: MIT
 *
 * event.h - one event of a room, as far as the bot cares: JSON in, a flat struct out.
 *
 * Everything in an event was written by a stranger. Each member is taken only if it has the type that it should have;
 * anything else counts as missing. Strings are borrowed from the JSON tree. Pure functions.
 */
#ifndef MATRIX_EVENT_H
#define MATRIX_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* Member of the content of what programs like us send: never answered. Its value is the transaction id, by which we
 * know our own again. */
#define EVENT_MARK "dev.faqd.automatic"

enum event_kind {
    EVENT_OTHER = 0,
    EVENT_MESSAGE,
    EVENT_MEDIA, /* a sticker or a poll */
    EVENT_REACTION,
    EVENT_REDACTION,
    EVENT_ENCRYPTED,  /* a message that we cannot read */
    EVENT_MEMBER,     /* state from here on: they have a state_key */
    EVENT_ENCRYPTION, /* the room is encrypted now */
    EVENT_TOMBSTONE,
    EVENT_POWER,
    EVENT_CREATE,
};

enum event_mentions { MENTIONS_ABSENT = 0, MENTIONS_NOBODY, MENTIONS_OTHERS, MENTIONS_US };

struct event {
    enum event_kind kind;
    const char *id;        /* "" in stripped state */
    const char *sender;    /* "" */
    const char *state_key; /* NULL: no state event */
    long long age_ms;      /* by the server's clock; -1: it did not say */
    long long sent_ms;     /* by the sender's clock; -1 */
    bool outside;          /* the server says that we were not in the room then */
    const json_t *content; /* an object, or NULL */
    const char *mark;      /* of EVENT_MARK; "": another value than we give; NULL: none */

    /* messages, media, encrypted */
    const char *msgtype, *body, *html; /* NULL */
    const char *new_body;              /* of an edit; NULL */
    enum event_mentions mentions;

    /* messages and reactions */
    const char *rel_type, *rel_event, *rel_key; /* NULL */
    const char *reply_to;                       /* NULL */
    bool falling_back;                          /* reply_to is just for clients that know no threads */

    const char *redacts;     /* NULL */
    const char *membership;  /* of EVENT_MEMBER: NULL, "join", ... */
    const char *former;      /* its previous membership; NULL */
    const char *displayname; /* NULL */
    bool is_direct;
    const char *other_room; /* tombstone: replacement; create: predecessor; NULL */
};

/* Read one event; `own` is our user id. 0: it has no type, or a message no id or sender. */
int event_read(const json_t *json, const char *own, struct event *out);

/* A member of an object if it is a string without NUL of at most 255 bytes (identifiers), or of any length (text). */
const char *event_id(const json_t *object, const char *name);
const char *event_text(const json_t *object, const char *name);

#endif
