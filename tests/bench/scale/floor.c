/* SPDX-License-Identifier: MIT
 *
 * floor.c - what no engine can do without: cut the text into words and hash each. And the peer that is always there,
 * every pattern in turn, compiled by PCRE2's JIT compiler.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "scale.h"

#include "pattern.h"
#include "table.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS (PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP)

static void *floor_load(const struct scale_pack *pack, uint8_t *refused)
{
    (void)pack;
    (void)refused;
    return calloc(1, sizeof(uint64_t));
}

static size_t floor_find(void *state, const struct scale_text *text, size_t at)
{
    uint64_t *sum = state;
    (void)at;
    for (const char *s = text->text, *end = s + text->len; s < end;) {
        const char *word = s;
        while (s < end && *s != ' ' && *s != '\n')
            s++;
        *sum ^= table_hash(word, (size_t)(s - word)); /* so that the compiler cannot leave it out */
        s++;
    }
    return 0;
}

const struct engine engine_floor = {
    .name = "floor",
    .means = "the floor: cut into words, hash each",
    .load = floor_load,
    .find = floor_find,
};

struct turns {
    pcre2_code **codes;
    size_t n;
    uint32_t *found;
    size_t n_found;
    pcre2_match_data *data;
};

static void *pcre_load(const struct scale_pack *pack, uint8_t *refused)
{
    struct turns *turns = calloc(1, sizeof(*turns));
    if (!turns)
        return NULL;
    turns->n = pack->n_patterns;
    turns->codes = calloc(turns->n, sizeof(pcre2_code *));
    turns->found = calloc(turns->n, sizeof(*turns->found));
    turns->data = pcre2_match_data_create(PATTERN_GROUPS_MAX + 1, NULL);
    if (!turns->codes || !turns->found || !turns->data)
        return NULL;
    for (size_t i = 0; i < turns->n; i++) {
        const struct scale_text *pattern = &pack->patterns[i];
        int error = 0;
        PCRE2_SIZE at = 0;
        turns->codes[i] = pcre2_compile((PCRE2_SPTR)pattern->text, pattern->len, OPTIONS, &error, &at, NULL);
        refused[i] = !turns->codes[i] || pcre2_jit_compile(turns->codes[i], PCRE2_JIT_COMPLETE) != 0;
    }
    return turns;
}

static size_t pcre_find(void *state, const struct scale_text *text, size_t at)
{
    struct turns *turns = state;
    (void)at;
    turns->n_found = 0;
    for (uint32_t i = 0; i < turns->n; i++)
        if (pcre2_jit_match(turns->codes[i], (PCRE2_SPTR)text->text, text->len, 0, 0, turns->data, NULL) >= 0)
            turns->found[turns->n_found++] = i;
    return turns->n_found;
}

static void pcre_tell(void *state, uint8_t *found)
{
    const struct turns *turns = state;
    for (size_t i = 0; i < turns->n_found; i++)
        found[turns->found[i]] = 1;
}

const struct engine engine_pcre = {
    .name = "pcre2-jit",
    .means = "every pattern in turn, PCRE2 JIT",
    .load = pcre_load,
    .find = pcre_find,
    .tell = pcre_tell,
};
