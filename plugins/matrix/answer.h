/* SPDX-License-Identifier: MIT
 *
 * answer.h - from a question to entries of the outbox: ask the host, remember the conversation, put the answer where it
 * belongs. The question itself is kept nowhere.
 */
#ifndef MATRIX_ANSWER_H
#define MATRIX_ANSWER_H

#include <stddef.h>
#include <stdint.h>

struct bot;
struct room;

struct asked {
    struct room *room;
    const char *cause;     /* the event that made us speak: a message, a reaction, an edit */
    const char *reply_to;  /* the question */
    const char *thread;    /* root; NULL */
    const char *user;      /* who asks */
    const char *text;      /* cleaned, without our name */
    const char *state;     /* of the conversation; NULL: as it stands */
    const char *edits;     /* our event that is replaced by a better answer; NULL */
    const char *edited_id; /* of the answer that it gave */
};

/* Answer it, or stay silent where limits say so. */
void answer_question(struct bot *bot, const struct asked *asked);

/* One of the connector's own sentences, as a reply or not; once for a cause and part. */
void answer_text(struct bot *bot, struct room *room, const char *cause, const char *part, const char *reply_to,
                 const char *thread, const char *text);

/* What a conversation opens with. */
void answer_welcome(struct bot *bot, struct room *room, const char *cause, const char *reply_to, const char *thread);

/* The number of somebody in a room, and of the conversation that a message belongs to. */
uint64_t answer_person(const struct room *room, const char *user);
uint64_t answer_talk(const struct room *room, const char *thread, const char *user);

#endif
