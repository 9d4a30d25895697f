/* SPDX-License-Identifier: MIT
 *
 * address.c - see address.h.
 */
#include "address.h"

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#define V4_BITS 96 /* the prefix ::ffff:0:0/96 of IPv4 addresses */

static void from_v4(const struct in_addr *v4, struct address *out)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    memcpy(out->bytes, prefix, sizeof(prefix));
    memcpy(out->bytes + sizeof(prefix), v4, 4);
}

static int is_v4(const struct address *a)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(a->bytes, prefix, sizeof(prefix)) == 0;
}

void address_of(const struct sockaddr *from, struct address *out)
{
    *out = (struct address){.local = from->sa_family != AF_INET && from->sa_family != AF_INET6};
    if (from->sa_family == AF_INET)
        from_v4(&((const struct sockaddr_in *)(const void *)from)->sin_addr, out);
    else if (from->sa_family == AF_INET6)
        memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, sizeof(out->bytes));
}

/* One address without a port. */
static int parse_bare(const char *text, size_t len, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr v4;
    *out = (struct address){0};
    if (len >= sizeof(copy))
        return 0;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (strlen(copy) != len)
        return 0;
    if (inet_pton(AF_INET, copy, &v4) == 1) {
        from_v4(&v4, out);
        return 1;
    }
    return inet_pton(AF_INET6, copy, out->bytes) == 1;
}

static int is_port(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return 0;
    return len > 0 && len <= 5;
}

int address_parse(const char *text, size_t len, struct address *out)
{
    const char *end = len && text[0] == '[' ? memchr(text, ']', len) : NULL;
    if (end) {
        size_t rest = len - (size_t)(end + 1 - text);
        return parse_bare(text + 1, (size_t)(end - text - 1), out) &&
               (rest == 0 || (end[1] == ':' && is_port(end + 2, rest - 1)));
    }
    const char *colon = memchr(text, ':', len);
    if (colon && !memchr(colon + 1, ':', len - (size_t)(colon + 1 - text))) { /* just one: IPv4 with a port */
        size_t host = (size_t)(colon - text);
        return is_port(colon + 1, len - host - 1) && parse_bare(text, host, out);
    }
    return parse_bare(text, len, out);
}

void address_group(struct address *a)
{
    if (!is_v4(a))
        memset(a->bytes + 8, 0, 8);
}

/* 1 if the first `bits` bits are equal. */
static int same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, whole) != 0)
        return 0;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

static int parse_bits(const char *text, unsigned most, unsigned *out)
{
    char *end = NULL;
    if (!is_port(text, strlen(text)))
        return 0;
    unsigned long bits = strtoul(text, &end, 10);
    *out = (unsigned)bits;
    return *end == '\0' && bits <= most;
}

int network_parse(const char *text, struct network *out)
{
    *out = (struct network){.bits = 128};
    if (strcmp(text, "unix") == 0) {
        out->base.local = 1;
        return 1;
    }
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    if (!parse_bare(text, len, &out->base))
        return 0;
    int v4 = is_v4(&out->base) && !memchr(text, ':', len);
    if (slash && !parse_bits(slash + 1, v4 ? 32 : 128, &out->bits))
        return 0;
    if (slash && v4)
        out->bits += V4_BITS;
    struct address masked = out->base;
    for (unsigned bit = out->bits; bit < 128; bit++)
        masked.bytes[bit / 8] = (uint8_t)(masked.bytes[bit / 8] & ~(0x80u >> (bit % 8)));
    return memcmp(masked.bytes, out->base.bytes, sizeof(masked.bytes)) == 0;
}

int network_has(const struct network *n, const struct address *a)
{
    if (n->base.local || a->local)
        return n->base.local && a->local;
    return same_bits(n->base.bytes, a->bytes, n->bits);
}
