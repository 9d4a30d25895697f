/* SPDX-License-Identifier: MIT
 *
 * react.c - see react.h.
 */
#include "react.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bot.h"
#include "clean.h"
#include "clock.h"
#include "identity.h"
#include "keep.h"
#include "outbox.h"

/* A vote that is to be counted, or taken back. */
struct vote {
    struct vote *next;
    char id[256]; /* of the answer */
    char lang[8];
    int vote;
    bool back;
};

void react_note(struct bot *bot, const struct room *room, const char *event)
{
    json_t *json = json_pack("{s:s}", "room", room->id);
    if (json)
        keep_json(bot, "q", event, json, KEEP_SECONDS);
    json_decref(json);
}

/* ---- votes ---- */

static void queue_vote(struct bot *bot, const char *id, const char *lang, int vote, bool back)
{
    struct vote *v = id && lang ? calloc(1, sizeof(*v)) : NULL;
    struct vote **at = &bot->votes;
    if (!v)
        return;
    snprintf(v->id, sizeof(v->id), "%s", id);
    snprintf(v->lang, sizeof(v->lang), "%s", lang);
    v->vote = vote;
    v->back = back;
    while (*at)
        at = &(*at)->next;
    *at = v;
}

void react_votes(struct bot *bot)
{
    while (bot->votes) {
        struct vote *v = bot->votes;
        bot->votes = v->next;
        int rc = v->back ? bot->host->unvote(bot->host, "matrix", v->id, v->lang, v->vote)
                         : bot->host->vote(bot->host, "matrix", v->id, v->lang, v->vote);
        bot->host->log(FAQD_DEBUG, "matrix_vote", "%s%s: %d", v->back ? "taken back: " : "", v->id, rc);
        free(v);
    }
}

static void vote(struct bot *bot, const struct event *e, const json_t *answer, int vote)
{
    const char *id = event_text(answer, "id");
    const char *lang = event_text(answer, "lang");
    if (keep_get(bot, "vote", e->id))
        return;
    json_t *json = json_pack("{s:s*, s:s*, s:i}", "id", id, "lang", lang, "vote", vote);
    if (json)
        keep_json(bot, "vote", e->id, json, KEEP_SECONDS);
    json_decref(json);
    queue_vote(bot, id, lang, vote, false);
}

static bool take_back_vote(struct bot *bot, const char *event)
{
    json_t *json = keep_get_json(bot, "vote", event);
    if (!json)
        return false;
    queue_vote(bot, event_text(json, "id"), event_text(json, "lang"),
               (int)json_integer_value(json_object_get(json, "vote")), true);
    keep_delete(bot, "vote", event);
    json_decref(json);
    return true;
}

/* ---- choices ---- */

/* Does this person pick for the one who was asked back? In a thread all are one. */
static bool same_person(const struct room *room, const struct event *e, const json_t *note)
{
    char who[24];
    const char *asked = event_text(note, "who");
    snprintf(who, sizeof(who), "%016" PRIx64, answer_person(room, e->sender));
    return asked && strcmp(asked, who) == 0;
}

static void choose(struct bot *bot, struct room *room, const struct event *e, json_t *note, int number)
{
    char text[4];
    const char *thread = event_text(note, "thread");
    const char *question = event_text(note, "question");
    const char *state = event_text(note, "state");
    json_int_t clicked = json_integer_value(json_object_get(note, "clicked"));
    if (number > json_integer_value(json_object_get(note, "choices")) || !question || !state ||
        (clicked & 1 << number) || (!thread && !same_person(room, e, note)) || keep_get(bot, "q", e->id))
        return;
    json_object_set_new(note, "clicked", json_integer(clicked | 1 << number)); /* a choice is made once */
    keep_json(bot, "answer", e->rel_event, note, KEEP_SECONDS);
    snprintf(text, sizeof(text), "%d", number);
    struct asked asked = {.room = room,
                          .cause = e->id,
                          .reply_to = question,
                          .thread = thread,
                          .user = e->sender,
                          .text = text,
                          .state = state};
    answer_question(bot, &asked);
}

void react_reaction(struct bot *bot, struct room *room, const struct event *e)
{
    static const char keycap[] = "\xe2\x83\xa3";
    static const char up[] = "\xf0\x9f\x91\x8d", down[] = "\xf0\x9f\x91\x8e";
    if (!e->rel_type || strcmp(e->rel_type, "m.annotation") != 0 || !e->rel_event || !e->rel_key)
        return;
    char *key = clean_text(e->rel_key); /* without variation selectors */
    json_t *note = key ? keep_get_json(bot, "answer", e->rel_event) : NULL;
    if (note && key[0] >= '1' && key[0] <= '9' && (strcmp(key + 1, keycap) == 0 || !key[1]))
        choose(bot, room, e, note, key[0] - '0');
    else if (note && strncmp(key, up, 4) == 0) /* a colour of skin may follow */
        vote(bot, e, note, 1);
    else if (note && strncmp(key, down, 4) == 0)
        vote(bot, e, note, -1);
    json_decref(note);
    free(key);
}

/* ---- corrections ---- */

static void answer_again(struct bot *bot, struct room *room, const struct event *e, json_t *question, char *text)
{
    char localpart[IDENTITY_LOCALPART];
    const struct identity us = identity_in(bot, room, localpart, sizeof(localpart));
    text = identity_without(bot, &us, text);
    if (!text[0])
        return;
    json_object_set_new(question, "edited", json_true()); /* once */
    keep_json(bot, "q", e->rel_event, question, KEEP_SECONDS);
    const char *answer = json_string_value(json_array_get(json_object_get(question, "events"), 0));
    struct asked asked = {.room = room,
                          .cause = e->id,
                          .reply_to = e->rel_event,
                          .thread = event_text(question, "thread"),
                          .user = e->sender,
                          .text = text,
                          .edits = answer,
                          .edited_id = event_text(question, "id")};
    answer_question(bot, &asked);
}

/* The question was corrected: so is our answer, if it has come and was one event. */
void react_edit(struct bot *bot, struct room *room, const struct event *e)
{
    json_t *question = e->rel_event && e->new_body ? keep_get_json(bot, "q", e->rel_event) : NULL;
    json_int_t at = json_integer_value(json_object_get(question, "at"));
    bool once =
        question && !json_object_get(question, "edited") && json_array_size(json_object_get(question, "events")) == 1;
    if (once && bot->settings->edit_seconds && clock_wall() - at <= bot->settings->edit_seconds &&
        same_person(room, e, question) && !keep_get(bot, "q", e->id)) {
        char *text = clean_text(e->new_body);
        if (text)
            answer_again(bot, room, e, question, text);
        free(text);
    }
    json_decref(question);
}

/* ---- withdrawals ---- */

static void withdraw_answers(struct bot *bot, struct room *room, const struct event *e, const json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        char part[24];
        const char *event = json_string_value(json_array_get(events, i));
        if (!event)
            continue;
        snprintf(part, sizeof(part), "x%zu", i);
        struct letter letter = {.kind = ITEM_REDACTION, .cause = e->id, .part = part, .target = event};
        keep_delete(bot, "answer", event);
        if (bot->settings->redact && !room->closed && !room->muted)
            outbox_put(bot, room, &letter);
    }
}

void react_redaction(struct bot *bot, struct room *room, const struct event *e)
{
    if (!e->redacts || take_back_vote(bot, e->redacts))
        return;
    keep_delete(bot, "answer", e->redacts); /* if it was one of ours */
    json_t *question = keep_get_json(bot, "q", e->redacts);
    if (!question || json_object_get(question, "gone")) {
        json_decref(question);
        return;
    }
    outbox_withdraw(bot, room, e->redacts);
    withdraw_answers(bot, room, e, json_object_get(question, "events"));
    const char *thread = event_text(question, "thread");
    struct talk *talk = talks_find(&bot->talks, answer_talk(room, thread, e->sender));
    if (talk && !thread)
        talk_forget(talk, bot->host, bot->store);
    json_t *gone = json_pack("{s:b}", "gone", 1);
    if (gone)
        keep_json(bot, "q", e->redacts, gone, KEEP_SECONDS);
    json_decref(gone);
    json_decref(question);
}
