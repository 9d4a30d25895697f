/* SPDX-License-Identifier: MIT
 *
 * settings.c - reads the JSON of settings.h. One table is the list of known members, their types and bounds.
 */
#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "faqd_plugin.h"
#include "near.h"

enum type { TEXT, FLAG, NUMBER, LIST };

struct key {
    const char *name;
    enum type type;
    size_t offset;
    long low, high;
    const char *text; /* default of a TEXT; numbers and flags have theirs in `low_default` */
    long number;
};

#define AT(member) offsetof(struct settings, member)
#define A_TEXT(name, value)                                                                                            \
    {                                                                                                                  \
#name, TEXT, AT(name), 0, 1024, value, 0                                                                       \
    }
#define A_FLAG(name, value)                                                                                            \
    {                                                                                                                  \
#name, FLAG, AT(name), 0, 1, NULL, value                                                                       \
    }
#define A_NUMBER(name, low, high, value)                                                                               \
    {                                                                                                                  \
#name, NUMBER, AT(name), low, high, NULL, value                                                                \
    }

/* Sources of the numbers: 10 answers a minute and room keep two programs that answer each other harmless; 30 s is the
 * usual long poll of /sync; of more than 16 events at a time Synapse takes no more in a second; 12 s is the longest
 * pause whose jitter stays under 15 s; 8 and 32 MiB are what a busy account's answers come to, ten times over. */
static const struct key keys[] = {
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
    A_TEXT(lang, ""),
    A_TEXT(direct_pack, ""),
    A_TEXT(prefix, ""),
    A_TEXT(msgtype, "m.notice"),
    A_TEXT(presence, "offline"),
    A_FLAG(emotes, 0),
    A_FLAG(reactions, 1),
    A_FLAG(redact, 1),
    A_FLAG(receipts, 1),
    A_FLAG(typing, 1),
    A_FLAG(welcome, 1),
    {"ignore_users", LIST, AT(ignore_users), 0, 0, NULL, 0},
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

static const struct key invite_keys[] = {
    {"users", LIST, AT(invite_users), 0, 0, NULL, 0},    {"servers", LIST, AT(invite_servers), 0, 0, NULL, 0},
    {"rooms", LIST, AT(invite_rooms), 0, 0, NULL, 0},    {"per_hour", NUMBER, AT(invites_per_hour), 1, 10000, NULL, 10},
    {"reject", FLAG, AT(invites_reject), 0, 1, NULL, 1},
};

enum { N_KEYS = sizeof(keys) / sizeof(*keys), N_INVITE_KEYS = sizeof(invite_keys) / sizeof(*invite_keys) };

struct reader {
    char *error;
    size_t size;
    const char *where; /* "", or "invites." and the like */
};

static int refuse(const struct reader *r, const char *name, const char *why)
{
    snprintf(r->error, r->size, "setting \"%s%.80s\" %s", r->where, name, why);
    return FAQD_EINVAL;
}

static void set_default(struct settings *s, const struct key *key)
{
    char *at = (char *)s + key->offset;
    switch (key->type) {
    case TEXT: *(const char **)(void *)at = key->text; break;
    case FLAG: *(bool *)(void *)at = key->number != 0; break;
    case NUMBER: *(long *)(void *)at = key->number; break;
    case LIST: *(json_t **)(void *)at = NULL; break;
    }
}

static int set_list(const struct reader *r, json_t **out, const struct key *key, json_t *value)
{
    size_t i = 0;
    json_t *item = NULL;
    if (!json_is_array(value))
        return refuse(r, key->name, "must be a list of texts");
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return refuse(r, key->name, "must be a list of texts");
    }
    *out = value;
    return FAQD_OK;
}

static int set(const struct reader *r, struct settings *s, const struct key *key, json_t *value)
{
    char why[96];
    char *at = (char *)s + key->offset;
    if (key->type == LIST)
        return set_list(r, (json_t **)(void *)at, key, value);
    if (key->type == TEXT) {
        if (!json_is_string(value) || strlen(json_string_value(value)) > (size_t)key->high)
            return refuse(r, key->name, "must be a text of at most 1024 bytes");
        *(const char **)(void *)at = json_string_value(value);
        return FAQD_OK;
    }
    if (key->type == FLAG) {
        if (!json_is_boolean(value))
            return refuse(r, key->name, "must be true or false");
        *(bool *)(void *)at = json_is_true(value);
        return FAQD_OK;
    }
    snprintf(why, sizeof(why), "must be a whole number from %ld to %ld", key->low, key->high);
    if (!json_is_integer(value) || json_integer_value(value) < key->low || json_integer_value(value) > key->high)
        return refuse(r, key->name, why);
    *(long *)(void *)at = (long)json_integer_value(value);
    return FAQD_OK;
}

static int unknown(const struct reader *r, const char *name, const char *const *names, size_t n)
{
    const char *like = near_name(name, names, n);
    snprintf(r->error, r->size, "unknown setting \"%s%.80s\"%s%s%s", r->where, name, like ? ": did you mean \"" : "",
             like ? like : "; see faqd.json(5)", like ? "\"?" : "");
    return FAQD_EINVAL;
}

/* A word that must be one of a few; its place among them, or -1. */
static int one_of(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

static int read_invites(const struct reader *outer, struct settings *s, json_t *value)
{
    static const char *const policies[] = {"listed", "nobody", "all", NULL};
    struct reader r = {outer->error, outer->size, "invites."};
    const char *names[N_INVITE_KEYS + 1] = {"policy"};
    const char *name = NULL;
    json_t *item = NULL;
    if (!json_is_object(value))
        return refuse(outer, "invites", "must be an object");
    for (size_t i = 0; i < N_INVITE_KEYS; i++)
        names[i + 1] = invite_keys[i].name;
    json_object_foreach(value, name, item)
    {
        int at = one_of(name, (const char *const[]){"policy", "users", "servers", "rooms", "per_hour", "reject", NULL});
        int rc = FAQD_OK;
        if (at < 0)
            rc = unknown(&r, name, names, N_INVITE_KEYS + 1);
        else if (at > 0)
            rc = set(&r, s, &invite_keys[at - 1], item);
        else {
            int policy = json_is_string(item) ? one_of(json_string_value(item), policies) : -1;
            if (policy < 0)
                return refuse(&r, "policy", "must be \"listed\", \"nobody\" or \"all\"");
            s->invites = (enum invite_policy)policy;
        }
        if (rc != FAQD_OK)
            return rc;
    }
    return FAQD_OK;
}

static int read_room(const struct reader *outer, const char *id, json_t *room)
{
    static const char *const names[] = {"always", "pack", "lang"};
    struct reader r = {outer->error, outer->size, "rooms."};
    const char *name = NULL;
    json_t *value = NULL;
    if (id[0] != '!' || strlen(id) > 255 || !json_is_object(room))
        return refuse(&r, id, "must be a room id (it begins with \"!\") with an object of settings");
    json_object_foreach(room, name, value)
    {
        if (strcmp(name, "always") == 0) {
            if (!json_is_boolean(value))
                return refuse(&r, id, "has an \"always\" that is not true or false");
        } else if (strcmp(name, "pack") == 0 || strcmp(name, "lang") == 0) {
            if (!json_is_string(value))
                return refuse(&r, id, "has a \"pack\" or \"lang\" that is no text");
        } else {
            return unknown(&r, name, names, 3);
        }
    }
    return FAQD_OK;
}

static int read_rooms(const struct reader *r, struct settings *s, json_t *value)
{
    const char *id = NULL;
    json_t *room = NULL;
    if (!json_is_object(value))
        return refuse(r, "rooms", "must be an object: room id to settings");
    json_object_foreach(value, id, room)
    {
        int rc = read_room(r, id, room);
        if (rc != FAQD_OK)
            return rc;
    }
    s->rooms = value;
    return FAQD_OK;
}

static int read_encrypted(const struct reader *r, struct settings *s, const json_t *value)
{
    static const char *const policies[] = {"tell", "leave", "refuse", "open_room", NULL};
    int at = json_is_string(value) ? one_of(json_string_value(value), policies) : -1;
    if (at < 0)
        return refuse(r, "encrypted", "must be \"tell\", \"leave\", \"refuse\" or \"open_room\"");
    s->encrypted = (enum encrypted_policy)at;
    return FAQD_OK;
}

static int read_one(const struct reader *r, struct settings *s, const char *name, json_t *value)
{
    const char *names[N_KEYS + 3] = {"invites", "rooms", "encrypted"};
    if (strcmp(name, "invites") == 0)
        return read_invites(r, s, value);
    if (strcmp(name, "rooms") == 0)
        return read_rooms(r, s, value);
    if (strcmp(name, "encrypted") == 0)
        return read_encrypted(r, s, value);
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(name, keys[i].name) == 0)
            return set(r, s, &keys[i], value);
        names[i + 3] = keys[i].name;
    }
    return unknown(r, name, names, N_KEYS + 3);
}

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
static int judge(const struct reader *r, const struct settings *s)
{
    static const char *const types[] = {"m.notice", "m.text", NULL};
    static const char *const presences[] = {"offline", "online", "unavailable", NULL};
    static const char *const langs[] = {"", "fr", "en", NULL};
    bool https = strncmp(s->homeserver, "https://", 8) == 0;
    bool http = strncmp(s->homeserver, "http://", 7) == 0;
    if (s->homeserver[0] && !https && !http)
        return refuse(r, "homeserver", "must begin with https:// (or http:// on this machine)");
    if (http && !settings_loopback(s->homeserver) && !s->insecure_http)
        return refuse(r, "homeserver", "is not encrypted: use https://, or set \"insecure_http\" to true if you must");
    if (strpbrk(s->homeserver, "?#@ "))
        return refuse(r, "homeserver", "must be a plain address without user, query or fragment");
    if (!s->user[0] && !s->token_file[0])
        return refuse(r, "user", "is missing: the account's Matrix id, like \"@faq:example.org\"");
    if (strpbrk(s->user, " \t\r\n\"") || strlen(s->user) > 255)
        return refuse(r, "user", "is no Matrix id: it is like \"@faq:example.org\", without blanks");
    bool whole = s->user[0] == '@' && s->user[1] != ':' && settings_server_of(s->user)[0];
    bool local = s->user[0] != '@' && !strchr(s->user, ':');
    if (!whole && !local)
        return refuse(r, "user", "must be like \"@faq:example.org\", or the part before the colon without \"@\"");
    if (!s->homeserver[0] && !s->server_name[0] && !settings_server_of(s->user)[0])
        return refuse(r, "homeserver", "is missing, and \"user\" names no server");
    if (one_of(s->msgtype, types) < 0)
        return refuse(r, "msgtype", "must be \"m.notice\" or \"m.text\"");
    if (one_of(s->presence, presences) < 0)
        return refuse(r, "presence", "must be \"offline\", \"online\" or \"unavailable\"");
    if (one_of(s->lang, langs) < 0)
        return refuse(r, "lang", "must be \"fr\", \"en\" or \"\"");
    if (!s->account[0] || s->account[strspn(s->account, "abcdefghijklmnopqrstuvwxyz0123456789_")] ||
        strlen(s->account) > 40)
        return refuse(r, "account", "must be of a-z, 0-9 and _, at most 40 of them");
    return FAQD_OK;
}

static int read_account(const struct reader *r, json_t *object, const char *account, struct settings *s)
{
    const char *name = NULL;
    json_t *value = NULL;
    *s = (struct settings){0};
    for (size_t i = 0; i < N_KEYS; i++)
        set_default(s, &keys[i]);
    for (size_t i = 0; i < N_INVITE_KEYS; i++)
        set_default(s, &invite_keys[i]);
    if (account)
        s->account = account;
    if (!json_is_object(object))
        return refuse(r, account ? account : "", "must be an object");
    json_object_foreach(object, name, value)
    {
        int rc = read_one(r, s, name, value);
        if (rc != FAQD_OK)
            return rc;
    }
    return judge(r, s);
}

static int read_accounts(struct reader *r, json_t *object, struct accounts *out)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (!json_is_object(object) || json_object_size(object) == 0 || json_object_size(object) > ACCOUNTS_MAX)
        return refuse(r, "accounts", "must be an object of 1 to 16 accounts");
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
    struct reader r = {error, error_size, ""};
    json_error_t at;
    memset(out, 0, sizeof(*out));
    json_t *root = json_loads(json && json[0] ? json : "{}", JSON_REJECT_DUPLICATES, &at);
    if (!root) {
        snprintf(error, error_size, "settings: line %d, column %d: %s", at.line, at.column, at.text);
        return json_error_code(&at) == json_error_out_of_memory ? FAQD_ENOMEM : FAQD_EINVAL;
    }
    json_t *several = json_object_get(root, "accounts");
    int rc = FAQD_OK;
    if (several && json_object_size(root) > 1)
        rc = refuse(&r, "accounts", "stands alone: the settings belong inside each account");
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
