/* SPDX-License-Identifier: MIT
 *
 * reply.h - the content of the events that we send. Pure functions; each result is a new JSON value, NULL: no memory.
 *
 * Text comes from the host (the pack's statements, rendered and escaped by it) or is a sentence of ours; nothing that a
 * person wrote gets into it. m.mentions always says who is meant, so that no client guesses from the text.
 */
#ifndef MATRIX_REPLY_H
#define MATRIX_REPLY_H

#include <stddef.h>

#include <jansson.h>

struct reply {
    const char *msgtype;
    const char *body;
    size_t body_len;
    const char *html;    /* NULL: just the body */
    const char *to;      /* event that is replied to; NULL */
    const char *thread;  /* its root; NULL */
    const char *mention; /* user; NULL */
};

/* An event has room for 65,536 bytes with everything (the specification); what JSON escapes is counted twice. */
enum { REPLY_MAX = 24000, REPLY_PARTS_MAX = 20 };

json_t *reply_content(const struct reply *reply);

/* The same as an edit of one of our events. Relations and mentions of the first version stay. */
json_t *reply_edit(const struct reply *reply, const char *event);

json_t *reply_reaction(const char *event, const char *key);

/* How much of a long body goes into one event: cut at a blank line, a line or a blank, never inside a character. */
size_t reply_cut(const char *body, size_t len, size_t max);

/* A content that was too large, with less: without HTML, cut to `max`. Changes it in place; 0: nothing left to cut. */
int reply_shorten(json_t *content, size_t max);

#endif
