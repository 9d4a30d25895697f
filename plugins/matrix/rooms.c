/* SPDX-License-Identifier: MIT
 *
 * rooms.c - see rooms.h.
 */
#include "rooms.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct room *)a)->id, ((const struct room *)b)->id);
}

struct room *rooms_find(const struct rooms *rooms, const char *id)
{
    struct room key = {.id = (char *)id};
    struct room **found = tfind(&key, &rooms->tree, by_id);
    return found ? *found : NULL;
}

static void room_free(struct room *room)
{
    free(room->id);
    free(room->origin);
    free(room->former);
    free(room->name);
    free(room->inviter);
    free(room->read_event);
    free(room->read_thread);
    free(room);
}

struct room *rooms_add(struct rooms *rooms, const char *id)
{
    struct room *room = rooms_find(rooms, id);
    if (room)
        return room;
    room = calloc(1, sizeof(*room));
    if (!room)
        return NULL;
    room->id = strdup(id);
    room->n_joined = room->n_invited = -1;
    if (!room->id || !tsearch(room, &rooms->tree, by_id)) {
        room_free(room);
        return NULL;
    }
    room->next = rooms->list;
    if (room->next)
        room->next->before = room;
    rooms->list = room;
    rooms->n++;
    return room;
}

void rooms_remove(struct rooms *rooms, struct room *room)
{
    tdelete(room, &rooms->tree, by_id);
    if (room->before)
        room->before->next = room->next;
    else
        rooms->list = room->next;
    if (room->next)
        room->next->before = room->before;
    rooms->n--;
    room_free(room);
}

void rooms_free(struct rooms *rooms)
{
    while (rooms->list)
        rooms_remove(rooms, rooms->list);
}

bool room_is_direct(const struct room *room)
{
    return room->direct_invite || room->direct_data;
}

int room_set(struct room *room, char **member, const char *value)
{
    if (strcmp(*member ? *member : "", value) == 0)
        return FAQD_OK;
    char *copy = strdup(value);
    if (!copy)
        return FAQD_ENOMEM;
    free(*member);
    *member = copy;
    room->changed = true;
    return FAQD_OK;
}

void room_flag(struct room *room, bool *member, bool value)
{
    room->changed |= *member != value;
    *member = value;
}

static int own_member(struct room *room, const struct event *event)
{
    int rc = FAQD_OK;
    char *name = event->displayname ? clean_text(event->displayname) : NULL;
    if (event->membership && strcmp(event->membership, "invite") == 0) {
        room_flag(room, &room->direct_invite, event->is_direct);
        rc = room_set(room, &room->inviter, event->sender);
    }
    if (event->membership && strcmp(event->membership, "join") == 0)
        rc = room_set(room, &room->name, name ? clean_trim(name) : "");
    free(name);
    return rc;
}

int room_state(struct room *room, const struct event *event, const char *own)
{
    switch (event->kind) {
    case EVENT_ENCRYPTION:
        if (event->state_key[0] == '\0') /* can only be switched on */
            room_flag(room, &room->encrypted, true);
        return FAQD_OK;
    case EVENT_MEMBER:
        if (strcmp(event->state_key, own) != 0)
            return FAQD_OK;
        room_flag(room, &room->muted, false);
        return own_member(room, event);
    case EVENT_POWER: room_flag(room, &room->muted, false); return FAQD_OK;
    default: return FAQD_OK;
    }
}

/* ---- the store: an object of what is set ---- */

static const struct {
    const char *name;
    size_t offset;
} flags[] =
    {
        {"joined", offsetof(struct room, joined)},
        {"direct_invite", offsetof(struct room, direct_invite)},
        {"direct_data", offsetof(struct room, direct_data)},
        {"encrypted", offsetof(struct room, encrypted)},
        {"told", offsetof(struct room, told)},
        {"closed", offsetof(struct room, closed)},
        {"leaving", offsetof(struct room, leaving)},
        {"muted", offsetof(struct room, muted)},
        {"server_notice", offsetof(struct room, server_notice)},
        {"announced", offsetof(struct room, announced)},
},
  strings[] = {
      {"origin", offsetof(struct room, origin)},
      {"former", offsetof(struct room, former)},
      {"name", offsetof(struct room, name)},
      {"inviter", offsetof(struct room, inviter)},
};

enum { N_FLAGS = sizeof(flags) / sizeof(*flags), N_STRINGS = sizeof(strings) / sizeof(*strings) };

static void *member(const struct room *room, size_t offset)
{
    return (char *)room + offset;
}

static int load_one(void *user, const char *key, const void *value, size_t len)
{
    json_t *json = json_loadb(value, len, 0, NULL);
    struct room *room = rooms_add(user, key);
    int rc = room ? FAQD_OK : FAQD_ENOMEM;
    for (size_t i = 0; room && i < N_FLAGS; i++)
        *(bool *)member(room, flags[i].offset) = json_is_true(json_object_get(json, flags[i].name));
    for (size_t i = 0; rc == FAQD_OK && i < N_STRINGS; i++) {
        const char *text = json_string_value(json_object_get(json, strings[i].name));
        if (text)
            rc = room_set(room, member(room, strings[i].offset), text);
    }
    if (room) {
        const json_t *joined = json_object_get(json, "n_joined");
        const json_t *invited = json_object_get(json, "n_invited");
        room->n_joined = json_is_integer(joined) ? (long)json_integer_value(joined) : -1;
        room->n_invited = json_is_integer(invited) ? (long)json_integer_value(invited) : -1;
        room->changed = false;
    }
    json_decref(json);
    return rc;
}

int rooms_load(struct rooms *rooms, const struct faqd_host *host, struct faqd_store *store)
{
    return host->store_each(store, "room", load_one, rooms);
}

static int save_one(const struct faqd_host *host, struct faqd_store *store, const struct room *room)
{
    json_t *json = json_object();
    int bad = 0;
    for (size_t i = 0; i < N_FLAGS; i++)
        if (*(bool *)member(room, flags[i].offset))
            bad |= json_object_set_new(json, flags[i].name, json_true());
    for (size_t i = 0; i < N_STRINGS; i++) {
        const char *text = *(char **)member(room, strings[i].offset);
        if (text && text[0])
            bad |= json_object_set_new(json, strings[i].name, json_string(text));
    }
    if (room->n_joined >= 0)
        bad |= json_object_set_new(json, "n_joined", json_integer(room->n_joined));
    if (room->n_invited >= 0)
        bad |= json_object_set_new(json, "n_invited", json_integer(room->n_invited));
    char *text = bad ? NULL : json_dumps(json, JSON_COMPACT);
    int rc = text ? host->store_put(store, "room", room->id, text, strlen(text), 0) : FAQD_ENOMEM;
    free(text);
    json_decref(json);
    return rc;
}

int rooms_save(struct rooms *rooms, const struct faqd_host *host, struct faqd_store *store)
{
    int rc = FAQD_OK;
    for (struct room *room = rooms->list; room && rc == FAQD_OK; room = room->next) {
        if (!room->changed)
            continue;
        rc = save_one(host, store, room);
        room->changed = rc != FAQD_OK;
    }
    return rc;
}
