/* SPDX-License-Identifier: MIT
 *
 * hyperscan.c - Intel's Hyperscan. It refuses lookaheads and back-references: those patterns are left out, to its
 * advantage. Compiling takes it seconds to tens of minutes; a compiled database is kept beside the pack.
 */
#include "scale.h"

#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUICK_PATTERNS 5000 /* compiled in seconds; above, only if it may take long */

struct scan {
    hs_database_t *database;
    hs_scratch_t *scratch;
    uint32_t *found;
    size_t n_found;
    double seconds;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static FILE *kept(const struct scale_pack *pack, const char *mode)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plain/hyperscan.db", pack->folder);
    return fopen(path, mode);
}

/* A kept database: how long it took to compile, then its bytes. */
static int read_kept(const struct scale_pack *pack, struct scan *scan)
{
    size_t len = 0;
    char *bytes = NULL;
    FILE *file = kept(pack, "rb");
    if (!file)
        return 0;
    if (fread(&scan->seconds, sizeof(scan->seconds), 1, file) == 1 && fread(&len, sizeof(len), 1, file) == 1 &&
        (bytes = malloc(len)) && fread(bytes, 1, len, file) == len)
        hs_deserialize_database(bytes, len, &scan->database);
    free(bytes);
    fclose(file);
    return scan->database != NULL;
}

static void keep(const struct scale_pack *pack, const struct scan *scan)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *file = kept(pack, "wb");
    if (file && hs_serialize_database(scan->database, &bytes, &len) == HS_SUCCESS) {
        fwrite(&scan->seconds, sizeof(scan->seconds), 1, file);
        fwrite(&len, sizeof(len), 1, file);
        fwrite(bytes, 1, len, file);
        free(bytes);
    }
    if (file)
        fclose(file);
}

static void refuse(const struct scale_pack *pack, uint8_t *refused)
{
    for (size_t i = 0; i < pack->n_patterns; i++) {
        hs_expr_info_t *info = NULL;
        hs_compile_error_t *error = NULL;
        refused[i] = hs_expression_info(pack->patterns[i].text, HS_FLAG_SINGLEMATCH, &info, &error) != HS_SUCCESS;
        free(info);
        hs_free_compile_error(error);
    }
}

static void compile(const struct scale_pack *pack, const uint8_t *refused, struct scan *scan)
{
    const char **texts = calloc(pack->n_patterns, sizeof(*texts));
    unsigned *flags = calloc(pack->n_patterns, sizeof(*flags));
    unsigned *ids = calloc(pack->n_patterns, sizeof(*ids));
    unsigned n = 0;
    hs_compile_error_t *error = NULL;
    double from = now();
    for (size_t i = 0; texts && flags && ids && i < pack->n_patterns; i++) {
        if (refused[i])
            continue;
        texts[n] = pack->patterns[i].text;
        flags[n] = HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY;
        ids[n++] = (unsigned)i;
    }
    if (hs_compile_multi(texts, flags, ids, n, HS_MODE_BLOCK, NULL, &scan->database, &error) != HS_SUCCESS)
        fprintf(stderr, "scale: hyperscan: %s\n", error ? error->message : "out of memory");
    hs_free_compile_error(error);
    scan->seconds = now() - from;
    free(texts);
    free(flags);
    free(ids);
}

static void *scan_load(const struct scale_pack *pack, uint8_t *refused)
{
    struct scan *scan = calloc(1, sizeof(*scan));
    if (!scan || !(scan->found = calloc(pack->n_patterns, sizeof(*scan->found))))
        return NULL;
    refuse(pack, refused);
    if (!read_kept(pack, scan)) {
        if (pack->n_patterns > QUICK_PATTERNS && !pack->slow_compile)
            return NULL;
        compile(pack, refused, scan);
        if (scan->database)
            keep(pack, scan);
    }
    return scan->database && hs_alloc_scratch(scan->database, &scan->scratch) == HS_SUCCESS ? scan : NULL;
}

static int one_found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *user)
{
    struct scan *scan = user;
    (void)from;
    (void)to;
    (void)flags;
    scan->found[scan->n_found++] = id;
    return 0;
}

static size_t scan_find(void *state, const struct scale_text *text, size_t at)
{
    struct scan *scan = state;
    (void)at;
    scan->n_found = 0;
    hs_scan(scan->database, text->text, (unsigned)text->len, 0, scan->scratch, one_found, scan);
    return scan->n_found;
}

static void scan_tell(void *state, uint8_t *found)
{
    const struct scan *scan = state;
    for (size_t i = 0; i < scan->n_found; i++)
        found[scan->found[i]] = 1;
}

static double scan_seconds(void *state)
{
    return ((const struct scan *)state)->seconds;
}

const struct engine engine_hyperscan = {
    .name = "hyperscan",
    .means = "Hyperscan",
    .load = scan_load,
    .find = scan_find,
    .tell = scan_tell,
    .load_seconds = scan_seconds,
};
