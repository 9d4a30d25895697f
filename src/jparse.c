/* SPDX-License-Identifier: MIT
 *
 * jparse.c - see jparse.h.
 */
#include "jparse.h"

#include "beside.h"
#include "faqd_plugin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define HALVES_BYTES_MIN ((size_t)256 * 1024) /* less is parsed before a thread has begun */

/* jansson's parser takes a failed allocation for bad syntax, or drops a letter and goes on. So each is noted; errno
 * does not tell: malloc sets it to ENOMEM also where it then finds memory elsewhere. */
static _Thread_local struct {
    struct arena *into; /* what the parser asks for comes of it, and stays there; NULL: the heap */
    int failed;         /* an allocation did */
} parsing;
static pthread_once_t noting = PTHREAD_ONCE_INIT;

static void *noting_malloc(size_t size)
{
    void *block = parsing.into ? arena_alloc(parsing.into, size) : malloc(size);
    parsing.failed |= !block;
    return block;
}

static void noting_free(void *block)
{
    if (!parsing.into)
        free(block);
}

static void note_allocations(void)
{
    json_set_alloc_funcs(noting_malloc, noting_free);
}

json_t *jparse(const char *text, size_t len, struct arena *tree, json_error_t *at, int *no_memory)
{
    pthread_once(&noting, note_allocations);
    parsing.failed = 0;
    parsing.into = tree;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, at);
    *no_memory = parsing.failed;
    if (parsing.failed) {
        json_decref(root);
        root = NULL;
    }
    parsing.into = NULL;
    return root;
}

/* ---------------------------------------------------------------------------------------------- halves ---- */

/* Where the string that begins at `at` ends: at its second quote, or at the end of the text. */
static size_t string_end(const char *text, size_t len, size_t at)
{
    for (;;) {
        const char *quote = memchr(text + at + 1, '"', len - at - 1);
        at = quote ? (size_t)(quote - text) : len - 1;
        size_t signs = 0; /* backslashes before it: every second one is a letter */
        while (text[at - 1 - signs] == '\\')
            signs++;
        if (!quote || signs % 2 == 0)
            return at;
    }
}

/* The comma between two members of the object that is nearest to the middle, with white space behind it; 0: none. */
static size_t find_middle(const char *text, size_t len)
{
    size_t before = 0;
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (c == '"')
            i = string_end(text, len, i);
        if (c != ',' || depth != 1 || i + 1 >= len || (text[i + 1] != '\n' && text[i + 1] != ' '))
            continue;
        if (i >= len / 2)
            return len / 2 - before < i - len / 2 ? before : i;
        before = i;
    }
    return before;
}

struct half {
    const char *text;
    size_t len;
    struct arena tree;
    json_t *root;
};

static int parse_half(void *user)
{
    struct half *half = user;
    json_error_t at;
    int no_memory = 0;
    half->root = jparse(half->text, half->len, &half->tree, &at, &no_memory);
    return FAQD_OK;
}

/* Put the members of the last half behind those of the first. NULL: one has none, or they have one in common. */
static json_t *join(struct arena *tree, json_t *first, json_t *last)
{
    const char *key = NULL;
    json_t *value = NULL;
    int ok = json_object_size(first) && json_object_size(last);
    parsing.into = tree;
    json_object_foreach(last, key, value)
    {
        ok = ok && !json_object_get(first, key) && json_object_set_nocheck(first, key, value) == 0;
    }
    parsing.into = NULL;
    return ok ? first : NULL;
}

json_t *jparse_halves(char *text, size_t len, struct arena *tree)
{
    size_t middle = len >= HALVES_BYTES_MIN && *text == '{' ? find_middle(text, len) : 0;
    if (!middle)
        return NULL;
    char space = text[middle + 1];
    struct half first = {.text = text, .len = middle + 1};
    struct half last = {.text = text + middle + 1, .len = len - middle - 1};
    struct beside other;
    text[middle] = '}';
    text[middle + 1] = '{';
    beside_start(&other, parse_half, &first, 1);
    parse_half(&last);
    beside_end(&other);
    text[middle] = ',';
    text[middle + 1] = space;
    arena_join(tree, &first.tree);
    arena_join(tree, &last.tree);
    return join(tree, first.root, last.root);
}
