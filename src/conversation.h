/* SPDX-License-Identifier: MIT
 *
 * conversation.h - what the dialogue remembers of a conversation, and its short text.
 *
 * The text is the whole state: it travels with the client, so that any instance can go on with any conversation. It
 * holds ids of the pack and nothing of what was written, e.g. "1;l=fr;a=0;i=session_count;e=condition:cellulite". It is
 * validated on the way in: what is not ours, or names what the pack does not have (any more), counts as none.
 */
#ifndef FAQD_CONVERSATION_H
#define FAQD_CONVERSATION_H

#include "pack.h"

#define CONVERSATION_ENTITIES_MAX 6
#define CONVERSATION_CHOICES_MAX 3
#define CONVERSATION_TURNS 3 /* a subject is forgotten after as many turns without it */
#define CONVERSATION_IDLE_SECONDS (30 * 60)

struct choice {
    uint32_t intent;
    uint32_t entity; /* SYMBOL_NONE: without */
};

struct conversation {
    int live; /* an earlier turn was answered */
    enum lang lang;
    unsigned age; /* turns since */
    uint32_t intent;
    uint32_t entities[CONVERSATION_ENTITIES_MAX]; /* symbols, what was named last first */
    size_t n_entities;
    struct choice choices[CONVERSATION_CHOICES_MAX]; /* offered in the last turn */
    size_t n_choices;
};

/* 1 if it was a state of ours; else *c is an empty conversation. text may be NULL. */
int conversation_read(const struct pack *pack, const char *text, struct conversation *c);

/* Write it in at most `size` bytes, the terminator included. A part that does not fit is left out: the conversation is
 * then merely a little more forgetful. */
void conversation_write(const struct pack *pack, const struct conversation *c, char *text, size_t size);

#endif
