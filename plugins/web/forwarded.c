/* SPDX-License-Identifier: MIT
 *
 * forwarded.c - see forwarded.h.
 */
#include "forwarded.h"

#include <string.h>
#include <strings.h>

struct span {
    const char *text;
    size_t len;
};

static struct span trim(struct span s)
{
    while (s.len && (s.text[0] == ' ' || s.text[0] == '\t')) {
        s.text++;
        s.len--;
    }
    while (s.len && (s.text[s.len - 1] == ' ' || s.text[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Take what stands behind the last `sign` off the end of *rest; 0: nothing is left. */
static int take_last(struct span *rest, char sign, struct span *out)
{
    if (!rest->text)
        return 0;
    const char *at = memrchr(rest->text, sign, rest->len);
    const char *begin = at ? at + 1 : rest->text;
    *out = trim((struct span){begin, (size_t)(rest->text + rest->len - begin)});
    if (at)
        rest->len = (size_t)(at - rest->text);
    else
        rest->text = NULL;
    return 1;
}

/* The value of for= in one element of Forwarded: `for="[2001:db8::1]:80";proto=https`. */
static int find_for(struct span element, struct span *out)
{
    struct span pair;
    while (take_last(&element, ';', &pair)) {
        if (pair.len < 4 || strncasecmp(pair.text, "for=", 4) != 0)
            continue;
        *out = trim((struct span){pair.text + 4, pair.len - 4});
        if (out->len >= 2 && out->text[0] == '"' && out->text[out->len - 1] == '"')
            *out = (struct span){out->text + 1, out->len - 2};
        return 1;
    }
    return 0;
}

int forwarded_visitor(const struct settings *s, const struct address *proxy, const struct request *r,
                      struct address *out)
{
    const char *header = r->forwarded ? r->forwarded : r->x_forwarded_for;
    struct span rest = {header, header ? strlen(header) : 0}, one;
    int found = 0;
    *out = *proxy;
    while (take_last(&rest, ',', &one)) {
        struct address next;
        if (r->forwarded && !find_for(one, &one))
            break;
        if (!address_parse(one.text, one.len, &next)) /* "unknown", "_hidden", or nonsense: nobody before it counts */
            break;
        *out = next;
        found = 1;
        if (!web_settings_trusts(s, &next))
            break;
    }
    return found;
}
