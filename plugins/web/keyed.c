/* SPDX-License-Identifier: MIT
 *
 * keyed.c - see keyed.h. HMAC-SHA256 by GnuTLS, which libmicrohttpd brings along.
 */
#include "keyed.h"

#include <errno.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <sys/random.h>

#include "faqd_plugin.h"

int keyed_renew(struct keyed *k)
{
    ssize_t got = 0;
    do
        got = getrandom(k->key, sizeof(k->key), 0); /* up to 256 bytes come whole once the system has started */
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(k->key) ? FAQD_OK : FAQD_EIO;
}

uint64_t keyed_hash(const struct keyed *k, const void *bytes, size_t len)
{
    uint8_t digest[32] = {0};
    uint64_t hash = 0;
    gnutls_hmac_fast(GNUTLS_MAC_SHA256, k->key, sizeof(k->key), bytes, len, digest);
    memcpy(&hash, digest, sizeof(hash));
    return hash ? hash : 1;
}
