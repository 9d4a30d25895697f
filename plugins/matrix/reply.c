/* SPDX-License-Identifier: MIT
 *
 * reply.c - see reply.h.
 */
#include "reply.h"

#include <string.h>

#include "event.h"

static json_t *relation(const struct reply *r)
{
    json_t *json = json_object();
    int bad = 0;
    if (r->thread) {
        bad |= json_object_set_new(json, "rel_type", json_string("m.thread"));
        bad |= json_object_set_new(json, "event_id", json_string(r->thread));
        bad |= json_object_set_new(json, "is_falling_back", json_boolean(!r->to));
    }
    bad |= json_object_set_new(json, "m.in_reply_to", json_pack("{s:s}", "event_id", r->to ? r->to : r->thread));
    if (!bad)
        return json;
    json_decref(json);
    return NULL;
}

/* msgtype, body, HTML: what an edit replaces. */
static json_t *text_of(const struct reply *r, const char *before)
{
    json_t *json = json_pack("{s:s, s:s+%}", "msgtype", r->msgtype, "body", before, r->body, r->body_len);
    int bad = !json;
    if (r->html) {
        bad |= json_object_set_new(json, "format", json_string("org.matrix.custom.html"));
        bad |= json_object_set_new(json, "formatted_body", json_string(r->html));
    }
    if (!bad)
        return json;
    json_decref(json);
    return NULL;
}

json_t *reply_content(const struct reply *r)
{
    json_t *json = text_of(r, "");
    json_t *mentions = r->mention ? json_pack("{s:[s]}", "user_ids", r->mention) : json_object();
    int bad = json_object_set_new(json, "m.mentions", mentions);
    if (r->to || r->thread)
        bad |= json_object_set_new(json, "m.relates_to", relation(r));
    if (json && !bad)
        return json;
    json_decref(json);
    return NULL;
}

json_t *reply_edit(const struct reply *r, const char *event)
{
    struct reply first = *r;
    first.html = NULL;
    json_t *json = text_of(&first, "* ");
    json_t *content = text_of(r, "");
    int bad = json_object_set_new(content, "m.mentions", json_object());
    bad |= json_object_set_new(json, "m.new_content", content);
    bad |= json_object_set_new(json, "m.mentions", json_object());
    bad |=
        json_object_set_new(json, "m.relates_to", json_pack("{s:s, s:s}", "rel_type", "m.replace", "event_id", event));
    if (json && !bad)
        return json;
    json_decref(json);
    return NULL;
}

json_t *reply_reaction(const char *event, const char *key)
{
    return json_pack("{s:{s:s, s:s, s:s}}", "m.relates_to", "rel_type", "m.annotation", "event_id", event, "key", key);
}

static size_t last_of(const char *body, size_t max, const char *mark)
{
    size_t n = strlen(mark);
    for (size_t at = max; at > max / 2; at--)
        if (memcmp(body + at - n, mark, n) == 0)
            return at;
    return 0;
}

size_t reply_cut(const char *body, size_t len, size_t max)
{
    if (len <= max)
        return len;
    size_t at = last_of(body, max, "\n\n");
    if (!at)
        at = last_of(body, max, "\n");
    if (!at)
        at = last_of(body, max, " ");
    if (at)
        return at;
    at = max;
    while (at && ((unsigned char)body[at] & 0xc0) == 0x80)
        at--;
    return at ? at : max;
}

int reply_shorten(json_t *content, size_t max)
{
    const char *body = event_text(content, "body");
    if (!body)
        return 0;
    size_t len = strlen(body);
    size_t keep = reply_cut(body, len, max);
    int had_html = json_object_get(content, "formatted_body") != NULL;
    if (keep == len && !had_html)
        return 0;
    json_object_del(content, "format");
    json_object_del(content, "formatted_body");
    return json_object_set_new(content, "body", json_stringn(body, keep)) == 0;
}
