/* SPDX-License-Identifier: MIT
 *
 * pack_image.c - a loaded pack copied into an image, and made usable from there. See pack.h and image.h.
 *
 * A pointer that is missing here points into memory that is freed after the copy: every test that asks a question then
 * fails under AddressSanitizer.
 */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

/* A list of texts. */
static const char *const *copy_texts(struct image *image, const char *const *texts, size_t n)
{
    const char **copy = image_copy(image, texts, n * sizeof(*texts));
    for (size_t i = 0; i < n; i++)
        copy[i] = image_text(image, copy[i]);
    return copy;
}

static void copy_meta(struct image *image, struct pack *p)
{
    p->name = image_text(image, p->name);
    p->version = image_text(image, p->version);
    p->files = (const char **)copy_texts(image, p->files, p->n_files);
    for (size_t i = 0; i < p->n_sources; i++) {
        p->sources[i].id = image_text(image, p->sources[i].id);
        p->sources[i].title = image_text(image, p->sources[i].title);
        p->sources[i].url = image_text(image, p->sources[i].url);
    }
    for (int lang = 0; lang < LANGS; lang++) {
        for (int i = 0; i < FIXED_COUNT; i++)
            p->fixed[i][lang] = image_text(image, p->fixed[i][lang]);
        p->starters[lang] = copy_texts(image, p->starters[lang], p->n_starters[lang]);
    }
}

static void copy_rules(struct image *image, struct pack *p)
{
    p->patterns = image_copy(image, p->patterns, p->n_patterns * sizeof(*p->patterns));
    for (size_t i = 0; i < p->n_patterns; i++)
        p->patterns[i].expanded = image_text(image, p->patterns[i].expanded);
    p->terms = image_copy(image, p->terms, p->n_terms * sizeof(*p->terms));
    p->groups = image_copy(image, p->groups, p->n_groups * sizeof(*p->groups));
    p->rules = image_copy(image, p->rules, p->n_rules * sizeof(*p->rules));
    p->numbers = image_copy(image, p->numbers, p->n_numbers * sizeof(*p->numbers));
    struct literals *l = &p->literals;
    image_table(image, &l->parts);
    l->sets = image_copy(image, l->sets, l->n_sets * sizeof(*l->sets));
    l->with_parts = image_copy(image, l->with_parts, sparse_blocks(l->n_words) * sizeof(*l->with_parts));
    l->part_lists = image_copy(image, l->part_lists, l->part_starts[l->n_part_starts - 1] * sizeof(*l->part_lists));
    l->part_starts = image_copy(image, l->part_starts, l->n_part_starts * sizeof(*l->part_starts));
}

/* What is for checking and explaining comes behind all that answers need. */
static void copy_sources(struct image *image, struct pack *p)
{
    p->term_texts = (const char **)copy_texts(image, p->term_texts, p->n_terms);
    p->rule_texts = (const char **)copy_texts(image, p->rule_texts, p->n_rules);
    for (size_t i = 0; i < p->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            struct intent_words *words = &p->intents[i].words[lang];
            words->ask = copy_texts(image, words->ask, words->n_ask);
            words->not_these = copy_texts(image, words->not_these, words->n_not);
            words->examples = copy_texts(image, words->examples, words->n_examples);
        }
    for (int lang = 0; lang < LANGS; lang++)
        p->others[lang] = copy_texts(image, p->others[lang], p->n_others[lang]);
}

static void copy_intents(struct image *image, struct pack *p)
{
    p->intents = image_copy(image, p->intents, p->n_intents * sizeof(*p->intents));
    for (size_t i = 0; i < p->n_intents; i++) {
        struct intent *intent = &p->intents[i];
        intent->id = image_text(image, intent->id);
        intent->topic = image_text(image, intent->topic);
        intent->action = image_text(image, intent->action);
        intent->say = copy_texts(image, intent->say, intent->n_say);
        intent->over_names = copy_texts(image, intent->over_names, intent->n_over);
        intent->over = image_copy(image, intent->over, intent->n_over * sizeof(*intent->over));
        for (int lang = 0; lang < LANGS; lang++)
            intent->words[lang].label = image_text(image, intent->words[lang].label);
    }
}

static void copy_statements(struct image *image, struct pack *p)
{
    p->statements = image_copy(image, p->statements, p->n_statements * sizeof(*p->statements));
    for (size_t i = 0; i < p->n_statements; i++) {
        struct statement *statement = &p->statements[i];
        statement->id = image_text(image, statement->id);
        for (int lang = 0; lang < LANGS; lang++)
            statement->text[lang] = image_text(image, statement->text[lang]);
        statement->sources = image_copy(image, statement->sources, statement->n_sources * sizeof(*statement->sources));
    }
}

static struct cell *copy_cells(struct image *image, const struct cell *cells, size_t n)
{
    struct cell *copy = image_copy(image, cells, n * sizeof(*cells));
    for (size_t i = 0; i < n; i++) {
        copy[i].column = image_text(image, copy[i].column);
        copy[i].texts = copy_texts(image, copy[i].texts, copy[i].n_texts);
    }
    return copy;
}

static void copy_contents(struct image *image, struct pack *p)
{
    p->contents = image_copy(image, p->contents, p->n_contents * sizeof(*p->contents));
    for (size_t i = 0; i < p->n_contents; i++) {
        struct faqd_content *content = &p->contents[i];
        content->module = image_text(image, content->module);
        content->rows = image_copy(image, content->rows, content->n_rows * sizeof(*content->rows));
        for (size_t r = 0; r < content->n_rows; r++) {
            content->rows[r].name = image_text(image, content->rows[r].name);
            content->rows[r].cells = copy_cells(image, content->rows[r].cells, content->rows[r].n_cells);
        }
        image_table(image, &content->row_ids);
    }
}

struct pack *pack_copy(struct image *image, struct pack *pack)
{
    struct pack *p = image_copy(image, pack, sizeof(*pack));
    copy_meta(image, p);
    copy_rules(image, p);
    copy_intents(image, p);
    copy_statements(image, p);
    copy_contents(image, p);
    p->lexicon = lexicon_copy(image, p->lexicon);
    copy_sources(image, p);
    p->ids = image_copy(image, p->ids, sizeof(*p->ids));
    image_table(image, p->ids);
    if (p != pack) { /* what pack_from_image makes again */
        p->dir = NULL;
        p->arena = (struct arena){0};
        for (size_t i = 0; i < p->n_patterns; i++)
            p->patterns[i].pattern = NULL;
        for (size_t i = 0; i < p->n_contents; i++)
            p->contents[i].pack = NULL;
    }
    return p;
}

/* ------------------------------------------------------------------------------------------- from there ---- */

/* Regular expressions, which PCRE2 keeps in memory that it manages. */
static int take_pattern(struct term_pattern *pattern, struct term_pattern *loaded)
{
    if (!loaded)
        return pattern_new(pattern->expanded, NULL, &pattern->pattern);
    pattern->pattern = loaded->pattern;
    loaded->pattern = NULL;
    return FAQD_OK;
}

/* What a pack has of its own beside the image: those; what modules write to while they open. */
static int take_over(struct pack *p, const struct pack *kept, struct pack *loaded, const char *dir)
{
    int rc = FAQD_OK;
    p->dir = arena_text(&p->arena, dir, strlen(dir));
    p->contents = arena_array(&p->arena, p->n_contents, sizeof(*p->contents));
    p->patterns = calloc(p->n_patterns + 1, sizeof(*p->patterns)); /* not in the arena: a leak checker reads the heap */
    if (!p->dir || !p->contents || !p->patterns)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < p->n_contents; i++) {
        p->contents[i] = kept->contents[i];
        p->contents[i].pack = p;
    }
    for (size_t i = 0; rc == FAQD_OK && i < p->n_patterns; i++) {
        p->patterns[i].expanded = kept->patterns[i].expanded;
        rc = take_pattern(&p->patterns[i], loaded ? &loaded->patterns[i] : NULL);
    }
    return rc;
}

int pack_from_image(const struct pack *kept, struct pack *loaded, const char *dir, struct err *err, struct pack **out)
{
    struct pack *p = malloc(sizeof(*p));
    *out = NULL;
    if (!p)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    *p = *kept;
    p->arena = (struct arena){0};
    p->patterns = NULL;
    p->in_image = 1;
    int rc = take_over(p, kept, loaded, dir);
    if (rc != FAQD_OK) {
        pack_free(p);
        return err_set(err, rc, "out of memory");
    }
    *out = p;
    return FAQD_OK;
}
