/* SPDX-License-Identifier: MIT
 *
 * encrypted.c - see encrypted.h.
 */
#include "encrypted.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bot.h"
#include "errands.h"
#include "keep.h"
#include "outbox.h"
#include "texts.h"
#include "url.h"

struct opening {
    struct bot *bot;
    char *user;
};

static void opening_free(void *user)
{
    struct opening *o = user;
    free(o->user);
    free(o);
}

/* The room that we asked for is there; the sync tells the rest. */
static void opened(void *user, const struct http_answer *answer)
{
    struct opening *o = user;
    struct verdict v;
    verdict_of(answer, &v);
    bot_noted(o->bot, &v, o->bot->session.generation);
    const char *id = v.kind == VERDICT_OK ? event_id(v.json, "room_id") : NULL;
    struct room *room = id ? rooms_add(&o->bot->rooms, id) : NULL;
    if (room) {
        room_flag(room, &room->direct_invite, true);
        room_set(room, &room->inviter, o->user);
        keep_delete(o->bot, "opening", id); /* opens the transaction with which the room is kept */
        answer_text(o->bot, room, room->id, "0", NULL, NULL, TEXT_OPENED);
    } else {
        o->bot->host->log(FAQD_WARNING, "matrix_encrypted", "no unencrypted room could be made: %s", v.text);
    }
    verdict_free(&v);
    opening_free(o);
}

/* A room without encryption for the one who invited us. The older Tchap modules encrypt what does not ask otherwise. */
static void open_room(struct bot *bot, const struct room *room)
{
    char url[URL_MAX];
    struct opening *o = calloc(1, sizeof(*o));
    char *user = strdup(room->inviter);
    json_t *json = json_pack("{s:s, s:b, s:[s], s:[{s:s, s:s, s:{s:s, s:b}}]}", "preset", "private_chat", "is_direct",
                             1, "invite", room->inviter, "initial_state", "type", "im.vector.room.access_rules",
                             "state_key", "", "content", "rule", "restricted", "force_unencrypted_at_creation", 1);
    char *body = json ? json_dumps(json, JSON_COMPACT) : NULL;
    bool ok = o && user && body && url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/createRoom");
    if (ok) {
        struct http_request request = bot_request(bot, "POST", url, body);
        request.done = opened;
        request.drop = opening_free;
        request.user = o;
        *o = (struct opening){bot, user};
        ok = http_start(bot->http, &request) == FAQD_OK;
    }
    if (!ok) {
        free(o);
        free(user);
    }
    free(body);
    json_decref(json);
}

void encrypted_room(struct bot *bot, struct room *room)
{
    enum encrypted_policy policy = bot->settings->encrypted;
    if (room->told || room->closed)
        return;
    outbox_clear(bot, room); /* nothing is answered in clear any more */
    bot->host->log(FAQD_INFO, "matrix_encrypted", "%s is encrypted: we do not read there", room->id);
    room_flag(room, &room->told, true);
    answer_text(bot, room, room->id, "e", NULL, NULL, TEXT_ENCRYPTED);
    if (policy == ENCRYPTED_OPEN_ROOM && room->inviter && room->inviter[0])
        open_room(bot, room);
    if (policy == ENCRYPTED_LEAVE || policy == ENCRYPTED_REFUSE)
        room_flag(room, &room->leaving, true); /* once that is sent */
}
