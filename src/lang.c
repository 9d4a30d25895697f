/* SPDX-License-Identifier: MIT
 *
 * lang.c - see lang.h.
 */
#include "lang.h"

#include <string.h>

const char *const lang_names[LANGS] = {"fr", "en"};

int lang_find(const char *name)
{
    for (int i = 0; i < LANGS; i++)
        if (name && strcmp(name, lang_names[i]) == 0)
            return i;
    return -1;
}
