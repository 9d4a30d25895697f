/* SPDX-License-Identifier: MIT
 *
 * test_answer.c - an answer holds the pack's own text and nothing else, with its sources, within its bounds; and how a
 * module reaches it.
 */
#include "support.h"

#include "content.h"

#include <stdio.h>
#include <string.h>

static struct pack *pack;
static struct answer answer;

static int setup(void **state)
{
    (void)state;
    pack = load_pack(SMALL_PACK);
    return answer_init(&answer) == FAQD_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    answer_free(&answer);
    pack_free(pack);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    answer_begin(&answer, pack, LANG_FR);
    return 0;
}

static const struct faqd_gap meat = {.name = "matter", .type = "matter", .entity = "meat"};

static void statements_bring_their_sources(void **state)
{
    (void)state;
    assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "smell_why", NULL, 0), FAQD_OK);
    assert_int_equal(answer_say(&answer, FAQD_ITEM, "what", NULL, 0), FAQD_OK);
    assert_int_equal(answer_say(&answer, FAQD_NOTICE, "hello", NULL, 0), FAQD_OK);
    struct faqd_answer_view view = answer_view(&answer);
    assert_int_equal(view.n_blocks, 3);
    assert_string_equal(view.blocks[0].text, "Un tas qui manque d’air sent mauvais (édition 1).");
    assert_int_equal(view.blocks[1].kind, FAQD_ITEM);
    assert_int_equal(view.n_sources, 2); /* in the order of their first use; the editors are not listed */
    assert_string_equal(view.sources[0].id, "G2");
    assert_string_equal(view.sources[1].id, "G1");
    assert_int_equal(view.blocks[1].n_sources, 2);
    assert_int_equal(view.blocks[1].sources[0], 1);
    assert_int_equal(view.blocks[1].sources[1], 0);
    assert_int_equal(view.blocks[2].n_sources, 0);
    assert_string_equal(view.lang, "fr");
    assert_string_equal(view.pack, "small");
}

static void gaps_take_names_and_numbers_only(void **state)
{
    (void)state;
    struct faqd_gap gaps[] = {meat, {.name = "months", .number = -12}};
    assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "all_item", gaps, 2), FAQD_OK);
    assert_string_equal(answer.blocks[0].text, "la viande, en -12 mois (édition 1)");
    answer_begin(&answer, pack, LANG_EN);
    gaps[1].number = 9223372036854775807;
    assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "all_item", gaps, 2), FAQD_OK);
    assert_string_equal(answer.blocks[0].text, "meat, in 9223372036854775807 months (edition 1)");
}

static void bad_gaps_are_errors_that_stick(void **state)
{
    (void)state;
    static const struct faqd_gap bad[] = {
        {.name = "matter", .type = "matter", .entity = "visitor's own words"},
        {.name = "matter", .type = "matter", .entity = ""},
        {.name = "matter", .type = "place", .entity = "meat"},
        {.name = "matter", .entity = "meat"},
        {.name = "other", .type = "matter", .entity = "meat"},
        {.name = "matte", .type = "matter", .entity = "meat"},
        {.name = NULL},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        answer_begin(&answer, pack, LANG_FR);
        assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "may_go", &bad[i], 1), FAQD_EINVAL);
        assert_int_equal(answer.n_blocks, 0);
        assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "what", NULL, 0), FAQD_EINVAL); /* it sticks */
        answer_fixed(&answer, FAQD_NOTICE, FIXED_UNKNOWN);
        answer_choice(&answer, "x", "y");
        assert_int_equal(answer.n_blocks, 0);
    }
    answer_begin(&answer, pack, LANG_FR);
    assert_int_equal(answer.error, FAQD_OK);
    assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "may_go", NULL, 0), FAQD_EINVAL); /* never "{matter}" */
    answer_begin(&answer, pack, LANG_FR);
    assert_int_equal(answer_say(&answer, FAQD_PARAGRAPH, "no_such_statement", NULL, 0), FAQD_EINVAL);
}

static void nothing_is_said_twice(void **state)
{
    (void)state;
    answer_say(&answer, FAQD_PARAGRAPH, "what", NULL, 0);
    assert_int_equal(answer_say(&answer, FAQD_NOTICE, "what", NULL, 0), FAQD_OK);
    answer_fixed(&answer, FAQD_NOTICE, FIXED_SEE_DOCTOR);
    answer_fixed(&answer, FAQD_NOTICE, FIXED_SEE_DOCTOR);
    assert_int_equal(answer.n_blocks, 2);
    answer_topic(&answer, "a");
    answer_topic(&answer, "a");
    answer_topic(&answer, "");
    assert_int_equal(answer.n_topics, 1);
}

static void bounds_hold(void **state)
{
    (void)state;
    char topics[100][8];
    for (long i = 0; i < 100; i++) {
        struct faqd_gap gaps[] = {meat, {.name = "months", .number = i}};
        snprintf(topics[i], sizeof(topics[i]), "t%ld", i);
        answer_topic(&answer, topics[i]);
        answer_intent(&answer, topics[i]);
        assert_int_equal(answer_say(&answer, FAQD_ITEM, "all_item", gaps, 2),
                         i < ANSWER_BLOCKS_MAX ? FAQD_OK : FAQD_ELIMIT);
    }
    assert_int_equal(answer.n_blocks, ANSWER_BLOCKS_MAX);
    assert_int_equal(answer.n_topics, ANSWER_TOPICS_MAX);
    assert_int_equal(answer.n_intents, ANSWER_INTENTS_MAX);
    answer_begin(&answer, pack, LANG_FR);
    for (int i = 0; i < ANSWER_CHOICES_MAX; i++)
        answer_choice(&answer, topics[i], "x");
    assert_int_equal(answer.error, FAQD_OK);
    answer_choice(&answer, "one more", "x");
    assert_int_equal(answer.error, FAQD_ELIMIT);
    assert_int_equal(answer.n_choices, ANSWER_CHOICES_MAX);
}

static void the_text_has_a_maximum_and_never_moves(void **state)
{
    (void)state;
    const char *first = answer_keep(&answer, "first");
    const char *last = first;
    size_t n = 0;
    while ((last = answer_keep(&answer, "a hundred bytes are kept again and again until no room for them is left, "
                                        "and so on and on and on ..")))
        n++;
    assert_true(n > 300);
    assert_int_equal(answer.error, FAQD_ELIMIT);
    assert_string_equal(first, "first");
    answer_begin(&answer, pack, LANG_FR);
    assert_non_null(answer_keep(&answer, "again"));
}

/* ------------------------------------------------------------------------------- as a module reaches it ---- */

static void modules_cannot_forge(void **state)
{
    (void)state;
    struct faqd_reply reply = {.answer = &answer};
    assert_int_equal(reply_say(&reply, FAQD_CHOICE, "what", NULL, 0), FAQD_EINVAL); /* the core's own kind */
    begin(NULL);
    assert_int_equal(reply_say(&reply, (enum faqd_block_kind)99, "what", NULL, 0), FAQD_EINVAL);
    begin(NULL);
    assert_int_equal(reply_say(&reply, FAQD_PARAGRAPH, NULL, NULL, 0), FAQD_EINVAL);
    begin(NULL);
    assert_int_equal(reply_set_outcome(&reply, FAQD_CLARIFY), FAQD_EINVAL);
    begin(NULL);
    assert_int_equal(reply_set_outcome(&reply, FAQD_UNAVAILABLE), FAQD_EINVAL);
    begin(NULL);
    assert_int_equal(reply_set_outcome(&reply, (enum faqd_outcome)77), FAQD_EINVAL);
    assert_int_equal(reply_say(&reply, FAQD_PARAGRAPH, "what", NULL, 0), FAQD_EINVAL); /* sticks */
    begin(NULL);
    assert_int_equal(reply_set_outcome(&reply, FAQD_UNDOCUMENTED), FAQD_OK);
    assert_int_equal(reply.outcome, FAQD_UNDOCUMENTED);
    char own[] = "a_topic"; /* what a plugin passes in is copied */
    assert_int_equal(reply_add_topic(&reply, own), FAQD_OK);
    own[0] = 'x';
    assert_string_equal(answer.topics[0], "a_topic");
    assert_int_equal(reply_add_topic(&reply, NULL), FAQD_OK);
}

static void the_table_is_read_safely(void **state)
{
    (void)state;
    const struct faqd_content *heap = &pack->contents[1];
    const size_t none = (size_t)-1;
    long number = 0;
    assert_string_equal(heap->module, "heap");
    assert_int_equal(content_row_count(heap), 7);
    size_t coffee = content_find_row(heap, "coffee");
    assert_string_equal(content_row_name(heap, coffee), "coffee");
    assert_string_equal(content_cell(heap, coffee, "verdict", 0), "yes");
    assert_null(content_cell(heap, coffee, "verdict", 1));
    assert_string_equal(content_cell(heap, coffee, "say", 1), "coffee_much");
    assert_null(content_cell(heap, coffee, "say", 2));
    assert_null(content_cell(heap, coffee, "say", none));
    assert_null(content_cell(heap, coffee, "none", 0));
    assert_null(content_cell(heap, coffee, NULL, 0));
    assert_null(content_cell(heap, none, "say", 0));
    assert_int_equal(content_number(heap, coffee, "months", &number), 1);
    assert_int_equal(number, 3);
    assert_int_equal(content_number(heap, coffee, "say", &number), 0);
    assert_int_equal(content_number(heap, 7, "months", &number), 0);
    assert_null(content_cell(heap, coffee, "months", 0));
    assert_true(content_find_row(heap, "none") == none);
    assert_true(content_find_row(heap, NULL) == none);
    assert_null(content_row_name(heap, 7));
    assert_int_equal(content_has_statement(heap, "what"), 1); /* of any file of the pack */
    assert_int_equal(content_has_statement(heap, "none"), 0);
    assert_int_equal(content_has_statement(heap, NULL), 0);
}

static void refusing_names_the_place(void **state)
{
    (void)state;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    pack->contents[1].err = &err;
    size_t meat_row = content_find_row(&pack->contents[1], "meat");
    assert_int_equal(content_refuse(&pack->contents[1], meat_row, "say", "no %s", "good"), FAQD_EINVAL);
    assert_int_equal(content_refuse(&pack->contents[1], 0, NULL, "a later one"), FAQD_EINVAL);
    assert_string_equal(err_line(&err, line, sizeof(line)),
                        SMALL_PACK "/matter.json: table.meat.say: module \"heap\": no good");
    err = (struct err){0};
    content_refuse(&pack->contents[1], (size_t)-1, NULL, "as a whole");
    assert_non_null(strstr(err_line(&err, line, sizeof(line)), "module \"heap\": as a whole"));
    pack->contents[1].err = NULL;
    assert_int_equal(content_refuse(&pack->contents[1], 0, NULL, "nobody listens"), FAQD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(statements_bring_their_sources, begin),
        cmocka_unit_test_setup(gaps_take_names_and_numbers_only, begin),
        cmocka_unit_test_setup(bad_gaps_are_errors_that_stick, begin),
        cmocka_unit_test_setup(nothing_is_said_twice, begin),
        cmocka_unit_test_setup(bounds_hold, begin),
        cmocka_unit_test_setup(the_text_has_a_maximum_and_never_moves, begin),
        cmocka_unit_test_setup(modules_cannot_forge, begin),
        cmocka_unit_test_setup(the_table_is_read_safely, begin),
        cmocka_unit_test_setup(refusing_names_the_place, begin),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
