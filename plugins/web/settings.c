/* SPDX-License-Identifier: MIT
 *
 * settings.c - reads the JSON of settings.h. One setter a key; the table is the list of known keys.
 */
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "faqd_plugin.h"

#define COUNT_MAX 1000000

/* A setter returns NULL, or what is wrong. */
typedef const char *setter(struct settings *s, const json_t *value);

static const char *set_count(unsigned *out, const json_t *value, unsigned least, unsigned most, const char *wrong)
{
    json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;
    if (n < (json_int_t)least || n > (json_int_t)most)
        return wrong;
    *out = (unsigned)n;
    return NULL;
}

/* Ports and paths are looked at by listen.c, which is asked by `check`, too. */
static const char *set_place(const char **out, const json_t *value)
{
    *out = json_string_value(value);
    return *out ? NULL : "must be \"HOST:PORT\", \"unix:PATH\", \"systemd\" or \"systemd:NAME\"";
}

static const char *set_listen(struct settings *s, const json_t *value)
{
    return set_place(&s->listen, value);
}

static const char *set_admin(struct settings *s, const json_t *value)
{
    return set_place(&s->admin, value);
}

static const char *set_pack(struct settings *s, const json_t *value)
{
    s->pack = json_string_value(value);
    return s->pack ? NULL : "must be the name of a pack";
}

static const char *set_threads(struct settings *s, const json_t *value)
{
    return set_count(&s->threads, value, 0, 64, "must be a number from 0 (one a processor) to 64");
}

static const char *set_connections(struct settings *s, const json_t *value)
{
    return set_count(&s->connections, value, 1, 100000, "must be a number from 1 to 100000");
}

static const char *set_per_address(struct settings *s, const json_t *value)
{
    return set_count(&s->connections_per_address, value, 1, 100000, "must be a number from 1 to 100000");
}

static const char *set_rate(struct settings *s, const json_t *value)
{
    return set_count(&s->rate_per_minute, value, 1, COUNT_MAX, "must be a number from 1 to 1000000");
}

static const char *set_burst(struct settings *s, const json_t *value)
{
    return set_count(&s->rate_burst, value, 1, COUNT_MAX, "must be a number from 1 to 1000000");
}

static const char *set_demo(struct settings *s, const json_t *value)
{
    s->demo = json_is_true(value);
    return json_is_boolean(value) ? NULL : "must be true or false";
}

static const char *set_proxies(struct settings *s, const json_t *value)
{
    static const char wrong[] =
        "must be a list of at most 64 addresses (\"192.0.2.1\"), networks (\"10.0.0.0/8\", with "
        "zeros behind the prefix) or \"unix\"";
    if (!json_is_array(value) || json_array_size(value) > SETTINGS_LIST_MAX)
        return wrong;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));
        if (!text || !network_parse(text, &s->proxies[s->n_proxies++]))
            return wrong;
    }
    return NULL;
}

/* scheme "://" host [":" port], in lower case, as browsers send it. */
static int is_origin(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? strspn(text + scheme, "abcdefghijklmnopqrstuvwxyz0123456789.-[]:") : 0;
    return host > 0 && text[scheme + host] == '\0';
}

static int add_origin(struct settings *s, const char *origin)
{
    if (!origin || !is_origin(origin))
        return 0;
    if (!web_settings_origin(s, origin))
        s->origins[s->n_origins++] = origin;
    return 1;
}

static const char *set_origins(struct settings *s, const json_t *value)
{
    static const char wrong[] =
        "must be a list of at most 64 origins as browsers send them, in lower case and without a "
        "path: \"https://www.example.org\"";
    if (!json_is_array(value) || json_array_size(value) > SETTINGS_LIST_MAX)
        return wrong;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!add_origin(s, json_string_value(json_array_get(value, i))))
            return wrong;
    return NULL;
}

/* "/clinic", "/a/b": no slash at the end, nothing that a URL would have to escape. */
static int is_path(const char *text)
{
    size_t len = strlen(text);
    return len > 1 && text[0] == '/' && text[len - 1] != '/' && !strstr(text, "//") &&
           text[strspn(text, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static const char *set_site(struct settings *s, json_t *value)
{
    struct site site = {NULL, NULL, NULL};
    json_error_t unused;
    if (json_unpack_ex(value, &unused, JSON_STRICT, "{s?s, s?s, s:s}", "path", &site.path, "origin", &site.origin,
                       "pack", &site.pack) != 0 ||
        !site.path == !site.origin)
        return "must be a list of objects with \"pack\" and one of \"path\" and \"origin\"";
    if (site.path && !is_path(site.path))
        return "has a path that is not like \"/clinic\": letters, digits, _ and - between slashes, none at the end";
    if (site.origin && !add_origin(s, site.origin))
        return "has an origin that is not like \"https://www.example.org\"";
    s->sites[s->n_sites++] = site;
    return NULL;
}

static const char *set_sites(struct settings *s, const json_t *value)
{
    const char *wrong = json_is_array(value) && json_array_size(value) <= SETTINGS_LIST_MAX
                            ? NULL
                            : "must be a list of at most 64 objects";
    for (size_t i = 0; !wrong && i < json_array_size(value); i++)
        wrong = set_site(s, json_array_get(value, i));
    return wrong;
}

static const char *set_privacy(struct settings *s, const json_t *value)
{
    static const char wrong[] = "must be an object of https URLs (or paths) by language: {\"fr\": \"https://...\"}";
    json_error_t unused;
    json_t *copy = (json_t *)value; /* json_unpack_ex does not write */
    if (json_unpack_ex(copy, &unused, JSON_STRICT, "{s?s, s?s}", "fr", &s->privacy[0], "en", &s->privacy[1]) != 0)
        return wrong;
    for (size_t i = 0; i < 2; i++)
        if (s->privacy[i] && strncmp(s->privacy[i], "https://", 8) != 0 &&
            (s->privacy[i][0] != '/' || s->privacy[i][1] == '/'))
            return wrong;
    return NULL;
}

static const struct {
    const char *name;
    setter *set;
} setting_keys[] = {
    {"listen", set_listen},
    {"admin", set_admin},
    {"pack", set_pack},
    {"threads", set_threads},
    {"connections", set_connections},
    {"connections_per_address", set_per_address},
    {"rate_per_minute", set_rate},
    {"rate_burst", set_burst},
    {"proxies", set_proxies},
    {"origins", set_origins},
    {"sites", set_sites},
    {"privacy", set_privacy},
    {"demo", set_demo},
};

enum { N_KEYS = sizeof(setting_keys) / sizeof(*setting_keys) };

static int unknown_key(const char *name, char *error, size_t size)
{
    int at = snprintf(error, size, "unknown setting \"%.40s\": known are", name);
    for (size_t i = 0; i < N_KEYS && at > 0 && (size_t)at < size; i++)
        at += snprintf(error + at, size - (size_t)at, "%s %s", i ? "," : "", setting_keys[i].name);
    return FAQD_EINVAL;
}

static int set_one(struct settings *s, const char *name, const json_t *value, char *error, size_t size)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(name, setting_keys[i].name) != 0)
            continue;
        const char *wrong = setting_keys[i].set(s, value);
        if (!wrong)
            return FAQD_OK;
        snprintf(error, size, "setting \"%s\" %s", name, wrong);
        return FAQD_EINVAL;
    }
    return unknown_key(name, error, size);
}

int web_settings_parse(const char *json, struct settings *out, char *error, size_t error_size)
{
    *out = (struct settings){.listen = "127.0.0.1:8080",
                             .connections = 1000,
                             .connections_per_address = 64,
                             .rate_per_minute = 60,
                             .rate_burst = 30,
                             .demo = 1};
    json_error_t at;
    out->root = json_loads(json && json[0] ? json : "{}", JSON_REJECT_DUPLICATES, &at);
    if (!out->root) {
        snprintf(error, error_size, "settings: line %d, column %d: %s", at.line, at.column, at.text);
        return json_error_code(&at) == json_error_out_of_memory ? FAQD_ENOMEM : FAQD_EINVAL;
    }
    int rc = FAQD_OK;
    if (!json_is_object(out->root)) {
        snprintf(error, error_size, "settings must be a JSON object");
        rc = FAQD_EINVAL;
    }
    for (void *it = json_object_iter(out->root); it && rc == FAQD_OK; it = json_object_iter_next(out->root, it))
        rc = set_one(out, json_object_iter_key(it), json_object_iter_value(it), error, error_size);
    if (rc != FAQD_OK)
        web_settings_free(out);
    return rc;
}

void web_settings_free(struct settings *s)
{
    json_decref(s->root);
    s->root = NULL;
}

int web_settings_trusts(const struct settings *s, const struct address *peer)
{
    for (size_t i = 0; i < s->n_proxies; i++)
        if (network_has(&s->proxies[i], peer))
            return 1;
    return 0;
}

const char *web_settings_origin(const struct settings *s, const char *origin)
{
    for (size_t i = 0; i < s->n_origins; i++)
        if (strcmp(s->origins[i], origin) == 0)
            return s->origins[i];
    return NULL;
}
