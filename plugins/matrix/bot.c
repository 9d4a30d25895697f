/* SPDX-License-Identifier: MIT
 *
 * bot.c - the loop of one account (see bot.h).
 */
#include "bot.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "errands.h"
#include "health.h"
#include "keep.h"
#include "outbox.h"
#include "react.h"
#include "read.h"
#include "send.h"
#include "sync.h"
#include "take.h"

#ifndef FAQD_VERSION
#define FAQD_VERSION "unversioned"
#endif

enum {
    IDLE_MS = 1000,        /* the longest wait: rooms are looked after so often */
    HEALTH_MS = 5000,      /* how often health is reported */
    PURGE_MS = 10 * 60000, /* how often the store forgets */
    ANSWER_CAP = 1024 * 1024,
    MORE_CONNECTIONS = 2, /* beside those that send: for the poll and for errands */
};

int bot_new(const struct faqd_host *host, const struct settings *settings, struct bot **out)
{
    char agent[1200];
    struct bot *bot = calloc(1, sizeof(*bot));
    if (!bot)
        return FAQD_ENOMEM;
    snprintf(agent, sizeof(agent), "faqd/%s%s%s%s", FAQD_VERSION, settings->contact[0] ? " (" : "", settings->contact,
             settings->contact[0] ? ")" : "");
    char ca_file[4096] = "";
    int rc = settings->ca_file[0] ? host->path(host, settings->ca_file, ca_file, sizeof(ca_file)) : FAQD_OK;
    bot->host = host;
    bot->settings = settings;
    bool usual = strcmp(settings->account, "matrix") == 0;
    snprintf(bot->name, sizeof(bot->name), "matrix%s%s", usual ? "" : "_", usual ? "" : settings->account);
    bot->fresh = true;
    fault_init(&bot->fault);
    pacing_init(&bot->pacing, settings->pace_ms);
    backoff_init(&bot->gate, settings->retry_ms, settings->retry_max_ms);
    backoff_init(&bot->sync.retry, settings->retry_ms, settings->retry_max_ms);
    struct http_settings http = {agent, ca_file, true, settings->sends + MORE_CONNECTIONS};
    if (rc == FAQD_OK) {
        bot->http = http_new(&http);
        bot->worker = host->worker_new(host);
        rc = bot->http && bot->worker ? host->store_open(host, bot->name, &bot->store) : FAQD_ENOMEM;
    }
    if (rc != FAQD_OK) {
        bot_free(bot);
        return rc;
    }
    *out = bot;
    return FAQD_OK;
}

void bot_free(struct bot *bot)
{
    if (!bot)
        return;
    for (struct room *room = bot->rooms.list; room; room = room->next) {
        free(room->call);
        outbox_free(room);
    }
    http_free(bot->http);
    sync_free(bot);
    errands_free(bot);
    rooms_free(&bot->rooms);
    talks_free(&bot->talks);
    session_free(&bot->session);
    bot->host->worker_free(bot->worker);
    bot->host->store_close(bot->store);
    free(bot);
}

void bot_stop(struct bot *bot)
{
    atomic_store(&bot->stopping, true);
    http_wake(bot->http);
}

bool bot_may_ask(const struct bot *bot, int64_t now)
{
    if (!bot->ready || bot->trouble != VERDICT_OK || now < bot->locked_until || backoff_waits(&bot->gate, now))
        return false;
    if (!bot->gate.failures)
        return true;
    /* Is anybody there? One request finds out. A poll that began before the trouble does not count. */
    bool old_poll = bot->sync.under_way && bot->sync.started < bot->gate.until;
    return http_under_way(bot->http) == (old_poll ? 1 : 0);
}

/* ---- what answers say about the whole ---- */

static void noted_once(struct bot *bot, bool *flag, const char *event, const struct verdict *v)
{
    if (!*flag)
        bot->host->log(FAQD_ERROR, event, "%s%s%s", v->text, v->contact[0] ? "; ask " : "", v->contact);
    *flag = true;
}

void bot_noted(struct bot *bot, const struct verdict *v, unsigned generation)
{
    int64_t now = clock_ms();
    int64_t pause = now + bot->settings->locked_seconds * 1000;
    switch (v->kind) {
    case VERDICT_OK:
        backoff_worked(&bot->gate);
        bot->locked = false;
        break;
    case VERDICT_DOWN:
        if (!backoff_waits(&bot->gate, now)) /* all that fails at the same time is one failure */
            backoff_failed(&bot->gate, now);
        break;
    case VERDICT_SOFT_LOGOUT:
    case VERDICT_LOGGED_OUT:
    case VERDICT_DEACTIVATED:
        if (generation == bot->session.generation) /* else it was about a token that is replaced already */
            bot->trouble = v->kind;
        break;
    case VERDICT_LOCKED:
        noted_once(bot, &bot->locked, "matrix_locked", v);
        bot->locked_until = pause;
        break;
    case VERDICT_SUSPENDED:
        noted_once(bot, &bot->suspended, "matrix_suspended", v);
        bot->suspended_until = pause;
        break;
    case VERDICT_RESOURCES:
        bot->resources &= now < bot->resources_until; /* an alarm for each pause: somebody has to act */
        noted_once(bot, &bot->resources, "matrix_resource_limit", v);
        bot->resources_until = pause;
        break;
    case VERDICT_RETRY:
    case VERDICT_THROTTLED:
    case VERDICT_FORBIDDEN:
    case VERDICT_TOO_LARGE:
    case VERDICT_BAD: break;
    }
}

/* ---- asking and waiting ---- */

struct waiting {
    bool done;
    struct verdict *verdict;
};

static void came(void *user, const struct http_answer *answer)
{
    struct waiting *w = user;
    verdict_of(answer, w->verdict);
    w->done = true;
}

struct http_request bot_request(const struct bot *bot, const char *method, const char *url, const char *body)
{
    return (struct http_request){.method = method,
                                 .url = url,
                                 .token = bot->session.token,
                                 .body = body,
                                 .packed = true,
                                 .timeout_ms = bot->settings->request_seconds * 1000,
                                 .cap = ANSWER_CAP};
}

void bot_call(struct bot *bot, const char *method, const char *url, bool token, const char *body, struct verdict *out)
{
    struct waiting w = {.verdict = out};
    struct http_request request = bot_request(bot, method, url, body);
    request.done = came;
    request.user = &w;
    if (!token)
        request.token = NULL;
    unsigned generation = bot->session.generation;
    *out = (struct verdict){.kind = VERDICT_DOWN, .retry_ms = -1, .text = "stopped"};
    if (http_start(bot->http, &request) != FAQD_OK)
        return;
    while (!w.done && !atomic_load(&bot->stopping))
        http_step(bot->http, 1000);
    if (!w.done)
        http_cancel(bot->http, &w);
    else if (token || out->kind == VERDICT_DOWN || out->kind == VERDICT_LOCKED)
        bot_noted(bot, out, generation);
}

/* ---- the loop ---- */

static int load(struct bot *bot)
{
    int rc = session_load(bot);
    if (rc == FAQD_OK)
        rc = rooms_load(&bot->rooms, bot->host, bot->store);
    if (rc == FAQD_OK)
        rc = talks_load(&bot->talks, bot->host, bot->store, clock_ms());
    if (rc == FAQD_OK)
        rc = outbox_load(bot);
    if (rc == FAQD_OK)
        rc = errands_load(bot);
    if (rc == FAQD_OK)
        rc = sync_load(bot);
    return rc < 0 ? rc : FAQD_OK;
}

/* The session has to be made, or made good again. FAQD_EINVAL: only a person can do that. */
static int settle(struct bot *bot)
{
    int rc = FAQD_OK;
    if (bot->trouble == VERDICT_LOGGED_OUT || bot->trouble == VERDICT_DEACTIVATED) {
        session_end(bot, bot->trouble == VERDICT_DEACTIVATED ? "the account is deactivated"
                                                             : "its token is not known any more");
        return FAQD_EINVAL;
    }
    if (bot->trouble == VERDICT_SOFT_LOGOUT)
        rc = session_renew(bot);
    else if (!bot->ready)
        rc = session_start(bot);
    if (rc == FAQD_OK) {
        bot->trouble = VERDICT_OK;
        bot->ready = true;
    } else if (rc == FAQD_DECLINED && (bot->trouble == VERDICT_OK || bot->trouble == VERDICT_SOFT_LOGOUT) &&
               !backoff_waits(&bot->gate, clock_ms())) {
        backoff_failed(&bot->gate, clock_ms());
    }
    return rc == FAQD_DECLINED ? FAQD_OK : rc;
}

static void look_after(struct bot *bot, int64_t now)
{
    if (bot->session.refresh && bot->session.renew_at && now >= bot->session.renew_at)
        bot->trouble = VERDICT_SOFT_LOGOUT;
    if (now >= bot->look_at) {
        bot->look_at = now + IDLE_MS;
        take_empty_rooms(bot, now);
        talks_expire(&bot->talks, now);
    }
    if (now >= bot->health_at) {
        bot->health_at = now + HEALTH_MS;
        health_report(bot, now);
    }
    if (now >= bot->purge_at) {
        bot->purge_at = now + PURGE_MS;
        bot->host->store_purge(bot->store, clock_wall());
    }
}

/* Everything that happened so far is written: now the answers to it may leave. */
static void commit(struct bot *bot)
{
    bool place = bot->sync.unsaved;
    if (place && (bot->in_transaction || clock_ms() >= bot->sync.save_at || atomic_load(&bot->stopping)))
        sync_save(bot);
    if (keep_commit(bot))
        outbox_stored(bot);
    else if (bot->store_broken)
        bot->sync.unsaved |= place;
}

/* It is on the disk, too: now it may also have consequences that are not known again when it happens twice. */
static void conclude(struct bot *bot)
{
    commit(bot);
    keep_flush(bot);
    react_votes(bot);
    if (bot->sync.large && !bot->sync.batch_waits) {
        malloc_trim(0); /* the batch and its answers took several times its size */
        bot->sync.large = false;
    }
}

static int64_t earliest(const struct bot *bot, int64_t now)
{
    int64_t times[] = {now + IDLE_MS, sync_next(bot), send_next(bot, now), errands_next(bot), read_next(bot, now)};
    int64_t next = bot->session.refresh && bot->session.renew_at ? bot->session.renew_at : INT64_MAX;
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
        next = times[i] < next ? times[i] : next;
    if (now < bot->locked_until && next < bot->locked_until)
        next = bot->locked_until < now + IDLE_MS ? bot->locked_until : now + IDLE_MS;
    return next;
}

/* Start what is due, then wait for what comes. */
static void turn(struct bot *bot)
{
    sync_take(bot);
    commit(bot);
    int64_t now = clock_ms();
    if (bot->gate.failures)
        sync_start(bot, now); /* the best question to find out whether the server is back */
    size_t before = bot->sending;
    send_start(bot, now);
    if (bot->sending > before) {
        http_step(bot->http, 0); /* they leave before anything else is done */
        fault_pass(&bot->fault, "send_started");
    }
    sync_start(bot, now);
    errands_start(bot, now);
    read_start(bot, now);
    look_after(bot, now);
    conclude(bot);
    int64_t wait = earliest(bot, now) - clock_ms();
    if (bot->trouble != VERDICT_OK || (bot->sync.batch_waits && !bot->sync.gaps))
        wait = 0;
    http_step(bot->http, wait < 0 ? 1 : wait > IDLE_MS ? IDLE_MS : (int)wait);
}

/* Give what is under way a moment; the rest stays in the outbox. */
static void wind_up(struct bot *bot)
{
    int64_t end = clock_ms() + bot->settings->stop_seconds * 1000;
    http_cancel(bot->http, bot); /* the poll */
    if (bot->ready && !bot->gate.failures)
        read_stop(bot);
    while (http_under_way(bot->http) && clock_ms() < end) {
        http_step(bot->http, 50);
        conclude(bot);
    }
    conclude(bot);
}

int bot_run(struct bot *bot)
{
    int rc = load(bot);
    while (rc == FAQD_OK && !atomic_load(&bot->stopping)) {
        int64_t now = clock_ms();
        bool waits = backoff_waits(&bot->gate, now);
        if ((!bot->ready || bot->trouble != VERDICT_OK) && !waits && now >= bot->locked_until) {
            rc = settle(bot);
        } else if (!bot->ready || bot->trouble != VERDICT_OK) {
            look_after(bot, now);
            conclude(bot);
            http_step(bot->http, 500);
        } else {
            turn(bot);
        }
    }
    wind_up(bot);
    bot->host->log(FAQD_INFO, "matrix_stopped", "%zu events wait for the next start", bot->pending);
    if (rc != FAQD_OK)
        bot->host->health(bot->host, bot->name, 0, "stopped: see the log");
    return rc;
}
