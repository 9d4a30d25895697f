/* SPDX-License-Identifier: MIT
 *
 * test_index.c - the index never loses a match. On random packs and questions, whatever a pattern matches by its
 * definition is found through the index and the matcher, and nothing else is.
 */
#include "random_pack.h"

#include "match.h"
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct found {
    const struct pack *pack;
    uint8_t *terms;
};

static void note(void *user, uint32_t term)
{
    struct found *found = user;
    assert_true(term < found->pack->n_terms);
    found->terms[term] = 1;
}

/* The terms that the index gives for the question's window, in one language. */
static void terms_of(const struct pack *pack, const struct index *index, const struct question *q, enum lang lang,
                     uint8_t *terms)
{
    struct found found = {pack, terms};
    struct search_window window;
    memset(terms, 0, pack->n_terms);
    search_prepare(&window, &pack->literals, q, &q->windows[0], lang);
    index_terms(index, &window, lang, note, &found);
}

static unsigned long programs_found;

/* Every regular expression that PCRE2 finds is among the terms that the index names, and a program
 * covers the same words.
 */
static void check_term(const struct pack *pack, const struct plain *plain, const struct question *q,
                       const uint8_t *terms, uint32_t id)
{
    const struct term *term = &pack->terms[id];
    struct search_window window;
    struct search_match match;
    if (term->kind == TERM_SYMBOLS)
        return;
    int there = plain_term(plain, id, q);
    if (there == 1 && !terms[id])
        fail_msg("\"%s\" matches \"%s\" but the index does not name it", term->text, q->text);
    search_prepare(&window, &pack->literals, q, &q->windows[0], (enum lang)term->lang);
    if (there < 0 || term->kind != TERM_PROGRAM)
        return;
    uint64_t words = 0;
    for (size_t at = 0; search_find(&window, term_numbers(pack, term), at, &match) == PATTERN_YES; at = match.words.to)
        for (size_t i = match.words.from; i < match.words.to; i++)
            words |= (uint64_t)1 << i;
    programs_found += words != 0;
    if (words != plain_words(plain, id, q))
        fail_msg("\"%s\" on \"%s\": words %llx by the program, %llx by PCRE2", term->text, q->text,
                 (unsigned long long)words, (unsigned long long)plain_words(plain, id, q));
}

static void check_terms(const struct pack *pack, const struct plain *plain, const struct index *index,
                        const struct question *q, enum lang lang, int safety)
{
    static uint8_t terms[4096];
    assert_true(pack->n_terms < sizeof(terms));
    terms_of(pack, index, q, lang, terms);
    for (size_t i = 0; i < pack->n_rules; i++) {
        const struct rule *rule = &pack->rules[i];
        if (rule->lang == (uint8_t)lang && pack->intents[rule->intent].safety == safety)
            for (size_t t = 0; t < rule->n_with; t++)
                check_term(pack, plain, q, terms, rule_with(pack, rule)[t]);
    }
}

static unsigned long rules_matched;

static void check_rules(const struct pack *pack, const struct plain *plain, struct match_scratch *scratch,
                        const struct index *index, const struct question *q, enum lang lang)
{
    static uint8_t mark[4096];
    static struct match match;
    memset(mark, 0, sizeof(mark));
    match_scratch_mark(scratch, mark);
    match_begin(scratch);
    match_question(pack, index, scratch, q, lang, 0, &match);
    for (size_t i = 0; i < pack->n_rules && !match.over_budget && !match.limits; i++) {
        const struct rule *rule = &pack->rules[i];
        int ours = rule->lang == (uint8_t)lang && !pack->intents[rule->intent].safety;
        int there = ours ? plain_match(plain, (uint32_t)i, q) : 0;
        if (there >= 0 && there != mark[i])
            fail_msg("\"%s\" (%s) on \"%s\": %s by its definition, %s by the matcher", rule->text, lang_names[lang],
                     q->text, there ? "matches" : "does not match", mark[i] ? "matches" : "does not match");
        rules_matched += mark[i];
    }
    match_scratch_mark(scratch, NULL);
}

static void try_pack(struct random *r, int number, int questions)
{
    char dir[32];
    char text[400];
    struct index *index[2] = {NULL, NULL};
    struct match_scratch *scratch = NULL;
    struct pattern_scratch *patterns = pattern_scratch_new();
    struct question *q = calloc(1, sizeof(*q));
    snprintf(dir, sizeof(dir), "random%d", number % 4);
    random_pack_write(r, dir);
    struct pack *pack = load_pack(temp_path("%s", dir));
    struct plain *plain = plain_new(pack);
    assert_int_equal(index_new(pack, 0, &index[0]), FAQD_OK);
    assert_int_equal(index_new(pack, 1, &index[1]), FAQD_OK);
    assert_int_equal(match_scratch_new(pack, patterns, &scratch), FAQD_OK);
    for (int i = 0; i < questions; i++) {
        random_question(r, 14, text, sizeof(text));
        assert_int_equal(question_read(q, pack->lexicon, text, strlen(text), -1, LANG_FR), FAQD_OK);
        if (q->n_windows != 1)
            continue;
        for (int lang = 0; lang < LANGS; lang++) {
            check_terms(pack, plain, index[0], q, (enum lang)lang, 0);
            check_terms(pack, plain, index[1], q, (enum lang)lang, 1);
            check_rules(pack, plain, scratch, index[0], q, (enum lang)lang);
        }
    }
    plain_free(plain);
    match_scratch_free(scratch);
    index_free(index[0]);
    index_free(index[1]);
    pack_free(pack);
    pattern_scratch_free(patterns);
    free(q);
}

static void random_packs_lose_no_match(void **state)
{
    (void)state;
    struct random r = {2024};
    const char *asked = getenv("FAQD_TEST_QUESTIONS"); /* for each pack: 900 of them make a hundred thousand */
    int questions = asked ? (int)strtol(asked, NULL, 10) : sanitized() ? 30 : 100;
    int packs = sanitized() ? 25 : 120;
    for (int i = 0; i < packs; i++)
        try_pack(&r, i, questions);
    print_message("%lu rules matched, %lu programs found their words\n", rules_matched, programs_found);
    assert_true(rules_matched > 1000); /* or the test would show nothing */
}

static void always_tried_ones_are_listed(void **state)
{
    (void)state;
    struct pack *pack = load_pack(SMALL_PACK);
    struct index *index = NULL;
    assert_int_equal(index_new(pack, 0, &index), FAQD_OK);
    for (int lang = 0; lang < LANGS; lang++) {
        size_t n = 0;
        const uint32_t *always = index_always(index, (enum lang)lang, &n);
        for (size_t i = 0; i < n; i++) {
            assert_true(always[i] < pack->n_terms);
            assert_int_equal(pack->terms[always[i]].lang, lang);
            assert_int_not_equal(pack->terms[always[i]].kind, TERM_SYMBOLS);
        }
    }
    /* Every rule hangs on one of its own terms, once. */
    size_t rules = 0;
    for (uint32_t t = 0; t < pack->n_terms; t++) {
        size_t n = 0;
        const uint32_t *list = index_rules(index, t, &n);
        for (size_t i = 0; i < n; i++) {
            const struct rule *rule = &pack->rules[list[i]];
            int own = 0;
            for (size_t w = 0; w < rule->n_with; w++)
                own |= rule_with(pack, rule)[w] == t;
            assert_true(own);
            assert_false(pack->intents[rule->intent].safety);
            rules++;
        }
    }
    size_t ordinary = 0;
    for (size_t i = 0; i < pack->n_rules; i++)
        ordinary += !pack->intents[pack->rules[i].intent].safety;
    assert_int_equal(rules, ordinary);
    index_free(index);
    index_free(NULL);
    pack_free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(always_tried_ones_are_listed),
        cmocka_unit_test(random_packs_lose_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
