/* SPDX-License-Identifier: MIT
 *
 * pack.c - see pack.h: a folder of files in, a pack out. The order is fixed (pack.json, lexicon.json, the rest by
 * name), so that the same bytes give the same pack.
 */
#include "pack_private.h"

#include "array.h"
#include "beside.h"
#include "jahead.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLES "examples.json"
#define WORDS_MANY 8192 /* in a lexicon: worth a thread's while */

int pack_no_memory(struct pack_reading *g)
{
    return jread_fail(&g->r, FAQD_ENOMEM, "out of memory");
}

char *pack_keep(struct pack_reading *g, const char *text)
{
    char *copy = arena_text(&g->pack->arena, text, strlen(text));
    if (!copy)
        pack_no_memory(g);
    return copy;
}

static uint64_t id_hash(char space, const char *id)
{
    return table_hash_next((uint64_t)(unsigned char)space, table_hash(id, strlen(id)));
}

int pack_enter_id(struct pack_reading *g, char space, const char *id, uint32_t value)
{
    size_t len = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (!len || len > 63 || id[len])
        return jread_fail(&g->r, FAQD_EINVAL, "\"%.80s\" is no id: [a-z0-9_]+, at most 63 of them", id);
    if (pack_find_id(g->pack, space, id) != TABLE_NONE)
        return jread_fail(&g->r, FAQD_EINVAL, "\"%s\" is there already", id);
    return table_put(g->pack->ids, id_hash(space, id), value) == FAQD_OK ? FAQD_OK : pack_no_memory(g);
}

uint32_t pack_find_id(const struct pack *pack, char space, const char *id)
{
    return table_get(pack->ids, id_hash(space, id));
}

int pack_texts(struct pack_reading *g, const json_t *object, const char *member, const char *const **out, size_t *n)
{
    json_t *list = NULL;
    int rc = jread_array(&g->r, object, member, 0, &list);
    *n = json_array_size(list);
    const char **texts = arena_array(&g->pack->arena, *n, sizeof(*texts));
    if (!texts)
        return pack_no_memory(g);
    size_t mark = jread_enter(&g->r, member);
    for (size_t i = 0; rc == FAQD_OK && i < *n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        size_t element = jread_element(&g->r, i);
        if (!text || !text[0])
            rc = jread_fail(&g->r, FAQD_EINVAL, "must be a text in quotes that is not empty");
        else if (!(texts[i] = pack_keep(g, text)))
            rc = FAQD_ENOMEM;
        jread_leave(&g->r, element);
    }
    jread_leave(&g->r, mark);
    *out = texts;
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* They are parsed with the intent files, behind the last, but are none. */
static int list_examples(struct pack_reading *g)
{
    struct pack *pack = g->pack;
    if (array_room((void **)&pack->files, pack->n_files, sizeof(*pack->files)) != FAQD_OK)
        return pack_no_memory(g);
    pack->files[pack->n_files] = EXAMPLES;
    return FAQD_OK;
}

/* The names of the intent files of the folder, sorted. */
static int list_files(struct pack_reading *g, const char *dir)
{
    struct pack *pack = g->pack;
    DIR *folder = opendir(dir);
    if (!folder)
        return err_set(g->r.err, errno == ENOMEM ? FAQD_ENOMEM : FAQD_EIO, "cannot open the pack's folder: %s",
                       strerror(errno));
    int rc = FAQD_OK;
    for (struct dirent *entry; rc == FAQD_OK && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        size_t len = strlen(name);
        if (name[0] == '.' || len < 6 || strcmp(name + len - 5, ".json") != 0 || strcmp(name, "pack.json") == 0 ||
            strcmp(name, "lexicon.json") == 0)
            continue;
        if (strcmp(name, EXAMPLES) == 0) {
            pack->has_examples = 1;
            continue;
        }
        if (array_room((void **)&pack->files, pack->n_files, sizeof(*pack->files)) != FAQD_OK ||
            !(pack->files[pack->n_files] = pack_keep(g, name)))
            rc = pack_no_memory(g);
        else
            pack->n_files++;
    }
    closedir(folder);
    if (rc == FAQD_OK && !pack->n_files)
        rc = err_set(g->r.err, FAQD_EINVAL, "the pack has no intents: no *.json beside pack.json and lexicon.json");
    if (rc == FAQD_OK)
        qsort(pack->files, pack->n_files, sizeof(*pack->files), by_name);
    return rc == FAQD_OK && pack->has_examples ? list_examples(g) : rc;
}

typedef int read_fn(struct pack_reading *g, const json_t *root);

static int with_root(struct pack_reading *g, json_t *root, read_fn *read)
{
    int rc = root ? read(g, root) : g->r.err->code;
    g->r.file = NULL;
    return rc;
}

/* Parse DIR/NAME, of at most `max` bytes, and give it to `read`. */
static int with_file(struct pack_reading *g, const char *name, size_t max, read_fn *read)
{
    char path[ERR_FILE_MAX];
    struct arena tree = {0};
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", g->pack->dir, name) >= sizeof(path))
        return err_set(g->r.err, FAQD_ELIMIT, "the path of the pack is too long");
    g->r.tree = &tree;
    int rc = with_root(g, jread_file(&g->r, path, max), read);
    arena_free(&tree);
    return rc;
}

/* Now that it is parsed a processor is free to parse the intents, while the lexicon is read. */
static int read_lexicon(struct pack_reading *g, const json_t *root)
{
    struct pack *pack = g->pack;
    g->ahead = jahead_start(pack->dir, pack->files, pack->n_files + (size_t)pack->has_examples, PACK_FILE_BYTES_MAX);
    return lexicon_read(&g->r, root, &pack->arena, &pack->lexicon);
}

/* It is no part of the digest of the other files: lexicon_digest is folded into that in the end. */
static int load_lexicon(struct pack_reading *g)
{
    uint64_t others = g->r.digest;
    g->r.halves = 1;
    int rc = with_file(g, "lexicon.json", LEXICON_BYTES_MAX, read_lexicon);
    g->r.halves = 0;
    g->r.digest = others;
    g->lexicon_digest = table_hash_next(0, g->r.last);
    return rc;
}

/* The i-th file; parsed ahead while the lexicon was read, or now. */
static int read_next(struct pack_reading *g, size_t i, read_fn *read)
{
    return g->ahead ? with_root(g, jahead_take(g->ahead, &g->r, i), read)
                    : with_file(g, g->pack->files[i], PACK_FILE_BYTES_MAX, read);
}

static int read_intents(struct pack_reading *g)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < g->pack->n_files; i++) {
        g->file = (uint32_t)i;
        rc = read_next(g, i, pack_read_file);
    }
    return rc == FAQD_OK && g->pack->has_examples ? read_next(g, g->pack->n_files, pack_read_examples) : rc;
}

/* "1.0.0+5a7c20e1": the author's version and the content's own mark, which no edit leaves as it was. */
static int mark_version(struct pack_reading *g)
{
    char version[96];
    uint64_t digest = table_hash_next(g->r.digest, g->lexicon_digest);
    snprintf(version, sizeof(version), "%.64s+%08x", g->pack->version, (unsigned)(digest >> 32));
    g->pack->version = pack_keep(g, version);
    return g->pack->version ? FAQD_OK : FAQD_ENOMEM;
}

static int compile_and_list(void *user)
{
    struct pack_reading *g = user;
    int rc = pack_compile_patterns(g);
    if (rc == FAQD_OK && literals_ready(&g->pack->literals, g->pack->lexicon) != FAQD_OK)
        rc = pack_no_memory(g);
    return rc;
}

/* After the last pattern: what is looked up by words, and PCRE2's patterns beside it. */
static int make_ready(struct pack_reading *g)
{
    struct lexicon *lexicon = g->pack->lexicon;
    struct beside other;
    beside_start(&other, compile_and_list, g, lexicon_words(lexicon) >= WORDS_MANY);
    int sealed = lexicon_ready(lexicon);
    int rc = beside_end(&other);
    lexicon_end_loading(lexicon);
    return rc != FAQD_OK || sealed == FAQD_OK ? rc : pack_no_memory(g);
}

static int read_all(struct pack_reading *g)
{
    struct pack *pack = g->pack;
    int rc = with_file(g, "pack.json", PACK_FILE_BYTES_MAX, pack_read_meta);
    if (rc == FAQD_OK)
        rc = load_lexicon(g);
    if (rc == FAQD_OK)
        rc = with_file(g, "pack.json", PACK_FILE_BYTES_MAX, pack_read_anchors);
    if (rc == FAQD_OK && !(g->compiler = program_compiler_new(pack->lexicon, &pack->literals)))
        rc = pack_no_memory(g);
    if (rc == FAQD_OK)
        rc = read_intents(g);
    jahead_end(g->ahead);
    if (rc == FAQD_OK)
        rc = pack_resolve(g);
    if (rc == FAQD_OK)
        rc = make_ready(g);
    return rc == FAQD_OK ? mark_version(g) : rc;
}

int pack_load(const char *dir, struct err *err, struct pack **out)
{
    struct err own = {0}; /* so that code below may look at the error */
    struct pack_reading g = {.r = {.err = err ? err : &own}};
    int rc = FAQD_ENOMEM;
    *out = NULL;
    g.pack = calloc(1, sizeof(*g.pack));
    if (g.pack)
        g.pack->ids = calloc(1, sizeof(*g.pack->ids));
    if (!g.pack || !g.pack->ids || !(g.pack->dir = pack_keep(&g, dir))) {
        err_set(err, rc, "out of memory");
        pack_free(g.pack);
        return rc;
    }
    rc = list_files(&g, dir);
    if (rc == FAQD_OK)
        rc = read_all(&g);
    table_free(&g.term_ids);
    program_compiler_free(g.compiler);
    if (rc != FAQD_OK) {
        err_where(err, dir, NULL);
        pack_free(g.pack);
        return rc;
    }
    *out = g.pack;
    return FAQD_OK;
}

/* What pack_load took from the heap. */
static void free_loaded(struct pack *pack)
{
    free(pack->groups);
    free(pack->numbers);
    literals_free(&pack->literals);
    for (size_t i = 0; i < pack->n_contents; i++) {
        free(pack->contents[i].rows);
        table_free(&pack->contents[i].row_ids);
    }
    free(pack->terms);
    free(pack->term_texts);
    free(pack->rules);
    free(pack->rule_texts);
    free(pack->intents);
    free(pack->statements);
    free(pack->contents);
    free(pack->files);
    lexicon_free(pack->lexicon);
    if (pack->ids)
        table_free(pack->ids);
    free(pack->ids);
}

void pack_free(struct pack *pack)
{
    if (!pack)
        return;
    for (size_t i = 0; i < pack->n_patterns; i++)
        pattern_free(pack->patterns ? pack->patterns[i].pattern : NULL);
    free(pack->patterns);
    if (!pack->in_image)
        free_loaded(pack);
    arena_free(&pack->arena);
    free(pack);
}

uint32_t pack_intent(const struct pack *pack, const char *id)
{
    return pack_find_id(pack, 'i', id);
}

uint32_t pack_statement(const struct pack *pack, const char *id)
{
    return pack_find_id(pack, 's', id);
}

int rule_needs_conversation(const struct pack *pack, const struct rule *rule)
{
    for (size_t t = 0; t < rule->n_with; t++) {
        const struct term *term = &pack->terms[rule_with(pack, rule)[t]];
        const uint32_t *set = term_one_of(pack, term);
        for (uint32_t n = 1; term->kind == TERM_ONE_OF && n <= *set; n++)
            if (set[n] == NEED(NEED_NAMED, SYMBOL_ID_CONVERSATION))
                return 1;
    }
    return 0;
}

const char *pack_file(const struct pack *pack, size_t file)
{
    return pack->files[file];
}
