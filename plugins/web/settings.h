/* SPDX-License-Identifier: MIT
 *
 * settings.h - the settings of the connector web, as faqd.json(5) describes them: read once, checked whole, then
 * constant.
 */
#ifndef FAQD_WEB_SETTINGS_H
#define FAQD_WEB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "address.h"

#define SETTINGS_LIST_MAX 64 /* origins, proxies, sites */

/* Which content a site's visitors get. One of path and origin is set. */
struct site {
    const char *path;   /* "/clinic": requests below it; "" none */
    const char *origin; /* "https://www.example.org": pages of that origin */
    const char *pack;   /* its name in the configuration */
};

struct settings {
    const char *listen; /* "HOST:PORT", "unix:PATH", "systemd" or "systemd:NAME" */
    const char *admin;  /* likewise; NULL: none */
    const char *pack;   /* for whom no site says another one; NULL: the default one */
    long threads;       /* 0: one a processor */
    long connections, connections_per_address;
    long rate_per_minute, rate_burst;
    struct network proxies[SETTINGS_LIST_MAX];
    size_t n_proxies;
    const char *origins[2 * SETTINGS_LIST_MAX]; /* also those of the sites; each once */
    size_t n_origins;
    struct site sites[SETTINGS_LIST_MAX];
    size_t n_sites;
    const char *privacy[2]; /* URL of the privacy page in fr, en; NULL: none */
    bool demo;
    json_t *root; /* owns the texts above */
};

/* Read `json` (NULL or "": the defaults). FAQD_OK; FAQD_EINVAL, FAQD_ENOMEM with a line in `error`. */
int web_settings_parse(const char *json, struct settings *out, char *error, size_t error_size);
void web_settings_free(struct settings *s);

int web_settings_trusts(const struct settings *s, const struct address *peer);
/* The origin as the settings hold it if it is one of theirs, byte for byte; else NULL. */
const char *web_settings_origin(const struct settings *s, const char *origin);

#endif
