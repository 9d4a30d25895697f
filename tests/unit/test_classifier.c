/* SPDX-License-Identifier: MIT
 *
 * test_classifier.c - what is learned from examples: the same each time, from enough of them only; and what it changes:
 * it refuses, answers otherwise, or answers what no pattern does.
 */
#include "failing_malloc.h"
#include "support.h"

#include "classifier.h"
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[512];
static struct pack *pack;
static struct classifier *classifier;
static struct prediction *prediction;
static struct question *question;

/* --------------------------------------------------------------------------------------------- examples ---- */

/* Sentences of a part of each of three lists, all of them. */
struct parts {
    const char *const *of[3];
};

static const char *const heaps[] = {"my heap",       "the pile",       "our box", "that corner",
                                    "the whole bin", "the meat in it", NULL};
static const char *const reeks[] = {"reeks", "whiffs", "pongs", "is foul", "is free of no stench", NULL};
static const char *const when[] = {"tonight",   "again",      "badly",      "all day",   "at dawn",
                                   "since may", "after rain", "in the sun", "for weeks", "a lot",
                                   "all over",  "as before",  NULL};
static const struct parts smells = {{heaps, reeks, when}};

static const char *const pays[] = {"what do i pay",      "how many euros", "is it dear",
                                   "what is the tariff", "do they charge", NULL};
static const char *const things[] = {"for a heap",  "for one bag",   "for a bin", "for two pots",
                                     "for the box", "for this pile", NULL};
static const char *const shops[] = {"in the shop", "at the farm",   "from you", "at the depot",
                                    "in town",     "from the city", "at home",  "over there",
                                    "by post",     "each year",     NULL};
static const struct parts prices = {{pays, things, shops}};

static const char *const hides[] = {"i cover", "we wrap", "they shelter", NULL};
static const char *const stirs[] = {"i turn", "we stir", "they aerate", NULL};
static const char *const colds[] = {"it in winter", "the box in winter", "all of it when winter comes",
                                    "the pile for winter", NULL};
static const char *const ways[] = {"with straw", "now", "once", "by hand", "a bit", NULL};
static const struct parts covers = {{hides, colds, ways}};
static const struct parts turns = {{stirs, colds, ways}};

static const char *const orders[] = {"play", "book", "is there", "find me", "show", "translate", "call", NULL};
static const char *const objects[] = {"a free fork", "a song", "a table",  "a film", "a taxi", "a page",
                                      "a train",     "a word", "a doctor", "a map",  NULL};
static const char *const wishes[] = {"tonight",    "for two",   "in german",   "near me", "at noon",
                                     "about cats", "with wifi", "of the week", NULL};
static const struct parts others = {{orders, objects, wishes}};

static void write_parts(FILE *file, const struct parts *p)
{
    const char *comma = "";
    for (size_t a = 0; p->of[0][a]; a++)
        for (size_t b = 0; p->of[1][b]; b++)
            for (size_t c = 0; p->of[2][c]; c++, comma = ", ")
                fprintf(file, "%s\"%s %s %s\"", comma, p->of[0][a], p->of[1][b], p->of[2][c]);
}

static void write_examples(const char *path, int with_turns)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"intents\": {\"smell\": {\"en\": [", file);
    write_parts(file, &smells);
    fputs("]}, \"price\": {\"en\": [", file);
    write_parts(file, &prices);
    fputs("]}, \"winter_cover\": {\"en\": [", file);
    write_parts(file, &covers);
    fputs("]}, \"winter_turn\": {\"en\": [", file);
    if (with_turns)
        write_parts(file, &turns);
    fputs("]}}, \"others\": {\"en\": [", file);
    write_parts(file, &others);
    fputs("]}}", file);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    (void)state;
    copy_folder(SMALL_PACK, temp_path("pack"));
    strcpy(dir, temp_path("pack"));
    write_examples(temp_path("pack/examples.json"), 1);
    pack = load_pack(dir);
    assert_int_equal(classifier_new(pack, &classifier), FAQD_OK);
    assert_int_equal(prediction_new(classifier, &prediction), FAQD_OK);
    question = question_new();
    assert_non_null(question);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    question_free(question);
    prediction_free(prediction);
    classifier_free(classifier);
    pack_free(pack);
    return 0;
}

static const struct prediction *predict(const char *text)
{
    assert_int_equal(question_read(question, pack->lexicon, text, strlen(text), LANG_EN, LANG_EN), FAQD_OK);
    classifier_predict(classifier, question, prediction);
    return prediction;
}

/* ------------------------------------------------------------------------------------------------ learning ---- */

static void learns_nothing_from_few(void **state)
{
    struct classifier *none = classifier;
    struct pack *small = load_pack(SMALL_PACK);
    (void)state;
    assert_true(small->has_examples);
    assert_int_equal(classifier_new(small, &none), FAQD_DECLINED);
    assert_null(none);
    pack_free(small);
    classifier_free(NULL);
    prediction_free(NULL);
}

static void learns_nothing_without_examples(void **state)
{
    struct classifier *none = classifier;
    (void)state;
    copy_folder(SMALL_PACK, temp_path("without"));
    assert_int_equal(remove(temp_path("without/examples.json")), 0);
    struct pack *without = load_pack(temp_path("without"));
    assert_false(without->has_examples);
    assert_int_equal(classifier_new(without, &none), FAQD_DECLINED);
    assert_null(none);
    pack_free(without);
}

static void learns_the_same_each_time(void **state)
{
    struct classifier *again = NULL;
    struct pack *same = load_pack(dir);
    (void)state;
    assert_int_equal(classifier_new(same, &again), FAQD_OK);
    assert_int_equal(again->n_features, classifier->n_features);
    assert_int_equal(again->n_evidence, classifier->n_evidence);
    assert_memory_equal(again->features, classifier->features, again->n_features * sizeof(*again->features));
    assert_memory_equal(again->evidence, classifier->evidence, again->n_evidence * sizeof(*again->evidence));
    assert_memory_equal(again->base, classifier->base, again->n_intents * sizeof(*again->base));
    assert_memory_equal(&again->bias, &classifier->bias, sizeof(again->bias));
    classifier_free(again);
    pack_free(same);
}

static void learn(void)
{
    struct classifier *got = NULL;
    int rc = classifier_new(pack, &got);
    assert_int_equal(rc == FAQD_OK, got != NULL);
    assert_true(rc == FAQD_OK || (rc == FAQD_ENOMEM && atomic_load(&failing.failed)));
    struct prediction *p = NULL;
    if (got && prediction_new(got, &p) == FAQD_OK)
        classifier_predict(got, question, p);
    prediction_free(p);
    classifier_free(got);
}

static void learning_without_memory(void **state)
{
    (void)state;
    predict("my heap pongs");
    torture("learning", learn);
}

/* ---------------------------------------------------------------------------------------------- predicting ---- */

static void tells_intents_apart(void **state)
{
    (void)state;
    assert_int_equal(predict("the pile pongs after lunch")->best, pack_intent(pack, "smell"));
    assert_true(prediction->lead > 1);
    assert_int_equal(predict("how many euros do they charge a neighbour")->best, pack_intent(pack, "price"));
    assert_true(prediction->lead > 1);
    assert_true(prediction->best != prediction->second);
}

static void tells_ours_from_others(void **state)
{
    (void)state;
    assert_true(predict("our box whiffs at dawn")->ours > 1);
    assert_true(predict("translate a word in german")->ours < -1);
}

static int is_known(uint32_t symbol)
{
    for (size_t i = 0; i < prediction->n; i++)
        if (prediction->known[i] == classifier->symbols[symbol])
            return 1;
    return 0;
}

/* Entities, their types and classes are features, too. */
static void knows_names_by_their_kind(void **state)
{
    (void)state;
    predict("the meat stinks");
    assert_true(is_known(lexicon_find(pack->lexicon, "matter:meat")));
    assert_true(is_known(lexicon_find(pack->lexicon, "matter")));
    assert_true(is_known(lexicon_find(pack->lexicon, "smell")));
    assert_false(is_known(lexicon_find(pack->lexicon, "price")));
    assert_int_equal(prediction->best, pack_intent(pack, "smell"));
    assert_int_equal(prediction->strange, 0);
    assert_int_equal(predict("the zorgle stinks")->strange, 1);
}

static void knows_nothing_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(predict("")->n, 0);
    assert_int_equal(predict("xyzzy plugh")->n, 0);
    assert_true(prediction->lead < 0.001);
}

/* What was asked before leaves no trace, also when the count of messages begins anew. */
static void forgets_the_last_message(void **state)
{
    float first[64];
    (void)state;
    assert_true(classifier->n_intents <= 64);
    predict("the pile pongs");
    memcpy(first, prediction->scores, classifier->n_intents * sizeof(*first));
    float ours = prediction->ours;
    for (int round = 0; round < 2; round++) {
        predict("find me a doctor near me");
        predict("the pile pongs");
        assert_memory_equal(first, prediction->scores, classifier->n_intents * sizeof(*first));
        assert_memory_equal(&ours, &prediction->ours, sizeof(ours));
        prediction->message = UINT32_MAX - 1;
    }
}

static void told_feature(void *user, uint32_t feature, size_t word, size_t count)
{
    size_t *n = user;
    assert_true(feature < classifier->n_features || feature == TABLE_NONE);
    assert_true(count > 0 && word + count <= question->n_words);
    ++*n;
}

static void says_why(void **state)
{
    size_t n = 0;
    (void)state;
    predict("the pile pongs");
    classifier_features(classifier, question, told_feature, &n);
    assert_true(n >= prediction->n && n >= 3);
    uint32_t smell = pack_intent(pack, "smell");
    uint32_t price = pack_intent(pack, "price");
    float sum = 0;
    for (size_t i = 0; i < prediction->n; i++) {
        float one = classifier_prefers(classifier, prediction->known[i], smell, price);
        assert_true(one + classifier_prefers(classifier, prediction->known[i], price, smell) < 0.0001F);
        sum += one;
    }
    assert_true(sum > 0);
}

/* ---------------------------------------------------------------------------------------------- in a host ---- */

struct told {
    const char *question, *intent;
    enum faqd_outcome outcome;
    const char *because; /* in `explain` */
};

static const struct told tolds[] = {
    /* what no pattern says */
    {"the pile whiffs badly", "smell", FAQD_ANSWER, "examples speak for it, though no pattern does"},
    {"what do i pay at the depot", "price", FAQD_UNDOCUMENTED, "examples speak for it, though no pattern does"},
    {"translate a word in german", "", FAQD_UNKNOWN, "nothing of the pack accounts for"},
    /* "free" is the price's; the rest is what people say of smells */
    {"the whole compost bin is free of no stench for weeks", "smell", FAQD_ANSWER, "against the patterns"},
    {"is the compost free?", "price", FAQD_UNDOCUMENTED, "explains most of the question"},
    /* two intents have {winter} for a pattern */
    {"compost in winter, do i cover it", "winter_cover", FAQD_ANSWER,
     "explain the same words equally well, the pack's"},
    {"compost in winter, do i stir it", "winter_turn", FAQD_ANSWER, "explain the same words equally well, the pack's"},
    {"the compost in winter?", "winter_cover", FAQD_CLARIFY, "these explain the same words equally well"},
    /* "fork" is a word of ours, but these are not questions to us */
    {"is there a free fork", "", FAQD_UNKNOWN, "pack's examples speak for another"},
    {"free?", "price", FAQD_UNDOCUMENTED, "explains most of the question"},
    /* neither small talk nor a red flag is ever chosen or changed by them */
    {"hello", "hello", FAQD_SMALLTALK, "explains most of the question"},
    {"My compost heap is on fire, book a taxi", "fire", FAQD_EMERGENCY, "a red flag comes before everything else"},
};

static void changes_plans(void **state)
{
    struct host host;
    (void)state;
    start_host(&host, dir);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (size_t i = 0; i < sizeof(tolds) / sizeof(tolds[0]); i++) {
        struct faqd_answer_view view = ask_text(&host, worker, tolds[i].question);
        const char *why = host.api.explain(worker, NULL);
        if (view.outcome != tolds[i].outcome || strcmp(first_intent(&view), tolds[i].intent) != 0 ||
            !strstr(why, tolds[i].because))
            fail_msg("\"%s\" got %s:\n%s", tolds[i].question, first_intent(&view), why);
    }
    host.api.worker_free(worker);
    host_end(&host);
}

/* One of two that tie has too few examples: nothing speaks for it or against it. */
static void settles_no_tie_with_the_unknown(void **state)
{
    static const char *const ties[] = {"compost in winter, do i cover it", "compost in winter, do i stir it"};
    struct host host;
    (void)state;
    copy_folder(SMALL_PACK, temp_path("half"));
    write_examples(temp_path("half/examples.json"), 0);
    start_host(&host, temp_path("half"));
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ask_text(&host, worker, ties[i]).outcome, FAQD_CLARIFY);
    host.api.worker_free(worker);
    host_end(&host);
}

/* Within a conversation a bare message leans on what was said: the examples, which stand alone, know nothing of it. */
static void leaves_follow_ups_alone(void **state)
{
    struct host host;
    char told[1024];
    (void)state;
    start_host(&host, dir);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    struct faqd_answer_view view = ask_text(&host, worker, "Why does my compost smell?");
    assert_string_equal(first_intent(&view), "smell");
    snprintf(told, sizeof(told), "%s", view.state);
    const char *text = "is there a free fork";
    struct faqd_message message = {
        .struct_size = sizeof(message), .text = text, .text_len = strlen(text), .lang = "en", .state = told};
    assert_int_equal(host.api.ask(worker, &message, &view), FAQD_OK);
    assert_string_equal(first_intent(&view), "price");
    host.api.worker_free(worker);
    host_end(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_nothing_from_few),
        cmocka_unit_test(learns_nothing_without_examples),
        cmocka_unit_test(learns_the_same_each_time),
        cmocka_unit_test(learning_without_memory),
        cmocka_unit_test(tells_intents_apart),
        cmocka_unit_test(tells_ours_from_others),
        cmocka_unit_test(knows_names_by_their_kind),
        cmocka_unit_test(knows_nothing_of_nothing),
        cmocka_unit_test(forgets_the_last_message),
        cmocka_unit_test(says_why),
        cmocka_unit_test(changes_plans),
        cmocka_unit_test(settles_no_tie_with_the_unknown),
        cmocka_unit_test(leaves_follow_ups_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
