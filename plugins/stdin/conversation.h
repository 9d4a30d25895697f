/* SPDX-License-Identifier: MIT
 *
 * conversation.h - what the chat remembers from one message to the next.
 *
 * The dialogue's own memory is the state text that each answer carries; it is handed back with the next message. The
 * rest is for the person at the terminal: the choices that stand on the screen, the sources and the name of the last
 * answer. Views of the host are copied, they do not live long enough.
 */
#ifndef STDIN_CONVERSATION_H
#define STDIN_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "faqd_plugin.h"
#include "strings.h"

enum { STATE_MAX = 512 }; /* what the host promises */

struct conversation {
    const struct faqd_host *host;
    struct faqd_worker *worker;
    char lang[3]; /* that was asked for; "": the language of each question */
    char ui[3];   /* the language the chat itself speaks */
    char state[STATE_MAX + 1];
    int64_t last_turn; /* seconds of the monotonic clock; -1: none yet */
    bool answered;     /* there is a last answer */
    bool rated;        /* and it had its feedback */
    enum faqd_outcome outcome;
    char *answer_id;
    struct strings choices; /* of the last answer */
    struct strings sources; /* titles and addresses by turns */
};

/* `lang` as in the settings. Without one the chat speaks the language of the environment (LC_ALL, LC_MESSAGES, LANG)
 * until the first answer. FAQD_OK, FAQD_ENOMEM. */
int conversation_init(struct conversation *c, const struct faqd_host *host, const char *lang);

/* Ask and remember. The view is the host's and valid until the next call with the worker. Always leaves an answer. */
void conversation_ask(struct conversation *c, const char *text, size_t len, struct faqd_answer_view *out);

/* Change the language; "" for that of each question. */
void conversation_set_lang(struct conversation *c, const char *lang);

/* Forget all but the language. */
void conversation_forget(struct conversation *c);

void conversation_free(struct conversation *c);

#endif
