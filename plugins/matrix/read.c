/* SPDX-License-Identifier: MIT
 *
 * read.c - see read.h. Requests of this kind are not tried again.
 */
#include "read.h"

#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "outbox.h"
#include "rooms.h"
#include "url.h"

enum {
    TYPING_AFTER_MS = 1000,
    TYPING_RENEW_MS = 20000, /* it ends by itself after 30 s */
};

void read_mark(struct bot *bot, struct room *room, const char *event, const char *thread)
{
    if (!bot->settings->receipts)
        return;
    free(room->read_event);
    free(room->read_thread);
    room->read_event = strdup(event);
    room->read_thread = strdup(thread ? thread : "main");
}

static void marked(void *user, const struct http_answer *answer)
{
    struct room *room = user;
    (void)answer;
    room->reading = false;
}

static void post(struct bot *bot, struct room *room, const char *method, const char *url, const char *body)
{
    struct http_request request = bot_request(bot, method, url, body);
    request.done = marked;
    request.user = room;
    room->reading = http_start(bot->http, &request) == FAQD_OK;
}

static void receipt(struct bot *bot, struct room *room)
{
    char url[URL_MAX];
    json_t *json = json_pack("{s:s}", "thread_id", room->read_thread ? room->read_thread : "main");
    char *body = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (body && url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/rooms/{}/receipt/m.read/{}", room->id,
                         room->read_event))
        post(bot, room, "POST", url, body);
    free(body);
    json_decref(json);
    free(room->read_event);
    room->read_event = NULL;
}

static void typing(struct bot *bot, struct room *room, bool on, int64_t now)
{
    char url[URL_MAX];
    room->typing = on;
    room->typing_at = now;
    if (url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/rooms/{}/typing/{}", room->id,
                 bot->session.user_id))
        post(bot, room, "PUT", url, on ? "{\"typing\":true,\"timeout\":30000}" : "{\"typing\":false}");
}

/* Is somebody waiting for longer than a moment, for a reason that will pass? */
static bool shows_typing(const struct bot *bot, const struct room *room, int64_t now)
{
    return bot->settings->typing && room->first && !room->encrypted && now - room->waiting_since >= TYPING_AFTER_MS;
}

void read_start(struct bot *bot, int64_t now)
{
    if (!bot_may_ask(bot, now) || bot->gate.failures)
        return;
    for (struct room *room = bot->rooms.list; room; room = room->next) {
        if (room->reading)
            continue;
        bool on = shows_typing(bot, room, now);
        if (on != room->typing || (on && now - room->typing_at >= TYPING_RENEW_MS))
            typing(bot, room, on, now);
        else if (room->read_event && !room->first && !pacing_tight(&bot->pacing, now))
            receipt(bot, room);
    }
}

int64_t read_next(const struct bot *bot, int64_t now)
{
    int64_t next = INT64_MAX;
    for (const struct room *room = bot->rooms.list; bot->settings->typing && bot->pending && room; room = room->next) {
        if (!room->first || room->reading)
            continue;
        int64_t when = room->typing ? room->typing_at + TYPING_RENEW_MS : room->waiting_since + TYPING_AFTER_MS;
        next = when > now && when < next ? when : next;
    }
    return next;
}

void read_abandon(struct bot *bot, struct room *room)
{
    if (room->reading)
        http_cancel(bot->http, room);
    room->reading = false;
}

void read_stop(struct bot *bot)
{
    for (struct room *room = bot->rooms.list; room; room = room->next)
        if (room->typing && !room->reading)
            typing(bot, room, false, 0);
}
