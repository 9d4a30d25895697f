/* SPDX-License-Identifier: MIT
 *
 * identity.c - see identity.h.
 */
#include "identity.h"

#include <stdio.h>
#include <string.h>

#include "bot.h"
#include "clean.h"

struct identity identity_in(const struct bot *bot, const struct room *room, char *localpart, size_t size)
{
    const char *id = bot->session.user_id;
    snprintf(localpart, size, "%.*s", (int)strcspn(id + 1, ":"), id + 1);
    const char *name = room->name && room->name[0] ? room->name : bot->session.name;
    return (struct identity){.user_id = id, .localpart = localpart, .displayname = name ? name : ""};
}

char *identity_without(const struct bot *bot, const struct identity *us, char *text)
{
    const char *behind = mention_prefix(text, bot->settings->prefix);
    if (behind)
        memmove(text, behind, strlen(behind) + 1);
    mention_strip(text, us);
    return clean_trim(text);
}
