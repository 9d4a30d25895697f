/* SPDX-License-Identifier: MIT
 *
 * settings.c - the table of the settings of settings.h. Places to listen at are looked at by listen.c.
 */
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "../settings_table.h"
#include "faqd_plugin.h"

static bool is_short_list(const json_t *value)
{
    return json_is_array(value) && json_array_size(value) <= SETTINGS_LIST_MAX;
}

static int read_proxies(const struct settings_reader *r, const char *name, json_t *value, void *settings)
{
    struct settings *s = settings;
    bool right = is_short_list(value);
    for (size_t i = 0; right && i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));
        right = text && network_parse(text, &s->proxies[s->n_proxies++]);
    }
    return right ? FAQD_OK
                 : setting_refuse(r, name,
                                  "must be a list of at most 64 addresses (\"192.0.2.1\"), networks (\"10.0.0.0/8\", "
                                  "with zeros behind the prefix) or \"unix\"");
}

/* scheme "://" host [":" port], in lower case, as browsers send it. */
static bool is_origin(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? strspn(text + scheme, "abcdefghijklmnopqrstuvwxyz0123456789.-[]:") : 0;
    return host > 0 && text[scheme + host] == '\0';
}

static bool add_origin(struct settings *s, const char *origin)
{
    if (!origin || !is_origin(origin))
        return false;
    if (!web_settings_origin(s, origin))
        s->origins[s->n_origins++] = origin;
    return true;
}

static int read_origins(const struct settings_reader *r, const char *name, json_t *value, void *settings)
{
    bool right = is_short_list(value);
    for (size_t i = 0; right && i < json_array_size(value); i++)
        right = add_origin(settings, json_string_value(json_array_get(value, i)));
    return right ? FAQD_OK
                 : setting_refuse(r, name,
                                  "must be a list of at most 64 origins as browsers send them, in lower case and "
                                  "without a path: \"https://www.example.org\"");
}

/* "/clinic", "/a/b": no slash at the end, nothing that a URL would have to escape. */
static bool is_path(const char *text)
{
    size_t len = strlen(text);
    return len > 1 && text[0] == '/' && text[len - 1] != '/' && !strstr(text, "//") &&
           text[strspn(text, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static int read_site(const struct settings_reader *r, const char *name, json_t *value, struct settings *s)
{
    struct site site = {NULL, NULL, NULL};
    json_error_t unused;
    if (json_unpack_ex(value, &unused, JSON_STRICT, "{s?s, s?s, s:s}", "path", &site.path, "origin", &site.origin,
                       "pack", &site.pack) != 0 ||
        !site.path == !site.origin)
        return setting_refuse(r, name, "must be a list of objects with \"pack\" and one of \"path\" and \"origin\"");
    if (site.path && !is_path(site.path))
        return setting_refuse(r, name,
                              "has a path that is not like \"/clinic\": letters, digits, _ and - between slashes, none "
                              "at the end");
    if (site.origin && !add_origin(s, site.origin))
        return setting_refuse(r, name, "has an origin that is not like \"https://www.example.org\"");
    s->sites[s->n_sites++] = site;
    return FAQD_OK;
}

static int read_sites(const struct settings_reader *r, const char *name, json_t *value, void *settings)
{
    int rc = is_short_list(value) ? FAQD_OK : setting_refuse(r, name, "must be a list of at most 64 objects");
    for (size_t i = 0; rc == FAQD_OK && i < json_array_size(value); i++)
        rc = read_site(r, name, json_array_get(value, i), settings);
    return rc;
}

static bool is_link(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || (text[0] == '/' && text[1] != '/');
}

static int read_privacy(const struct settings_reader *r, const char *name, json_t *value, void *settings)
{
    struct settings *s = settings;
    json_error_t unused;
    bool right =
        json_unpack_ex(value, &unused, JSON_STRICT, "{s?s, s?s}", "fr", &s->privacy[0], "en", &s->privacy[1]) == 0;
    for (size_t i = 0; right && i < 2; i++)
        right = !s->privacy[i] || is_link(s->privacy[i]);
    return right ? FAQD_OK
                 : setting_refuse(r, name,
                                  "must be an object of https URLs (or paths) by language: {\"fr\": \"https://...\"}");
}

#define AT(member) .offset = offsetof(struct settings, member)

/* The most of each count is far beyond what a process can hold. */
static const struct setting table[] = {
    {"listen", SETTING_TEXT, AT(listen), .text = "127.0.0.1:8080"},
    {"admin", SETTING_TEXT, AT(admin)},
    {"pack", SETTING_TEXT, AT(pack)},
    {"threads", SETTING_NUMBER, AT(threads), .low = 0, .high = 64},
    {"connections", SETTING_NUMBER, AT(connections), .low = 1, .high = 100000, .number = 1000},
    {"connections_per_address", SETTING_NUMBER, AT(connections_per_address), .low = 1, .high = 100000, .number = 64},
    {"rate_per_minute", SETTING_NUMBER, AT(rate_per_minute), .low = 1, .high = 1000000, .number = 60},
    {"rate_burst", SETTING_NUMBER, AT(rate_burst), .low = 1, .high = 1000000, .number = 30},
    {"proxies", SETTING_OWN, .read = read_proxies},
    {"origins", SETTING_OWN, .read = read_origins},
    {"sites", SETTING_OWN, .read = read_sites},
    {"privacy", SETTING_OWN, .read = read_privacy},
    {"demo", SETTING_FLAG, AT(demo), .number = 1},
};

enum { N_SETTINGS = sizeof(table) / sizeof(*table) };

int web_settings_parse(const char *json, struct settings *out, char *error, size_t error_size)
{
    const struct settings_reader r = {error, error_size, ""};
    *out = (struct settings){0};
    return settings_take(&r, json, table, N_SETTINGS, out, &out->root);
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
