/* SPDX-License-Identifier: MIT
 *
 * test_dispatch.c - one message in, one answer out, through the table that connectors get: every outcome, the same
 * answer for the same message, renderings, explaining, topics; and that a worker always answers from one pack.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static struct host host;
static struct faqd_worker *worker;

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
    host.api.worker_free(NULL);
    host_end(&host);
    return 0;
}

static struct faqd_answer_view ask(const char *text)
{
    return ask_text(&host, worker, text);
}

static void every_outcome(void **state)
{
    (void)state;
    struct faqd_answer_view v = ask("C'est quoi le compost ?");
    assert_int_equal(v.outcome, FAQD_ANSWER);
    assert_string_equal(v.id, "small/definition");
    assert_string_equal(v.topics[0], "definition");
    v = ask("la viande au compost");
    assert_string_equal(v.id, "small/may_go/meat");
    assert_int_equal(v.n_topics, 2);
    assert_string_equal(v.topics[1], "meat");
    v = ask("l'hiver");
    assert_int_equal(v.outcome, FAQD_CLARIFY);
    assert_string_equal(v.id, "small/clarify");
    v = ask("Mon compost fume");
    assert_int_equal(v.outcome, FAQD_EMERGENCY);
    v = ask("bonjour");
    assert_int_equal(v.outcome, FAQD_SMALLTALK);
    v = ask("le prix");
    assert_int_equal(v.outcome, FAQD_UNDOCUMENTED);
    v = ask("Combien de temps, compost ou incinération ?"); /* ours and another subject together */
    assert_int_equal(v.outcome, FAQD_UNDOCUMENTED);
    assert_string_equal(v.id, "small/undocumented");
    v = ask("frzbl");
    assert_int_equal(v.outcome, FAQD_UNKNOWN);
    assert_string_equal(v.id, "small/unknown");
    assert_int_equal(v.n_intents, 0);
    v = ask("");
    assert_int_equal(v.outcome, FAQD_UNKNOWN);
    assert_string_equal(v.blocks[0].text, "Posez-moi une question.");
    v = ask("wie lange dauert das ist nicht");
    assert_int_equal(v.outcome, FAQD_UNKNOWN);
    assert_string_equal(v.blocks[0].text, "Je comprends le français et l’anglais. I understand French and English.");
}

static void too_long_is_said(void **state)
{
    (void)state;
    static char text[QUESTION_BYTES_MAX + 2];
    struct faqd_answer_view v;
    memset(text, ' ', QUESTION_BYTES_MAX + 1);
    memcpy(text, "C'est quoi le compost ?", 23);
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = QUESTION_BYTES_MAX};
    assert_int_equal(host.api.ask(worker, &message, &v), FAQD_OK);
    assert_int_equal(v.outcome, FAQD_ANSWER);
    message.text_len++;
    message.lang = "en";
    assert_int_equal(host.api.ask(worker, &message, &v), FAQD_ELIMIT);
    assert_int_equal(v.outcome, FAQD_UNAVAILABLE);
    assert_string_equal(v.blocks[0].text, "That is too long for me.");
    assert_string_equal(v.id, "small/unavailable");
    assert_int_equal(v.n_corrections, 0);
}

static void the_language_can_be_asked_for(void **state)
{
    (void)state;
    struct faqd_answer_view v;
    struct faqd_message message = {.struct_size = sizeof(message), .text = "le prix", .text_len = 7, .lang = "en"};
    host.api.ask(worker, &message, &v);
    assert_string_equal(v.lang, "en"); /* French words, English answer */
    assert_string_equal(v.blocks[0].text, "My sources give no price (edition 1).");
    message.lang = "de"; /* no language of ours: as if none had been asked for */
    host.api.ask(worker, &message, &v);
    assert_string_equal(v.lang, "fr");
    message.lang = "";
    host.api.ask(worker, &message, &v);
    assert_string_equal(v.lang, "fr");
}

static char *rendered(enum faqd_format format)
{
    size_t len = 0;
    const char *text = host.api.render(worker, format, &len);
    assert_non_null(text);
    assert_int_equal(strlen(text), len);
    return strdup(text);
}

/* An answer depends on message, language, state and pack alone: not on what was asked before, nor on the worker. */
static void answers_are_pure(void **state)
{
    (void)state;
    static const char *const questions[] = {
        "C'est quoi le compost ?",
        "l'hiver",
        "wat is compost",
        "la viande au compost",
        "frzbl",
        "",
        "tout jeter",
        "Le prix ? Et l'odeur ? Combien de temps ?",
        "Mon compost fume",
        "compsot et marc",
    };
    enum { COUNT = sizeof(questions) / sizeof(questions[0]) };
    struct random r = {8};
    char *first[COUNT];
    struct faqd_worker *other = host.api.worker_new(&host.api);
    for (size_t i = 0; i < COUNT; i++) {
        ask(questions[i]);
        first[i] = rendered(FAQD_JSON);
    }
    for (int round = 0; round < 300; round++) {
        size_t i = random_below(&r, COUNT);
        struct faqd_worker *either = random_below(&r, 2) ? worker : other;
        ask_text(&host, either, questions[i]);
        assert_string_equal(host.api.render(either, FAQD_JSON, NULL), first[i]);
    }
    for (size_t i = 0; i < COUNT; i++)
        free(first[i]);
    host.api.worker_free(other);
}

static void renderings(void **state)
{
    (void)state;
    ask("tout ce que je peux jeter");
    char *plain = rendered(FAQD_PLAIN);
    char *html = rendered(FAQD_HTML);
    char *json = rendered(FAQD_JSON);
    assert_non_null(strstr(plain, "- le marc de café, en 3 mois (édition 1) [1]\n"));
    assert_non_null(strstr(plain, "\n\nSources :\n[1] Le guide du compost"));
    assert_non_null(strstr(html, "<ul><li>le marc de café"));
    assert_non_null(strstr(html, "garden.example/compost?a=1&amp;b=2\">"));
    assert_null(strstr(json, "\"question\""));
    assert_non_null(strstr(json, "\"outcome\":\"answer\""));
    free(plain);
    free(html);
    free(json);
}

static void explaining(void **state)
{
    (void)state;
    size_t len = 0;
    ask("Puis-je metre du marc au compsot, pas la viande ?");
    const char *why = host.api.explain(worker, &len);
    assert_int_equal(strlen(why), len);
    assert_non_null(strstr(why, "language: fr"));
    assert_non_null(strstr(why, "set right: compsot -> compost"));
    assert_non_null(strstr(why, "entity: matter:coffee, from \"marc\""));
    assert_non_null(strstr(why, "entity: matter:meat, negated"));
    assert_non_null(strstr(why, "answers: may_go"));
    assert_non_null(strstr(why, "matter.json intents[0].fr.patterns[0]"));
    static const char *const others[] = {"",   "frzbl",        "l'hiver",       "Mon compost fume",
                                         "?!", "le plastique", "banque et prix"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ask(others[i]);
        assert_non_null(host.api.explain(worker, NULL));
    }
}

static void nothing_was_asked_yet(void **state)
{
    (void)state;
    struct faqd_worker *fresh = host.api.worker_new(&host.api);
    assert_null(host.api.explain(fresh, NULL));
    assert_null(host.api.render(fresh, FAQD_PLAIN, NULL));
    host.api.worker_free(fresh);
}

static void count_topic(void *user, const char *topic, const char *label)
{
    size_t *n = user;
    assert_true(topic[0] && label[0]);
    assert_string_not_equal(topic, "emergency"); /* nothing to offer */
    assert_string_not_equal(topic, "price");
    ++*n;
}

static void topics_and_welcome(void **state)
{
    (void)state;
    size_t n = 0;
    struct faqd_worker *fresh = host.api.worker_new(&host.api);
    struct faqd_answer_view v;
    host.api.topics(fresh, "en", count_topic, &n);
    assert_int_equal(n, 6); /* definition smell winter why may_go how_long, each once */
    host.api.explain(fresh, NULL);
    host.api.render(fresh, FAQD_PLAIN, NULL);
    assert_int_equal(host.api.welcome(fresh, "en", &v), FAQD_OK);
    assert_string_equal(v.blocks[0].text, "Automatic answers about compost.");
    assert_int_equal(v.n_choices, 2);
    assert_string_equal(v.choices[0].label, "What is compost?");
    host.api.welcome(fresh, NULL, &v);
    assert_string_equal(v.lang, "fr");
    assert_non_null(host.api.render(fresh, FAQD_JSON, NULL));
    host.api.explain(fresh, NULL); /* there is nothing to explain, but it may be asked */
    host.api.worker_free(fresh);
}

/* The pack becomes a much smaller one between an answer and the next call: nothing of the old one is looked at. */
static void what_is_left_of_an_older_pack(void **state)
{
    (void)state;
    struct host own;
    struct faqd_answer_view v;
    struct err err = {0};
    copy_folder(SMALL_PACK, temp_path("shrink"));
    char dir[512];
    strcpy(dir, temp_path("shrink"));
    start_host(&own, dir);
    struct faqd_worker *w = own.api.worker_new(&own.api);
    ask_text(&own, w, "Puis-je mettre du marc de café et la viande au compost ?");
    write_text(temp_path("shrink/lexicon.json"),
               "{\"classes\": {\"heap\": {}, \"compost\": {\"fr\": [\"compost\"], \"en\": [\"compost\"]}},"
               "\"entities\": {\"method\": {}}}");
    write_text(
        temp_path("shrink/general.json"),
        "{\"module\": \"statements\", \"statements\": {\"a\": {\"fr\": \"a\", \"en\": \"a\", \"from\": [\"G1\"]}},"
        "\"intents\": [{\"id\": \"a\", \"topic\": \"a\", \"label\": {\"fr\": \"a\", \"en\": \"a\"}, \"say\": [\"a\"],"
        "\"fr\": {\"patterns\": [\"{compost}\"], \"ask\": [\"compost\"]},"
        "\"en\": {\"patterns\": [\"{compost}\"], \"ask\": [\"compost\"]}}]}");
    write_text(temp_path("shrink/matter.json"), "{\"module\": \"heap\", \"intents\": []}");
    write_text(temp_path("shrink/examples.json"), "{\"intents\": {}, \"others\": {}}");
    if (host_reload(&own, 0, &err) != FAQD_OK)
        fail_msg("%s: %s: %s", err.file, err.path, err.text);
    assert_non_null(own.api.render(w, FAQD_PLAIN, NULL)); /* the last answer is still whole */
    own.api.explain(w, NULL);
    own.api.welcome(w, "fr", &v);
    own.api.explain(w, NULL);
    v = ask_text(&own, w, "compost");
    assert_string_equal(first_intent(&v), "a");
    own.api.worker_free(w);
    host_end(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome),
        cmocka_unit_test(too_long_is_said),
        cmocka_unit_test(the_language_can_be_asked_for),
        cmocka_unit_test(answers_are_pure),
        cmocka_unit_test(renderings),
        cmocka_unit_test(explaining),
        cmocka_unit_test(nothing_was_asked_yet),
        cmocka_unit_test(topics_and_welcome),
        cmocka_unit_test(what_is_left_of_an_older_pack),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
