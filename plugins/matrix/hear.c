/* SPDX-License-Identifier: MIT
 *
 * hear.c - messages; reactions, edits and redactions are in react.c.
 */
#include "hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bot.h"
#include "clean.h"
#include "clock.h"
#include "identity.h"
#include "keep.h"
#include "react.h"
#include "read.h"
#include "texts.h"

enum { MEDIA_MS = 10 * 60000 }; /* "I only read text" is said once in that time */

/* How old is it? By our server's clock if it says so: ours may be wrong. */
static int64_t age_seconds(const struct event *e)
{
    if (e->age_ms >= 0)
        return e->age_ms / 1000;
    int64_t age = e->sent_ms >= 0 ? clock_wall() - e->sent_ms / 1000 : 0;
    return age > 0 ? age : 0;
}

static bool too_old(struct bot *bot, const struct room *room, const struct event *e)
{
    if (!bot->settings->max_age_seconds || age_seconds(e) <= bot->settings->max_age_seconds)
        return false;
    if (!bot->figures.stale++)
        bot->host->log(FAQD_INFO, "matrix_stale", "%s: questions older than %ld s are not answered", room->id,
                       bot->settings->max_age_seconds);
    return true;
}

static bool seen(struct bot *bot, const char *event)
{
    return keep_get(bot, "q", event) != NULL;
}

static bool always_answers(const struct bot *bot, const struct room *room)
{
    const json_t *rooms = bot->settings->rooms;
    const json_t *own = json_object_get(rooms, room->id);
    if (!own && room->origin)
        own = json_object_get(rooms, room->origin);
    return json_is_true(json_object_get(own, "always"));
}

/* The thread that a message stands in; NULL. */
static const char *thread_of(const struct event *e)
{
    return e->rel_type && e->rel_event && strcmp(e->rel_type, "m.thread") == 0 ? e->rel_event : NULL;
}

/* Just the number of one of the choices that were offered to this person last. */
static bool picks(struct bot *bot, const struct room *room, const struct event *e, const char *text)
{
    const struct talk *talk = talks_find(&bot->talks, answer_talk(room, thread_of(e), e->sender));
    return talk && talk->choices && text[0] >= '1' && text[0] <= '9' && text[1] == '\0' &&
           (unsigned)(text[0] - '0') <= talk->choices && talk_idle_seconds(talk, clock_ms()) < TALK_SECONDS;
}

static bool replies_to_us(struct bot *bot, const struct event *e)
{
    return e->reply_to && !e->falling_back && keep_get(bot, "answer", e->reply_to);
}

/* Is it said to us? */
static bool addressed(struct bot *bot, const struct room *room, const struct event *e, const char *text,
                      const struct identity *us)
{
    if (room_is_direct(room) || always_answers(bot, room))
        return true;
    if (e->mentions == MENTIONS_US || (e->mentions == MENTIONS_ABSENT && mention_found(text, e->html, us)))
        return true;
    if (replies_to_us(bot, e) || picks(bot, room, e, text))
        return true;
    const char *thread = thread_of(e);
    return thread && e->mentions != MENTIONS_OTHERS ? keep_get(bot, "thread", thread) != NULL : false;
}

static bool is_media(const struct event *e)
{
    static const char *const types[] = {"m.image", "m.audio", "m.video", "m.file", "m.location"};
    if (e->kind == EVENT_MEDIA)
        return true;
    for (size_t i = 0; e->msgtype && i < sizeof(types) / sizeof(*types); i++)
        if (strcmp(e->msgtype, types[i]) == 0)
            return true;
    return false;
}

static void hear_media(struct bot *bot, struct room *room, const struct event *e)
{
    int64_t now = clock_ms();
    if (!room_is_direct(room) || (room->media_told && now - room->media_told < MEDIA_MS) || too_old(bot, room, e) ||
        seen(bot, e->id))
        return;
    room->media_told = now;
    read_mark(bot, room, e->id, thread_of(e));
    react_note(bot, room, e->id);
    answer_text(bot, room, e->id, "0", e->id, thread_of(e), TEXT_MEDIA);
}

static bool is_text(const struct bot *bot, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && e->msgtype && e->body &&
           (strcmp(e->msgtype, "m.text") == 0 || (bot->settings->emotes && strcmp(e->msgtype, "m.emote") == 0));
}

/* `text` is a cleaned copy that we may change. */
static void hear_text(struct bot *bot, struct room *room, const struct event *e, char *text)
{
    char localpart[IDENTITY_LOCALPART];
    struct identity us = identity_in(bot, room, localpart, sizeof(localpart));
    const char *behind = mention_prefix(text, bot->settings->prefix);
    if (!behind && !addressed(bot, room, e, text, &us))
        return;
    if (too_old(bot, room, e) || seen(bot, e->id))
        return;
    read_mark(bot, room, e->id, thread_of(e));
    text = identity_without(bot, &us, text);
    const char *thread = thread_of(e);
    if (!text[0]) { /* just our name */
        react_note(bot, room, e->id);
        answer_welcome(bot, room, e->id, e->id, thread);
        return;
    }
    struct asked asked = {
        .room = room, .cause = e->id, .reply_to = e->id, .thread = thread, .user = e->sender, .text = text};
    answer_question(bot, &asked);
}

static void hear_message(struct bot *bot, struct room *room, const struct event *e)
{
    if (e->rel_type && strcmp(e->rel_type, "m.replace") == 0) {
        react_edit(bot, room, e);
        return;
    }
    if (is_media(e)) {
        hear_media(bot, room, e);
        return;
    }
    if (!is_text(bot, e))
        return;
    char *text = clean_text(e->reply_to ? clean_without_quote(e->body) : e->body);
    if (text)
        hear_text(bot, room, e, text);
    free(text);
}

/* Not for us to answer at all. */
static bool silent_here(const struct bot *bot, const struct room *room, const struct event *e)
{
    return e->outside || e->mark || room->closed || room->encrypted || room->muted || room->server_notice ||
           strcmp(e->sender, bot->session.user_id) == 0 || settings_lists(bot->settings->ignore_users, e->sender);
}

void hear_event(struct bot *bot, struct room *room, const struct event *e)
{
    if (e->kind == EVENT_ENCRYPTED)
        bot->figures.unreadable++;
    if (e->kind == EVENT_REDACTION && !e->outside)
        react_redaction(bot, room, e);
    if (silent_here(bot, room, e))
        return;
    if (e->kind == EVENT_REACTION)
        react_reaction(bot, room, e);
    else if ((e->kind == EVENT_MESSAGE || e->kind == EVENT_MEDIA) && e->content && e->state_key == NULL)
        hear_message(bot, room, e);
}
