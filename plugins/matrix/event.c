/* SPDX-License-Identifier: MIT
 *
 * event.c - see event.h.
 */
#include "event.h"

#include <string.h>

enum { ID_MAX = 255 }; /* bytes of an identifier, by the specification */

const char *event_text(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return NULL;
    return json_string_value(value);
}

const char *event_id(const json_t *object, const char *name)
{
    const char *id = event_text(object, name);
    return id && id[0] && strlen(id) <= ID_MAX ? id : NULL;
}

static enum event_kind kind_of(const char *type)
{
    static const struct {
        const char *type;
        enum event_kind kind;
    } kinds[] = {
        {"m.room.message", EVENT_MESSAGE},       {"m.sticker", EVENT_MEDIA},
        {"m.poll.start", EVENT_MEDIA},           {"org.matrix.msc3381.poll.start", EVENT_MEDIA},
        {"m.reaction", EVENT_REACTION},          {"m.room.redaction", EVENT_REDACTION},
        {"m.room.encrypted", EVENT_ENCRYPTED},   {"m.room.member", EVENT_MEMBER},
        {"m.room.encryption", EVENT_ENCRYPTION}, {"m.room.tombstone", EVENT_TOMBSTONE},
        {"m.room.power_levels", EVENT_POWER},    {"m.room.create", EVENT_CREATE},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].kind;
    return EVENT_OTHER;
}

static enum event_mentions mentions_in(const json_t *content, const char *own)
{
    const json_t *mentions = json_object_get(content, "m.mentions");
    if (!json_is_object(mentions))
        return MENTIONS_ABSENT;
    const json_t *users = json_object_get(mentions, "user_ids");
    enum event_mentions found = MENTIONS_NOBODY;
    for (size_t i = 0; i < json_array_size(users); i++) {
        const char *user = json_string_value(json_array_get(users, i));
        if (user && strcmp(user, own) == 0)
            return MENTIONS_US;
        if (user)
            found = MENTIONS_OTHERS;
    }
    return found;
}

static void read_relation(const json_t *content, struct event *out)
{
    const json_t *relation = json_object_get(content, "m.relates_to");
    out->rel_type = event_id(relation, "rel_type");
    out->rel_event = event_id(relation, "event_id");
    out->rel_key = event_id(relation, "key");
    out->reply_to = event_id(json_object_get(relation, "m.in_reply_to"), "event_id");
    out->falling_back = json_is_true(json_object_get(relation, "is_falling_back"));
}

static void read_message(const json_t *content, const char *own, struct event *out)
{
    out->msgtype = event_text(content, "msgtype");
    out->body = event_text(content, "body");
    const char *format = event_text(content, "format");
    if (format && strcmp(format, "org.matrix.custom.html") == 0)
        out->html = event_text(content, "formatted_body");
    out->new_body = event_text(json_object_get(content, "m.new_content"), "body");
    out->mentions = mentions_in(content, own);
    read_relation(content, out);
}

static void read_member(const json_t *json, const json_t *content, struct event *out)
{
    const json_t *former = json_object_get(json_object_get(json, "unsigned"), "prev_content");
    out->membership = event_id(content, "membership");
    out->former = event_id(former, "membership");
    out->displayname = event_text(content, "displayname");
    out->is_direct = json_is_true(json_object_get(content, "is_direct"));
}

static void read_content(const json_t *json, const char *own, struct event *out)
{
    const json_t *content = out->content;
    switch (out->kind) {
    case EVENT_MESSAGE:
    case EVENT_MEDIA:
    case EVENT_ENCRYPTED: read_message(content, own, out); break;
    case EVENT_REACTION: read_relation(content, out); break;
    case EVENT_REDACTION:
        out->redacts = event_id(json, "redacts"); /* where it stands depends on the room's version */
        if (!out->redacts)
            out->redacts = event_id(content, "redacts");
        break;
    case EVENT_MEMBER: read_member(json, content, out); break;
    case EVENT_TOMBSTONE: out->other_room = event_id(content, "replacement_room"); break;
    case EVENT_CREATE: out->other_room = event_id(json_object_get(content, "predecessor"), "room_id"); break;
    case EVENT_ENCRYPTION:
    case EVENT_POWER:
    case EVENT_OTHER: break;
    }
}

static const char *mark_of(const json_t *content)
{
    const char *mark = event_text(content, EVENT_MARK);
    return mark ? mark : json_object_get(content, EVENT_MARK) ? "" : NULL;
}

static long long number_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

int event_read(const json_t *json, const char *own, struct event *out)
{
    const char *type = event_text(json, "type");
    const json_t *info = json_object_get(json, "unsigned");
    const char *then = event_id(info, "membership");
    *out = (struct event){.age_ms = -1, .sent_ms = -1};
    if (!type)
        return 0;
    out->kind = kind_of(type);
    out->id = event_id(json, "event_id");
    out->sender = event_id(json, "sender");
    out->state_key = event_text(json, "state_key");
    out->age_ms = number_in(info, "age");
    out->sent_ms = number_in(json, "origin_server_ts");
    out->outside = then && strcmp(then, "join") != 0;
    out->content = json_object_get(json, "content");
    if (!json_is_object(out->content))
        out->content = NULL;
    bool state = out->kind >= EVENT_MEMBER;
    if ((!out->id || !out->sender) && !state)
        return 0;
    if (state != (out->state_key != NULL)) /* a message that only looks like state, or the other way round */
        out->kind = EVENT_OTHER;
    out->id = out->id ? out->id : "";
    out->sender = out->sender ? out->sender : "";
    if (json_object_get(info, "redacted_because") && out->kind < EVENT_MEMBER)
        out->content = NULL;
    out->mark = mark_of(out->content);
    read_content(json, own, out);
    return 1;
}
