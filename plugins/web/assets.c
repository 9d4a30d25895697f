/* SPDX-License-Identifier: MIT
 *
 * assets.c - see assets.h.
 */
#include "assets.h"

#include "conn.h"
#include "faqd_plugin.h"
#include "loop.h"
#include "reply.h"
#include "web.h"

#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define SHA384 48 /* bytes */

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".html", "text/html; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".woff2", "font/woff2"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof(types) / sizeof(*types); i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return NULL;
}

static int describe(const struct asset *asset, struct asset_info *info)
{
    unsigned char digest[SHA384];
    gnutls_datum_t raw = {digest, sizeof(digest)}, coded = {NULL, 0};
    *info = (struct asset_info){.asset = asset, .type = type_of(asset->name)};
    if (!info->type || gnutls_hash_fast(GNUTLS_DIG_SHA384, asset->bytes, asset->len, digest) != 0 ||
        gnutls_base64_encode2(&raw, &coded) != 0)
        return FAQD_EINVAL;
    snprintf(info->integrity, sizeof(info->integrity), "sha384-%.*s", (int)coded.size, (const char *)coded.data);
    gnutls_free(coded.data);
    char hash[sizeof(info->hash)];
    for (size_t i = 0; i < sizeof(hash) / 2; i++)
        snprintf(hash + 2 * i, 3, "%02x", digest[i]);
    memcpy(info->hash, hash, sizeof(hash));
    snprintf(info->etag[0], sizeof(info->etag[0]), "\"%s\"", hash);
    snprintf(info->etag[1], sizeof(info->etag[1]), "\"%s-gz\"", hash);
    return FAQD_OK;
}

int assets_open(struct assets *a)
{
    *a = (struct assets){.n = 0};
    for (const struct asset *asset = asset_list; asset->name; asset++)
        if (a->n == ASSETS_MAX || describe(asset, &a->list[a->n++]) != FAQD_OK)
            return FAQD_EINVAL;
    return FAQD_OK;
}

const struct asset_info *assets_named(const struct assets *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->list[i].asset->name, name) == 0)
            return &a->list[i];
    return NULL;
}

const struct asset_info *assets_find(const struct assets *a, const char *path)
{
    if (path[0] != '/')
        return NULL;
    const char *dot = strrchr(path, '.');
    if (dot && strcmp(dot, ".html") == 0)
        return NULL;
    return assets_named(a, strcmp(path, "/favicon.ico") == 0 ? "favicon.svg" : path + 1);
}

/* 1 if the list of codings has "gzip" and does not refuse it (q=0). */
static int takes_gzip(const char *list)
{
    const char *at = list ? strstr(list, "gzip") : NULL;
    if (!at)
        return 0;
    at += 4;
    at += strspn(at, " \t");
    if (*at != ';')
        return 1;
    at += 1 + strspn(at + 1, " \t");
    return strncmp(at, "q=0", 3) != 0 || strspn(at + 3, ".0") != strcspn(at + 3, ", \t");
}

static int matches(const char *list, const char *etag)
{
    return list && (strstr(list, etag) || strcmp(list, "*") == 0);
}

static int send_info(struct conn *c, const struct asset_info *info)
{
    if (!info) {
        request_refuse(&c->request, PROBLEM_NOT_FOUND, NULL);
        return problem_send(c);
    }
    const struct asset *asset = info->asset;
    int packed = asset->packed_len < asset->len && takes_gzip(c->request.accept_encoding);
    const char *version = request_argument(c, "v");
    struct reply reply = {.status = 200,
                          .type = info->type,
                          .body = packed ? asset->packed : asset->bytes,
                          .len = packed ? asset->packed_len : asset->len,
                          .etag = info->etag[packed],
                          .encoding = packed ? "gzip" : NULL,
                          .cache = "public, max-age=3600",
                          .constant = 1,
                          .file = 1};
    if (version && strcmp(version, info->hash) == 0)
        reply.cache = "public, max-age=31536000, immutable";
    if (matches(c->request.if_none_match, reply.etag)) {
        reply.status = 304;
        reply.len = 0;
        reply.type = reply.encoding = NULL;
    }
    return reply_send(c, &reply);
}

int assets_send(struct conn *c)
{
    return send_info(c, assets_find(&c->loop->web->assets, c->request.path));
}

int assets_openapi(struct conn *c)
{
    return send_info(c, assets_named(&c->loop->web->assets, "openapi.json"));
}
