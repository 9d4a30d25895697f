/* SPDX-License-Identifier: MIT
 *
 * test_dialogue.c - conversations over several turns, through the whole dispatcher on the small pack: follow-ups,
 * choices, several questions, ties, what is forgotten and when.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

static struct host host;
static struct faqd_worker *worker;
static char state_text[513];
static struct faqd_answer_view view;

static int setup(void **state)
{
    (void)state;
    start_host(&host, SMALL_PACK);
    worker = host.api.worker_new(&host.api);
    return worker ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    host.api.worker_free(worker);
    host_end(&host);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    state_text[0] = '\0';
    return 0;
}

/* "outcome intent intent" of the next turn. */
static const char *say_after(const char *text, int64_t idle_seconds)
{
    static char out[300];
    static const char *const outcomes[] = {"answer",       "clarify", "emergency",  "smalltalk",
                                           "undocumented", "unknown", "unavailable"};
    struct faqd_message message = {.struct_size = sizeof(message),
                                   .text = text,
                                   .text_len = strlen(text),
                                   .state = state_text,
                                   .idle_seconds = idle_seconds};
    host.api.ask(worker, &message, &view);
    assert_true(strlen(view.state) <= 512);
    memmove(state_text, view.state, strlen(view.state) + 1);
    size_t at = (size_t)snprintf(out, sizeof(out), "%s", outcomes[view.outcome]);
    for (size_t i = 0; i < view.n_intents; i++)
        at += (size_t)snprintf(out + at, sizeof(out) - at, " %s", view.intents[i]);
    return out;
}

static const char *say(const char *text)
{
    return say_after(text, 0);
}

static int shows(const char *words)
{
    for (size_t i = 0; i < view.n_blocks; i++)
        if (strstr(view.blocks[i].text, words))
            return 1;
    return 0;
}

static void follow_ups_lean_on_the_turn_before(void **state)
{
    (void)state;
    assert_string_equal(say("Puis-je mettre du marc de café au compost ?"), "answer may_go");
    assert_true(shows("le marc de café peut aller"));
    assert_string_equal(say("et la viande ?"), "answer may_go"); /* the same question about another thing */
    assert_true(shows("la viande ne va pas"));
    assert_string_equal(say("et le plastique ?"), "undocumented may_go");
    assert_true(shows("ne disent rien sur le plastique"));
    assert_string_equal(say("Pourquoi ?"), "answer why"); /* a pattern that holds only within a conversation */
}

static void things_are_carried_over(void **state)
{
    (void)state;
    assert_string_equal(say("Combien de mois au jardin ?"), "answer how_long");
    assert_true(shows("Sur le jardin, comptez 9 mois"));
    assert_string_equal(say("combien de temps ?"), "answer how_long");
    assert_true(shows("Sur le jardin, comptez 9 mois"));
    assert_string_equal(say("combien de mois au balcon ?"), "answer how_long");
    assert_true(shows("Sur le balcon, comptez 4 mois")); /* what is said now comes before what was carried */
}

static void a_new_conversation_knows_nothing(void **state)
{
    (void)state;
    assert_string_equal(say("et le balcon ?"), "unknown");
    assert_string_equal(say("Pourquoi ?"), "unknown");
    assert_string_equal(say("2"), "unknown");
}

static void subjects_are_forgotten(void **state)
{
    (void)state;
    say("Combien de mois au jardin ?");
    for (int i = 0; i < CONVERSATION_TURNS; i++)
        assert_string_equal(say("frzbl grmpf ?"), "unknown");
    assert_string_equal(say("Pourquoi ?"), "unknown");
    state_text[0] = '\0';
    say("Combien de mois au jardin ?");
    assert_string_equal(say_after("Pourquoi ?", CONVERSATION_IDLE_SECONDS), "answer why");
    say("Combien de mois au jardin ?");
    assert_string_equal(say_after("Pourquoi ?", CONVERSATION_IDLE_SECONDS + 1), "unknown");
}

static void ties_are_asked_back_once(void **state)
{
    (void)state;
    assert_string_equal(say("l'hiver ?"), "clarify winter_cover winter_turn");
    assert_int_equal(view.n_choices, 2);
    assert_string_equal(view.choices[0].label, "couvrir le tas en hiver");
    assert_string_equal(view.choices[1].topic, "winter");
    assert_int_equal(view.blocks[1].kind, FAQD_CHOICE);
    assert_string_equal(say("2"), "answer winter_turn");
    state_text[0] = '\0';
    say("l'hiver ?");
    assert_string_equal(say("l'hiver ?"), "answer winter_cover"); /* not twice */
}

static void choices_are_picked_in_many_ways(void **state)
{
    (void)state;
    static const struct {
        const char *text, *result;
    } cases[] = {
        {"1", "answer winter_cover"},
        {"la 2", "answer winter_turn"},
        {"deux", "answer winter_turn"},
        {"la deuxième", "answer winter_turn"},
        {"le premier", "answer winter_cover"},
        {"la dernière", "answer winter_turn"},
        {"retourner", "answer winter_turn"},
        {"Couvrir !", "answer winter_cover"},
        {"3", "unknown"},
        {"0", "unknown"},
        {"2 1", "unknown"},
        {"the second", "answer winter_turn"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        state_text[0] = '\0';
        say("l'hiver ?");
        if (strcmp(say(cases[i].text), cases[i].result) != 0)
            fail_msg("\"%s\" gave %s", cases[i].text, say(cases[i].text));
    }
    state_text[0] = '\0';
    say("l'hiver ?");
    assert_string_equal(say("Combien de temps ça prend ?"), "answer how_long"); /* a question of its own */
    state_text[0] = '\0';
    say("l'hiver ?");
    say("frzbl");
    assert_string_equal(say("1"), "unknown"); /* the offer is over */
}

static void several_questions_in_one_message(void **state)
{
    (void)state;
    assert_string_equal(say("Ça prend combien de temps ? C'est quoi le prix ?"), "answer how_long price");
    assert_true(shows("De 4 à 9 mois"));
    assert_true(shows("aucun prix"));
    state_text[0] = '\0';
    assert_string_equal(say("Le prix ? Et l'odeur ? Combien de temps ? Puis-je jeter la viande ?"),
                        "answer smell how_long may_go"); /* the three that tell most, in the order of the message */
    assert_true(shows("Trois questions"));
    state_text[0] = '\0';
    assert_string_equal(say("Bonjour ! C'est quoi le compost ?"), "answer definition"); /* no greeting before it */
    assert_string_equal(say("Bonjour !"), "smalltalk hello");
}

static void red_flags_come_first(void **state)
{
    (void)state;
    say("l'hiver ?");
    char before[513];
    strcpy(before, state_text);
    assert_string_equal(say("C'est quoi le prix ? Mon compost fume !"), "emergency fire");
    assert_int_equal(view.blocks[0].kind, FAQD_ALERT);
    assert_non_null(strstr(state_text, strchr(before, 'c'))); /* what was offered is still there */
    assert_string_equal(say("2"), "answer winter_turn");
}

static void a_red_flag_is_not_talked_away(void **state)
{
    (void)state;
    say("Mon compost fume !");
    assert_string_equal(say("Pourquoi ?"), "emergency fire"); /* whatever a word or two could be taken for */
    assert_string_equal(say("frzbl grmpf"), "emergency fire");
    assert_string_equal(say("Bonjour !"), "smalltalk hello");
    assert_string_equal(say("frzbl"), "unknown"); /* forgotten by now */
    state_text[0] = '\0';
    say("Mon compost fume !");
    assert_string_equal(say("C'est quoi le compost ?"), "answer definition"); /* clearly something else */
    assert_string_equal(say("Pourquoi ?"), "answer why");
}

static void things_are_remembered_over_several_turns(void **state)
{
    (void)state;
    say("Combien de mois au jardin ?");
    assert_string_equal(say("et la viande ?"), "answer named");
    assert_string_equal(say("C'est quoi le prix ?"), "undocumented price");
    assert_string_equal(say("combien de temps ?"), "answer how_long");
    assert_true(shows("Sur le jardin, comptez 9 mois"));
    assert_string_equal(say("Puis-je jeter l'orange au balcon ?"), "answer may_go"); /* it takes no place */
    assert_non_null(strstr(state_text, "matter:orange"));
    assert_non_null(strstr(state_text, "place:balcony")); /* merely named */
    assert_null(strstr(state_text, "garden"));            /* since another place was named */
    assert_string_equal(say("Puis-je jeter ça, pas l'orange ?"), "answer may_go");
    assert_null(strstr(state_text, "orange")); /* denied */
}

static void a_follow_up_is_about_what_was_named_last(void **state)
{
    (void)state;
    say("Combien de mois au jardin ?");
    assert_string_equal(say("encore ?"), "answer how_long");
    say("Puis-je mettre la viande au compost ?");
    assert_string_equal(say("encore ?"), "answer smell");
    say("combien de mois au balcon ?");
    assert_string_equal(say("encore ?"), "answer how_long");
}

static void negated_things_are_not_carried(void **state)
{
    (void)state;
    assert_string_equal(say("Puis-je jeter ça, pas la viande ?"), "answer may_go");
    assert_null(strstr(state_text, "matter:meat"));
    assert_int_equal(view.n_topics, 1); /* "meat" is no topic of the answer */
}

static void the_language_follows_the_visitor(void **state)
{
    (void)state;
    say("What is compost?");
    assert_string_equal(view.lang, "en");
    say("compost ?");
    assert_string_equal(view.lang, "en"); /* nothing tells: as before */
    say("C'est quoi le compost ?");
    assert_string_equal(view.lang, "fr");
    say("compost");
    assert_string_equal(view.lang, "fr");
}

static void states_hold_nothing_of_the_visitor(void **state)
{
    (void)state;
    say("Puis-je mettre du marc de café de Monsieur Dupont au compost ?");
    assert_null(strstr(state_text, "upont"));
    for (const char *s = state_text; *s; s++)
        assert_in_range(*s, 0x21, 0x7e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(follow_ups_lean_on_the_turn_before, begin),
        cmocka_unit_test_setup(things_are_carried_over, begin),
        cmocka_unit_test_setup(a_new_conversation_knows_nothing, begin),
        cmocka_unit_test_setup(subjects_are_forgotten, begin),
        cmocka_unit_test_setup(ties_are_asked_back_once, begin),
        cmocka_unit_test_setup(choices_are_picked_in_many_ways, begin),
        cmocka_unit_test_setup(several_questions_in_one_message, begin),
        cmocka_unit_test_setup(red_flags_come_first, begin),
        cmocka_unit_test_setup(a_red_flag_is_not_talked_away, begin),
        cmocka_unit_test_setup(things_are_remembered_over_several_turns, begin),
        cmocka_unit_test_setup(a_follow_up_is_about_what_was_named_last, begin),
        cmocka_unit_test_setup(negated_things_are_not_carried, begin),
        cmocka_unit_test_setup(the_language_follows_the_visitor, begin),
        cmocka_unit_test_setup(states_hold_nothing_of_the_visitor, begin),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
