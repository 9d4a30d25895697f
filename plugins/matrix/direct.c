/* SPDX-License-Identifier: MIT
 *
 * direct.c - see direct.h.
 */
#include "direct.h"

#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "event.h"
#include "url.h"

struct mark {
    struct bot *bot;
    char *room, *user;
};

void direct_take(struct bot *bot, const json_t *direct)
{
    const char *user = NULL;
    json_t *rooms = NULL;
    json_object_foreach((json_t *)direct, user, rooms)
    {
        for (size_t i = 0; i < json_array_size(rooms); i++) {
            const char *id = json_string_value(json_array_get(rooms, i));
            struct room *room = id ? rooms_find(&bot->rooms, id) : NULL;
            if (room)
                room_flag(room, &room->direct_data, true);
        }
    }
}

static void mark_free(void *user)
{
    struct mark *mark = user;
    free(mark->room);
    free(mark->user);
    free(mark);
}

static bool ask(struct mark *mark, const char *method, const char *body, http_done *done)
{
    char url[URL_MAX];
    struct bot *bot = mark->bot;
    if (!url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/user/{}/account_data/m.direct",
                  bot->session.user_id))
        return false;
    struct http_request request = bot_request(bot, method, url, body);
    request.done = done;
    request.drop = mark_free;
    request.user = mark;
    return http_start(bot->http, &request) == FAQD_OK;
}

static void written(void *user, const struct http_answer *answer)
{
    (void)answer;
    mark_free(user);
}

/* What is there, and the room added. A copy as text, or NULL: it is there already. */
static char *with_room(json_t *direct, const struct mark *mark)
{
    json_t *rooms = json_object_get(direct, mark->user);
    for (size_t i = 0; i < json_array_size(rooms); i++)
        if (strcmp(mark->room,
                   json_string_value(json_array_get(rooms, i)) ? json_string_value(json_array_get(rooms, i)) : "") == 0)
            return NULL;
    if (!json_is_array(rooms)) {
        rooms = json_array();
        json_object_set_new(direct, mark->user, rooms);
    }
    json_array_append_new(rooms, json_string(mark->room));
    return json_dumps(direct, JSON_COMPACT);
}

static void read(void *user, const struct http_answer *answer)
{
    struct mark *mark = user;
    struct verdict v;
    verdict_of(answer, &v);
    bool none = !answer->error && answer->status == 404; /* there is no m.direct yet */
    json_t *direct = v.kind == VERDICT_OK ? json_incref(v.json) : none ? json_object() : NULL;
    char *body = direct ? with_room(direct, mark) : NULL;
    if (!body || !ask(mark, "PUT", body, written))
        mark_free(mark);
    free(body);
    json_decref(direct);
    verdict_free(&v);
}

void direct_mark(struct bot *bot, const char *room, const char *user)
{
    struct mark *mark = calloc(1, sizeof(*mark));
    if (!mark)
        return;
    *mark = (struct mark){bot, strdup(room), strdup(user)};
    if (!mark->room || !mark->user || !ask(mark, "GET", NULL, read))
        mark_free(mark);
}
