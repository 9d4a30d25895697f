/* SPDX-License-Identifier: MIT
 *
 * address.h - network addresses of visitors and proxies: reading, comparing, belonging to a network. Pure functions.
 *
 * An address lives in memory only, for limits; it is never logged nor written.
 */
#ifndef FAQD_WEB_ADDRESS_H
#define FAQD_WEB_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

/* IPv4 stands as ::ffff:a.b.c.d, so that a visitor has one spelling on dual-stack sockets. The peer of a unix socket
 * has none: `local` is set and the bytes are zero. */
struct address {
    uint8_t bytes[16];
    uint8_t local;
};

/* The addresses that share the first `bits` bits; or, if local, the peers of unix sockets. */
struct network {
    struct address base;
    unsigned bits; /* of 128 */
};

void address_of(const struct sockaddr *from, struct address *out);

/* "192.0.2.1", "192.0.2.1:1234", "2001:db8::1", "[2001:db8::1]:1234": 1 if it was one of these, with nothing around. */
int address_parse(const char *text, size_t len, struct address *out);

/* What counts as one visitor: of IPv6 the first 64 bits, which is what one household gets. */
void address_group(struct address *a);

/* "10.0.0.0/8", "192.0.2.1", "2001:db8::/32" or "unix": 1 if it was one of these. Bits beyond the length must be 0. */
int network_parse(const char *text, struct network *out);
int network_has(const struct network *n, const struct address *a);

#endif
