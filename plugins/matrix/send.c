/* SPDX-License-Identifier: MIT
 *
 * send.c - see send.h.
 */
#include "send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "event.h"
#include "keep.h"
#include "outbox.h"
#include "reply.h"
#include "url.h"

enum { TIGHT_BYTES = 6000 }; /* of a body that was too large with more */

/* An event is on its way; the room's first entry. */
struct send_call {
    struct bot *bot;
    struct room *room;
    unsigned generation;
};

/* ---- the server has it ---- */

/* Which event answered which question: for votes, choices, replies and redactions. */
static void remember(struct bot *bot, struct room *room, const char *cause, const json_t *answer, const char *event)
{
    json_t *question = keep_get_json(bot, "q", cause);
    json_t *events = json_object_get(question, "events");
    if (json_is_object(answer))
        keep_json(bot, "answer", event, answer, KEEP_SECONDS);
    if (json_is_true(json_object_get(question, "gone"))) { /* redacted while this was under way */
        struct letter letter = {.kind = ITEM_REDACTION, .cause = cause, .part = "x", .target = event};
        if (bot->settings->redact)
            outbox_put(bot, room, &letter);
    } else if (question) {
        if (!events) {
            events = json_array();
            json_object_set_new(question, "events", events);
        }
        json_array_append_new(events, json_string(event));
        keep_json(bot, "q", cause, question, KEEP_SECONDS);
    }
    json_decref(question);
}

/* A choice can be clicked. */
static void offer(struct bot *bot, struct room *room, const char *cause, const json_t *answer, const char *event,
                  int64_t now)
{
    static const char *const keys[] = {"1\xef\xb8\x8f\xe2\x83\xa3", "2\xef\xb8\x8f\xe2\x83\xa3",
                                       "3\xef\xb8\x8f\xe2\x83\xa3"};
    json_int_t choices = json_integer_value(json_object_get(answer, "choices"));
    for (json_int_t i = 0; i < choices && i < 3 && bot->settings->reactions && !pacing_tight(&bot->pacing, now); i++) {
        char part[8];
        snprintf(part, sizeof(part), "r%d", (int)i + 1);
        struct letter letter = {
            .kind = ITEM_REACTION, .cause = cause, .part = part, .content = reply_reaction(event, keys[i])};
        outbox_put(bot, room, &letter);
    }
}

static void taken(struct bot *bot, struct room *room, struct item *item, const char *event, int64_t now)
{
    json_t *value = outbox_value(bot, item);
    const char *cause = event_id(value, "cause");
    bool message = item->kind == ITEM_MESSAGE;
    bot->sent_taken = true;
    outbox_drop(bot, room, item);
    if (cause && message) {
        const json_t *answer = json_object_get(value, "answer");
        bot->figures.answers++;
        remember(bot, room, cause, answer, event);
        offer(bot, room, cause, answer, event, now);
    }
    json_decref(value);
}

void send_seen(struct bot *bot, struct room *room, const struct event *e)
{
    struct item *item = outbox_find(room, e->mark);
    if (item && !item->dropped)
        taken(bot, room, item, e->id, clock_ms());
}

/* ---- it has not ---- */

static void give_up(struct bot *bot, struct room *room, const char *why)
{
    bot->host->log(FAQD_ERROR, "matrix_send_given_up", "%s: %s", room->id, why);
    outbox_drop(bot, room, room->first);
}

static void wait_longer(const struct bot *bot, struct room *room, int64_t now)
{
    if (!room->retry.first_ms)
        backoff_init(&room->retry, bot->settings->retry_ms, bot->settings->retry_max_ms);
    backoff_failed(&room->retry, now);
}

/* It may work later. */
static void later(struct bot *bot, struct room *room, const struct verdict *v, int64_t now)
{
    struct item *item = room->first;
    if (!item->first_failed) {
        item->first_failed = now;
        bot->host->log(FAQD_WARNING, "matrix_send_failed", "%s: %s; it is tried again", room->id, v->text);
    }
    wait_longer(bot, room, now);
    if (now - item->first_failed >= bot->settings->give_up_seconds * 1000)
        give_up(bot, room, v->text);
}

static void throttled(struct bot *bot, struct room *room, const struct verdict *v, int64_t now)
{
    bool first = !pacing_tight(&bot->pacing, now);
    int64_t wait = pacing_refused(&bot->pacing, now, v->retry_ms);
    room->not_before = now + wait;
    if (first)
        bot->host->log(FAQD_INFO, "matrix_throttled", "the server asks for a pause of %ld ms", (long)wait);
    outbox_drop_optional(bot);
}

static void mute(struct bot *bot, struct room *room, const struct verdict *v)
{
    bot->host->log(FAQD_WARNING, "matrix_muted", "%s: the server does not let us write there: %s", room->id, v->text);
    room_flag(room, &room->muted, true);
    room->muted_at = clock_ms();
    outbox_clear(bot, room); /* at least the entry that was refused: the change is kept with it */
}

static void shorten(struct bot *bot, struct room *room, const struct verdict *v)
{
    json_t *value = outbox_value(bot, room->first);
    json_t *content = json_object_get(value, "content");
    if (room->first->kind == ITEM_MESSAGE && !room->first->shortened && reply_shorten(content, TIGHT_BYTES)) {
        room->first->shortened = true;
        outbox_replace(bot, room, value);
    } else {
        give_up(bot, room, v->text);
    }
    json_decref(value);
}

static void judge(struct bot *bot, struct room *room, const struct verdict *v, int64_t now)
{
    const char *event = event_id(v->json, "event_id");
    switch (v->kind) {
    case VERDICT_OK:
        if (!event) {
            later(bot, room, v, now);
            break;
        }
        backoff_worked(&room->retry);
        bot->suspended = bot->resources = false;
        pacing_taken(&bot->pacing);
        taken(bot, room, room->first, event, now);
        break;
    case VERDICT_THROTTLED: throttled(bot, room, v, now); break;
    case VERDICT_DOWN:
    case VERDICT_RETRY: later(bot, room, v, now); break;
    case VERDICT_SOFT_LOGOUT:
    case VERDICT_LOGGED_OUT:
    case VERDICT_LOCKED:
    case VERDICT_DEACTIVATED:
    case VERDICT_SUSPENDED:
    case VERDICT_RESOURCES: break; /* bot_noted() saw to it; the entry stays */
    case VERDICT_FORBIDDEN: mute(bot, room, v); break;
    case VERDICT_TOO_LARGE: shorten(bot, room, v); break;
    case VERDICT_BAD: give_up(bot, room, v->text); break;
    }
}

static void sent(void *user, const struct http_answer *answer)
{
    struct send_call *call = user;
    struct bot *bot = call->bot;
    struct room *room = call->room;
    struct verdict v;
    fault_pass(&bot->fault, "send_answer");
    room->sending = false;
    room->first->under_way = false;
    bot->sending--;
    verdict_of(answer, &v);
    bot_noted(bot, &v, call->generation);
    if (room->first->dropped)
        outbox_drop(bot, room, room->first);
    else
        judge(bot, room, &v, clock_ms());
    verdict_free(&v);
    room->call = NULL;
    free(call);
}

static void answer_begins(void *user)
{
    struct send_call *call = user;
    fault_pass(&call->bot->fault, "send_answer_begins");
}

/* ---- starting ---- */

/* `value`: of a redaction. */
static bool address(const struct bot *bot, const struct room *room, const json_t *value, char *url, size_t size)
{
    const struct item *item = room->first;
    const char *base = bot->session.base;
    const char *target = event_id(value, "target");
    if (item->kind == ITEM_REDACTION)
        return target &&
               url_make(url, size, base, "/_matrix/client/v3/rooms/{}/redact/{}/{}", room->id, target, item->txn);
    return url_make(url, size, base, "/_matrix/client/v3/rooms/{}/send/{}/{}", room->id,
                    item->kind == ITEM_REACTION ? "m.reaction" : "m.room.message", item->txn);
}

static bool start_call(struct bot *bot, struct room *room, const char *url, const char *body)
{
    struct send_call *call = calloc(1, sizeof(*call));
    if (!call)
        return false;
    *call = (struct send_call){bot, room, bot->session.generation};
    struct http_request request = bot_request(bot, "PUT", url, body);
    request.packed = false; /* an event's id */
    request.done = sent;
    request.begins = answer_begins;
    request.user = call;
    fault_pass(&bot->fault, "send_before");
    if (http_start(bot->http, &request) != FAQD_OK) {
        free(call);
        return false;
    }
    room->call = call;
    return true;
}

static void start(struct bot *bot, struct room *room, int64_t now)
{
    char url[URL_MAX];
    struct item *item = room->first;
    json_t *value = item->body ? NULL : outbox_value(bot, item);
    if ((!item->body && !value) || !address(bot, room, value, url, sizeof(url))) {
        give_up(bot, room, "the entry cannot be read");
        json_decref(value);
        return;
    }
    if (!item->body)
        item->body = json_dumps(json_object_get(value, "content"), JSON_COMPACT);
    if (item->body && start_call(bot, room, url, item->body)) {
        room->sending = true;
        item->under_way = true;
        bot->sending++;
        pacing_sent(&bot->pacing, now);
    } else {
        wait_longer(bot, room, now); /* no memory: later */
    }
    free(item->body); /* another try reads it again */
    item->body = NULL;
    json_decref(value);
}

static bool sendable(const struct bot *bot, int64_t now)
{
    return bot->pending > bot->sending && !bot->fresh && bot_may_ask(bot, now) && now >= bot->suspended_until &&
           now >= bot->resources_until;
}

static bool room_waits(const struct room *room, int64_t now)
{
    return !room->first || room->sending || backoff_waits(&room->retry, now) || now < room->not_before;
}

void send_start(struct bot *bot, int64_t now)
{
    int64_t when = 0;
    if (!sendable(bot, now))
        return;
    struct room *room = bot->next ? bot->next : bot->rooms.list;
    for (size_t i = 0;
         i < bot->rooms.n && (long)bot->sending < bot->settings->sends && pacing_allows(&bot->pacing, now, &when);
         i++) {
        struct room *next = room->next ? room->next : bot->rooms.list;
        if (!room_waits(room, now))
            start(bot, room, now);
        room = next;
        if (bot->gate.failures) /* is anybody there? one is enough to find out */
            break;
    }
    bot->next = room;
}

int64_t send_next(const struct bot *bot, int64_t now)
{
    int64_t next = INT64_MAX;
    int64_t paced = 0;
    if (bot->fresh || bot->pending <= bot->sending || (long)bot->sending >= bot->settings->sends)
        return next;
    pacing_allows(&bot->pacing, now, &paced);
    for (const struct room *room = bot->rooms.list; room; room = room->next) {
        if (!room->first || room->sending)
            continue;
        int64_t when = room->retry.failures ? room->retry.until : 0;
        when = room->not_before > when ? room->not_before : when;
        next = when < next ? when : next;
    }
    int64_t blocks[] = {paced, bot->gate.failures ? bot->gate.until : 0, bot->suspended_until, bot->resources_until,
                        bot->locked_until};
    for (size_t i = 0; next != INT64_MAX && i < sizeof(blocks) / sizeof(*blocks); i++)
        next = blocks[i] > next ? blocks[i] : next;
    return next;
}

void send_abandon(struct bot *bot, struct room *room)
{
    if (room->call) {
        http_cancel(bot->http, room->call);
        free(room->call);
        room->call = NULL;
        room->sending = false;
        room->first->under_way = false;
        bot->sending--;
    }
    outbox_clear(bot, room);
    if (bot->next == room)
        bot->next = NULL;
}
