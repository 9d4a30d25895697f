/* SPDX-License-Identifier: MIT
 *
 * pattern.c - fuzz target: any patterns on any text.
 *
 * Input: up to eight patterns, a line each, then a line "%%" and the text. The patterns become those of an intent of
 * the small test pack, in both languages. What must hold:
 *   - they are refused with an error, or compiled;
 *   - matching takes no longer than a message may;
 *   - the index loses nothing: a pattern all of whose parts are found by trying them one by one is also found by
 *     match.c, which tries only what the index says;
 *   - and match.c invents nothing.
 */
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define PATTERNS_MAX 8

enum found { FOUND_NO, FOUND_YES, FOUND_UNKNOWN }; /* unknown: a limit ended the search */

struct trying {
    struct pack *pack;
    struct index *index;
    struct pattern_scratch *patterns;
    struct match_scratch *scratch;
    uint8_t *mark;
};

static json_t *words(const json_t *patterns)
{
    return json_pack("{s:O, s:[], s:[]}", "patterns", patterns, "ask", "not");
}

/* The file of one intent with these patterns; 0: one of them is not UTF-8. */
static int put_intent(struct fuzz_part lines)
{
    struct fuzz_part line;
    json_t *patterns = json_array();
    int rc = 0;
    for (int i = 0; rc == 0 && i < PATTERNS_MAX && fuzz_line(&lines, &line); i++)
        rc = json_array_append_new(patterns, json_stringn(line.len ? line.text : "", line.len));
    json_t *root = json_pack("{s:s, s:{s:{s:s, s:s, s:[s]}}, s:[{s:s, s:s, s:{s:s, s:s}, s:[s], s:o, s:o}]}", "module",
                             "statements", "statements", "said", "fr", "oui", "en", "yes", "from", "G1", "intents",
                             "id", "it", "topic", "it", "label", "fr", "ce", "en", "it", "say", "said", "fr",
                             words(patterns), "en", words(patterns));
    char *text = rc == 0 && root ? json_dumps(root, JSON_COMPACT) : NULL;
    if (text)
        fuzz_write("intents.json", text, strlen(text));
    free(text);
    json_decref(root);
    json_decref(patterns);
    return text != NULL;
}

static void put_small_pack(void)
{
    static const char *const names[] = {"pack.json", "lexicon.json"};
    static int done;
    for (int i = 0; i < 2 && !done; i++) {
        char path[4096];
        size_t len = 0;
        snprintf(path, sizeof(path), FUZZ_SMALL "/%s", names[i]);
        char *bytes = fuzz_read(path, &len);
        fuzz_write(names[i], bytes, len);
        free(bytes);
    }
    done = 1;
}

/* ------------------------------------------------------------------------------ one by one, without an index ---- */

static int symbol_stands(const struct pack *pack, const struct question *q, const struct window *w, enum lang lang,
                         uint32_t symbol)
{
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        const struct symbol *s = lexicon_symbol(pack->lexicon, hit->symbol);
        int here = hit->word >= w->first && hit->word < w->first + w->count && !hit->hidden;
        if (here && hit->langs & LANG_BIT(lang) &&
            (hit->symbol == symbol || (s->kind == SYMBOL_ENTITY && s->type == symbol)))
            return 1;
    }
    return 0;
}

static int word_stands(const struct question *q, const struct window *w, uint32_t number)
{
    for (size_t i = w->first; i < (size_t)w->first + w->count; i++)
        if (q->words[i].id == number)
            return 1;
    return 0;
}

/* By PCRE2, whatever faqd makes of the term. */
static enum found find_regex(const struct trying *t, const struct question *q, const struct window *w,
                             const struct term *term)
{
    struct str text;
    struct pattern *pattern = NULL;
    struct pattern_span span;
    enum pattern_result result = PATTERN_OVER_LIMIT;
    str_init(&text, PATTERN_TEXT_MAX);
    if (pack_term_regex(t->pack, term_text(t->pack, term), (enum lang)term->lang, &text) == FAQD_OK &&
        pattern_new(str_text(&text), NULL, &pattern) == FAQD_OK)
        result = pattern_find(pattern, t->patterns, q->text + w->from, w->to - w->from, 0, &span, NULL);
    pattern_free(pattern);
    str_free(&text);
    return result == PATTERN_YES ? FOUND_YES : result == PATTERN_NO ? FOUND_NO : FOUND_UNKNOWN;
}

static enum found find_term(const struct trying *t, const struct question *q, const struct window *w, uint32_t id)
{
    const struct term *term = &t->pack->terms[id];
    const uint32_t *set = term->kind == TERM_ONE_OF ? term_one_of(t->pack, term) : NULL;
    if (!set || NEED_KIND(set[1]) != NEED_NAMED)
        return find_regex(t, q, w, term);
    for (uint32_t i = 1; i <= *set; i++)
        if (NEED_KIND(set[i]) == NEED_NAMED ? symbol_stands(t->pack, q, w, (enum lang)term->lang, NEED_ID(set[i]))
                                            : word_stands(q, w, NEED_ID(set[i])))
            return FOUND_YES;
    return FOUND_NO;
}

static enum found find_rule(const struct trying *t, const struct question *q, const struct window *w,
                            const struct rule *rule)
{
    enum found all = FOUND_YES;
    for (size_t i = 0; i < rule->n_with; i++) {
        enum found one = find_term(t, q, w, rule_with(t->pack, rule)[i]);
        if (one == FOUND_NO)
            return FOUND_NO;
        all = one == FOUND_UNKNOWN ? one : all;
    }
    for (size_t i = 0; i < rule->n_without; i++) {
        enum found one = find_term(t, q, w, rule_without(t->pack, rule)[i]);
        if (one == FOUND_YES)
            return FOUND_NO;
        all = one == FOUND_UNKNOWN ? one : all;
    }
    return rule->only ? FOUND_UNKNOWN : all; /* which words were asked for is match.c's own business */
}

/* ------------------------------------------------------------------------------------------------ comparing ---- */

/* In some sentence of the message; with `whole`, in the message as one too. */
static enum found find_anywhere(const struct trying *t, const struct question *q, const struct rule *rule, int whole)
{
    enum found some = FOUND_NO;
    struct window all = question_whole(q);
    for (size_t i = 0; i < q->n_windows + 1; i++) {
        const struct window *w = i < q->n_windows ? &q->windows[i] : &all;
        if (i == q->n_windows && (!whole || !all.count))
            break;
        enum found one = find_rule(t, q, w, rule);
        if (one == FOUND_YES)
            return one;
        some = one == FOUND_UNKNOWN ? one : some;
    }
    return some;
}

static void compare(const struct trying *t, const struct question *q, enum lang lang, const struct match *match)
{
    for (size_t i = 0; i < t->pack->n_rules; i++) {
        const struct rule *rule = &t->pack->rules[i];
        if (rule->lang != (uint8_t)lang || match->limits || match->over_budget)
            continue;
        if (t->mark[i])
            FUZZ_CHECK(find_anywhere(t, q, rule, 1) != FOUND_NO, "\"%s\" was found in \"%s\" and is not there",
                       rule_text(t->pack, rule), q->text);
        else
            FUZZ_CHECK(find_anywhere(t, q, rule, 0) != FOUND_YES, "\"%s\" is in \"%s\" and was lost",
                       rule_text(t->pack, rule), q->text);
    }
}

static void try_text(struct trying *t, const struct fuzz_part *text)
{
    static struct question q;
    static struct match match;
    if (question_read(&q, t->pack->lexicon, text->text, text->len, -1, LANG_FR) != FAQD_OK)
        return;
    for (int lang = 0; lang < LANGS; lang++) {
        memset(t->mark, 0, t->pack->n_rules + 1);
        match_scratch_mark(t->scratch, t->mark);
        match_begin(t->scratch, &q, 0);
        double from = fuzz_cpu_ms();
        match_question(t->scratch, t->index, (enum lang)lang, &match);
        double ms = fuzz_cpu_ms() - from;
        FUZZ_CHECK(ms <= FUZZ_ASK_MS * FUZZ_SLOWDOWN, "matching took %.1f ms", ms);
        FUZZ_CHECK(!match.no_memory, "out of memory");
        compare(t, &q, (enum lang)lang, &match);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part rest = {(const char *)data, size};
    struct fuzz_part lines = {NULL, 0};
    struct fuzz_part text = {"", 0};
    struct trying t = {0};
    struct err err = {0};
    put_small_pack();
    fuzz_part(&rest, &lines);
    if (rest.text)
        text = rest;
    if (!put_intent(lines))
        return 0;
    if (pack_load(fuzz_folder(), &err, &t.pack) != FAQD_OK) {
        FUZZ_CHECK(err.code < 0 && err.text[0], "refused without an error");
        return 0;
    }
    t.patterns = pattern_scratch_new();
    t.mark = calloc(t.pack->n_rules + 1, 1);
    FUZZ_CHECK(t.patterns && t.mark && index_new(t.pack, 0, &t.index) == FAQD_OK &&
                   match_scratch_new(t.pack, t.patterns, &t.scratch) == FAQD_OK,
               "out of memory");
    try_text(&t, &text);
    match_scratch_free(t.scratch);
    pattern_scratch_free(t.patterns);
    index_free(t.index);
    free(t.mark);
    pack_free(t.pack);
    return 0;
}
