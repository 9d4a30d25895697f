/* SPDX-License-Identifier: MIT
 *
 * url.h - addresses of the client-server API. Identifiers of rooms, events and users are opaque and may hold "/", "#"
 * or
 * "?": each is percent-encoded before it becomes a piece of an address.
 */
#ifndef MATRIX_URL_H
#define MATRIX_URL_H

#include <stdbool.h>
#include <stddef.h>

enum { URL_MAX = 4096 };

/* `base` and `path`, in which each "{}" is replaced by the next of the strings behind it, encoded. False: no room. */
bool url_make(char *out, size_t size, const char *base, const char *path, ...);

#endif
