/* SPDX-License-Identifier: MIT
 *
 * take.c - see take.h.
 */
#include "take.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bot.h"
#include "clock.h"
#include "direct.h"
#include "encrypted.h"
#include "errands.h"
#include "hear.h"
#include "keep.h"
#include "outbox.h"
#include "read.h"
#include "send.h"

enum { MUTED_MS = 10 * 60000 }; /* so long a room that refused us is left alone */

struct taking {
    struct bot *bot;
    struct room *room;
    bool heard;         /* messages count: not in a first sync, nor before our own join */
    const char *joined; /* id of the event of the timeline with which we joined; NULL: before it */
};

/* ---- a room was replaced ---- */

/* The new room inherits what is known of the old one. */
static void replaced(struct taking *t, const struct event *e)
{
    struct bot *bot = t->bot;
    struct room *old = t->room;
    if (old->closed || e->state_key[0] != '\0')
        return;
    bot->host->log(FAQD_INFO, "matrix_tombstone", "%s is replaced by %s", old->id,
                   e->other_room ? e->other_room : "nothing");
    room_flag(old, &old->closed, true);
    send_abandon(bot, old);
    struct room *new = e->other_room ? rooms_add(&bot->rooms, e->other_room) : NULL;
    if (!new || new == old)
        return;
    room_flag(new, &new->announced, true);
    room_flag(new, &new->direct_invite, room_is_direct(old));
    room_set(new, &new->former, old->id);
    room_set(new, &new->origin, old->origin ? old->origin : old->id);
    room_set(new, &new->inviter, old->inviter ? old->inviter : "");
    if (!new->joined)
        errands_join(bot, new->id, settings_server_of(e->sender));
}

/* Is the replacement really one? Else anybody could lead us anywhere. */
static void check_predecessor(struct taking *t, const struct event *e)
{
    struct room *room = t->room;
    if (!room->announced || !room->former || e->state_key[0] != '\0')
        return;
    room_flag(room, &room->announced, false);
    if (e->other_room && strcmp(e->other_room, room->former) == 0)
        return;
    t->bot->host->log(FAQD_WARNING, "matrix_tombstone", "%s does not say that it replaces %s: left", room->id,
                      room->former);
    errands_leave(t->bot, room->id);
}

/* ---- events ---- */

static void take_state(void *user, const struct event *e)
{
    struct taking *t = user;
    if (!e->state_key)
        return;
    room_state(t->room, e, t->bot->session.user_id);
    if (e->kind == EVENT_TOMBSTONE)
        replaced(t, e);
    else if (e->kind == EVENT_CREATE)
        check_predecessor(t, e);
}

bool take_is_join(const struct event *e, const char *own)
{
    return e->kind == EVENT_MEMBER && strcmp(e->state_key, own) == 0 && e->membership &&
           strcmp(e->membership, "join") == 0 && (!e->former || strcmp(e->former, "join") != 0);
}

/* Is our own join among these events? Then what stands before it was not said to us. */
static void find_join(void *user, const struct event *e)
{
    struct taking *t = user;
    if (take_is_join(e, t->bot->session.user_id))
        t->joined = e->id;
}

static void take_event(void *user, const struct event *e)
{
    struct taking *t = user;
    if (e->state_key && e->kind >= EVENT_MEMBER) {
        take_state(t, e);
        if (t->joined && strcmp(t->joined, e->id) == 0)
            t->joined = NULL;
        return;
    }
    if (e->mark && strcmp(e->sender, t->bot->session.user_id) == 0)
        send_seen(t->bot, t->room, e);
    else if (t->heard && !t->joined)
        hear_event(t->bot, t->room, e);
}

/* ---- rooms ---- */

static void count_members(struct room *room, const struct sync_room *from)
{
    if (from->joined >= 0 && from->joined != room->n_joined) {
        room->n_joined = from->joined;
        room->changed = true;
    }
    if (from->invited >= 0 && from->invited != room->n_invited) {
        room->n_invited = from->invited;
        room->changed = true;
    }
}

static void arrive(struct taking *t, bool first)
{
    struct bot *bot = t->bot;
    struct room *room = t->room;
    if (room->joined)
        return;
    room_flag(room, &room->joined, true);
    if (!first && room_is_direct(room) && !room->encrypted && bot->settings->welcome)
        answer_welcome(bot, room, room->id, NULL, NULL);
}

static void take_joined(struct bot *bot, const struct sync_room *from, bool first)
{
    struct taking t = {.bot = bot, .room = rooms_add(&bot->rooms, from->id), .heard = !first};
    const char *own = bot->session.user_id;
    if (!t.room)
        return;
    bool was_joined = t.room->joined;
    count_members(t.room, from);
    if (from->has_tags)
        room_flag(t.room, &t.room->server_notice, from->server_notice);
    sync_events(from->state, false, own, take_state, &t);
    if (!was_joined) {
        sync_events(from->older, true, own, find_join, &t);
        sync_events(from->timeline, false, own, find_join, &t);
        arrive(&t, first);
    }
    sync_events(from->older, true, own, take_event, &t);
    sync_events(from->timeline, false, own, take_event, &t);
    sync_events(from->after, false, own, take_state, &t);
    if (t.room->encrypted && !first) /* after a first sync at the next sign of life */
        encrypted_room(bot, t.room);
}

/* Kicked, banned, or left: nothing of it is kept, and we do not come back by ourselves. */
static void take_left(struct bot *bot, const struct sync_room *from)
{
    struct room *room = rooms_find(&bot->rooms, from->id);
    if (!room)
        return;
    bot->host->log(FAQD_INFO, "matrix_left", "%s: we are not in it any more", room->id);
    send_abandon(bot, room);
    read_abandon(bot, room);
    keep_delete(bot, "room", room->id);
    if (room->closed || !room->announced)
        rooms_remove(&bot->rooms, room);
    else
        room_flag(room, &room->joined, false);
}

void take_batch(struct bot *bot, const struct sync_batch *batch, bool first)
{
    for (size_t i = 0; i < batch->n_rooms; i++) {
        const struct sync_room *room = &batch->rooms[i];
        switch (room->section) {
        case SYNC_JOINED: take_joined(bot, room, first); break;
        case SYNC_INVITED: errands_invite(bot, room); break;
        case SYNC_LEFT: take_left(bot, room); break;
        }
    }
    if (batch->direct)
        direct_take(bot, batch->direct);
    if (first)
        bot->host->log(FAQD_INFO, "matrix_first_sync", "in %zu rooms; what was said there before is not answered",
                       bot->rooms.n);
}

void take_empty_rooms(struct bot *bot, int64_t now)
{
    long after = bot->settings->alone_seconds;
    for (struct room *room = bot->rooms.list; room; room = room->next) {
        if (room->muted && (!room->muted_at || now - room->muted_at >= MUTED_MS))
            room_flag(room, &room->muted, false); /* the next question finds out whether it still holds */
        if (room->leaving && !room->first) {
            room_flag(room, &room->leaving, false);
            errands_leave(bot, room->id);
        }
        bool alone = room->joined && room->n_joined == 1 && room->n_invited <= 0 && !room->server_notice;
        if (!alone || !after) {
            room->alone_since = 0;
        } else if (!room->alone_since) {
            room->alone_since = now;
        } else if (now - room->alone_since >= after * 1000) {
            bot->host->log(FAQD_INFO, "matrix_alone", "%s: nobody else is there", room->id);
            room->alone_since = now;
            errands_leave(bot, room->id);
        }
    }
}
