/* SPDX-License-Identifier: MIT
 *
 * test_program.c - parts of patterns as programs: what becomes one, what stays PCRE2's, and that each finds the words
 * that PCRE2 finds. test_index.c does the same with random patterns; here are the corners that were thought of.
 */
#include "support.h"

#include "index.h"
#include "match.h"

#include <stdio.h>
#include <string.h>

static struct pack *pack;

/* The lexicon as if the pack were still being loaded, with these words known. */
static void begin_again(const char *words)
{
    struct err err = {0};
    lexicon_free(pack->lexicon);
    assert_int_equal(load_lexicon(SMALL_PACK, &pack->arena, &err, &pack->lexicon), FAQD_OK);
    for (const char *s = words; *s; s += strcspn(s, " ") + (s[strcspn(s, " ")] == ' '))
        if (*s != ' ') /* known, or it would begin with a _ */
            assert_int_equal(lexicon_learn(pack->lexicon, s, strcspn(s, " "), 0, LANG_EN), FAQD_OK);
}

static const struct program *compiled_for(const char *text, const char *question)
{
    static struct program_compiler *compiler;
    const struct program *program = NULL;
    begin_again(question);
    program_compiler_free(compiler);
    compiler = program_compiler_new(pack->lexicon, &pack->literals);
    assert_non_null(compiler);
    int rc = program_compile(compiler, text, LANG_EN, &program);
    assert_true(rc == FAQD_OK || rc == FAQD_DECLINED);
    return rc == FAQD_OK ? program : NULL;
}

static const struct program *compiled(const char *text)
{
    return compiled_for(text, "");
}

/* Behind compiled_for. */
static struct question *read_question(const char *text)
{
    static struct question q;
    assert_int_equal(lexicon_ready(pack->lexicon), FAQD_OK);
    assert_int_equal(question_read(&q, pack->lexicon, text, strlen(text), LANG_EN, LANG_EN), FAQD_OK);
    return &q;
}

/* The first match's words as "from-to"; "" for none. */
static const char *found(const char *text, const char *question)
{
    static char span[32];
    struct search_window window;
    struct search_match match;
    const struct program *program = compiled_for(text, question);
    if (!program)
        return "declined";
    const struct question *q = read_question(question);
    search_prepare(&window, &pack->literals, q, &q->windows[0], LANG_EN);
    enum pattern_result result = search_find(&window, program->steps, 0, &match);
    assert_int_not_equal(result, PATTERN_OVER_LIMIT);
    if (result != PATTERN_YES)
        return "";
    snprintf(span, sizeof(span), "%d-%d", match.words.from, match.words.to);
    return span;
}

static void ways_are_tried_in_order(void **state)
{
    (void)state;
    assert_string_equal(found("qa|qa qb", "qx qa qb"), "1-2");
    assert_string_equal(found("qa qb|qa", "qx qa qb"), "1-3");
    assert_string_equal(found("qa( qb)?", "qa qb"), "0-2");
    assert_string_equal(found("qa( qb)??", "qa qb"), "0-1");
    assert_string_equal(found("(\\w+ ){0,3}qb", "qb qb qb"), "0-3");
    assert_string_equal(found("(\\w+ ){0,3}?qb", "qb qb qb"), "0-1");
    assert_string_equal(found("(\\w+ ){4}qb", "qb qb qb"), "");
    assert_string_equal(found("qa\\b.*\\bqb", "qa qx qb qb"), "0-4");
    assert_string_equal(found("qa\\b.*?\\bqb", "qa qx qb qb"), "0-3");
    assert_string_equal(found("(qa )*qa qb", "qa qa qb"), "0-3");
    assert_string_equal(found("(qa )*+qa qb", "qa qa qb"), ""); /* possessive: what was taken stays taken */
}

static void words_are_whole(void **state)
{
    (void)state;
    assert_string_equal(found("qas?", "qass qas"), "1-2");
    assert_string_equal(found("qa\\w*", "qb qass"), "1-2");
    assert_string_equal(found("qass\\w+", "qass qassx"), "1-2");
    assert_string_equal(found("q[a-c]x", "qdx qbx"), "1-2");
    assert_string_equal(found("\\d+ qa", "12 qa"), "0-2");
    assert_string_equal(found("[0-9]+ qa", "12 qa"), "0-2");
    assert_string_equal(found("(qb|[0-9]+) qa", "q 12 qa"), "1-3");
    assert_string_equal(found("[0-8]+ qa", "12 qa"), "declined");
    assert_string_equal(found("^qa$", "qa qa"), "");
    assert_string_equal(found("^qa$", "qa"), "0-1");
    assert_string_equal(found("qa ?qb", "qaqb"), "0-1");
    assert_string_equal(found("qa ?qb", "qa qb"), "0-2");
}

static void words_may_be_open(void **state)
{
    (void)state;
    assert_string_equal(found("\\w*as", "qass qas"), "1-2");
    assert_string_equal(found("\\w*as\\w*", "qb qass"), "1-2");
    assert_string_equal(found("\\w+as", "as qas"), "1-2");
    assert_string_equal(found("q\\w*s", "q qxsx qxs"), "2-3");
    assert_string_equal(found("qa\\w*xa\\w+", "qaxa qaxaxab qaxab"), "1-2");
    assert_string_equal(found("\\w*(as qb)\\w*", "qas qbx"), "0-2");
    assert_string_equal(found("\\w*(as|bs) q", "qas qx qbs q"), "2-4");
    assert_string_equal(found("\\w*(as( qb| qc)?)\\w*", "qx qas qcx"), "1-3");
    assert_string_equal(found("\\w*\\d+ q", "q a12 q"), "1-3");
    assert_string_equal(found("\\d+\\w*", "q 12a"), "1-2");
    assert_string_equal(found("\\w*(c est|qu est ce|que) qa", "abc est qa"), "0-3");
}

static void dots_go_from_word_to_word(void **state)
{
    (void)state;
    assert_string_equal(found("qa.*qb", "qax qb qbx qb qc"), "0-4"); /* greedy: the farthest one */
    assert_string_equal(found("qa.*qb\\w*", "qax qb qbx qc"), "0-3");
    assert_string_equal(found("qa.*qb", "qaxqb qc"), "0-1");
    assert_string_equal(found("qa.*qb", "qxa qxb"), "");
    assert_string_equal(found("\\w*(qa.*qb)\\w*", "xqaqbx"), "0-1");
    assert_string_equal(found("(qa|xa).*(b|c)", "xaxb qd dc qd"), "0-3");
    assert_string_equal(found("qa\\b.*xb", "qaxb qa qxb"), "1-3");
    assert_string_equal(found("qa.*\\bqb", "qax qx qb"), "0-3");
    assert_string_equal(found("qa.* qb", "qax qb"), "0-2");
    assert_string_equal(found(".*xb qa", "qb qxb qa qb"), "0-3");
}

static void what_lies_ahead_counts(void **state)
{
    (void)state;
    assert_string_equal(found("(?=.*\\bqb\\b).*\\bqa", "qa qb"), "0-1");
    assert_string_equal(found("(?=.*\\bqb\\b).*\\bqa", "qb qa"), "0-2");
    assert_string_equal(found("(?=.*\\bqb\\b).*\\bqa", "qa qa"), "");
    assert_string_equal(found("(?!.*\\bqb\\b)qa", "qa qb"), "");
    assert_string_equal(found("qa\\b(?! qb\\b)", "qa qb qa"), "2-3");
    assert_string_equal(found("(?=.*xb).*qa\\w*", "qax qxbx"), "0-1"); /* within a word */
    assert_string_equal(found("(?!.*xb)qa", "qa qxbx"), "");
}

static void what_words_cannot_say_is_declined(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "(qa)?",
                                        "qa|",
                                        "qa.{0,20} qb",
                                        "(qa) \\1",
                                        "(?i)qa",
                                        "Qa",
                                        "qa-qb",
                                        "(qa",
                                        "qa)",
                                        "[^a]qa",
                                        "qa{2,1}",
                                        "(?<=qa )qb",
                                        "{nothing_known}",
                                        "(?<nothing>qa)",
                                        "( qa)",
                                        "qa(qb|$)c",
                                        "\\Bqa",
                                        "(qa|)+ qb",
                                        "(*COMMIT)qa",
                                        "qa++b",
                                        "\\w*", /* in words, or in another order than theirs: */
                                        "\\w* qa",
                                        "\\w*?qa",
                                        "qa.*?qb",
                                        "qa.+qb",
                                        "qa.*qb.*qc",
                                        "\\w*(ab|b c)",
                                        "\\w*(ab|abc d)\\w*",
                                        "qa.*(qb|qb c)",
                                        "\\d+mg",
                                        "\\w*(?<method>qa)",
                                        "qa( qb)*+$",
                                        "(?:(?:qa )?)*qb"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (compiled(texts[i]))
            fail_msg("\"%s\" became a program", texts[i]);
}

/* Deep and wide: refused, and never a step over the memory of the compiler. */
/* A term that is one word or another needs no search; anything beside it does. */
static void what_the_needs_decide(void **state)
{
    static const struct {
        const char *text;
        int decided;
    } terms[] = {{"qa", 1},
                 {"qas?", 1},
                 {"(?:qa|qb[cd])", 1},
                 {"qabc\\w*", 1},
                 {"qa qb", 0},
                 {"qa( qb)?", 0},
                 {"^qa", 0},
                 {"qa(?= qb\\b)", 0},
                 {"\\w+", 0},
                 {"qabc\\w+", 0},
                 {"(qa )?qb", 0},
                 {"{meso}", 0},
                 {"\\d+", 0},
                 {"(qa|\\d+)", 0},
                 {"\\w*qa", 1},
                 {"\\w*(qa)\\w*", 1},
                 {"\\w*(qa|qb c)\\w*", 0},
                 {"qa\\w*b", 0},
                 {"q\\w*", 1},
                 {"\\w*abcdefghijklmnopq", 0},
                 {"\\w+qa", 0},
                 {"\\w*[qa]\\w*", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        const struct program *program = compiled(terms[i].text);
        if ((program && program->decided) != terms[i].decided)
            fail_msg("\"%s\" is %sdecided", terms[i].text, terms[i].decided ? "not " : "");
    }
}

static void limits_hold(void **state)
{
    (void)state;
    char text[60000];
    size_t at = 0;
    for (int i = 0; i < 200; i++)
        text[at++] = '(';
    text[at] = '\0';
    assert_null(compiled(text));
    at = 0;
    for (int i = 0; i < 3000; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "w%d x%d|", i, i);
    text[at - 1] = '\0';
    assert_null(compiled(text));
    assert_null(compiled("((((qa |qb ){0,60}qa ){0,60}qb ){0,60}qa ){0,60}qb"));
    assert_null(compiled("(qa |qb ){0,1000}qa"));
}

/* Alternatives of which none is a list short enough: what was tried of one is no burden to the next. */
static void wide_alternatives_fit(void **state)
{
    (void)state;
    char text[4096];
    size_t at = 0;
    for (int i = 0; i < 12; i++) {
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s(", i ? "|" : "");
        for (int n = 0; n < 24; n++)
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%cword%d",
                                   n % 12 ? "|"
                                   : n    ? ") or ("
                                          : "",
                                   'a' + i, n);
        text[at++] = ')';
        text[at] = '\0';
    }
    assert_string_equal(found(text, "q lword11 or lword12"), "1-4");
    assert_string_equal(found(text, "q lword11 or kword12"), "");
}

/* What many texts begin with is looked for once. */
static void products_are_not_written_out(void **state)
{
    (void)state;
    static const char *const texts[] = {"((qa|qb|qc) (qd|qe|qf)|qg)", "qx ((qa|qb|qc) (qd|qe|qf)|qg) qy",
                                        "((qa|qb|qc) (qd|qe|qf)|(\\w+ ){2}qg)"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct program *program = compiled(texts[i]);
        assert_non_null(program);
        assert_in_range(program->n_steps, PROGRAM_HEAD + 5, PROGRAM_HEAD + 12);
    }
    assert_string_equal(found("((qa|qb|qc) (qd|qe|qf)|qg)", "qa qb qd"), "1-3");
    assert_string_equal(found("qx ((qa|qb|qc) (qd|qe|qf)|qg) qy", "qx qc qf qy"), "0-4");
    assert_string_equal(found("qx ((qa|qb|qc) (qd|qe|qf)|qa) (qy|qd)", "qx qa qd qd"), "0-4");
    assert_string_equal(found("qx ((qa|qb|qc) (qd|qe|qf)|qa) (qy|qd)", "qx qa qd qa"), "0-3"); /* the other way */
    assert_string_equal(found("((qa|qb|qc) (qd|qe|qf))s?", "qa qds"), "0-2");
}

/* A program that could try ways without end stops, and says so. */
static void a_search_is_bounded(void **state)
{
    (void)state;
    char text[512] = "";
    struct search_window window;
    struct search_match match;
    for (int i = 0; i < 60; i++)
        strcat(text, i ? " qa" : "qa");
    const struct program *program = compiled_for("((qa )*(qa )*(qa )*)*(qa )*qb", text);
    if (!program)
        program = compiled_for("(qa )*(qa )*(qa )*(qa )*(qa )*(qa )*qb", text);
    assert_non_null(program);
    const struct question *q = read_question(text);
    search_prepare(&window, &pack->literals, q, &q->windows[0], LANG_EN);
    assert_int_equal(search_find(&window, program->steps, 0, &match), PATTERN_OVER_LIMIT);
}

static int load(void **state)
{
    (void)state;
    pack = load_pack(SMALL_PACK);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_are_tried_in_order), cmocka_unit_test(words_are_whole),
        cmocka_unit_test(words_may_be_open),       cmocka_unit_test(dots_go_from_word_to_word),
        cmocka_unit_test(what_lies_ahead_counts),  cmocka_unit_test(what_words_cannot_say_is_declined),
        cmocka_unit_test(what_the_needs_decide),   cmocka_unit_test(limits_hold),
        cmocka_unit_test(wide_alternatives_fit),   cmocka_unit_test(products_are_not_written_out),
        cmocka_unit_test(a_search_is_bounded),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
