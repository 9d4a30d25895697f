/* SPDX-License-Identifier: MIT
 *
 * outbox.c - see outbox.h. An entry of the store: kind "out", key the transaction id, value
 *     {"room", "kind", "cause", "at", "answer", "target", "optional", "content"}
 */
#include "outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "event.h"
#include "keep.h"

enum { BODIES_MAX = 16 }; /* so many may wait in all, if what comes next is to stay in memory */

static void item_free(struct item *item)
{
    free(item->txn);
    free(item->value);
    free(item->body);
    free(item);
}

static struct item *append(struct bot *bot, struct room *room, const char *txn, enum item_kind kind, bool optional)
{
    struct item *item = calloc(1, sizeof(*item));
    if (!item)
        return NULL;
    item->txn = strdup(txn);
    item->kind = kind;
    item->optional = optional;
    if (!item->txn) {
        free(item);
        return NULL;
    }
    if (!room->first)
        room->waiting_since = clock_ms();
    *(room->last ? &room->last->next : &room->first) = item;
    room->last = item;
    bot->pending++;
    return item;
}

/* Take `item` out of the queue, of which `before` is the entry in front of it (NULL: none). */
static void take_out(struct bot *bot, struct room *room, struct item *before, struct item *item)
{
    *(before ? &before->next : &room->first) = item->next;
    if (room->last == item)
        room->last = before;
    bot->pending--;
    keep_delete(bot, "out", item->txn);
    item_free(item);
}

static bool full(struct bot *bot, const struct room *room)
{
    if ((long)bot->pending < bot->settings->queue)
        return false;
    bot->host->log(FAQD_WARNING, "matrix_queue_full", "%zu events wait to be sent; something for %s is left out",
                   bot->pending, room->id);
    return true;
}

/* The value of an entry with this content; NULL: no memory. */
static char *value_text(const struct room *room, const struct letter *letter, const char *content)
{
    char *text = NULL;
    json_t *json = json_pack("{s:s, s:i, s:s, s:I, s:O*, s:s*, s:b}", "room", room->id, "kind", (int)letter->kind,
                             "cause", letter->cause, "at", (json_int_t)clock_wall(), "answer", letter->answer, "target",
                             letter->target, "optional", letter->kind == ITEM_REACTION);
    char *most = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (most && asprintf(&text, "%.*s,\"content\":%s}", (int)strlen(most) - 1, most, content) < 0)
        text = NULL;
    free(most);
    json_decref(json);
    return text;
}

bool outbox_put(struct bot *bot, struct room *room, const struct letter *letter)
{
    char txn[320];
    struct item *item = NULL;
    snprintf(txn, sizeof(txn), "f%.255s.%.16s", letter->cause, letter->part);
    if (letter->content)
        json_object_set_new(letter->content, EVENT_MARK, json_string(txn));
    char *body = letter->content ? json_dumps(letter->content, JSON_COMPACT) : strdup("{}");
    char *value = body ? value_text(room, letter, body) : NULL;
    if (value && !full(bot, room))
        item = append(bot, room, txn, letter->kind, letter->kind == ITEM_REACTION);
    if (item) {
        keep_put(bot, "out", txn, value, strlen(value), 0);
        bot->unstored = true;
        item->value = value;
        value = NULL;
    }
    if (item && item->kind != ITEM_REDACTION && bot->pending <= BODIES_MAX) {
        item->body = body;
        body = NULL;
    }
    free(value);
    free(body);
    json_decref(letter->content);
    json_decref(letter->answer);
    return item != NULL;
}

struct item *outbox_find(const struct room *room, const char *txn)
{
    struct item *item = room->first;
    while (item && strcmp(item->txn, txn) != 0)
        item = item->next;
    return item;
}

json_t *outbox_value(struct bot *bot, const struct item *item)
{
    return item->value ? json_loads(item->value, 0, NULL) : keep_get_json(bot, "out", item->txn);
}

void outbox_drop(struct bot *bot, struct room *room, struct item *item)
{
    struct item *before = NULL;
    item->dropped = true;
    if (item->under_way) {
        keep_delete(bot, "out", item->txn);
        return;
    }
    for (struct item *i = room->first; i != item; i = i->next)
        before = i;
    take_out(bot, room, before, item);
}

typedef bool wanted(const struct item *item, const char *cause);

static unsigned drop_those(struct bot *bot, struct room *room, wanted *is_wanted, const char *cause)
{
    unsigned n = 0;
    struct item *before = NULL;
    for (struct item *item = room->first, *next; item; item = next) {
        next = item->next;
        if (!item->under_way && is_wanted(item, cause)) {
            take_out(bot, room, before, item);
            n++;
        } else {
            before = item;
        }
    }
    return n;
}

static bool any(const struct item *item, const char *cause)
{
    (void)item;
    (void)cause;
    return true;
}

static bool optional(const struct item *item, const char *cause)
{
    (void)cause;
    return item->optional;
}

static bool caused(const struct item *item, const char *cause)
{
    size_t n = strlen(cause);
    return item->kind != ITEM_REDACTION && strncmp(item->txn + 1, cause, n) == 0 && item->txn[1 + n] == '.';
}

void outbox_clear(struct bot *bot, struct room *room)
{
    drop_those(bot, room, any, NULL);
}

unsigned outbox_withdraw(struct bot *bot, struct room *room, const char *cause)
{
    return drop_those(bot, room, caused, cause);
}

void outbox_drop_optional(struct bot *bot)
{
    for (struct room *room = bot->rooms.list; room; room = room->next)
        if (room->first)
            drop_those(bot, room, optional, NULL);
}

void outbox_replace(struct bot *bot, struct room *room, json_t *value)
{
    struct item *item = room->first;
    char *text = json_dumps(value, JSON_COMPACT);
    if (!text)
        return;
    free(item->value);
    free(item->body);
    item->value = text;
    item->body = NULL;
    bot->unstored = true;
    keep_put(bot, "out", item->txn, text, strlen(text), 0);
}

void outbox_store(struct bot *bot)
{
    for (struct room *room = bot->rooms.list; room; room = room->next)
        for (struct item *item = room->first; item; item = item->next)
            if (item->value && !item->dropped)
                keep_put(bot, "out", item->txn, item->value, strlen(item->value), 0);
}

void outbox_stored(struct bot *bot)
{
    if (!bot->unstored)
        return;
    bot->unstored = false;
    for (struct room *room = bot->rooms.list; room; room = room->next)
        for (struct item *item = room->first; item; item = item->next) {
            free(item->value);
            item->value = NULL;
        }
}

struct loading {
    struct bot *bot;
    char (*old)[320]; /* transaction ids to be dropped */
    size_t n_old;
};

enum { OLD_MAX = 256 }; /* in one start; the rest is sent all the same */

/* What waited for too long is not an answer to anybody any more. */
static bool too_old(const struct bot *bot, const json_t *json)
{
    long age = bot->settings->max_age_seconds;
    int64_t at = json_integer_value(json_object_get(json, "at"));
    return age && clock_wall() - at > age + bot->settings->give_up_seconds;
}

static int load_one(void *user, const char *key, const void *value, size_t len)
{
    struct loading *l = user;
    json_t *json = json_loadb(value, len, 0, NULL);
    const char *id = event_id(json, "room");
    struct room *room = id ? rooms_find(&l->bot->rooms, id) : NULL;
    int rc = FAQD_OK;
    if ((!room || !room->joined || too_old(l->bot, json)) && l->n_old < OLD_MAX)
        snprintf(l->old[l->n_old++], sizeof(*l->old), "%s", key);
    else if (room && !append(l->bot, room, key, (enum item_kind)json_integer_value(json_object_get(json, "kind")),
                             json_is_true(json_object_get(json, "optional"))))
        rc = FAQD_ENOMEM;
    json_decref(json);
    return rc;
}

int outbox_load(struct bot *bot)
{
    struct loading l = {.bot = bot, .old = calloc(OLD_MAX, sizeof(*l.old))};
    if (!l.old)
        return FAQD_ENOMEM;
    int rc = bot->host->store_each(bot->store, "out", load_one, &l);
    for (size_t i = 0; i < l.n_old; i++)
        keep_delete(bot, "out", l.old[i]);
    if (l.n_old)
        bot->host->log(FAQD_WARNING, "matrix_send_given_up", "%zu answers had waited for too long", l.n_old);
    keep_commit(bot);
    free(l.old);
    return rc;
}

void outbox_free(struct room *room)
{
    while (room->first) {
        struct item *next = room->first->next;
        item_free(room->first);
        room->first = next;
    }
    room->last = NULL;
}
