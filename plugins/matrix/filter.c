/* SPDX-License-Identifier: MIT
 *
 * filter.c - see filter.h.
 */
#include "filter.h"

enum { TIMELINE = 50, TIMELINE_SMALL = 5 };

static json_t *event_types(void)
{
    return json_pack("[s,s,s,s,s,s,s,s,s,s,s,s]", "m.room.message", "m.room.encrypted", "m.sticker", "m.poll.start",
                     "org.matrix.msc3381.poll.start", "m.reaction", "m.room.redaction", "m.room.member",
                     "m.room.encryption", "m.room.tombstone", "m.room.power_levels", "m.room.create");
}

static json_t *state_types(void)
{
    return json_pack("[s,s,s,s]", "m.room.member", "m.room.encryption", "m.room.tombstone", "m.room.create");
}

json_t *filter_sync(bool small)
{
    return json_pack("{s:{s:[s]}, s:{s:[s]}, s:{s:b, s:{s:i, s:b, s:o}, s:{s:b, s:o}, s:{s:[s]}, s:{s:[s]}}}",
                     "presence", "not_types", "*", "account_data", "types", "m.direct", "room", "include_leave", 0,
                     "timeline", "limit", small ? TIMELINE_SMALL : TIMELINE, "lazy_load_members", 1, "types",
                     event_types(), "state", "lazy_load_members", 1, "types", state_types(), "ephemeral", "not_types",
                     "*", "account_data", "types", "m.tag");
}

json_t *filter_messages(void)
{
    return json_pack("{s:b, s:o}", "lazy_load_members", 1, "types", event_types());
}
