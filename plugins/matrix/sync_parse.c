/* SPDX-License-Identifier: MIT
 *
 * sync_parse.c - see sync_parse.h.
 */
#include "sync_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faqd_plugin.h"
#include "mend.h"

static const json_t *events_of(const json_t *object, const char *name)
{
    const json_t *events = json_object_get(json_object_get(object, name), "events");
    return json_is_array(events) ? events : NULL;
}

static long count_of(const json_t *summary, const char *name)
{
    const json_t *value = json_object_get(summary, name);
    return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < 1000000000
               ? (long)json_integer_value(value)
               : -1;
}

/* The last event of a type among account data. */
static const json_t *account_data(const json_t *events, const char *type)
{
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char *its = event_text(event, "type");
        const json_t *content = json_object_get(event, "content");
        if (its && strcmp(its, type) == 0 && json_is_object(content))
            found = content;
    }
    return found;
}

static void read_room(const json_t *json, struct sync_room *room)
{
    const json_t *timeline = json_object_get(json, "timeline");
    const json_t *summary = json_object_get(json, "summary");
    const json_t *tags = account_data(events_of(json, "account_data"), "m.tag");
    room->state = events_of(json, room->section == SYNC_INVITED ? "invite_state" : "state");
    room->after = events_of(json, "state_after");
    room->timeline = events_of(json, "timeline");
    room->limited = json_is_true(json_object_get(timeline, "limited"));
    room->prev_batch = event_text(timeline, "prev_batch");
    room->joined = count_of(summary, "m.joined_member_count");
    room->invited = count_of(summary, "m.invited_member_count");
    room->has_tags = tags != NULL;
    room->server_notice = json_object_get(json_object_get(tags, "tags"), "m.server_notice") != NULL;
}

static const char *const sections[] = {[SYNC_JOINED] = "join", [SYNC_INVITED] = "invite", [SYNC_LEFT] = "leave"};

static int read_rooms(const json_t *rooms, struct sync_batch *out)
{
    size_t n = 0;
    for (int s = SYNC_JOINED; s <= SYNC_LEFT; s++)
        n += json_object_size(json_object_get(rooms, sections[s]));
    out->rooms = calloc(n + 1, sizeof(*out->rooms));
    if (!out->rooms)
        return FAQD_ENOMEM;
    for (int s = SYNC_JOINED; s <= SYNC_LEFT; s++) {
        const char *id = NULL;
        json_t *json = NULL;
        json_object_foreach(json_object_get(rooms, sections[s]), id, json)
        {
            if (strlen(id) > 255 || !json_is_object(json))
                continue;
            struct sync_room *room = &out->rooms[out->n_rooms++];
            room->id = id;
            room->section = (enum sync_section)s;
            read_room(json, room);
        }
    }
    return FAQD_OK;
}

int sync_parse(char *bytes, size_t len, struct sync_batch *out, char *error, size_t error_size)
{
    json_error_t at;
    *out = (struct sync_batch){.mended = mend_json(bytes, len)};
    out->root = json_loadb(bytes, len, JSON_ALLOW_NUL, &at);
    if (!out->root) {
        int no_memory = json_error_code(&at) == json_error_out_of_memory;
        snprintf(error, error_size, "at byte %d of %zu: %s", at.position, len,
                 no_memory ? "out of memory" : "JSON error"); /* jansson's own text quotes the input */
        return no_memory ? FAQD_ENOMEM : FAQD_EINVAL;
    }
    const char *next = event_text(out->root, "next_batch");
    int rc = FAQD_EINVAL;
    snprintf(error, error_size, "no next_batch");
    if (next && next[0]) {
        out->next_batch = strdup(next);
        rc = out->next_batch ? read_rooms(json_object_get(out->root, "rooms"), out) : FAQD_ENOMEM;
        out->direct = account_data(events_of(out->root, "account_data"), "m.direct");
    }
    if (rc != FAQD_OK)
        sync_batch_free(out);
    return rc;
}

void sync_batch_free(struct sync_batch *batch)
{
    for (size_t i = 0; i < batch->n_rooms; i++)
        json_decref((json_t *)batch->rooms[i].older);
    free(batch->rooms);
    free(batch->next_batch);
    json_decref(batch->root);
    *batch = (struct sync_batch){0};
}

void sync_events(const json_t *array, bool reverse, const char *own,
                 void (*each)(void *user, const struct event *event), void *user)
{
    size_t n = json_array_size(array);
    for (size_t i = 0; i < n; i++) {
        struct event event;
        if (event_read(json_array_get(array, reverse ? n - 1 - i : i), own, &event))
            each(user, &event);
    }
}
