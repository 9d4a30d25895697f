/* SPDX-License-Identifier: MIT
 *
 * test_match.c - which intents a question may mean, in which order, and whether it is about the pack's subject at all.
 */
#include "support.h"

#include "match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct pack *pack;
static struct index *ordinary;
static struct index *safety;
static struct pattern_scratch *patterns;
static struct match_scratch *scratch;
static struct question *q;
static struct match match;

static int setup(void **state)
{
    (void)state;
    pack = load_pack(SMALL_PACK);
    q = calloc(1, sizeof(*q));
    patterns = pattern_scratch_new();
    assert_int_equal(index_new(pack, 0, &ordinary), FAQD_OK);
    assert_int_equal(index_new(pack, 1, &safety), FAQD_OK);
    assert_int_equal(match_scratch_new(pack, patterns, &scratch), FAQD_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    match_scratch_free(scratch);
    match_scratch_free(NULL);
    pattern_scratch_free(patterns);
    index_free(ordinary);
    index_free(safety);
    pack_free(pack);
    free(q);
    return 0;
}

static void find_in(const char *message, int in_conversation)
{
    assert_int_equal(question_read(q, pack->lexicon, message, strlen(message), -1, LANG_FR), FAQD_OK);
    match_begin(scratch, q, in_conversation);
    match_question(scratch, ordinary, q->lang, &match);
    assert_false(match.no_memory);
}

/* The ids of the candidates, those in scope first, then "|" and the others. */
static const char *candidates(const char *message)
{
    static char out[512];
    find_in(message, 0);
    out[0] = '\0';
    for (size_t i = 0; i < match.n; i++) {
        if (i == match.n_in_scope)
            strcat(out, "|");
        strcat(out, pack->intents[match.candidates[i].intent].id);
        strcat(out, " ");
    }
    return out;
}

static void the_more_it_explains_the_better(void **state)
{
    (void)state;
    assert_string_equal(candidates("Puis-je mettre du marc de café au compost ?"), "may_go named ");
    assert_true(match.candidates[0].score > match.candidates[1].score);
    assert_string_equal(candidates("compost et marc"), "named ");
    assert_string_equal(candidates("En hiver au jardin ?"), "winter_cover winter_turn ");
    assert_string_equal(candidates("in winter with a fork"), "winter_turn winter_cover ");
    assert_string_equal(candidates("l'hiver ?"), "winter_cover winter_turn "); /* equal: the content's order */
    assert_int_equal(match.candidates[0].score, match.candidates[1].score);
}

static void what_beats_another_leaves_it_behind(void **state)
{
    (void)state;
    assert_string_equal(candidates("C'est quoi cette odeur du compost ?"), "smell |definition ");
    const struct candidate *beaten = &match.candidates[1];
    assert_int_equal(beaten->verdict, BEATEN);
    assert_int_equal(beaten->beaten_by, pack_intent(pack, "smell"));
    assert_string_equal(verdict_names[BEATEN], "beaten");
}

static enum verdict verdict_on(const char *message)
{
    find_in(message, 0);
    if (!match.n)
        fail_msg("\"%s\" has no candidate", message);
    return match.candidates[0].verdict;
}

static void other_subjects_count_against_it(void **state)
{
    (void)state;
    /* Nothing names the subject: every word must be accounted for. */
    assert_int_equal(verdict_on("Combien de temps ça prend ?"), IN_SCOPE);
    assert_int_equal(verdict_on("Combien de temps ça prend à la banque ?"), FOREIGN_WORD);
    assert_int_equal(verdict_on("Combien de temps pour un vaccin ?"), FOREIGN_WORD);
    assert_int_equal(verdict_on("Combien de temps pour un frzbl ?"), UNKNOWN_WORD);
    assert_int_equal(verdict_on("Combien de temps dure l'incinération ?"), FOREIGN_WORD); /* a rival */
    assert_int_equal(verdict_on("how long for a credit card"), FOREIGN_WORD);
    assert_int_equal(verdict_on("how long for a card"), UNKNOWN_WORD);
    /* The subject is named: unknown words are tolerated, other subjects are not. */
    assert_int_equal(verdict_on("Combien de temps le compost de mon frzbl ?"), IN_SCOPE);
    assert_int_equal(verdict_on("Combien de temps, compost ou incinération ?"), FOREIGN_WORD);
    /* What the pattern asks for by name is no other subject. */
    assert_int_equal(verdict_on("Puis-je mettre du plastique ?"), IN_SCOPE);
    assert_int_equal(verdict_on("Combien de temps pour le plastique ?"), FOREIGN_WORD);
    /* A thing merely named out of the blue is no question of ours. */
    find_in("le marc", 0);
    assert_int_equal(match.n_in_scope, 1);
    find_in("le plastique", 0);
    assert_int_equal(match.n_in_scope, 0);
    find_in("le plastique", 1);
    assert_int_equal(match.n_in_scope, 1); /* in a conversation it leans on what was said */
}

static void not_and_conversation_terms(void **state)
{
    (void)state;
    find_in("pourquoi", 0);
    assert_int_equal(match.n, 0);
    find_in("pourquoi", 1);
    assert_int_equal(match.n_in_scope, 1);
    question_read(q, pack->lexicon, "mon compost ne brule pas", 24, -1, LANG_FR);
    match_begin(scratch, q, 0);
    match_safety(scratch, safety, &match);
    assert_int_equal(match.n, 0);
    question_read(q, pack->lexicon, "mon compost brule", 17, -1, LANG_FR);
    match_begin(scratch, q, 0);
    match_safety(scratch, safety, &match);
    assert_int_equal(match.n_in_scope, 1);
}

/* A red flag counts wherever it stands, in either language, whatever else is said. */
static void red_flags_are_found_anywhere(void **state)
{
    (void)state;
    static char message[4000];
    for (size_t before = 0; before < 600; before += 7) {
        size_t len = 0;
        for (size_t i = 0; i < before; i++)
            len += (size_t)snprintf(message + len, sizeof(message) - len, "%s", i % 3 ? "vaccin " : "xu ");
        len += (size_t)snprintf(message + len, sizeof(message) - len, "my compost heap is on fire");
        for (size_t i = 0; i < 50; i++)
            len += (size_t)snprintf(message + len, sizeof(message) - len, " banque");
        assert_int_equal(question_read(q, pack->lexicon, message, len, LANG_FR, LANG_FR), FAQD_OK);
        match_begin(scratch, q, 0);
        match_safety(scratch, safety, &match);
        if (!match.n_in_scope)
            fail_msg("not found behind %zu words", before);
    }
    const char *apart = "Mon compost. Il fume."; /* over two sentences of a short message */
    question_read(q, pack->lexicon, apart, strlen(apart), -1, LANG_FR);
    match_begin(scratch, q, 0);
    match_safety(scratch, safety, &match);
    assert_int_equal(match.n_in_scope, 1);
}

static void candidates_know_their_words(void **state)
{
    (void)state;
    find_in("Puis-je mettre du marc de café au compost ?", 0);
    const struct candidate *c = &match.candidates[0];
    /* puis0 je1 mettre2 du3 marc4 de5 cafe6 au7 compost8 */
    assert_int_equal(c->asked & 0x74, 0x74);
    assert_int_equal(c->asked & ~c->explained, 0);
    find_in("la viande dans le compost", 0);
    c = &match.candidates[0];
    assert_int_equal(c->n_groups, 1);
    assert_int_equal(c->group_types[0], lexicon_find(pack->lexicon, "matter"));
    assert_int_equal(c->group_words[0], 2); /* "viande" */
}

static void several_sentences_each_have_theirs(void **state)
{
    (void)state;
    assert_string_equal(candidates("Combien de temps ça prend ? Et le prix ?"), "how_long price ");
    assert_int_not_equal(match.candidates[0].window.first, match.candidates[1].window.first);
    assert_string_equal(candidates("C'est quoi. Le compost."), "definition "); /* what no sentence says alone */
}

static void marks_tell_which_patterns_matched(void **state)
{
    (void)state;
    uint8_t *mark = calloc(pack->n_rules, 1);
    size_t marked = 0;
    match_scratch_mark(scratch, mark);
    find_in("le prix", 0);
    for (size_t i = 0; i < pack->n_rules; i++) {
        marked += mark[i];
        if (mark[i])
            assert_string_equal(pack->intents[pack->rules[i].intent].id, "price");
    }
    assert_int_equal(marked, 1);
    match_scratch_mark(scratch, NULL);
    find_in("combien de temps", 0);
    free(mark);
}

static void begin_long_message(void)
{
    const char *message = "qu est ce que xxx compost";
    assert_int_equal(question_read(q, pack->lexicon, message, strlen(message), -1, LANG_FR), FAQD_OK);
    match_begin(scratch, q, 0);
}

/* Match it again and again as parts of one message, until that has had enough; how often. */
static int match_until_over(int most)
{
    match.over_budget = 0;
    for (int i = 0; i < most; i++) {
        match_question(scratch, ordinary, q->lang, &match);
        if (match.over_budget)
            return i;
    }
    return most;
}

static void the_next_one_is_as_if_nothing_had_been(void)
{
    find_in("combien de temps", 0);
    assert_false(match.over_budget);
    assert_int_equal(match.n_in_scope, 1);
}

/* A message that is too much work is stopped, and says so: by counting, always at the same place. */
static void too_much_work_is_told(void **state)
{
    (void)state;
    begin_long_message();
    int times = match_until_over(MATCH_WORK_MAX);
    assert_in_range(times, 10, MATCH_WORK_MAX - 1);
    assert_int_equal(match_until_over(1), 0); /* it stays so until the next one */
    begin_long_message();
    assert_int_equal(match_until_over(MATCH_WORK_MAX), times);
    the_next_one_is_as_if_nothing_had_been();
}

static void run_for(int64_t ns)
{
    struct timespec from = {0};
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    while ((int64_t)(now.tv_sec - from.tv_sec) * 1000000000 + (now.tv_nsec - from.tv_nsec) < ns);
}

/* So is one that takes too long, however little work that seems. */
static void a_spent_budget_is_told(void **state)
{
    (void)state;
    begin_long_message();
    int times = match_until_over(MATCH_WORK_MAX);
    begin_long_message();
    run_for(MATCH_BUDGET_NS / 10);
    assert_int_equal(match_until_over(times / 3), times / 3); /* now its own time is measured */
    run_for(MATCH_BUDGET_NS + MATCH_BUDGET_NS / 10);
    assert_true(match_until_over(times / 3) < times / 3);
    the_next_one_is_as_if_nothing_had_been();
}

#define MANY 200
#define GOOD 10 /* of them, at the end of the content */

static void write_many(const char *dir)
{
    struct str out;
    str_init(&out, 1 << 20);
    str_adds(&out, "{\"module\": \"statements\", \"intents\": [\n");
    for (int i = 0; i < MANY; i++)
        str_addf(&out,
                 "%s{\"id\": \"i%d\", \"topic\": \"x\", \"label\": {\"fr\": \"x\", \"en\": \"x\"}, "
                 "\"fr\": {\"patterns\": [\"%s\"], \"ask\": [\"x\"]}, \"en\": {\"patterns\": [], \"ask\": []}}",
                 i ? ",\n" : "", i, i < MANY - GOOD ? "lamu" : "lamu nobe");
    str_adds(&out, "]}");
    mkdir(temp_path("%s", dir), 0700);
    for (int i = 0; i < 2; i++) {
        static const char *const names[] = {"pack.json", "lexicon.json"};
        char path[64];
        snprintf(path, sizeof(path), "%s/%s", SMALL_PACK, names[i]);
        char *bytes = read_file(path, NULL);
        write_text(temp_path("%s/%s", dir, names[i]), bytes);
        free(bytes);
    }
    write_file(temp_path("%s/intents.json", dir), str_text(&out), out.len);
    str_free(&out);
}

/* More intents match than a match holds: the best ones stay, wherever they come in the content. */
static void the_best_of_many_stay(void **state)
{
    (void)state;
    struct match_scratch *own = NULL;
    struct index *index = NULL;
    const char *message = "lamu nobe";
    write_many("many");
    struct pack *many = load_pack(temp_path("many"));
    assert_int_equal(index_new(many, 0, &index), FAQD_OK);
    assert_int_equal(match_scratch_new(many, patterns, &own), FAQD_OK);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(question_read(q, many->lexicon, message, strlen(message), LANG_FR, LANG_FR), FAQD_OK);
        match_begin(own, q, 0);
        match_question(own, index, LANG_FR, &match);
        assert_int_equal(match.n, MATCH_CANDIDATES_MAX);
        for (uint32_t i = 0; i < MATCH_CANDIDATES_MAX; i++)
            assert_int_equal(match.candidates[i].intent, i < GOOD ? MANY - GOOD + i : i - GOOD);
    }
    match_scratch_free(own);
    index_free(index);
    pack_free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_more_it_explains_the_better),
        cmocka_unit_test(what_beats_another_leaves_it_behind),
        cmocka_unit_test(other_subjects_count_against_it),
        cmocka_unit_test(not_and_conversation_terms),
        cmocka_unit_test(red_flags_are_found_anywhere),
        cmocka_unit_test(candidates_know_their_words),
        cmocka_unit_test(several_sentences_each_have_theirs),
        cmocka_unit_test(marks_tell_which_patterns_matched),
        cmocka_unit_test(too_much_work_is_told),
        cmocka_unit_test(a_spent_budget_is_told),
        cmocka_unit_test(the_best_of_many_stay),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
