/* SPDX-License-Identifier: MIT
 *
 * session.c - see session.h. The steps of finding the server are in discover.c.
 */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <sys/random.h>

#include "bot.h"
#include "clean.h"
#include "clock.h"
#include "discover.h"
#include "event.h"
#include "keep.h"
#include "secret.h"
#include "url.h"

enum { EARLY_MS = 30000 }; /* so long before its end a token is renewed, or at four fifths of a short life */

static void wipe(char **secret)
{
    if (*secret)
        explicit_bzero(*secret, strlen(*secret));
    free(*secret);
    *secret = NULL;
}

static void put(char **member, const char *value)
{
    char *copy = value ? strdup(value) : NULL;
    wipe(member);
    *member = copy;
}

void session_free(struct session *s)
{
    wipe(&s->token);
    wipe(&s->refresh);
    free(s->base);
    free(s->user_id);
    free(s->device_id);
    free(s->name);
    *s = (struct session){0};
}

int session_load(struct bot *bot)
{
    const void *value = NULL;
    size_t len = 0;
    struct session *s = &bot->session;
    int rc = bot->host->store_get(bot->store, "session", "session", &value, &len);
    if (rc != FAQD_OK)
        return rc == FAQD_DECLINED ? FAQD_OK : rc;
    json_t *json = json_loadb(value, len, 0, NULL);
    put(&s->base, event_text(json, "base"));
    put(&s->user_id, event_text(json, "user_id"));
    put(&s->device_id, event_text(json, "device_id"));
    put(&s->token, event_text(json, "token"));
    put(&s->refresh, event_text(json, "refresh"));
    put(&s->name, event_text(json, "name"));
    const json_t *renew = json_object_get(json, "renew");
    if (json_integer_value(renew) > 0 && s->refresh)
        s->renew_at = clock_ms() + (json_integer_value(renew) - clock_wall()) * 1000;
    s->from_file = json_is_true(json_object_get(json, "from_file"));
    s->ended = json_is_true(json_object_get(json, "ended"));
    json_decref(json);
    return FAQD_OK;
}

int session_store(struct bot *bot)
{
    const struct session *s = &bot->session;
    int64_t renew = s->renew_at ? clock_wall() + (s->renew_at - clock_ms()) / 1000 : 0;
    json_t *json = json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:b, s:b, s:I}", "base", s->base, "user_id",
                             s->user_id, "device_id", s->device_id, "token", s->token, "refresh", s->refresh, "name",
                             s->name, "from_file", s->from_file, "ended", s->ended, "renew", (json_int_t)renew);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (text)
        keep_put(bot, "session", "session", text, strlen(text), 0);
    bool kept = text && keep_commit(bot) && keep_flush(bot);
    wipe(&text);
    json_decref(json);
    if (kept)
        return FAQD_OK;
    bot->host->log(FAQD_ERROR, "matrix_store_failed", "the session could not be stored");
    return FAQD_EIO;
}

void session_end(struct bot *bot, const char *why)
{
    struct session *s = &bot->session;
    bot->host->log(FAQD_ERROR, "matrix_logged_out",
                   "the server ended the session (%s); log in again with: faqd matrix login -c FILE", why);
    wipe(&s->token);
    wipe(&s->refresh);
    s->ended = true;
    session_store(bot);
}

/* ---- logging in ---- */

/* A fixed device of our own: made once, before the first log-in, so that a second try is the same device. */
static int name_device(struct bot *bot)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char random[6];
    char name[] = "FAQD______";
    if (bot->session.device_id)
        return FAQD_OK;
    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        return FAQD_DECLINED;
    for (size_t i = 0; i < sizeof(random); i++)
        name[4 + i] = letters[random[i] % 26];
    put(&bot->session.device_id, name);
    return bot->session.device_id ? session_store(bot) : FAQD_ENOMEM;
}

static void take_tokens(struct session *s, const json_t *json)
{
    const json_t *expires = json_object_get(json, "expires_in_ms");
    put(&s->token, event_text(json, "access_token"));
    if (event_text(json, "refresh_token"))
        put(&s->refresh, event_text(json, "refresh_token"));
    int64_t life = json_is_integer(expires) ? json_integer_value(expires) : 0;
    s->renew_at = life > 0 ? clock_ms() + (life > EARLY_MS * 5 ? life - EARLY_MS : life / 5 * 4) : 0;
    s->generation++;
}

/* Which ways to log in the server has; FAQD_OK if a password is one. */
static int check_flows(struct bot *bot)
{
    char url[URL_MAX];
    char known[200] = "";
    struct verdict v;
    if (!url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/login"))
        return FAQD_EINVAL;
    bot_call(bot, "GET", url, false, NULL, &v);
    const json_t *flows = json_object_get(v.json, "flows");
    int rc = v.kind == VERDICT_OK ? FAQD_EINVAL : FAQD_DECLINED;
    for (size_t i = 0; i < json_array_size(flows); i++) {
        const char *type = event_id(json_array_get(flows, i), "type");
        if (type && strcmp(type, "m.login.password") == 0)
            rc = FAQD_OK;
        if (type && strlen(known) + strlen(type) + 3 < sizeof(known) &&
            type[strspn(type, "abcdefghijklmnopqrstuvwxyz._")] == 0)
            snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", known[0] ? ", " : "", type);
    }
    if (rc == FAQD_EINVAL)
        bot->host->log(FAQD_ERROR, "matrix_login",
                       "this server has no log-in by password (it offers: %s); have an access token made for the "
                       "account and name its file in \"token_file\"",
                       known[0] ? known : "nothing");
    verdict_free(&v);
    return rc;
}

/* An earlier token of our device is given back, unless answers wait whose ids the server may remember with it. */
static void give_back(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v;
    if (!bot->session.token || bot->pending ||
        !url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/logout"))
        return;
    bot_call(bot, "POST", url, true, "{}", &v);
    verdict_free(&v);
}

static char *login_body(const struct bot *bot, const char *password)
{
    json_t *json = json_pack(
        "{s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:b}", "type", "m.login.password", "identifier", "type", "m.id.user",
        "user", bot->session.user_id ? bot->session.user_id : bot->settings->user, "password", password, "device_id",
        bot->session.device_id, "initial_device_display_name", bot->settings->device_name, "refresh_token", 1);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

static int take_login(struct bot *bot, const struct verdict *v)
{
    struct session *s = &bot->session;
    if (v->kind == VERDICT_FORBIDDEN || v->kind == VERDICT_BAD || v->kind == VERDICT_DEACTIVATED ||
        v->kind == VERDICT_LOGGED_OUT) {
        bot->host->log(FAQD_ERROR, "matrix_login",
                       "the server refused the log-in (%s): check \"user\" and the password", v->text);
        return FAQD_EINVAL;
    }
    if (v->kind != VERDICT_OK || !event_id(v->json, "user_id") || !event_text(v->json, "access_token")) {
        bot->host->log(FAQD_WARNING, "matrix_login", "the log-in failed for now: %s", v->text);
        return FAQD_DECLINED;
    }
    fault_pass(&bot->fault, "login_answer");
    take_tokens(s, v->json);
    put(&s->user_id, event_id(v->json, "user_id"));
    if (event_id(v->json, "device_id"))
        put(&s->device_id, event_id(v->json, "device_id"));
    s->ended = s->from_file = false;
    int rc = s->token && s->user_id && s->device_id ? session_store(bot) : FAQD_ENOMEM;
    fault_pass(&bot->fault, "login_after_store");
    if (rc == FAQD_OK)
        bot->host->log(FAQD_INFO, "matrix_login", "logged in as %s, device %s", s->user_id, s->device_id);
    return rc;
}

int session_login(struct bot *bot, const char *password)
{
    char url[URL_MAX];
    struct verdict v;
    int rc = discover(bot);
    if (rc == FAQD_OK)
        rc = check_flows(bot);
    if (rc == FAQD_OK)
        rc = name_device(bot);
    if (rc != FAQD_OK)
        return rc;
    give_back(bot);
    char *body = login_body(bot, password);
    if (!body || !url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/login")) {
        wipe(&body);
        return FAQD_ENOMEM;
    }
    bot_call(bot, "POST", url, false, body, &v);
    wipe(&body);
    if (v.kind == VERDICT_THROTTLED && v.retry_ms > 0)
        bot->gate.until = clock_ms() + v.retry_ms; /* log-ins are few: Synapse allows five, then one in five minutes */
    rc = take_login(bot, &v);
    verdict_free(&v);
    return rc;
}

static int login_with_file(struct bot *bot)
{
    char password[SECRET_MAX];
    int rc = secret_read(bot->host, bot->settings->password_file, password, sizeof(password));
    if (rc == FAQD_OK)
        rc = session_login(bot, password);
    explicit_bzero(password, sizeof(password));
    return rc;
}

/* The token that the operator gave. A new one in the file takes the place of the old one, also after a log-out. */
static int adopt_token(struct bot *bot)
{
    char token[SECRET_MAX];
    struct session *s = &bot->session;
    int rc = secret_read(bot->host, bot->settings->token_file, token, sizeof(token));
    if (rc != FAQD_OK)
        return rc;
    if (!s->token || strcmp(s->token, token) != 0) {
        put(&s->token, token);
        s->generation++;
        s->from_file = true;
        s->ended = false;
        wipe(&s->refresh);
    }
    explicit_bzero(token, sizeof(token));
    return s->token ? FAQD_OK : FAQD_ENOMEM;
}

/* ---- starting ---- */

static void ask_name(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v;
    if (!url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/profile/{}/displayname",
                  bot->session.user_id))
        return;
    bot_call(bot, "GET", url, true, NULL, &v);
    const char *name = event_text(v.json, "displayname");
    if (v.kind == VERDICT_OK && name) {
        char *clean = clean_text(name);
        put(&bot->session.name, clean ? clean_trim(clean) : "");
        free(clean);
    }
    verdict_free(&v);
}

static int whoami(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v;
    struct session *s = &bot->session;
    if (!url_make(url, sizeof(url), s->base, "/_matrix/client/v3/account/whoami"))
        return FAQD_EINVAL;
    bot_call(bot, "GET", url, true, NULL, &v);
    int rc = FAQD_DECLINED;
    if (v.kind == VERDICT_OK && event_id(v.json, "user_id")) {
        put(&s->user_id, event_id(v.json, "user_id"));
        if (event_id(v.json, "device_id"))
            put(&s->device_id, event_id(v.json, "device_id"));
        rc = s->user_id ? session_store(bot) : FAQD_ENOMEM;
    } else if (v.kind != VERDICT_DOWN) {
        bot->host->log(FAQD_WARNING, "matrix_login", "the server does not say who we are: %s", v.text);
    }
    verdict_free(&v);
    return rc;
}

/* Is the session that of the user in the settings, who may be named by the local part, in any case? */
static bool right_user(const struct bot *bot)
{
    const char *wanted = bot->settings->user;
    const char *is = bot->session.user_id;
    if (!wanted[0] || !is)
        return true;
    size_t n = strcspn(is + 1, ":");
    bool right =
        wanted[0] == '@' ? strcasecmp(wanted, is) == 0 : strlen(wanted) == n && strncasecmp(wanted, is + 1, n) == 0;
    if (!right)
        bot->host->log(
            FAQD_ERROR, "matrix_login",
            "the session is that of %s, the settings name \"%s\": faqd matrix logout, or another \"account\"", is,
            wanted);
    return right;
}

/* Does the setting "homeserver", if there is one, name another address than the one that was found? */
static bool moved(const struct bot *bot)
{
    const char *wanted = bot->settings->homeserver;
    size_t n = strlen(wanted);
    while (n && wanted[n - 1] == '/')
        n--;
    return n && (strlen(bot->session.base) != n || strncmp(wanted, bot->session.base, n) != 0);
}

int session_start(struct bot *bot)
{
    struct session *s = &bot->session;
    int rc = FAQD_OK;
    if (bot->settings->token_file[0])
        rc = adopt_token(bot); /* whose it is, is asked below */
    else if (!right_user(bot))
        return FAQD_EINVAL;
    else if (s->ended) {
        bot->host->log(FAQD_ERROR, "matrix_logged_out",
                       "the server ended our session earlier; log in again with: "
                       "faqd matrix login -c FILE");
        rc = FAQD_EINVAL;
    }
    if (rc == FAQD_OK && !s->token && !bot->settings->password_file[0]) {
        bot->host->log(FAQD_ERROR, "matrix_login", "not logged in: run faqd matrix login -c FILE once");
        rc = FAQD_EINVAL;
    }
    if (rc == FAQD_OK && !s->token)
        rc = login_with_file(bot);
    if (rc == FAQD_OK && (!s->base || moved(bot)))
        rc = discover(bot);
    if (rc == FAQD_OK)
        rc = whoami(bot);
    if (rc == FAQD_OK && !right_user(bot))
        rc = FAQD_EINVAL;
    if (rc == FAQD_OK)
        ask_name(bot);
    return rc;
}

/* ---- renewing ---- */

static int refresh(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v;
    struct session *s = &bot->session;
    json_t *json = json_pack("{s:s}", "refresh_token", s->refresh);
    char *body = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    if (!body || !url_make(url, sizeof(url), s->base, "/_matrix/client/v3/refresh")) {
        wipe(&body);
        return FAQD_ENOMEM;
    }
    bot_call(bot, "POST", url, false, body, &v);
    wipe(&body);
    int rc = FAQD_DECLINED;
    if (v.kind == VERDICT_OK && event_text(v.json, "access_token")) {
        fault_pass(&bot->fault, "refresh_answer");
        take_tokens(s, v.json);
        rc = s->token ? session_store(bot) : FAQD_ENOMEM; /* before it is used: the old pair is void then */
        fault_pass(&bot->fault, "refresh_after_store");
        bot->host->log(FAQD_DEBUG, "matrix_refreshed", "the token was renewed");
    } else if (v.kind == VERDICT_FORBIDDEN || v.kind == VERDICT_LOGGED_OUT || v.kind == VERDICT_SOFT_LOGOUT ||
               v.kind == VERDICT_BAD) {
        bot->host->log(FAQD_WARNING, "matrix_refreshed", "the server refused to renew the token: %s", v.text);
        wipe(&s->refresh);
        rc = FAQD_EINVAL;
    }
    verdict_free(&v);
    return rc;
}

int session_renew(struct bot *bot)
{
    int rc = FAQD_EINVAL;
    if (bot->session.refresh)
        rc = refresh(bot);
    if (rc != FAQD_EINVAL)
        return rc;
    if (bot->settings->password_file[0] && !bot->session.from_file)
        return login_with_file(bot);
    session_end(bot, "the token has expired, and there is no password to log in again");
    return FAQD_EINVAL;
}

int session_logout(struct bot *bot)
{
    char url[URL_MAX];
    struct verdict v = {.kind = VERDICT_DOWN};
    if (bot->session.token && bot->session.base &&
        url_make(url, sizeof(url), bot->session.base, "/_matrix/client/v3/logout")) {
        bot_call(bot, "POST", url, true, "{}", &v);
        verdict_free(&v);
    }
    wipe(&bot->session.token);
    wipe(&bot->session.refresh);
    put(&bot->session.device_id, NULL);
    int rc = session_store(bot);
    return rc != FAQD_OK ? rc : v.kind == VERDICT_OK ? FAQD_OK : FAQD_DECLINED;
}
