/* SPDX-License-Identifier: MIT
 *
 * strings.c - the list of copied texts of strings.h. Lists are a dozen items long: growing by one is good enough.
 */
#include "strings.h"

#include <stdlib.h>
#include <string.h>

bool strings_add(struct strings *s, const char *text)
{
    char **items = realloc(s->items, (s->n + 1) * sizeof(*items));
    if (!items)
        return false;
    s->items = items;
    char *copy = strdup(text);
    if (!copy)
        return false;
    s->items[s->n++] = copy;
    return true;
}

void strings_clear(struct strings *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->items[i]);
    free(s->items);
    *s = (struct strings){0};
}
