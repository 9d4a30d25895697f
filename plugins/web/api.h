/* SPDX-License-Identifier: MIT
 *
 * api.h - the JSON interface: /v1/ask, /v1/feedback, /v1/welcome, as openapi.json describes them.
 */
#ifndef FAQD_WEB_API_H
#define FAQD_WEB_API_H

#include <jansson.h>

#include "faqd_plugin.h"

struct conn;

/* Handlers of route.h. */
int api_ask(struct conn *c);
int api_feedback(struct conn *c);
int api_welcome(struct conn *c);

/* What /chat shares: the worker set to the content of the request's site; an answer, counted once a key; a vote. */
void api_use_site(struct conn *c);
void api_answer(struct conn *c, const struct faqd_message *message, struct faqd_answer_view *out);
/* 0, or the request is refused (request_refuse). `was`: the visitor's earlier vote, 0: none. */
int api_vote(struct conn *c, const char *id, const char *lang, int vote, int was);
/* The texts of one kind of block, a space between. A new reference; NULL: out of memory. */
json_t *api_joined(const struct faqd_answer_view *view, enum faqd_block_kind kind);

#endif
