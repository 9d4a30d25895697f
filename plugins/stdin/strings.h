/* SPDX-License-Identifier: MIT
 *
 * strings.h - a short list of texts of our own.
 *
 * The views that the host hands out live until the next call with a worker; what the chat needs later (choices that
 * were offered, sources of the last answer, completions) is copied into one of these.
 */
#ifndef STDIN_STRINGS_H
#define STDIN_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

struct strings {
    char **items;
    size_t n;
};

/* Append a copy; false: out of memory, the list is as before. */
bool strings_add(struct strings *s, const char *text);
void strings_clear(struct strings *s);

#endif
