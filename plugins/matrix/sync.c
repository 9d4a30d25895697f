/* SPDX-License-Identifier: MIT
 *
 * sync.c - see sync.h. What a batch means for rooms and people is in take.c.
 */
#include "sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "event.h"
#include "filter.h"
#include "gap.h"
#include "keep.h"
#include "mend.h"
#include "take.h"
#include "url.h"

enum {
    FIRST_TIMEOUT_MS = 180 * 1000, /* a first sync of a large account takes the server a minute */
    UNREADABLE_MAX = 3,            /* tries, before a batch is skipped */
    EMPTY_MAX = 3,                 /* answers without news in a moment, before we slow down */
    MOMENT_MS = 500,
    SPACING_MS = 1000,
    STILL_MS = 10 * 60 * 1000,
    SAVE_MS = 5000,
    BUSY_TIMES = 2,
    BUSY_MS = 1000,
    LARGE_BYTES = 256 * 1024,
};

/* ---- memory ---- */

/* The filter's id is kept with the filter itself: another version of the program makes another one. */
static char *filter_text(const struct bot *bot)
{
    json_t *filter = filter_sync(bot->sync.small);
    char *text = filter ? json_dumps(filter, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(filter);
    return text;
}

int sync_load(struct bot *bot)
{
    const char *since = keep_get(bot, "sync", "since");
    if (since) {
        bot->sync.since = strdup(since);
        if (!bot->sync.since)
            return FAQD_ENOMEM;
    }
    json_t *filter = keep_get_json(bot, "sync", "filter");
    char *ours = filter_text(bot);
    const char *text = event_text(filter, "filter");
    const char *id = event_id(filter, "id");
    const char *user = event_text(filter, "user");
    if (ours && text && id && user && bot->session.user_id && strcmp(text, ours) == 0 &&
        strcmp(user, bot->session.user_id) == 0)
        bot->sync.filter_id = strdup(id);
    free(ours);
    json_decref(filter);
    bot->sync.moved = clock_ms();
    return FAQD_OK;
}

void sync_free(struct bot *bot)
{
    sync_batch_free(&bot->sync.batch);
    free(bot->sync.since);
    free(bot->sync.filter_id);
}

static void wait_longer(struct bot *bot)
{
    backoff_failed(&bot->sync.retry, clock_ms());
    bot->sync.not_before = bot->sync.retry.until;
}

/* Ask the server to keep our filter. */
static void make_filter(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v;
    char *text = filter_text(bot);
    if (!text ||
        !url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/user/{}/filter", bot->session.user_id)) {
        free(text);
        return;
    }
    bot_call(bot, "POST", url, true, text, &v);
    const char *id = v.kind == VERDICT_OK ? event_id(v.json, "filter_id") : NULL;
    if (id) {
        bot->sync.filter_id = strdup(id);
        json_t *kept = json_pack("{s:s, s:s, s:s}", "filter", text, "id", id, "user", bot->session.user_id);
        if (kept)
            keep_json(bot, "sync", "filter", kept, 0);
        json_decref(kept);
    } else {
        wait_longer(bot);
    }
    verdict_free(&v);
    free(text);
}

static void forget_since(struct bot *bot)
{
    free(bot->sync.since);
    bot->sync.since = NULL;
    keep_delete(bot, "sync", "since");
}

/* ---- answers ---- */

/* A body that cannot be read: again, and at last without it. */
static void unreadable(struct bot *bot, const struct http_answer *answer, const char *why)
{
    char next[512];
    struct sync *s = &bot->sync;
    wait_longer(bot);
    bot->host->log(FAQD_WARNING, "matrix_poison", "an answer of /sync cannot be read (%s)", why);
    if (++s->unreadable < UNREADABLE_MAX || !s->since ||
        !mend_find(answer->body, answer->len, "next_batch", next, sizeof(next)))
        return;
    bot->host->log(FAQD_ERROR, "matrix_poison", "it is skipped: questions may have been lost");
    s->unreadable = 0;
    free(s->since);
    s->since = strdup(next);
    keep_put(bot, "sync", "since", next, strlen(next), 0);
}

static void too_large(struct bot *bot)
{
    struct sync *s = &bot->sync;
    wait_longer(bot);
    bot->host->log(FAQD_ERROR, "matrix_sync_failed", "an answer of /sync is larger than the limit of %ld bytes%s",
                   s->since ? bot->settings->max_sync_bytes : bot->settings->max_first_sync_bytes,
                   s->small ? "" : "; asking for less");
    if (s->small && s->since)
        forget_since(bot); /* what was said meanwhile is lost, but we hear again */
    s->small = true;
    free(s->filter_id);
    s->filter_id = NULL;
}

/* The server does not know what we go on from, or our filter any more. */
static void refused(struct bot *bot, const struct verdict *v)
{
    struct sync *s = &bot->sync;
    wait_longer(bot);
    if (strcmp(v->errcode, "M_INVALID_PARAM") == 0 && s->filter_id) {
        free(s->filter_id);
        s->filter_id = NULL;
        keep_delete(bot, "sync", "filter");
    } else if (s->since && (strcmp(v->errcode, "M_UNKNOWN") == 0 || strcmp(v->errcode, "M_UNKNOWN_POS") == 0 ||
                            strcmp(v->errcode, "M_INVALID_PARAM") == 0)) {
        bot->host->log(FAQD_ERROR, "matrix_since_refused", "the server does not know where we were; beginning anew");
        forget_since(bot);
        return;
    }
    bot->host->log(FAQD_WARNING, "matrix_sync_failed", "the server refuses to sync: %s", v->text);
}

static void sync_failed(struct bot *bot, const struct http_answer *answer)
{
    struct verdict v;
    verdict_of(answer, &v);
    bool said = bot->sync.failing;
    bot_noted(bot, &v, bot->session.generation);
    if (answer->too_large)
        too_large(bot);
    else if (v.kind == VERDICT_BAD)
        refused(bot, &v);
    else if (v.kind == VERDICT_THROTTLED)
        bot->sync.not_before = clock_ms() + (v.retry_ms >= 0 ? v.retry_ms : 5000);
    else if (v.kind == VERDICT_RETRY || v.kind == VERDICT_FORBIDDEN || v.kind == VERDICT_TOO_LARGE)
        wait_longer(bot);
    bot->sync.failing = said || bot->gate.failures || bot->sync.retry.failures;
    if (bot->sync.failing && !said) /* a send may have found out before, and does not say */
        bot->host->log(FAQD_WARNING, "matrix_sync_failed", "%s", v.text);
    verdict_free(&v);
}

static void news(struct bot *bot, int64_t now)
{
    struct sync *s = &bot->sync;
    bool still = s->since && strcmp(s->since, s->batch.next_batch) == 0;
    bool quick = now - s->started < MOMENT_MS;
    s->empty = quick && (still || s->batch.n_rooms == 0) ? s->empty + 1 : 0;
    if (s->empty >= EMPTY_MAX || (still && quick))
        s->not_before = now + SPACING_MS;
    if (!still || !quick) /* an idle server gives the same one after each long poll */
        s->moved = now;
    else if (now - s->moved > STILL_MS) {
        bot->host->log(FAQD_WARNING, "matrix_still", "the server has given the same token for ten minutes");
        s->moved = now;
    }
    if (s->batch.mended)
        bot->host->log(FAQD_INFO, "matrix_poison", "%zu places of an answer of /sync had to be mended",
                       s->batch.mended);
    s->unreadable = 0;
    s->batch_waits = true;
    gap_start(bot);
}

static void synced(void *user, const struct http_answer *answer)
{
    struct bot *bot = user;
    struct sync *s = &bot->sync;
    char why[160];
    int64_t now = clock_ms();
    s->under_way = false;
    fault_pass(&bot->fault, "sync_answer");
    if (answer->error || answer->status != 200) {
        sync_failed(bot, answer);
        return;
    }
    int rc = sync_parse(answer->body, answer->len, &s->batch, why, sizeof(why));
    if (rc != FAQD_OK) {
        unreadable(bot, answer, why);
        return;
    }
    if (s->failing)
        bot->host->log(FAQD_INFO, "matrix_sync_back", "the server answers again");
    s->failing = false;
    backoff_worked(&bot->gate);
    backoff_worked(&s->retry);
    bot->figures.last_sync = now;
    s->large = answer->len > LARGE_BYTES;
    news(bot, now);
}

/* ---- polling ---- */

static void poll(struct bot *bot, int64_t now)
{
    char url[URL_MAX];
    char timeout[16];
    struct sync *s = &bot->sync;
    const struct settings *set = bot->settings;
    bool first = !s->since;
    /* the first one of a run, and one that tries whether the server is back, ask for what is there: no waiting */
    bool waits = !first && !bot->fresh && !bot->gate.failures;
    snprintf(timeout, sizeof(timeout), "%ld", waits ? set->poll_seconds * 1000 : 0);
    bool ok = first ? url_make(url, sizeof(url), bot->session.base,
                               "/_matrix/client/v3/sync?timeout={}&filter={}&set_presence={}", timeout, s->filter_id,
                               set->presence)
                    : url_make(url, sizeof(url), bot->session.base,
                               "/_matrix/client/v3/sync?timeout={}&filter={}&set_presence={}&since={}", timeout,
                               s->filter_id, set->presence, s->since);
    struct http_request request = bot_request(bot, "GET", url, NULL);
    request.timeout_ms = first ? FIRST_TIMEOUT_MS : (set->poll_seconds + set->request_seconds) * 1000;
    request.cap = (size_t)(first ? set->max_first_sync_bytes : set->max_sync_bytes);
    request.packed = !waits; /* else it is small, and unpacking would take longer than reading it */
    request.done = synced;
    request.user = bot;
    s->started = now;
    s->under_way = ok && http_start(bot->http, &request) == FAQD_OK;
    if (!s->under_way)
        s->not_before = now + SPACING_MS;
}

/* When to poll again. While more waits to be sent than can be on its way, each of our own messages would end a poll,
 * and the server has better things to do than to tell us of them. */
static int64_t poll_at(const struct bot *bot)
{
    const struct sync *s = &bot->sync;
    bool busy = (long)bot->pending > BUSY_TIMES * bot->settings->sends;
    return busy && s->started + BUSY_MS > s->not_before ? s->started + BUSY_MS : s->not_before;
}

void sync_start(struct bot *bot, int64_t now)
{
    struct sync *s = &bot->sync;
    if (s->under_way || s->batch_waits || now < poll_at(bot) || !bot_may_ask(bot, now))
        return;
    if (!s->filter_id)
        make_filter(bot);
    if (s->filter_id)
        poll(bot, now);
}

int64_t sync_next(const struct bot *bot)
{
    const struct sync *s = &bot->sync;
    if (s->under_way || s->batch_waits)
        return INT64_MAX;
    int64_t at = poll_at(bot);
    return bot->gate.failures && bot->gate.until > at ? bot->gate.until : at;
}

bool sync_take(struct bot *bot)
{
    struct sync *s = &bot->sync;
    if (!s->batch_waits || s->gaps)
        return false;
    bool first = s->since == NULL;
    if (bot->fresh)
        bot->host->log(FAQD_INFO, "matrix_ready", "listening as %s", bot->session.user_id);
    bot->fresh = false;
    take_batch(bot, &s->batch, first);
    if (!s->unsaved)
        s->save_at = clock_ms() + SAVE_MS;
    s->unsaved = true;
    free(s->since);
    s->since = s->batch.next_batch;
    s->batch.next_batch = NULL;
    sync_batch_free(&s->batch);
    s->batch_waits = false;
    bot->batch_taken = true;
    if (first)
        sync_save(bot);
    return true;
}

/* Where we are is kept with whatever else is; alone, it can wait a little: what is read again was seen before. */
void sync_save(struct bot *bot)
{
    struct sync *s = &bot->sync;
    if (s->unsaved && s->since)
        keep_put(bot, "sync", "since", s->since, strlen(s->since), 0);
    s->unsaved = false;
}
