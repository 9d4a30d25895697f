/* SPDX-License-Identifier: MIT
 *
 * dispatch.h - (snapshot, conversation, message) -> answer: the whole way of one question.
 *
 * An answer is a pure function of message, language, conversation state and pack: no clock, no randomness, no memory of
 * other messages. A struct dispatch is a thread's working memory; it takes all it needs when it is made or first sees a
 * snapshot, so that answering allocates nothing of its own.
 */
#ifndef FAQD_DISPATCH_H
#define FAQD_DISPATCH_H

#include "answer.h"
#include "dialogue.h"
#include "snapshot.h"

struct dispatch {
    const struct snapshot *snapshot; /* that the last answer points into */
    struct match_scratch *scratch;   /* made for it */
    struct pattern_scratch *patterns;
    struct question *q;
    struct match safety;
    struct match match;
    struct match other;            /* of the other language, where the message's own gave nothing */
    struct prediction *prediction; /* likewise; NULL: the pack has too few examples */
    int predicted;                 /* it is of the last message */
    struct plan plan;
    struct conversation before; /* as the message found it */
    struct answer answer;
    struct faqd_correction_view corrections[QUESTION_CORRECTIONS_MAX];
};

struct dispatch *dispatch_new(void); /* NULL: out of memory */
void dispatch_free(struct dispatch *d);

/* Answer a message with a snapshot, which must stay until the next call. Always leaves an answer in *out.
 * FAQD_OK; FAQD_ELIMIT (too long, over budget) or FAQD_ENOMEM: the outcome is then `unavailable`. */
int dispatch_ask(struct dispatch *d, const struct snapshot *snapshot, const struct faqd_message *message,
                 struct faqd_answer_view *out);

/* What a conversation opens with. */
void dispatch_welcome(struct dispatch *d, const struct snapshot *snapshot, const char *lang,
                      struct faqd_answer_view *out);

#endif
