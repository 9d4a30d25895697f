/* SPDX-License-Identifier: MIT
 *
 * errands.c - see errands.h. An entry of the store: kind "invite", key the room's id, value {"leave", "via", "at"}.
 */
#include "errands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "direct.h"
#include "event.h"
#include "keep.h"
#include "url.h"

enum { TRIES = 5, HOUR_MS = 3600 * 1000 };

enum errand_kind { JOIN = 0, LEAVE, LOOK }; /* LOOK: before leaving, see whether it is the server's own room */

struct errand {
    struct errand *next;
    struct bot *bot;
    char *room, *via;
    enum errand_kind kind;
    unsigned tries;
    int64_t due;
    bool under_way;
    unsigned generation;
};

/* ---- the list ---- */

static void errand_free(struct errand *e)
{
    free(e->room);
    free(e->via);
    free(e);
}

static struct errand *find(const struct bot *bot, const char *room)
{
    for (struct errand *e = bot->errands; e; e = e->next)
        if (strcmp(e->room, room) == 0)
            return e;
    return NULL;
}

static struct errand *add(struct bot *bot, const char *room, const char *via, enum errand_kind kind)
{
    struct errand *e = find(bot, room);
    struct errand **at = &bot->errands;
    if (e && e->under_way)
        return NULL; /* what is going on is seen in a later sync */
    if (!e) {
        e = calloc(1, sizeof(*e));
        if (!e)
            return NULL;
        e->bot = bot;
        e->room = strdup(room);
        if (!e->room) {
            free(e);
            return NULL;
        }
        while (*at)
            at = &(*at)->next;
        *at = e;
    }
    free(e->via);
    e->via = strdup(via);
    e->kind = kind;
    e->tries = 0;
    e->due = 0;
    return e;
}

static void keep(struct bot *bot, const char *room, const char *via, enum errand_kind kind)
{
    json_t *json = json_pack("{s:b, s:s}", "leave", kind != JOIN, "via", via);
    if (json && add(bot, room, via, kind))
        keep_json(bot, "invite", room, json, KEEP_SECONDS);
    json_decref(json);
}

void errands_join(struct bot *bot, const char *room, const char *via)
{
    keep(bot, room, via, JOIN);
}

void errands_leave(struct bot *bot, const char *room)
{
    const struct room *known = rooms_find(&bot->rooms, room);
    if (!known || !known->server_notice)
        keep(bot, room, "", LOOK);
}

static void done(struct errand *e)
{
    struct bot *bot = e->bot;
    struct errand **at = &bot->errands;
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    keep_delete(bot, "invite", e->room);
    errand_free(e);
}

/* ---- invites ---- */

struct invite {
    const char *own;
    const char *inviter;
    bool direct, encrypted;
};

static void read_invite(void *user, const struct event *e)
{
    struct invite *i = user;
    if (e->kind == EVENT_MEMBER && strcmp(e->state_key, i->own) == 0 && e->membership &&
        strcmp(e->membership, "invite") == 0) {
        i->inviter = e->sender;
        i->direct = e->is_direct;
    }
    i->encrypted |= e->kind == EVENT_ENCRYPTION;
}

static bool welcome_guest(const struct bot *bot, const char *room, const char *inviter)
{
    const struct settings *s = bot->settings;
    if (s->invites != INVITES_LISTED)
        return s->invites == INVITES_ALL;
    return settings_lists(s->invite_users, inviter) || settings_lists(s->invite_servers, settings_server_of(inviter)) ||
           settings_lists(s->invite_rooms, room);
}

/* Were too many of this person's invites accepted within the hour? */
static bool too_many(struct bot *bot, const char *inviter, int64_t now)
{
    struct talk *guest = talks_get(&bot->talks, talk_key("invites", inviter));
    if (!guest)
        return true;
    guest->last = now;
    return limits_take(&guest->bucket, bot->settings->invites_per_hour, HOUR_MS, now) != LIMITS_ANSWER;
}

static const char *objection(struct bot *bot, const struct sync_room *invite, const struct invite *i, bool announced)
{
    if (!i->inviter[0])
        return "nobody is named as inviter";
    if (!announced && !welcome_guest(bot, invite->id, i->inviter))
        return "not allowed by the settings";
    if (i->encrypted && bot->settings->encrypted == ENCRYPTED_REFUSE)
        return "the room is encrypted";
    if (too_many(bot, i->inviter, clock_ms()))
        return "too many invites in an hour";
    return NULL;
}

void errands_invite(struct bot *bot, const struct sync_room *invite)
{
    struct invite i = {.own = bot->session.user_id, .inviter = ""};
    sync_events(invite->state, false, i.own, read_invite, &i);
    struct room *room = rooms_find(&bot->rooms, invite->id);
    const char *wrong = objection(bot, invite, &i, room && room->announced);
    bot->host->log(FAQD_INFO, "matrix_invite", "%s from %s: %s", invite->id, i.inviter, wrong ? wrong : "accepted");
    if (wrong) {
        if (bot->settings->invites_reject)
            errands_leave(bot, invite->id);
        return;
    }
    room = rooms_add(&bot->rooms, invite->id);
    if (!room)
        return;
    room_flag(room, &room->direct_invite, i.direct);
    room_flag(room, &room->encrypted, i.encrypted);
    room_set(room, &room->inviter, i.inviter);
    errands_join(bot, invite->id, settings_server_of(i.inviter));
}

/* ---- carrying out ---- */

static void failed(struct errand *e, const struct verdict *v, int64_t now)
{
    struct bot *bot = e->bot;
    bool never = v->kind == VERDICT_FORBIDDEN || v->kind == VERDICT_BAD;
    bool account = v->kind >= VERDICT_SOFT_LOGOUT && v->kind <= VERDICT_RESOURCES;
    if (v->kind == VERDICT_DOWN || account) { /* not its own fault: as often as it takes */
        e->due = now + bot->settings->join_retry_seconds * 1000;
        return;
    }
    if (v->kind == VERDICT_THROTTLED) {
        e->due = now + (v->retry_ms >= 0 ? v->retry_ms : 5000);
        return;
    }
    if (!never && ++e->tries < TRIES) {
        e->due = now + clock_jitter((bot->settings->join_retry_seconds * 1000) << (e->tries - 1), 20);
        return;
    }
    bot->host->log(FAQD_WARNING, "matrix_join_failed", "%s: cannot %s: %s", e->room, e->kind == JOIN ? "join" : "leave",
                   v->text);
    if (e->kind == JOIN && !never) { /* it would stay an invite for ever */
        e->kind = LEAVE;
        e->tries = TRIES - 1;
        e->due = now;
        return;
    }
    done(e);
}

static void joined(struct errand *e)
{
    struct bot *bot = e->bot;
    const struct room *room = rooms_find(&bot->rooms, e->room);
    bot->host->log(FAQD_INFO, "matrix_joined", "%s", e->room);
    if (room && room->direct_invite && room->inviter)
        direct_mark(bot, e->room, room->inviter);
    done(e);
}

/* The tags of the room have come: is it the server's own? */
static void looked(struct errand *e, const struct verdict *v)
{
    struct room *room = NULL;
    if (!json_object_get(json_object_get(v->json, "tags"), "m.server_notice")) {
        e->kind = LEAVE;
        e->due = 0;
        return;
    }
    room = rooms_find(&e->bot->rooms, e->room);
    if (room)
        room_flag(room, &room->server_notice, true);
    done(e);
}

static void answered(void *user, const struct http_answer *answer)
{
    struct errand *e = user;
    struct bot *bot = e->bot;
    struct verdict v;
    verdict_of(answer, &v);
    bot_noted(bot, &v, e->generation);
    e->under_way = false;
    if (e->kind == JOIN)
        fault_pass(&bot->fault, "join_answer");
    bool gone = e->kind == LEAVE && (v.kind == VERDICT_FORBIDDEN || v.kind == VERDICT_BAD); /* not in it any more */
    if (e->kind == LOOK && v.kind != VERDICT_DOWN && v.kind != VERDICT_THROTTLED)
        looked(e, &v);
    else if (v.kind != VERDICT_OK && !gone)
        failed(e, &v, clock_ms());
    else if (e->kind == JOIN)
        joined(e);
    else {
        bot->host->log(FAQD_INFO, "matrix_left", "%s", e->room);
        done(e);
    }
    verdict_free(&v);
}

static bool address(const struct errand *e, char *url, size_t size)
{
    const char *base = e->bot->session.base;
    if (e->kind == LOOK)
        return url_make(url, size, base, "/_matrix/client/v3/user/{}/rooms/{}/tags", e->bot->session.user_id, e->room);
    if (e->kind == LEAVE)
        return url_make(url, size, base, "/_matrix/client/v3/rooms/{}/leave", e->room);
    if (!e->via || !e->via[0])
        return url_make(url, size, base, "/_matrix/client/v3/join/{}", e->room);
    return url_make(url, size, base, "/_matrix/client/v3/join/{}?via={}&server_name={}", e->room, e->via, e->via);
}

void errands_start(struct bot *bot, int64_t now)
{
    char url[URL_MAX];
    size_t under_way = 0;
    for (struct errand *e = bot->errands; e; e = e->next)
        under_way += e->under_way;
    /* one after the other: nobody waits for it */
    for (struct errand *e = bot->errands; e && under_way == 0; e = e->next) {
        if (now < e->due || !bot_may_ask(bot, now) || !address(e, url, sizeof(url)))
            continue;
        bool look = e->kind == LOOK;
        struct http_request request = bot_request(bot, look ? "GET" : "POST", url, look ? NULL : "{}");
        request.done = answered;
        request.user = e;
        e->generation = bot->session.generation;
        if (e->kind == JOIN)
            fault_pass(&bot->fault, "join_before");
        e->under_way = http_start(bot->http, &request) == FAQD_OK;
        under_way++;
    }
}

int64_t errands_next(const struct bot *bot)
{
    int64_t next = INT64_MAX;
    for (const struct errand *e = bot->errands; e; e = e->next) {
        if (e->under_way)
            return INT64_MAX;
        next = e->due < next ? e->due : next;
    }
    return next != INT64_MAX && bot->gate.failures && bot->gate.until > next ? bot->gate.until : next;
}

static int load_one(void *user, const char *key, const void *value, size_t len)
{
    json_t *json = json_loadb(value, len, 0, NULL);
    const char *via = event_text(json, "via");
    add(user, key, via ? via : "", json_is_true(json_object_get(json, "leave")) ? LOOK : JOIN);
    json_decref(json);
    return 0;
}

int errands_load(struct bot *bot)
{
    return bot->host->store_each(bot->store, "invite", load_one, bot);
}

void errands_free(struct bot *bot)
{
    while (bot->errands) {
        struct errand *next = bot->errands->next;
        errand_free(bot->errands);
        bot->errands = next;
    }
}
