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

static struct search_window prepared(const struct pack *pack, const struct question *q, enum lang lang)
{
    struct search_window window;
    search_prepare(&window, &pack->literals, q, &q->windows[0], lang);
    return window;
}

/* The rules that the index gives for the question's window, in one language. */
static void rules_of(const struct pack *pack, const struct index *index, const struct question *q, enum lang lang,
                     uint8_t *rules)
{
    struct index_window there;
    struct search_window window = prepared(pack, q, lang);
    memset(rules, 0, pack->n_rules);
    assert_int_equal(index_window_new(pack, &there), FAQD_OK);
    for (int again = 0; again < 2; again++) { /* the second time it must forget what the first one noted */
        index_meet(&there, &window, 0);
        index_find(index, &there, lang);
    }
    for (size_t i = 0; i < there.n_rules; i++) {
        const struct index_rule *listed = &index_listed(index)[there.rules[i]];
        assert_true(listed->rule < pack->n_rules);
        assert_int_equal(listed->intent, pack->rules[listed->rule].intent);
        assert_int_equal(rules[listed->rule], 0); /* each comes up once */
        rules[listed->rule] = 1;
    }
    index_window_free(&there);
}

static unsigned long programs_found;

/* A program covers the words that PCRE2 finds. 1: the term stands there, 0: it does not, -1: nobody knows. */
static int check_term(const struct pack *pack, const struct plain *plain, const struct question *q, uint32_t id)
{
    const struct term *term = &pack->terms[id];
    struct search_window window = prepared(pack, q, (enum lang)term->lang);
    struct search_match match;
    uint64_t words = 0;
    int there = term->kind == TERM_ONE_OF ? -1 : plain_term(plain, id, q);
    if (there < 0 || term->kind != TERM_PROGRAM)
        return there;
    for (size_t at = 0; search_find(&window, term_program(pack, term), at, &match) == PATTERN_YES; at = match.words.to)
        for (size_t i = match.words.from; i < match.words.to; i++)
            words |= (uint64_t)1 << i;
    programs_found += words != 0;
    if (words != plain_words(plain, id, q))
        fail_msg("\"%s\" on \"%s\": words %llx by the program, %llx by PCRE2", term_text(pack, term), q->text,
                 (unsigned long long)words, (unsigned long long)plain_words(plain, id, q));
    return there;
}

/* A rule all of whose terms stand there comes up. (What a TERM_ONE_OF is, check_rules sees.) */
static void check_terms(const struct pack *pack, const struct plain *plain, const struct index *index,
                        const struct question *q, enum lang lang, int safety)
{
    static uint8_t rules[4096];
    assert_true(pack->n_rules < sizeof(rules));
    rules_of(pack, index, q, lang, rules);
    for (size_t i = 0; i < pack->n_rules; i++) {
        const struct rule *rule = &pack->rules[i];
        int all = rule->n_with > 0;
        if (rule->lang != (uint8_t)lang || pack->intents[rule->intent].safety != safety) {
            assert_int_equal(rules[i], 0);
            continue;
        }
        for (size_t t = 0; t < rule->n_with; t++)
            all &= check_term(pack, plain, q, rule_with(pack, rule)[t]) == 1;
        if (all && !rules[i])
            fail_msg("\"%s\" matches \"%s\" but the index does not name it", rule_text(pack, rule), q->text);
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
    match_begin(scratch, q, 0);
    match_question(scratch, index, lang, &match);
    for (size_t i = 0; i < pack->n_rules && !match.over_budget && !match.limits; i++) {
        const struct rule *rule = &pack->rules[i];
        int ours = rule->lang == (uint8_t)lang && !pack->intents[rule->intent].safety;
        int there = ours ? plain_match(plain, (uint32_t)i, q) : 0;
        if (there >= 0 && there != mark[i])
            fail_msg("\"%s\" (%s) on \"%s\": %s by its definition, %s by the matcher", rule_text(pack, rule),
                     lang_names[lang], q->text, there ? "matches" : "does not match",
                     mark[i] ? "matches" : "does not match");
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

/* Rules of which the index knows nothing come up at every question, all others at none that says nothing. */
static void always_tried_ones_are_listed(void **state)
{
    (void)state;
    static uint8_t rules[4096];
    struct pack *pack = load_pack(SMALL_PACK);
    struct question *q = calloc(1, sizeof(*q));
    struct index *index = NULL;
    assert_int_equal(index_new(pack, 0, &index), FAQD_OK);
    assert_int_equal(question_read(q, pack->lexicon, "xqzt", 4, -1, LANG_FR), FAQD_OK);
    for (int lang = 0; lang < LANGS; lang++) {
        size_t n = 0;
        size_t listed = 0;
        const uint32_t *always = index_always(index, (enum lang)lang, &n);
        rules_of(pack, index, q, (enum lang)lang, rules);
        for (size_t i = 0; i < pack->n_rules; i++)
            listed += rules[i];
        for (size_t i = 0; i < n; i++) {
            uint32_t rule = index_listed(index)[always[i]].rule;
            assert_int_equal(pack->rules[rule].lang, lang);
            assert_int_equal(rules[rule], 1);
        }
        assert_int_equal(listed, n);
    }
    index_free(index);
    index_free(NULL);
    pack_free(pack);
    free(q);
}

static void the_rarest_term_is_known(void **state)
{
    (void)state;
    struct pack *pack = load_pack(SMALL_PACK);
    struct index *index = NULL;
    assert_int_equal(index_new(pack, 0, &index), FAQD_OK);
    for (uint32_t i = 0, n = 0; i < pack->n_rules; i++) {
        const struct rule *rule = &pack->rules[i];
        if (pack->intents[rule->intent].safety)
            continue;
        assert_int_equal(index_listed(index)[n].rule, i);
        size_t rarest = index_listed(index)[n++].rarest;
        size_t uses[RULE_TERMS_MAX] = {0};
        for (size_t t = 0; t < rule->n_with; t++)
            for (size_t j = 0; j < pack->n_rules; j++)
                for (size_t u = 0; !pack->intents[pack->rules[j].intent].safety && u < pack->rules[j].n_with; u++)
                    uses[t] += rule_with(pack, &pack->rules[j])[u] == rule_with(pack, rule)[t];
        for (size_t t = 0; t < rule->n_with; t++)
            assert_true(uses[rarest] <= uses[t]);
    }
    index_free(index);
    pack_free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(always_tried_ones_are_listed),
        cmocka_unit_test(the_rarest_term_is_known),
        cmocka_unit_test(random_packs_lose_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
