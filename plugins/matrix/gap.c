/* SPDX-License-Identifier: MIT
 *
 * gap.c - see gap.h.
 */
#include "gap.h"

#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "event.h"
#include "filter.h"
#include "take.h"
#include "url.h"

enum { PAGE_CAP = 4 * 1024 * 1024, TRIES = 3 };

struct gap {
    struct bot *bot;
    struct sync_room *room;
    char *from;
    unsigned tries;
    bool cut; /* there is more, which is not fetched */
};

static bool ask(struct gap *gap);

static void gap_free(void *user)
{
    struct gap *gap = user;
    free(gap->from);
    free(gap);
}

static void finish(struct gap *gap, const char *why)
{
    struct bot *bot = gap->bot;
    size_t n = json_array_size(gap->room->older);
    if (why)
        bot->host->log(FAQD_WARNING, "matrix_gap_given_up", "%s: messages are missing: %s", gap->room->id, why);
    else if (gap->cut)
        bot->host->log(FAQD_WARNING, "matrix_gap_cut", "%s: only the newest %zu of the missed events are read",
                       gap->room->id, n);
    else
        bot->host->log(FAQD_INFO, "matrix_gap", "%s: %zu events fetched", gap->room->id, n);
    bot->sync.gaps--;
    gap_free(gap);
}

/* Is the last event of a page too old to be answered? Then so is what comes before it. */
static bool past_age(const struct bot *bot, const json_t *chunk)
{
    struct event e;
    long max = bot->settings->max_age_seconds;
    const json_t *last = json_array_get(chunk, json_array_size(chunk) - 1);
    return max && last && event_read(last, bot->session.user_id, &e) && e.age_ms / 1000 > max;
}

/* Take a page over; true: go on with the next one. */
static bool take_page(struct gap *gap, const json_t *json)
{
    json_t *chunk = json_object_get(json, "chunk");
    const char *end = event_text(json, "end");
    json_t *older = (json_t *)gap->room->older;
    if (!json_is_array(chunk) || json_array_extend(older, chunk) != 0)
        return false;
    if (!end || json_array_size(chunk) == 0 || past_age(gap->bot, chunk))
        return false;
    gap->cut = json_array_size(older) >= GAP_EVENTS;
    gap->bot->sync.large = true;
    if (gap->cut)
        return false;
    char *from = strdup(end);
    bool moved = from && strcmp(from, gap->from) != 0;
    if (from) {
        free(gap->from);
        gap->from = from;
    }
    return moved;
}

static void fetched(void *user, const struct http_answer *answer)
{
    struct gap *gap = user;
    struct bot *bot = gap->bot;
    struct verdict v;
    verdict_of(answer, &v);
    bot_noted(bot, &v, bot->session.generation);
    if (v.kind == VERDICT_OK) {
        gap->tries = 0;
        if (!take_page(gap, v.json) || !ask(gap))
            finish(gap, NULL);
    } else if ((v.kind == VERDICT_DOWN || v.kind == VERDICT_RETRY || v.kind == VERDICT_THROTTLED) &&
               ++gap->tries < TRIES && ask(gap)) {
        bot->host->log(FAQD_DEBUG, "matrix_gap", "%s: %s; tried again", gap->room->id, v.text);
    } else {
        finish(gap, v.text);
    }
    verdict_free(&v);
}

static bool ask(struct gap *gap)
{
    char url[URL_MAX];
    struct bot *bot = gap->bot;
    json_t *filter = filter_messages();
    char *text = filter ? json_dumps(filter, JSON_COMPACT) : NULL;
    bool ok = text && url_make(url, sizeof(url), bot->session.base,
                               "/_matrix/client/v3/rooms/{}/messages?dir=b&limit=100&from={}&to={}&filter={}",
                               gap->room->id, gap->from, bot->sync.since, text);
    struct http_request request = bot_request(bot, "GET", url, NULL);
    request.cap = PAGE_CAP;
    request.done = fetched;
    request.drop = gap_free;
    request.user = gap;
    ok = ok && http_start(bot->http, &request) == FAQD_OK;
    free(text);
    json_decref(filter);
    return ok;
}

struct own_join {
    const char *own;
    bool found;
};

static void find_join(void *user, const struct event *e)
{
    struct own_join *j = user;
    j->found |= take_is_join(e, j->own);
}

/* Something was left out that was said while we were there. Where we have just joined that is so if our join itself was
 * left out, with what came after it. */
static bool has_gap(const struct bot *bot, const struct sync_room *r)
{
    const struct room *room = rooms_find(&bot->rooms, r->id);
    struct own_join join = {.own = bot->session.user_id};
    if (r->section != SYNC_JOINED || !r->limited || !r->prev_batch || (room && (room->closed || room->encrypted)))
        return false;
    if (!room || !room->joined)
        sync_events(r->timeline, false, join.own, find_join, &join);
    return !join.found;
}

void gap_start(struct bot *bot)
{
    for (size_t i = 0; bot->sync.since && i < bot->sync.batch.n_rooms; i++) {
        struct sync_room *r = &bot->sync.batch.rooms[i];
        struct gap *gap = has_gap(bot, r) ? calloc(1, sizeof(*gap)) : NULL;
        if (!gap)
            continue;
        *gap = (struct gap){.bot = bot, .room = r, .from = strdup(r->prev_batch)};
        r->older = json_array();
        bot->sync.gaps++;
        if (!gap->from || !r->older || !ask(gap))
            finish(gap, "no memory");
    }
}
