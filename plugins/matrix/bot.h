/* SPDX-License-Identifier: MIT
 *
 * bot.h - one account: its thread, its connection, its memory. Everything in here belongs to that one thread, which
 * never waits for anything but the network; only bot_stop() may be called from another.
 *
 *   session   who we are and the token           sync      the long poll, and what it brings
 *   rooms     where we are                       gap       what a poll left out
 *   talks     what was said last, to whom        hear      which event is a question, a vote, a choice
 *   outbox    what has to be sent                send      sending it
 *   errands   joining and leaving                answer    from question to entries of the outbox
 *
 * What a batch of /sync brings is taken over in one transaction of the store: questions seen, answers to be sent, the
 * state of rooms, the token to go on from. Whenever process or power fail, it either happened or will happen again, and
 * an answer that was sent before has the same transaction id: the server knows it by that, and we do when we read it,
 * for the id stands in the content, too. So nothing is sent in a run before the first sync has told what is there.
 */
#ifndef MATRIX_BOT_H
#define MATRIX_BOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"
#include "faqd_plugin.h"
#include "fault.h"
#include "http.h"
#include "limits.h"
#include "pacing.h"
#include "rooms.h"
#include "session.h"
#include "settings.h"
#include "sync_parse.h"
#include "talks.h"
#include "verdict.h"

/* What happened, for health and the log. */
struct figures {
    unsigned long answers, stale, limited, loops, unreadable; /* unreadable: encrypted events */
    int64_t last_sync;                                        /* clock_ms of the last good one; 0: none yet */
};

/* The state of the long poll. */
struct sync {
    char *since;     /* NULL: a first sync */
    char *filter_id; /* NULL: to be made */
    bool unsaved;    /* `since` is newer than what the store has */
    int64_t save_at; /* clock_ms; at the latest */
    bool under_way;
    int64_t started, not_before, moved; /* moved: when the token last changed */
    unsigned unreadable;                /* in a row */
    struct backoff retry;               /* after answers that were no use */
    unsigned empty;                     /* fast answers without news, in a row */
    bool failing;                       /* the log says so; until an answer is good again */
    bool small;                         /* answers were too large: ask for less */
    struct sync_batch batch;            /* being taken over: its gaps are fetched */
    bool batch_waits, large;            /* large: memory is given back after it */
    size_t gaps;                        /* fetches under way */
};

struct bot {
    const struct faqd_host *host;
    const struct settings *settings;
    struct faqd_store *store;
    char name[80]; /* of the store, and in health reports: "matrix", or "matrix_" and the account */
    struct faqd_worker *worker;
    struct http *http;
    struct fault fault;
    atomic_bool stopping;

    struct session session;
    bool ready;                /* the server told us who we are */
    bool fresh;                /* no batch was taken over in this run */
    enum verdict_kind trouble; /* with the session: VERDICT_SOFT_LOGOUT and what is worse; VERDICT_OK: none */
    struct backoff gate;       /* for everything: is the server there? */
    int64_t locked_until, suspended_until, resources_until;
    bool locked, suspended, resources;

    struct sync sync;
    struct rooms rooms;
    struct talks talks;
    struct errand *errands;
    struct pacing pacing;
    struct bucket total;
    size_t pending;                               /* entries of the outbox */
    size_t sending;                               /* of them under way */
    struct room *next;                            /* where the next look for something to send begins */
    struct vote *votes;                           /* to be counted once they are on the disk (react.h) */
    bool in_transaction, batch_taken, sent_taken; /* what the open transaction holds (keep.h) */
    bool unflushed;                               /* not all that was committed is on the disk */
    bool store_broken, unstored;                  /* unstored: entries of the outbox have their content in memory */
    int64_t purge_at, health_at, look_at;
    struct figures figures;
    bool health_ok;
    char health_text[200];
};

/* Make an account of the settings, which must live longer. FAQD_OK, or an error after a record in the log. */
int bot_new(const struct faqd_host *host, const struct settings *settings, struct bot **out);
void bot_free(struct bot *bot); /* takes NULL */

/* Work until bot_stop(). FAQD_OK, or FAQD_EINVAL: not logged in (any more); FAQD_EIO, FAQD_ENOMEM. */
int bot_run(struct bot *bot);
void bot_stop(struct bot *bot);

/* A request with our token, to be completed (done, user, ...) and started. Strings are borrowed. */
struct http_request bot_request(const struct bot *bot, const char *method, const char *url, const char *body);

/* Ask the server and wait for the answer, while everything else goes on. `path` is complete but for the base; `token`:
 * with ours. The verdict is VERDICT_DOWN if we are to stop meanwhile. The caller frees it. */
void bot_call(struct bot *bot, const char *method, const char *url, bool token, const char *body, struct verdict *out);

/* Take note of what a verdict says about account and server; for every answer of every request. */
void bot_noted(struct bot *bot, const struct verdict *verdict, unsigned generation);

/* May an ordinary request be started now? */
bool bot_may_ask(const struct bot *bot, int64_t now);

#endif
