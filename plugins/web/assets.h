/* SPDX-License-Identifier: MIT
 *
 * assets.h - the files of assets/, which the build puts into the plugin, plain and packed by gzip.
 */
#ifndef FAQD_WEB_ASSETS_H
#define FAQD_WEB_ASSETS_H

#include <stddef.h>

#define ASSETS_MAX 32

/* One file, as embed made it. */
struct asset {
    const char *name; /* "faq-chat.js" */
    const char *bytes, *packed;
    size_t len, packed_len;
};

extern const struct asset asset_list[]; /* the end has no name */

struct asset_info {
    const struct asset *asset;
    const char *type;
    char hash[17];      /* of its bytes; names the version */
    char etag[2][24];   /* plain, packed */
    char integrity[80]; /* "sha384-...", for script elements */
};

struct assets {
    struct asset_info list[ASSETS_MAX];
    size_t n;
};

struct conn;

int assets_open(struct assets *a); /* FAQD_OK, FAQD_EINVAL */

const struct asset_info *assets_named(const struct assets *a, const char *name); /* NULL: none */
/* The file that is served at a path; NULL: none. Templates (.html) are none. */
const struct asset_info *assets_find(const struct assets *a, const char *path);

/* Handlers of route.h. */
int assets_send(struct conn *c);
int assets_openapi(struct conn *c);

#endif
