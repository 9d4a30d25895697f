/* SPDX-License-Identifier: MIT
 *
 * answer.c - see answer.h.
 */
#include "answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "event.h"
#include "keep.h"
#include "outbox.h"
#include "reply.h"
#include "texts.h"

enum { MINUTE_MS = 60000 };
enum { QUESTION_MAX = 4097 }; /* one byte more than the host reads: it then says that it is too long */

uint64_t answer_person(const struct room *room, const char *user)
{
    return talk_key(room->id, user);
}

uint64_t answer_talk(const struct room *room, const char *thread, const char *user)
{
    return talk_key(room->id, thread ? thread : user);
}

/* The settings of a room: those of the first in its chain of upgrades. */
static const char *room_setting(const struct bot *bot, const struct room *room, const char *name)
{
    const json_t *own = json_object_get(bot->settings->rooms, room->origin ? room->origin : room->id);
    if (!own)
        own = json_object_get(bot->settings->rooms, room->id);
    return event_text(own, name);
}

static void choose_pack(struct bot *bot, const struct room *room)
{
    const struct settings *s = bot->settings;
    const char *pack = room_setting(bot, room, "pack");
    if (!pack)
        pack = room_is_direct(room) && s->direct_pack[0] ? s->direct_pack : s->pack;
    if (bot->host->use_pack(bot->worker, pack) != FAQD_OK)
        bot->host->log(FAQD_WARNING, "matrix_settings", "%s: there is no pack \"%.60s\"; the default one answers",
                       room->id, pack);
}

static const char *choose_lang(const struct bot *bot, const struct room *room)
{
    const char *lang = room_setting(bot, room, "lang");
    return lang ? lang : bot->settings->lang;
}

/* ---- limits ---- */

/* May we answer? LIMITS_TELL: say once that it is too much. */
static enum limits_say within_limits(struct bot *bot, const struct asked *a, struct talk *talk, int64_t now)
{
    const struct settings *s = bot->settings;
    struct talk *user = talks_get(&bot->talks, talk_key("", a->user));
    if (talk_loops(talk, s->loop_turns, now)) {
        if (!bot->figures.loops++)
            bot->host->log(FAQD_WARNING, "matrix_loop", "%s: somebody talks like a program; no answer", a->room->id);
        return LIMITS_SILENT;
    }
    enum limits_say say = LIMITS_ANSWER;
    if (user) {
        user->last = now;
        say = limits_take(&user->bucket, s->user_per_minute, MINUTE_MS, now);
    }
    if (say == LIMITS_ANSWER)
        say = limits_take(&a->room->bucket, s->room_per_minute, MINUTE_MS, now);
    if (say == LIMITS_ANSWER)
        say = limits_take(&bot->total, s->total_per_minute, MINUTE_MS, now);
    if (say != LIMITS_ANSWER) {
        if (say == LIMITS_TELL)
            bot->host->log(FAQD_INFO, "matrix_limit", "%s: too many messages in a minute", a->room->id);
        bot->figures.limited++;
    }
    return say;
}

/* ---- entries ---- */

/* The question is seen, and this is where its answer will be noted. */
static void note_question(struct bot *bot, const struct asked *a, const char *id)
{
    char who[24];
    snprintf(who, sizeof(who), "%016" PRIx64, answer_person(a->room, a->user));
    json_t *json = json_pack("{s:s, s:s, s:s*, s:s*, s:I}", "room", a->room->id, "who", who, "thread", a->thread, "id",
                             id, "at", (json_int_t)clock_wall());
    if (json)
        keep_json(bot, "q", a->cause, json, KEEP_SECONDS);
    json_decref(json);
}

/* What is remembered by the id of the answer's event. */
static json_t *answer_note(const struct asked *a, const struct faqd_answer_view *view)
{
    char who[24];
    size_t choices = view->outcome == FAQD_CLARIFY ? view->n_choices : 0;
    snprintf(who, sizeof(who), "%016" PRIx64, answer_person(a->room, a->user));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:I, s:s*}", "room", a->room->id, "question", a->reply_to, "who",
                     who, "id", view->id, "lang", view->lang, "thread", a->thread, "choices", (json_int_t)choices,
                     "state", choices ? view->state : NULL);
}

static void put_one(struct bot *bot, const struct asked *a, unsigned part, json_t *content, json_t *note)
{
    char number[8];
    snprintf(number, sizeof(number), "%u", part);
    struct letter letter = {
        .kind = ITEM_MESSAGE, .cause = a->cause, .part = number, .content = content, .answer = note};
    if (content)
        outbox_put(bot, a->room, &letter);
    else
        json_decref(note);
}

/* The rendered answer of the worker, in as many events as it needs. */
static void put_answer(struct bot *bot, const struct asked *a, const struct faqd_answer_view *view)
{
    size_t len = 0;
    size_t html_len = 0;
    const char *plain = bot->host->render(bot->worker, FAQD_PLAIN, &len);
    char *body = plain ? strndup(plain, len) : NULL;
    const char *html = body ? bot->host->render(bot->worker, FAQD_HTML, &html_len) : NULL;
    struct reply r = {.msgtype = bot->settings->msgtype,
                      .to = a->reply_to,
                      .thread = a->thread,
                      .mention = room_is_direct(a->room) ? NULL : a->user};
    if (!body)
        return;
    bool whole = len <= REPLY_MAX && html && html_len <= REPLY_MAX;
    size_t at = 0;
    for (unsigned part = 0; (at < len || part == 0) && part < REPLY_PARTS_MAX; part++) {
        r.body = body + at;
        r.body_len = reply_cut(body + at, len - at, REPLY_MAX);
        r.html = whole ? html : NULL;
        at += r.body_len;
        json_t *content = a->edits ? reply_edit(&r, a->edits) : reply_content(&r);
        put_one(bot, a, part, content, a->edits ? NULL : answer_note(a, view));
        if (a->edits)
            break;
    }
    free(body);
}

static void ask(struct bot *bot, const struct asked *a, struct talk *talk, int64_t now, struct faqd_answer_view *view)
{
    const char *state = a->state ? a->state : talk->state ? talk->state : "";
    size_t len = strlen(a->text);
    struct faqd_message message = {.struct_size = sizeof(message),
                                   .text = a->text,
                                   .text_len = len < QUESTION_MAX ? len : QUESTION_MAX,
                                   .lang = choose_lang(bot, a->room),
                                   .state = state,
                                   .idle_seconds = a->state ? 0 : talk_idle_seconds(talk, now)};
    *view = (struct faqd_answer_view){.struct_size = sizeof(*view)};
    choose_pack(bot, a->room);
    bot->host->ask(bot->worker, &message, view);
}

static void after(struct bot *bot, const struct asked *a, const struct faqd_answer_view *view, struct talk *talk,
                  int64_t now)
{
    bool lost = view->outcome == FAQD_UNKNOWN || view->outcome == FAQD_UNAVAILABLE;
    talk->unknown = lost ? talk->unknown + 1 : 0;
    talk_keep(talk, view->state ? view->state : "", view->outcome == FAQD_CLARIFY ? (unsigned)view->n_choices : 0, now,
              bot->host, bot->store);
    if (a->thread)
        keep_put(bot, "thread", a->thread, "1", 1, KEEP_SECONDS);
}

void answer_question(struct bot *bot, const struct asked *a)
{
    int64_t now = clock_ms();
    struct faqd_answer_view view;
    struct talk *talk = talks_get(&bot->talks, answer_talk(a->room, a->thread, a->user));
    if (!talk)
        return;
    enum limits_say say = within_limits(bot, a, talk, now);
    if (say == LIMITS_SILENT)
        return;
    if (say == LIMITS_TELL) {
        answer_text(bot, a->room, a->cause, "0", a->reply_to, a->thread, TEXT_SLOWER);
        return;
    }
    ask(bot, a, talk, now, &view);
    if (a->edits && a->edited_id && strcmp(view.id, a->edited_id) == 0)
        return; /* the same answer: nothing to correct */
    note_question(bot, a, view.id);
    put_answer(bot, a, &view);
    bot->host->count(bot->worker, "matrix");
    after(bot, a, &view, talk, now);
}

void answer_text(struct bot *bot, struct room *room, const char *cause, const char *part, const char *reply_to,
                 const char *thread, const char *text)
{
    struct reply r = {
        .msgtype = bot->settings->msgtype, .body = text, .body_len = strlen(text), .to = reply_to, .thread = thread};
    struct letter letter = {.kind = ITEM_MESSAGE, .cause = cause, .part = part, .content = reply_content(&r)};
    if (letter.content)
        outbox_put(bot, room, &letter);
}

void answer_welcome(struct bot *bot, struct room *room, const char *cause, const char *reply_to, const char *thread)
{
    struct faqd_answer_view view = {.struct_size = sizeof(view)};
    struct asked a = {.room = room, .cause = cause, .reply_to = reply_to, .thread = thread, .user = ""};
    size_t len = 0;
    size_t html_len = 0;
    choose_pack(bot, room);
    if (bot->host->welcome(bot->worker, choose_lang(bot, room), &view) != FAQD_OK)
        return;
    const char *plain = bot->host->render(bot->worker, FAQD_PLAIN, &len);
    char *body = plain ? strndup(plain, len) : NULL;
    struct reply r = {
        .msgtype = bot->settings->msgtype, .body = body, .body_len = len, .to = reply_to, .thread = thread};
    if (!body)
        return;
    r.html = bot->host->render(bot->worker, FAQD_HTML, &html_len);
    put_one(bot, &a, 0, reply_content(&r), NULL);
    free(body);
}
