/* SPDX-License-Identifier: MIT
 *
 * settings.h - the settings of the matrix connector, as faqd.json(5) describes them.
 *
 * Everything is checked when it is read: unknown members are refused with the nearest known one, numbers have bounds,
 * addresses and identifiers a form. Nothing is opened or connected to here. A `struct settings` owns its JSON tree, in
 * which all its strings lie.
 */
#ifndef MATRIX_SETTINGS_H
#define MATRIX_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum invite_policy { INVITES_LISTED = 0, INVITES_NOBODY, INVITES_ALL };
enum encrypted_policy { ENCRYPTED_TELL = 0, ENCRYPTED_LEAVE, ENCRYPTED_REFUSE, ENCRYPTED_OPEN_ROOM };

/* Strings are never NULL ("": not given). Lists are JSON arrays of strings or NULL. */
struct settings {
    json_t *json;        /* owns the rest; NULL if accounts share one tree */
    const char *account; /* [a-z0-9_]; part of the store's name */

    const char *homeserver; /* base URL */
    const char *server_name;
    const char *ca_file;
    bool insecure_http;
    const char *user;
    const char *password_file;
    const char *token_file;
    const char *device_name;
    const char *contact;

    enum invite_policy invites;
    json_t *invite_users, *invite_servers, *invite_rooms;
    long invites_per_hour;
    bool invites_reject;

    json_t *rooms; /* object: room id -> {"always", "pack", "lang"}, or NULL */
    const char *pack, *lang, *direct_pack;
    const char *prefix;
    const char *msgtype; /* of what we send */
    bool emotes;
    json_t *ignore_users;
    long max_age_seconds;
    enum encrypted_policy encrypted;
    bool reactions, redact, receipts, typing, welcome;
    long edit_seconds;
    const char *presence;
    long alone_seconds;

    long user_per_minute, room_per_minute, total_per_minute;
    long loop_turns;
    long queue;
    long sends; /* at a time */
    long pace_ms;
    long poll_seconds, request_seconds, give_up_seconds;
    long retry_ms, retry_max_ms;
    long join_retry_seconds, locked_seconds;
    long max_sync_bytes, max_first_sync_bytes;
    long stop_seconds;
};

enum { ACCOUNTS_MAX = 16 };

/* The accounts of one connector: one, or those of "accounts". */
struct accounts {
    struct settings items[ACCOUNTS_MAX];
    size_t n;
};

/* Read `json` (NULL or "" is not enough: an account has to be named). FAQD_OK, or FAQD_EINVAL, FAQD_ENOMEM with one
 * line for a person in `error`. */
int settings_parse(const char *json, struct accounts *out, char *error, size_t error_size);
void settings_free(struct accounts *accounts); /* takes what is zeroed */

/* Is this string in the list (NULL: an empty one)? */
bool settings_lists(const json_t *list, const char *name);

/* The part of a Matrix identifier behind the first colon; "" if there is none. */
const char *settings_server_of(const char *id);

/* May the server be spoken to without TLS at this URL: on this machine only. */
bool settings_loopback(const char *url);

#endif
