/* SPDX-License-Identifier: MIT
 *
 * keyed.h - a keyed hash: what is only to be recognised again (an address, a key of a request) is remembered as 64 bits
 * of an HMAC under a random key that never leaves the process, so that nobody can turn it back or aim at collisions.
 */
#ifndef FAQD_WEB_KEYED_H
#define FAQD_WEB_KEYED_H

#include <stddef.h>
#include <stdint.h>

struct keyed {
    uint8_t key[32];
};

/* Take a new random key. FAQD_OK, FAQD_EIO: the system gives no random bytes. */
int keyed_renew(struct keyed *k);

/* Never 0. */
uint64_t keyed_hash(const struct keyed *k, const void *bytes, size_t len);

#endif
