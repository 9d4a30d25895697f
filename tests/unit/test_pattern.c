/* SPDX-License-Identifier: MIT
 *
 * test_pattern.c - the door to PCRE2: whole words, named groups, and limits that hold on hostile patterns and texts.
 */
#include "support.h"

#include "pattern.h"

#include <stdio.h>
#include <string.h>

static struct pattern_scratch *scratch;

static int setup(void **state)
{
    (void)state;
    scratch = pattern_scratch_new();
    assert_non_null(scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pattern_scratch_free(scratch);
    pattern_scratch_free(NULL);
    pattern_free(NULL);
    return 0;
}

static struct pattern *compile(const char *text)
{
    struct err err = {0};
    struct pattern *pattern = NULL;
    if (pattern_new(text, &err, &pattern) != FAQD_OK)
        fail_msg("%s: %s", text, err.text);
    return pattern;
}

static enum pattern_result find(const char *text, const char *subject)
{
    struct pattern *pattern = compile(text);
    struct pattern_span span;
    enum pattern_result result = pattern_find(pattern, scratch, subject, strlen(subject), 0, &span, NULL);
    pattern_free(pattern);
    return result;
}

static void whole_words(void **state)
{
    (void)state;
    assert_int_equal(find("meso", "la meso ca va"), PATTERN_YES);
    assert_int_equal(find("meso", "mesolift"), PATTERN_NO);
    assert_int_equal(find("seances?", "combien de seances"), PATTERN_YES);
    assert_int_equal(find("a|b", "ab"), PATTERN_NO); /* the alternation as a whole is bounded by words */
    assert_int_equal(find("^c est quoi$", "bonjour\nc est quoi\nmerci"), PATTERN_YES);
    assert_int_equal(find("^c est quoi$", "bonjour c est quoi"), PATTERN_NO);
    assert_int_equal(find("a b", "a\nb"), PATTERN_NO);
    assert_int_equal(find("_\\w+", "un _frzbl la"), PATTERN_YES);
}

static void spans_and_starts(void **state)
{
    (void)state;
    struct pattern *pattern = compile("mal");
    struct pattern_span span = {0, 0};
    const char *text = "mal ou mal";
    assert_int_equal(pattern_find(pattern, scratch, text, 10, 0, &span, NULL), PATTERN_YES);
    assert_int_equal(span.from, 0);
    assert_int_equal(span.to, 3);
    assert_int_equal(pattern_find(pattern, scratch, text, 10, 3, &span, NULL), PATTERN_YES);
    assert_int_equal(span.from, 7);
    assert_int_equal(pattern_find(pattern, scratch, text, 10, 8, &span, NULL), PATTERN_NO);
    assert_int_equal(pattern_find(pattern, scratch, text, 10, 10, &span, NULL), PATTERN_NO);
    assert_int_equal(pattern_find(pattern, scratch, text, 0, 0, &span, NULL), PATTERN_NO);
    pattern_free(pattern);
}

static void named_groups(void **state)
{
    (void)state;
    struct pattern *pattern = compile("(?<state>a|b) (?:pour|(?<zone>x)) (c)");
    struct pattern_span span = {0, 0};
    struct pattern_span groups[PATTERN_GROUPS_MAX];
    assert_int_equal(pattern_groups(pattern), 2);
    size_t state_at = strcmp(pattern_group_name(pattern, 0), "state") == 0 ? 0 : 1;
    assert_string_equal(pattern_group_name(pattern, state_at), "state");
    assert_string_equal(pattern_group_name(pattern, 1 - state_at), "zone");
    assert_int_equal(pattern_find(pattern, scratch, "a pour c", 8, 0, &span, groups), PATTERN_YES);
    assert_int_equal(groups[state_at].from, 0);
    assert_int_equal(groups[state_at].to, 1);
    assert_true(groups[1 - state_at].from > groups[1 - state_at].to); /* took no part */
    assert_int_equal(pattern_find(pattern, scratch, "zz b x c", 8, 0, &span, groups), PATTERN_YES);
    assert_int_equal(groups[1 - state_at].from, 5);
    pattern_free(pattern);
    assert_int_equal(pattern_groups(pattern = compile("(a)(b)")), 0);
    pattern_free(pattern);
}

static void bad_patterns_name_the_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"ab(c", "byte 4: "},
        {"a[", "byte "},
        {"*a", "byte "},
        {"a{2,1}", "byte "},
        {"(?<a>x)(?<a>y)", "byte "},
        {"\\C", "byte "},
        {"(*UTF)a", "byte "},
        {"(?P>x)", "byte "},
        {"a)b", "byte "},
        {"\\", "byte "},
        {"(?<=a*)b", "byte "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = {0};
        struct pattern *pattern = (struct pattern *)&err;
        int rc = pattern_new(cases[i].text, &err, &pattern);
        if (rc != FAQD_EINVAL || pattern || strncmp(err.text, cases[i].complaint, strlen(cases[i].complaint)) != 0)
            fail_msg("%s: %d %s", cases[i].text, rc, err.text);
        size_t byte = 0;
        assert_int_equal(sscanf(err.text, "byte %zu", &byte), 1);
        assert_true(byte <= strlen(cases[i].text)); /* a place of the author's own text */
        assert_int_equal(pattern_new(cases[i].text, NULL, &pattern), FAQD_EINVAL);
    }
}

static void limits_of_size(void **state)
{
    (void)state;
    static char text[PATTERN_TEXT_MAX + 2];
    struct err err = {0};
    struct pattern *pattern = NULL;
    memset(text, 'a', PATTERN_TEXT_MAX + 1);
    assert_int_equal(pattern_new(text, &err, &pattern), FAQD_ELIMIT);
    assert_null(pattern);
    err = (struct err){0};
    assert_int_equal(pattern_new("(?<a>a)(?<b>b)(?<c>c)(?<d>d)(?<e>e)", &err, &pattern), FAQD_ELIMIT);
    assert_null(pattern);
    assert_non_null(strstr(err.text, "more than 4 named groups"));
    err = (struct err){0};
    assert_int_not_equal(pattern_new("((a{1,999}){1,999}){1,999}", &err, &pattern), FAQD_OK); /* compiled: gigabytes */
    assert_null(pattern);
}

/* However bad pattern and text are, a search of a window's size ends soon. A match limit of 2,000 at each of some 500
 * places is a few milliseconds; 25 leaves room for a busy machine and is half of what a whole question may take. */
static void hostile_searches_end_soon(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "(a+)+[bc]",
        "(?:a|a){13}[bc]",
        "(\\w+\\s?)*[xy]",
        "(a*)*[bc]",
        "(a|aa)+[bc]",
        "(?:\\w+ )*\\w+ [bc]",
        "(.*)*[xy]",
        "((a{1,20}){1,20})[bc]",
        "(?=(?<g>a+))\\k<g>*[bc]",
        "^(\\w+ ?)+$\\d",
        "(?:(?:(?:a?)*)*)*[bc]",
        "(?R)?a?[bc]",
        "(?<g>\\w+) (?<h>\\w+) \\k<g> \\k<h> \\k<g> [xy]",
    };
    static const char *const pieces[] = {"a", "a ", "ab", "aaaaaaaaaaaaaaa ", "a b ", "xa"};
    char text[513];
    for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
        struct pattern *pattern = compile(patterns[p]);
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
            size_t len = 0;
            while (len + strlen(pieces[i]) < sizeof(text)) {
                memcpy(text + len, pieces[i], strlen(pieces[i]));
                len += strlen(pieces[i]);
            }
            int64_t best = INT64_MAX;
            for (int round = 0; round < 3; round++) {
                struct pattern_span span;
                int64_t from = now_ns();
                pattern_find(pattern, scratch, text, len, 0, &span, NULL);
                int64_t took = now_ns() - from;
                best = took < best ? took : best;
            }
            if (best > 25000000 && !sanitized())
                fail_msg("%s on \"%.20s...\": %.1f ms", patterns[p], text, (double)best / 1e6);
        }
        pattern_free(pattern);
    }
}

static void a_limit_is_no_miss(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(find("(a+)+[bc]", text), PATTERN_OVER_LIMIT);
    assert_int_equal(find("a+", text), PATTERN_YES); /* the scratch is as good as new */
    assert_int_equal(find("b", text), PATTERN_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_words),        cmocka_unit_test(spans_and_starts),
        cmocka_unit_test(named_groups),       cmocka_unit_test(bad_patterns_name_the_byte),
        cmocka_unit_test(limits_of_size),     cmocka_unit_test(hostile_searches_end_soon),
        cmocka_unit_test(a_limit_is_no_miss),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
