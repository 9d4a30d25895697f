/* SPDX-License-Identifier: MIT
 *
 * settings.c - reads the JSON of settings.h. Tables are the lists of known members, their types and bounds.
 */
#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../settings_table.h"
#include "faqd_plugin.h"

#define AT(member) .offset = offsetof(struct settings, member)
#define A_TEXT(name, value)                                                                                            \
    {                                                                                                                  \
#name, SETTING_TEXT, AT(name), .text = value                                                                   \
    }
#define A_FLAG(name, value)                                                                                            \
    {                                                                                                                  \
#name, SETTING_FLAG, AT(name), .number = value                                                                 \
    }
#define A_NUMBER(name, least, most, value)                                                                             \
    {                                                                                                                  \
#name, SETTING_NUMBER, AT(name), .low = least, .high = most, .number = value                                   \
    }

static const char *const langs[] = {"fr", "en", "", NULL};
static const char *const msgtypes[] = {"m.notice", "m.text", NULL};
static const char *const presences[] = {"offline", "online", "unavailable", NULL};
static const char *const encrypted_policies[] = {"tell", "leave", "refuse", "open_room", NULL};
static const char *const invite_policies[] = {"listed", "nobody", "all", NULL};

static const struct setting invite_table[] = {
    {"policy", SETTING_WORD, AT(invites), .words = invite_policies},
    {"users", SETTING_TEXTS, AT(invite_users)},
    {"servers", SETTING_TEXTS, AT(invite_servers)},
    {"rooms", SETTING_TEXTS, AT(invite_rooms)},
    {"per_hour", SETTING_NUMBER, AT(invites_per_hour), .low = 1, .high = 10000, .number = 10},
    {"reject", SETTING_FLAG, AT(invites_reject), .number = 1},
};

/* Of one room: looked at here, taken from the JSON by whoever enters the room. */
struct room {
    bool always;
    const char *pack, *lang;
};

static const struct setting room_table[] = {
    {"always", SETTING_FLAG, .offset = offsetof(struct room, always)},
    {"pack", SETTING_TEXT, .offset = offsetof(struct room, pack)},
    {"lang", SETTING_TEXT, .offset = offsetof(struct room, lang), .words = langs},
};

#define LENGTH(table) (sizeof(table) / sizeof(*(table)))

static int read_invites(const struct settings_reader *outer, const char *name, json_t *value, void *settings)
{
    const struct settings_reader r = {outer->error, outer->size, "invites."};
    if (!json_is_object(value))
        return setting_refuse(outer, name, "must be an object");
    return settings_read(&r, invite_table, LENGTH(invite_table), value, settings);
}

static int read_room(const struct settings_reader *outer, const char *id, json_t *value)
{
    char where[288];
    const struct settings_reader r = {outer->error, outer->size, where};
    struct room unused;
    if (id[0] != '!' || strlen(id) > 255 || !json_is_object(value))
        return setting_refuse(outer, id, "must be a room id (it begins with \"!\") with an object of settings");
    snprintf(where, sizeof(where), "rooms.%s.", id);
    return settings_read(&r, room_table, LENGTH(room_table), value, &unused);
}

static int read_rooms(const struct settings_reader *outer, const char *name, json_t *value, void *settings)
{
    const struct settings_reader r = {outer->error, outer->size, "rooms."};
    const char *id = NULL;
    json_t *room = NULL;
    if (!json_is_object(value))
        return setting_refuse(outer, name, "must be an object: room id to settings");
    json_object_foreach(value, id, room)
    {
        int rc = read_room(&r, id, room);
        if (rc != FAQD_OK)
            return rc;
    }
    ((struct settings *)settings)->rooms = value;
    return FAQD_OK;
}

/* Sources of the numbers: 10 answers a minute and room keep two programs that answer each other harmless; 30 s is the
 * usual long poll of /sync; of more than 16 events at a time Synapse takes no more in a second; 12 s is the longest
 * pause whose jitter stays under 15 s; 8 and 32 MiB are what a busy account's answers come to, ten times over. */
static const struct setting table[] = {
    A_TEXT(account, "matrix"),
    A_TEXT(homeserver, ""),
    A_TEXT(server_name, ""),
    A_TEXT(ca_file, ""),
    A_FLAG(insecure_http, 0),
    A_TEXT(user, ""),
    A_TEXT(password_file, ""),
    A_TEXT(token_file, ""),
    A_TEXT(device_name, "faqd"),
    A_TEXT(contact, ""),
    A_TEXT(pack, ""),
    {"lang", SETTING_TEXT, AT(lang), .text = "", .words = langs},
    A_TEXT(direct_pack, ""),
    A_TEXT(prefix, ""),
    {"msgtype", SETTING_TEXT, AT(msgtype), .text = "m.notice", .words = msgtypes},
    {"presence", SETTING_TEXT, AT(presence), .text = "offline", .words = presences},
    A_FLAG(emotes, 0),
    A_FLAG(reactions, 1),
    A_FLAG(redact, 1),
    A_FLAG(receipts, 1),
    A_FLAG(typing, 1),
    A_FLAG(welcome, 1),
    {"encrypted", SETTING_WORD, AT(encrypted), .words = encrypted_policies},
    {"invites", SETTING_OWN, .read = read_invites},
    {"rooms", SETTING_OWN, .read = read_rooms},
    {"ignore_users", SETTING_TEXTS, AT(ignore_users)},
    A_NUMBER(max_age_seconds, 0, 31536000, 600),
    A_NUMBER(edit_seconds, 0, 604800, 600),
    A_NUMBER(alone_seconds, 0, 31536000, 3600),
    A_NUMBER(user_per_minute, 0, 100000, 10),
    A_NUMBER(room_per_minute, 0, 100000, 10),
    A_NUMBER(total_per_minute, 0, 1000000, 300),
    A_NUMBER(loop_turns, 0, 1000, 8),
    A_NUMBER(queue, 1, 100000, 5000),
    A_NUMBER(sends, 1, 64, 16),
    A_NUMBER(pace_ms, 0, 60000, 0),
    A_NUMBER(poll_seconds, 1, 300, 30),
    A_NUMBER(request_seconds, 1, 300, 30),
    A_NUMBER(give_up_seconds, 1, 86400, 300),
    A_NUMBER(retry_ms, 10, 60000, 1000),
    A_NUMBER(retry_max_ms, 10, 300000, 12000),
    A_NUMBER(join_retry_seconds, 1, 3600, 20),
    A_NUMBER(locked_seconds, 1, 3600, 120),
    A_NUMBER(max_sync_bytes, 4096, 1L << 30, 8L << 20),
    A_NUMBER(max_first_sync_bytes, 4096, 1L << 30, 32L << 20),
    A_NUMBER(stop_seconds, 0, 60, 2),
};

bool settings_loopback(const char *url)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]", NULL};
    const char *host = strstr(url, "://");
    if (!host)
        return false;
    host += 3;
    size_t len = strcspn(host, "/?#");
    if (memchr(host, '@', len))
        return false;
    size_t name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    for (int i = 0; hosts[i]; i++)
        if (name == strlen(hosts[i]) && strncasecmp(host, hosts[i], name) == 0)
            return true;
    return false;
}

/* What the members say together. */
static int judge(const struct settings_reader *r, const struct settings *s)
{
    bool https = strncmp(s->homeserver, "https://", 8) == 0;
    bool http = strncmp(s->homeserver, "http://", 7) == 0;
    if (s->homeserver[0] && !https && !http)
        return setting_refuse(r, "homeserver", "must begin with https:// (or http:// on this machine)");
    if (http && !settings_loopback(s->homeserver) && !s->insecure_http)
        return setting_refuse(r, "homeserver",
                              "is not encrypted: use https://, or set \"insecure_http\" to true if you must");
    if (strpbrk(s->homeserver, "?#@ "))
        return setting_refuse(r, "homeserver", "must be a plain address without user, query or fragment");
    if (!s->user[0] && !s->token_file[0])
        return setting_refuse(r, "user", "is missing: the account's Matrix id, like \"@faq:example.org\"");
    if (strpbrk(s->user, " \t\r\n\"") || strlen(s->user) > 255)
        return setting_refuse(r, "user", "is no Matrix id: it is like \"@faq:example.org\", without blanks");
    bool whole = s->user[0] == '@' && s->user[1] != ':' && settings_server_of(s->user)[0];
    bool local = s->user[0] != '@' && !strchr(s->user, ':');
    if (!whole && !local)
        return setting_refuse(r, "user",
                              "must be like \"@faq:example.org\", or the part before the colon without \"@\"");
    if (!s->homeserver[0] && !s->server_name[0] && !settings_server_of(s->user)[0])
        return setting_refuse(r, "homeserver", "is missing, and \"user\" names no server");
    if (!s->account[0] || s->account[strspn(s->account, "abcdefghijklmnopqrstuvwxyz0123456789_")] ||
        strlen(s->account) > 40)
        return setting_refuse(r, "account", "must be of a-z, 0-9 and _, at most 40 of them");
    return FAQD_OK;
}

static int read_account(const struct settings_reader *r, json_t *object, const char *account, struct settings *s)
{
    *s = (struct settings){0};
    settings_defaults(table, LENGTH(table), s);
    settings_defaults(invite_table, LENGTH(invite_table), s);
    if (account)
        s->account = account;
    if (!json_is_object(object))
        return setting_refuse(r, account ? account : "", "must be an object");
    int rc = settings_read(r, table, LENGTH(table), object, s);
    return rc == FAQD_OK ? judge(r, s) : rc;
}

static int read_accounts(struct settings_reader *r, json_t *object, struct accounts *out)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (!json_is_object(object) || json_object_size(object) == 0 || json_object_size(object) > ACCOUNTS_MAX)
        return setting_refuse(r, "accounts", "must be an object of 1 to 16 accounts");
    r->where = "accounts...";
    json_object_foreach(object, name, value)
    {
        int rc = read_account(r, value, name, &out->items[out->n]);
        if (rc != FAQD_OK)
            return rc;
        out->n++;
    }
    return FAQD_OK;
}

int settings_parse(const char *json, struct accounts *out, char *error, size_t error_size)
{
    struct settings_reader r = {error, error_size, ""};
    json_t *root = NULL;
    memset(out, 0, sizeof(*out));
    int rc = settings_load(&r, json, &root);
    if (rc != FAQD_OK)
        return rc;
    json_t *several = json_object_get(root, "accounts");
    if (several && json_object_size(root) > 1)
        rc = setting_refuse(&r, "accounts", "stands alone: the settings belong inside each account");
    else if (several)
        rc = read_accounts(&r, several, out);
    else
        rc = read_account(&r, root, NULL, &out->items[out->n++]);
    out->items[0].json = root;
    if (rc != FAQD_OK)
        settings_free(out);
    return rc;
}

void settings_free(struct accounts *accounts)
{
    json_decref(accounts->items[0].json);
    memset(accounts, 0, sizeof(*accounts));
}

bool settings_lists(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), name) == 0)
            return true;
    return false;
}

const char *settings_server_of(const char *id)
{
    const char *colon = strchr(id, ':');
    return colon ? colon + 1 : "";
}
