/* SPDX-License-Identifier: MIT
 *
 * discover.c - see discover.h.
 */
#include "discover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "event.h"
#include "mend.h"
#include "url.h"

enum { REDIRECTS_MAX = 5, FILE_MAX = 64 * 1024 };

struct fetch {
    bool done;
    long status; /* 0: no answer */
    char error[160];
    char location[URL_MAX];
    json_t *json;
};

static void fetched(void *user, const struct http_answer *answer)
{
    struct fetch *f = user;
    f->done = true;
    f->status = answer->error ? 0 : answer->status;
    snprintf(f->error, sizeof(f->error), "%s", answer->error ? answer->error : "");
    snprintf(f->location, sizeof(f->location), "%s", answer->location ? answer->location : "");
    if (!answer->error) {
        mend_json(answer->body, answer->len);
        f->json = json_loadb(answer->body, answer->len, JSON_ALLOW_NUL, NULL);
    }
}

/* GET without a token. */
static void get(struct bot *bot, const char *url, struct fetch *f)
{
    struct http_request request = bot_request(bot, "GET", url, NULL);
    request.token = NULL;
    request.cap = FILE_MAX;
    request.done = fetched;
    request.user = f;
    *f = (struct fetch){0};
    if (http_start(bot->http, &request) != FAQD_OK)
        return;
    while (!f->done && !atomic_load(&bot->stopping))
        http_step(bot->http, 1000);
    if (!f->done)
        http_cancel(bot->http, f);
}

/* An address that we may use as base, without "/" at its end; a copy, or NULL. */
static char *usable(const struct bot *bot, const char *url)
{
    size_t n = strlen(url);
    bool https = strncmp(url, "https://", 8) == 0;
    bool http = strncmp(url, "http://", 7) == 0 && (bot->settings->insecure_http || settings_loopback(url));
    while (n && url[n - 1] == '/')
        n--;
    if ((!https && !http) || n < 8 || n > 1024 || strpbrk(url, "?#@ \"<>"))
        return NULL;
    return strndup(url, n);
}

static int bad_file(const struct bot *bot, const char *url, const char *why)
{
    bot->host->log(FAQD_ERROR, "matrix_login", "%s: %s; set \"homeserver\" to the server's address", url, why);
    return FAQD_EINVAL;
}

static int well_known(struct bot *bot, const char *server, char **base)
{
    char url[URL_MAX];
    struct fetch f = {0};
    snprintf(url, sizeof(url), "https://%.255s/.well-known/matrix/client", server);
    for (int i = 0; i <= REDIRECTS_MAX; i++) {
        json_decref(f.json);
        get(bot, url, &f);
        if (f.status < 300 || f.status >= 400 || strncmp(f.location, "https://", 8) != 0)
            break;
        snprintf(url, sizeof(url), "%s", f.location);
    }
    int rc = FAQD_OK;
    char fallback[300];
    char why[64];
    snprintf(why, sizeof(why), "it cannot be fetched (status %ld)", f.status);
    snprintf(fallback, sizeof(fallback), "https://%.255s", server);
    const char *found = event_text(json_object_get(f.json, "m.homeserver"), "base_url");
    if (!f.status) {
        bot->host->log(FAQD_WARNING, "matrix_login", "%s: %s", url, f.error);
        rc = FAQD_DECLINED;
    } else if (f.status == 404)
        *base = usable(bot, fallback);
    else if (f.status != 200 || !f.json)
        rc = bad_file(bot, url, f.status != 200 ? why : "it is not JSON");
    else {
        *base = found ? usable(bot, found) : NULL;
        if (!*base)
            rc = bad_file(bot, url, "it names no usable address");
    }
    json_decref(f.json);
    return rc;
}

/* Any version that has the paths which we use: v1.1 and later, also those that are not known yet. */
static bool new_enough(const json_t *json)
{
    const json_t *versions = json_object_get(json, "versions");
    for (size_t i = 0; i < json_array_size(versions); i++) {
        const char *version = json_string_value(json_array_get(versions, i));
        if (version && version[0] == 'v' && (strncmp(version, "v1.", 3) != 0 || strtol(version + 3, NULL, 10) >= 1))
            return true;
    }
    return false;
}

static int check_versions(struct bot *bot, const char *base)
{
    char url[URL_MAX];
    struct fetch f;
    if (!url_make(url, sizeof(url), base, "/_matrix/client/versions"))
        return FAQD_EINVAL;
    get(bot, url, &f);
    int rc = FAQD_OK;
    if (f.status != 200 || !f.json) {
        bot->host->log(FAQD_WARNING, "matrix_login", "%s: no homeserver answers there (%s)", base,
                       f.status ? "not a list of versions" : f.error);
        rc = FAQD_DECLINED;
    } else if (!new_enough(f.json)) {
        bot->host->log(FAQD_ERROR, "matrix_login", "%s: the homeserver is too old: it has to know Matrix v1.1", base);
        rc = FAQD_EINVAL;
    }
    json_decref(f.json);
    return rc;
}

int discover(struct bot *bot)
{
    const struct settings *s = bot->settings;
    const char *server = s->server_name[0] ? s->server_name : settings_server_of(s->user);
    char *base = NULL;
    int rc = FAQD_OK;
    if (s->homeserver[0])
        base = usable(bot, s->homeserver);
    else
        rc = well_known(bot, server, &base);
    if (rc == FAQD_OK && !base)
        rc = FAQD_ENOMEM;
    if (rc == FAQD_OK)
        rc = check_versions(bot, base);
    if (rc == FAQD_OK) {
        free(bot->session.base);
        bot->session.base = base;
        return FAQD_OK;
    }
    free(base);
    return rc;
}
