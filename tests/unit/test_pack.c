/* SPDX-License-Identifier: MIT
 *
 * test_pack.c - a pack becomes what its files say, and a file that says something wrong is refused with its place. Each
 * case is the small pack with one text of it replaced. (Packs that are bad as a whole are in tests/bad/packs.)
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void the_small_pack_is_what_it_says(void **state)
{
    (void)state;
    struct pack *pack = load_pack(SMALL_PACK);
    assert_string_equal(pack->name, "small");
    assert_memory_equal(pack->version, "1+", 2); /* and a digest of the files */
    assert_int_equal(pack->default_lang, LANG_FR);
    assert_int_equal(pack->n_sources, 3);
    assert_string_equal(pack->sources[0].title, "Le guide du compost, Société des jardins");
    assert_string_equal(pack->sources[0].url, "https://garden.example/compost?a=1&b=2");
    assert_null(pack->sources[1].url);
    assert_int_equal(pack->sources[0].shown, 1);
    assert_int_equal(pack->sources[2].shown, 0); /* the editors */
    assert_int_equal(pack->n_files, 2);
    assert_string_equal(pack_file(pack, 0), "general.json");
    assert_string_equal(pack_file(pack, 1), "matter.json");
    assert_int_equal(pack->n_contents, 2);
    assert_int_equal(pack->n_starters[LANG_EN], 2);
    assert_string_equal(pack->fixed[FIXED_EMPTY][LANG_EN], "Ask me a question.");
    const struct intent *smell = &pack->intents[pack_intent(pack, "smell")];
    assert_string_equal(smell->topic, "smell");
    assert_string_equal(smell->action, "list");
    assert_int_equal(smell->n_over, 1);
    assert_int_equal(smell->over[0], pack_intent(pack, "definition"));
    assert_int_equal(smell->takes[0], lexicon_find(pack->lexicon, "matter"));
    assert_string_equal(smell->words[LANG_EN].label, "smells");
    assert_int_equal(pack->intents[pack_intent(pack, "fire")].safety, 1);
    assert_int_equal(pack->intents[pack_intent(pack, "fire")].outcome, FAQD_EMERGENCY);
    assert_int_equal(pack->intents[pack_intent(pack, "named")].bare, 1);
    const struct statement *what = &pack->statements[pack_statement(pack, "what")];
    assert_int_equal(what->n_sources, 2);
    assert_string_equal(pack->sources[what->sources[1]].id, "G2");
    assert_int_equal(pack_intent(pack, "none"), UINT32_MAX);
    assert_int_equal(pack_statement(pack, "smell"), UINT32_MAX); /* intents and statements are apart */
    for (size_t i = 0; i < pack->n_rules; i++)
        assert_true(pack->rules[i].n_with > 0);
    pack_free(pack);
    pack_free(NULL);
}

static void the_same_bytes_give_the_same_pack(void **state)
{
    (void)state;
    struct pack *a = load_pack(SMALL_PACK);
    struct pack *b = load_pack(SMALL_PACK);
    assert_int_equal(a->n_terms, b->n_terms);
    assert_string_equal(a->version, b->version);
    for (size_t i = 0; i < a->n_terms; i++)
        assert_string_equal(a->term_texts[i], b->term_texts[i]);
    for (size_t i = 0; i < a->n_intents; i++)
        assert_string_equal(a->intents[i].id, b->intents[i].id);
    pack_free(a);
    pack_free(b);
}

static void named_groups_know_their_types(void **state)
{
    (void)state;
    struct pack *pack = load_pack(SMALL_PACK);
    int found = 0;
    for (size_t i = 0; i < pack->n_terms; i++) {
        if (!strstr(pack->term_texts[i], "(?<matter>"))
            continue;
        found++;
        const struct term_groups *groups = &pack->groups[pack->terms[i].groups];
        assert_int_equal(groups->n, 1);
        assert_int_equal(groups->types[0], lexicon_find(pack->lexicon, "matter"));
    }
    assert_int_equal(found, 2);
    pack_free(pack);
}

/* Replace a text of one file; the complaint of the load. "" if it was taken. */
static const char *complaint(const char *file, const char *from, const char *to)
{
    static char line[ERR_LINE_MAX];
    struct err err = {0};
    struct pack *pack = (struct pack *)line; /* must be set */
    copy_folder(SMALL_PACK, temp_path("pack"));
    char *text = read_file(temp_path("pack/%s", file), NULL);
    char *changed = replaced(text, from, to);
    if (strcmp(text, changed) == 0)
        fail_msg("%s holds no %s", file, from);
    write_text(temp_path("pack/%s", file), changed);
    free(text);
    free(changed);
    int rc = pack_load(temp_path("pack"), &err, &pack);
    if (rc == FAQD_OK) {
        pack_free(pack);
        return "";
    }
    assert_null(pack);
    assert_int_equal(rc, err.code);
    assert_true(err.file[0] != '\0' && err.text[0] != '\0');
    return err_line(&err, line, sizeof(line));
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *file, *from, *to, *complaint;
    } cases[] = {
        /* pack.json */
        {"pack.json", "\"format\": 1", "\"format\": 2", "\"format\" must be 1"},
        {"pack.json", "\"format\": 1", "\"format\": \"1\"", "\"format\" must be 1"},
        {"pack.json", "\"name\": \"small\"", "\"name\": \"Small!\"", "\"Small!\" is no id"},
        {"pack.json", "\"name\": \"small\",", "", "\"name\" is missing"},
        {"pack.json", "\"default_language\": \"fr\"", "\"default_language\": \"de\"", "\"default_language\" must be"},
        {"pack.json", "[\"compost\"]", "[\"comopst\"]", "anchors: the lexicon has no \"comopst\""},
        {"pack.json", "[\"compost\"]", "[]", "\"anchors\" must name"},
        {"pack.json", "[\"method\"]", "[\"nothing\"]", "rivals: the lexicon has no \"nothing\""},
        {"pack.json", "[\"heap\"]", "[\"nothing\"]", "hints: the lexicon has no \"nothing\""},
        {"pack.json", "https://garden", "http://garden", "sources.G1: \"url\" must begin with https://"},
        {"pack.json", "\"title\": \"Heaps & bins\"", "\"title\": \"a\\nb\"", "sources.G2: control characters"},
        {"pack.json", "\"title\": \"Heaps & bins\", ", "", "sources.G2: \"title\" is missing"},
        {"pack.json", "\"starters\"", "\"starter\"", "unknown key \"starter\"; did you mean \"starters\"?"},
        {"pack.json", "What is compost?\"", "What is\\u0007 compost?\"",
         "starters: control characters or line breaks in \"en\""},
        {"pack.json", "\"en\": \"Ask me a question.\"", "\"de\": \"x\"", "fixed.empty_message: unknown key \"de\""},
        {"pack.json", ", \"en\": \"Ask me a question.\"", "", "fixed.empty_message: \"en\" is missing"},
        {"pack.json", "\"see_doctor\"", "\"see_doktor\"",
         "fixed: unknown key \"see_doktor\"; did you mean \"see_doctor\"?"},
        {"pack.json", "Ask a gardener.", "Ask a\\u202e gardener.", "fixed.see_doctor: control characters"},
        /* statements */
        {"general.json", "{\n \"module\"", "[1, {\n \"module\"", "general.json:"},
        {"general.json", "\"module\": \"statements\",", "", "\"module\" is missing"},
        {"general.json", "\"statements\": {", "\"statments\": {",
         "unknown key \"statments\"; did you mean \"statements\"?"},
        {"general.json", "\"from\": [\"G1\", \"G2\"]", "\"from\": []",
         "statements.what: \"from\" must name at least one"},
        {"general.json", ", \"from\": [\"G1\", \"G2\"]", "", "statements.what: \"from\" must name at least one"},
        {"general.json", "[\"G1\", \"G2\"]", "[\"G1\", \"G9\"]", "statements.what: pack.json has no source \"G9\""},
        {"general.json", "[\"G1\", \"G2\"]", "[\"G1\", \"G1\"]",
         "statements.what: \"from\" names the source \"G1\" twice"},
        {"general.json", "[\"G1\", \"G2\"]", "\"G1\"", "statements.what: \"from\" must be a list"},
        {"general.json", "\"smell_air\": {\"fr\"", "\"smell_air\": {\"frr\"",
         "statements.smell_air: unknown key \"frr\""},
        {"general.json", "\"fr\": \"Aérez le tas (édition 1).\", ", "", "statements.smell_air: \"fr\" is missing"},
        {"general.json", "Aérez le tas (édition 1).", "", "statements.smell_air: \"fr\" is empty"},
        {"general.json", "Aérez le tas", "Aérez\\tle tas",
         "statements.smell_air: \"fr\" is empty, or has control characters"},
        {"general.json", "Aérez le tas", "Aérez\\u2028le tas", "statements.smell_air: \"fr\" is empty, or has"},
        {"general.json", "Aérez le tas", "Aérez {le} tas", "statements.smell_air: the gap {le} is missing in \"en\""},
        {"general.json", "Aérez le tas", "Aérez {le tas", "statements.smell_air: a gap is {name}"},
        {"general.json", "Aérez le tas", "Aérez {} tas", "statements.smell_air: a gap is {name}"},
        {"general.json", "\"no_price\":", "\"No price\":", "statements.No price: \"No price\" is no id"},
        {"matter.json", "\"meat_no\":", "\"what\":", "statements.what: \"what\" is there already"},
        {"matter.json", "\"not_said\":", "\"may_go\":", "matter.json:"}, /* a key twice in one file */
        /* the table */
        {"matter.json", "\"meat\": {\"verdict\"", "\"coffee\": {\"verdict\"", "matter.json:"},
        {"matter.json", "\"months\": 24", "\"months\": 2.5", "table.egg_shell: \"months\" must be a text, a list"},
        {"matter.json", "\"months\": 24", "\"months\": [3]", "table.egg_shell.months[0]: must be a text"},
        {"matter.json", "\"months\": 24", "\"months\": {}", "table.egg_shell: \"months\" must be a text, a list"},
        {"matter.json", "{\"months\": 9}", "9", "table.garden: must be an object"},
        {"matter.json", "\"table\": {", "\"table\": [], \"tabl\": {", "matter.json:"},
        /* intents */
        {"general.json", "\"id\": \"smell\"", "\"id\": \"fire\"", "intents[2]: \"fire\" is there already"},
        {"general.json", "\"id\": \"smell\", ", "", "intents[2]: \"id\" is missing"},
        {"general.json", "\"topic\": \"smell\", ", "", "intents[2]: \"topic\" is missing"},
        {"general.json", "\"label\": {\"fr\": \"les odeurs\", \"en\": \"smells\"}, ", "",
         "intents[2].label: is missing"},
        {"general.json", "\"en\": \"smells\"", "\"en\": \"\"", "intents[2].label: \"en\" is empty"},
        {"general.json", "\"outcome\": \"emergency\"", "\"outcome\": \"clarify\"", "intents[0]: \"outcome\" is answer"},
        {"general.json", "\"safety\": true", "\"safety\": \"yes\"", "intents[0]: \"safety\" must be true or false"},
        {"general.json", "\"takes\": [\"matter\"]", "\"takes\": [\"mater\"]",
         "intents[2]: \"takes\": the lexicon has no entity type \"mater\""},
        {"general.json", "\"takes\": [\"matter\"]", "\"takes\": [\"smell\"]",
         "intents[2]: \"takes\": the lexicon has no entity type \"smell\""},
        {"general.json", "\"over\": [\"definition\"]", "\"over\": [\"nothing\"]",
         "intents[2]: \"over\": there is no intent \"nothing\""},
        {"general.json", "\"over\": [\"definition\"]", "\"over\": [\"smell\"]", "intents[2]: \"over\": \"smell\""},
        {"general.json", "\"say\": [\"what\"]", "\"say\": [\"whatt\"]",
         "intents[1]: \"say\": there is no statement \"whatt\""},
        {"general.json", "\"say\": [\"what\"]", "\"says\": [\"what\"]",
         "intents[1]: unknown key \"says\"; did you mean \"say\"?"},
        {"general.json", "\"en\": {\"patterns\": [\"{smell}\"]", "\"xx\": {\"patterns\": [\"{smell}\"]",
         "intents[2]: unknown key \"xx\""},
        {"general.json", "\"ask\": [\"Hello\"]", "\"ask\": [\"\"]", "intents[6].en.ask[0]: must be a text"},
        {"general.json", "\"ask\": [\"Hello\"]", "\"asks\": [\"Hello\"]",
         "intents[6].en: unknown key \"asks\"; did you mean \"ask\"?"},
        /* patterns */
        {"general.json", "\"patterns\": [\"{smell}\"], \"ask\": [\"Why", "\"ask\": [\"Why",
         "intents[2].en: \"patterns\" is missing"},
        {"general.json", "^{what_is} (it|this|that)$", "^{what_is} (it|this",
         "intents[1].en.patterns[1]: in \"^{what_is} (it|this\": byte"},
        {"general.json", "^{what_is} (it|this|that)$", "{what_iss}",
         "intents[1].en.patterns[1]: the lexicon has no class or entity {what_iss}; did you mean {what_is}?"},
        {"general.json", "^{what_is} (it|this|that)$", "!{what_is}",
         "intents[1].en.patterns[1]: needs a part that must be there"},
        {"general.json", "^{what_is} (it|this|that)$", "a & & b",
         "intents[1].en.patterns[1]: a part between & is empty"},
        {"general.json", "^{what_is} (it|this|that)$", "a & !", "intents[1].en.patterns[1]: a part between & is empty"},
        {"general.json", "^{what_is} (it|this|that)$", "(?<nothing>a)", "(?<nothing>...) is no entity type"},
        {"general.json", "^{what_is} (it|this|that)$", "(?<smell>a)", "(?<smell>...) is no entity type"},
        {"general.json", "^{what_is} (it|this|that)$",
         "a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y&z&aa&ab&ac&ad&ae&af&ag",
         "intents[1].en.patterns[1]: more than"},
        {"general.json", "^{what_is} (it|this|that)$", "",
         "intents[1].en.patterns[1]: must be a text in quotes that is not empty"},
        {"general.json", "^{what_is} (it|this|that)$", "{what_is} it\\b",
         "intents[1].en.patterns[1]: holds a control character: a backslash is written twice, \"\\\\b\""},
        {"matter.json", "\"{put_in} & {everything}\"", "3", "intents[2].fr.patterns[0]: must be a text"},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got = complaint(cases[i].file, cases[i].from, cases[i].to);
        if (!strstr(got, cases[i].complaint) || !strstr(got, ".json")) {
            print_error("%s -> %s\n     got: %s\nexpected: %s\n", cases[i].from, cases[i].to, got, cases[i].complaint);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* "over" that goes in a circle, over three intents and two files. */
static void circles_are_refused(void **state)
{
    (void)state;
    copy_folder(SMALL_PACK, temp_path("circle"));
    char *general = read_file(temp_path("circle/general.json"), NULL);
    char *a = replaced(general, "\"over\": [\"definition\"]", "\"over\": [\"price\"]");
    char *b = replaced(a, "\"say\": [\"no_price\"]", "\"over\": [\"definition\", \"hello\"], \"say\": [\"no_price\"]");
    char *c = replaced(b, "\"say\": [\"what\"]", "\"over\": [\"how_long\"], \"say\": [\"what\"]");
    write_text(temp_path("circle/general.json"), c);
    struct pack *pack = load_pack(temp_path("circle")); /* no circle yet */
    pack_free(pack);
    char *matter = read_file(temp_path("circle/matter.json"), NULL);
    char *d = replaced(matter, "\"action\": \"time\"", "\"over\": [\"smell\"], \"action\": \"time\"");
    write_text(temp_path("circle/matter.json"), d);
    struct err err = {0};
    assert_int_equal(pack_load(temp_path("circle"), &err, &pack), FAQD_EINVAL);
    assert_non_null(strstr(err.text, "\"over\": "));
    assert_non_null(strstr(err.file, ".json"));
    assert_non_null(strstr(err.path, "intents["));
    char *texts[] = {general, a, b, c, matter, d};
    for (size_t i = 0; i < 6; i++)
        free(texts[i]);
}

static void folders_that_are_no_pack(void **state)
{
    (void)state;
    struct err err = {0};
    struct pack *pack = NULL;
    char long_path[600];
    assert_int_equal(pack_load("/nonexistent", &err, &pack), FAQD_EIO);
    assert_string_equal(err.file, "/nonexistent");
    memset(long_path, 'x', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    err = (struct err){0};
    assert_int_not_equal(pack_load(long_path, &err, &pack), FAQD_OK);
    assert_int_not_equal(pack_load("/nonexistent", NULL, &pack), FAQD_OK); /* no error wanted */
    assert_null(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_small_pack_is_what_it_says),
        cmocka_unit_test(the_same_bytes_give_the_same_pack),
        cmocka_unit_test(named_groups_know_their_types),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
        cmocka_unit_test(circles_are_refused),
        cmocka_unit_test(folders_that_are_no_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
