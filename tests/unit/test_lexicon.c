/* SPDX-License-Identifier: MIT
 *
 * test_lexicon.c - words and what they mean: symbols, hits, roles, shorthand, mending; and that a bad lexicon.json is
 * refused with its place.
 */
#include "support.h"

#include "lexicon.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct lexicon *lex;

static int setup(void **state)
{
    struct err err = {0};
    (void)state;
    assert_int_equal(load_lexicon(SMALL_PACK, &arena, &err, &lex), FAQD_OK);
    assert_int_equal(lexicon_learn(lex, "jardiner", 8, 0, LANG_FR), FAQD_OK);
    assert_int_equal(lexicon_learn(lex, "arros", 5, 1, LANG_FR), FAQD_OK);
    assert_int_equal(lexicon_ready(lex), FAQD_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    lexicon_free(lex);
    lexicon_free(NULL);
    arena_free(&arena);
    return 0;
}

static uint32_t roles_of(const char *word, size_t len)
{
    uint32_t id = 0;
    return lexicon_roles(lex, word, len, table_hash(word, len), &id);
}

static uint32_t roles(const char *word)
{
    return roles_of(word, strlen(word));
}

static void symbols_are_found_by_name(void **state)
{
    (void)state;
    uint32_t compost = lexicon_find(lex, "compost");
    uint32_t matter = lexicon_find(lex, "matter");
    uint32_t coffee = lexicon_find(lex, "matter:coffee");
    assert_int_equal(lexicon_symbol(lex, compost)->kind, SYMBOL_CLASS);
    assert_int_equal(lexicon_symbol(lex, matter)->kind, SYMBOL_TYPE);
    assert_int_equal(lexicon_symbol(lex, coffee)->kind, SYMBOL_ENTITY);
    assert_int_equal(lexicon_symbol(lex, coffee)->type, matter);
    assert_string_equal(lexicon_symbol(lex, coffee)->display[LANG_FR], "le marc de café");
    assert_string_equal(lexicon_symbol(lex, coffee)->topic, "coffee");
    assert_int_equal(lexicon_symbol(lex, coffee)->outside, 0);
    assert_int_equal(lexicon_entity(lex, "matter", "coffee"), coffee);
    assert_int_equal(lexicon_symbol(lex, lexicon_entity(lex, "matter", "plastic"))->outside, 1);
    assert_int_equal(lexicon_find(lex, "coffee"), SYMBOL_NONE); /* an entity goes by its type */
    assert_int_equal(lexicon_find(lex, ""), SYMBOL_NONE);
    assert_int_equal(lexicon_entity(lex, "matter", "nothing"), SYMBOL_NONE);
    char longest[400];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(lexicon_entity(lex, longest, longest), SYMBOL_NONE);
    assert_string_equal(lexicon_nearest(lex, "comopst"), "compost");
    assert_null(lexicon_nearest(lex, "zzzzzzzzzzzz"));
    assert_int_equal(lang_find("fr"), LANG_FR);
    assert_int_equal(lang_find("en"), LANG_EN);
    assert_int_equal(lang_find("de"), -1);
    assert_int_equal(lang_find(NULL), -1);
}

static void words_have_roles(void **state)
{
    (void)state;
    assert_true(roles("le") & WORD_IN(WORD_FUNCTION, LANG_FR));
    assert_false(roles("le") & WORD_IN(WORD_FUNCTION, LANG_EN));
    assert_true(roles("puis") & WORD_IN(WORD_NEUTRAL, LANG_FR));
    assert_true(roles("composter") & WORD_IN(WORD_SUBJECT, LANG_FR));
    assert_true(roles("smelly") & WORD_IN(WORD_SUBJECT, LANG_EN)); /* by the stem smell* */
    assert_true(roles("smelly") & WORD_STEMMED);
    assert_false(roles("smel") & WORD_STEMMED);
    assert_true(roles("banque") & WORD_IN(WORD_FOREIGN, LANG_FR));
    assert_true(roles("vaccination") & WORD_IN(WORD_FOREIGN, LANG_FR));
    assert_true(roles("ich") & WORD_OTHER);
    assert_true(roles("jardiner") & WORD_KNOWN); /* learnt of a pattern */
    assert_true(roles("arrosoir") & WORD_KNOWN); /* likewise, by its beginning */
    assert_int_equal(roles("frzbl") & WORD_KNOWN, 0);
    assert_int_equal(roles(""), 0);
    assert_int_equal(roles("smell") & WORD_KNOWN ? 1 : 0, 1);
    assert_int_equal(roles("smel") & WORD_KNOWN, 0);
}

struct hits {
    char text[512];
};

static void note(void *user, const struct lexicon_hit *hit)
{
    struct hits *hits = user;
    size_t at = strlen(hits->text);
    snprintf(hits->text + at, sizeof(hits->text) - at, "%s/%d%s%s ", lexicon_symbol(lex, hit->symbol)->name, hit->count,
             hit->langs & LANG_BIT(LANG_FR) ? "f" : "", hit->langs & LANG_BIT(LANG_EN) ? "e" : "");
}

static const char *hits_of(const char *text)
{
    static struct hits hits;
    uint32_t ids[12];
    size_t n = 0;
    for (const char *s = text; *s && n < 12; n++) {
        size_t len = strcspn(s, " ");
        lexicon_roles(lex, s, len, table_hash(s, len), &ids[n]);
        s += len + (s[len] == ' ');
    }
    hits.text[0] = '\0';
    size_t len = strcspn(text, " ");
    lexicon_hits(lex, ids, n, roles_of(text, len) & WORD_STEMMED ? text : NULL, len, note, &hits);
    return hits.text;
}

static void phrases_hit_symbols(void **state)
{
    (void)state;
    assert_string_equal(hits_of("compost"), "compost/1fe ");
    assert_string_equal(hits_of("compost heap"), "compost/1fe compost/2e "); /* shorter ones are not hidden here */
    assert_string_equal(hits_of("marc de cafe"), "coffee/1f coffee/3f ");
    assert_string_equal(hits_of("oranges"), "orange/1fe ");
    assert_string_equal(hits_of("smelling"), "smell/1e ");
    assert_string_equal(hits_of("carte bancaire"), "another_subject/2f ");
    assert_string_equal(hits_of("carte routiere"), "");
    assert_string_equal(hits_of("frzbl"), "");
}

static void classes_expand_in_patterns(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, 1000);
    assert_int_equal(lexicon_expand(lex, lexicon_find(lex, "hello"), LANG_FR, &out), FAQD_OK);
    assert_string_equal(str_text(&out), "(?:bonjour|salut)");
    str_reset(&out);
    assert_int_equal(lexicon_expand(lex, lexicon_find(lex, "place"), LANG_EN, &out), FAQD_OK); /* all of a type */
    assert_string_equal(str_text(&out), "(?:balcon(y|ies)|gardens?)");
    str_reset(&out);
    assert_int_equal(lexicon_expand(lex, lexicon_find(lex, "smell"), LANG_EN, &out), FAQD_OK);
    assert_string_equal(str_text(&out), "(?:smell\\w*|stinks?|odou?rs?)");
    str_free(&out);
}

static void shorthand_and_mends(void **state)
{
    (void)state;
    enum lang lang = LANG_EN;
    assert_string_equal(lexicon_shorthand(lex, table_hash("koi", 3), &lang), "quoi");
    assert_int_equal(lang, LANG_FR);
    assert_string_equal(lexicon_shorthand(lex, table_hash("u", 1), &lang), "you");
    assert_int_equal(lang, LANG_EN);
    assert_null(lexicon_shorthand(lex, table_hash("quoi", 4), &lang));
    assert_string_equal(lexicon_mend(lex, "compsot", 7), "compost");
    assert_string_equal(lexicon_mend(lex, "cofee", 5), "coffee");
    assert_null(lexicon_mend(lex, "xylophone", 9));
}

/* ---------------------------------------------------------------------------------------------- bad ones ---- */

static void bad_lexicons_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json, *complaint;
    } cases[] = {
        {"[]", "lexicon.json: must be an object"},
        {"{\"clases\": {}}", "unknown key \"clases\"; did you mean \"classes\"?"},
        {"{\"classes\": []}", "classes: must be an object"},
        {"{\"classes\": {\"a\": {\"de\": []}}}", "classes.a: unknown key \"de\""},
        {"{\"classes\": {\"A b\": {\"fr\": []}}}", "classes.A b: an id is [a-z0-9_]+"},
        {"{\"classes\": {\"a\": {\"fr\": \"x\"}}}", "classes.a: \"fr\" must be a list"},
        {"{\"classes\": {\"a\": {\"fr\": [\"été\"]}}}", "classes.a.fr[0]: must be a folded text"},
        {"{\"classes\": {\"a\": {\"fr\": [\"x\", \"a(b\"]}}}", "classes.a.fr[1]: \"a(b\": a ( is not closed"},
        {"{\"classes\": {\"a\": {\"fr\": [\"a b*\"]}}}", "classes.a.fr[0]: \"a b*\": * may stand only"},
        {"{\"classes\": {\"a\": {\"fr\": [\"ab*\"]}}}", "classes.a.fr[0]: \"ab*\": a stem needs three letters"},
        {"{\"classes\": {\"a\": {\"fr\": [\"a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?x\"]}}}",
         "classes.a.fr[0]: \"a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?x\": it stands for more than"},
        {"{\"classes\": {\"a\": {\"fr\": [3]}}}", "classes.a.fr[0]: must be a folded text"},
        {"{\"classes\": {\"unknown\": {\"fr\": []}}}", "classes.unknown: there is a class or entity type of this name"},
        {"{\"classes\": {\"t\": {}}, \"entities\": {\"t\": {}}}", "entities.t: there is a class or entity type"},
        {"{\"entities\": {\"t\": {\"e\": {}}}}", "entities.t.e.name: must be an object"},
        {"{\"entities\": {\"t\": {\"e\": {\"name\": {\"fr\": \"x\"}}}}}", "entities.t.e.name: \"en\" is missing"},
        {"{\"entities\": {\"t\": {\"e\": {\"name\": {\"fr\": \"\", \"en\": \"x\"}}}}}",
         "entities.t.e.name: \"fr\" is empty"},
        {"{\"entities\": {\"t\": {\"e\": {\"name\": {\"fr\": \"a\\u001b[31mb\", \"en\": \"x\"}}}}}",
         "entities.t.e.name"},
        {"{\"entities\": {\"t\": {\"e\": {\"name\": {\"fr\": \"a\\u202eb\", \"en\": \"x\"}}}}}", "entities.t.e.name"},
        {"{\"entities\": {\"t\": {\"e\": {\"outside\": 1, \"name\": {}}}}}",
         "entities.t.e: \"outside\" must be true or false"},
        {"{\"function\": {\"de\": []}}", "function.de: the languages are fr and en"},
        {"{\"function\": {\"fr\": {}}}", "function.fr: must be a list"},
        {"{\"neutral\": {\"fr\": [\"deux-mots\"]}}", "neutral.fr[0]: must be folded words"},
        {"{\"neutral\": {\"fr\": [\"x\", \"É\"]}}", "neutral.fr[1]: must be folded words"},
        {"{\"foreign\": {\"fr\": [\"É\"]}}", "foreign.fr[0]: must be a folded text"},
        {"{\"shorthand\": {\"fr\": {\"a b\": \"c\"}}}", "shorthand.fr.a b: shorthand is one folded word"},
        {"{\"shorthand\": {\"fr\": {\"a\": \"C\"}}}", "shorthand.fr.a: shorthand is one folded word"},
        {"{\"other_languages\": {\"de\": \"ich\"}}", "other_languages.de: must be a list"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena own = {0};
        struct err err = {0};
        struct lexicon *bad = (struct lexicon *)&own; /* must be set to NULL */
        char line[ERR_LINE_MAX];
        write_text(temp_path("lexicon.json"), cases[i].json);
        int rc = load_lexicon(temp_dir(), &own, &err, &bad);
        if (rc == FAQD_OK)
            print_error("%s was taken\n", cases[i].json);
        assert_int_not_equal(rc, FAQD_OK);
        assert_null(bad);
        assert_int_equal(err.code, rc);
        if (!strstr(err_line(&err, line, sizeof(line)), cases[i].complaint) || !strstr(line, "lexicon.json: "))
            fail_msg("%s: %s", cases[i].json, line);
        arena_free(&own);
    }
}

static void an_empty_lexicon_knows_nothing(void **state)
{
    (void)state;
    struct arena own = {0};
    struct err err = {0};
    struct lexicon *empty = NULL;
    write_text(temp_path("lexicon.json"), "{}");
    assert_int_equal(load_lexicon(temp_dir(), &own, &err, &empty), FAQD_OK);
    assert_int_equal(lexicon_ready(empty), FAQD_OK);
    uint32_t id = 0;
    assert_int_equal(lexicon_roles(empty, "seance", 6, table_hash("seance", 6), &id), 0);
    assert_int_equal(id, UINT32_MAX);
    assert_null(lexicon_mend(empty, "seance", 6));
    lexicon_free(empty);
    arena_free(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_are_found_by_name),
        cmocka_unit_test(words_have_roles),
        cmocka_unit_test(phrases_hit_symbols),
        cmocka_unit_test(classes_expand_in_patterns),
        cmocka_unit_test(shorthand_and_mends),
        cmocka_unit_test(bad_lexicons_are_refused),
        cmocka_unit_test(an_empty_lexicon_knows_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
