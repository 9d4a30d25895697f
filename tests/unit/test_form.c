/* SPDX-License-Identifier: MIT
 *
 * test_form.c - the little language of the lexicon: what a form stands for, how it is written as a regular expression,
 * which words a pattern's text holds. (What a pattern requires is tested with the index, where it must hold.)
 */
#include "support.h"

#include "form.h"
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char phrases[65536];

static int collect(void *user, const char *phrase, size_t len, int stem)
{
    size_t at = strlen(phrases);
    (void)user;
    snprintf(phrases + at, sizeof(phrases) - at, "%s%.*s%s", at ? "," : "", (int)len, phrase, stem ? "*" : "");
    return FAQD_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The phrases in the order of the alphabet: that in which they come is nobody's business. */
static const char *sorted(char *list)
{
    static char out[sizeof(phrases)];
    const char *items[64];
    size_t n = 0;
    for (char *item = strtok(list, ","); item && n < 64; item = strtok(NULL, ","))
        items[n++] = item;
    qsort(items, n, sizeof(items[0]), by_text);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        strcat(strcat(out, i ? "," : ""), items[i]);
    return out;
}

static const char *expanded(const char *form)
{
    const char *why = NULL;
    phrases[0] = '\0';
    int rc = form_expand(form, collect, NULL, &why);
    if (rc == FAQD_OK)
        return sorted(phrases);
    assert_non_null(why);
    return rc == FAQD_ELIMIT ? "LIMIT" : "BAD";
}

static void stands_for_phrases(void **state)
{
    (void)state;
    assert_string_equal(expanded("seance"), "seance");
    assert_string_equal(expanded("seances?"), "seance,seances");
    assert_string_equal(expanded("rendez( |)vous"), "rendez vous,rendezvous");
    assert_string_equal(expanded("(a|b)(c|d)"), "ac,ad,bc,bd");
    assert_string_equal(expanded("peau( d orange)?"), "peau,peau d orange");
    assert_string_equal(expanded("egg ?shell"), "egg shell,eggshell");
    assert_string_equal(expanded("cicatri*"), "cicatri*");
    assert_string_equal(expanded("(cicatri*|scar)"), "cicatri*,scar");
    assert_string_equal(expanded("a((b|c)d)?e"), "abde,acde,ae");
    assert_string_equal(expanded("(a )?b"), "a b,b");
}

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " ",   "a(b",  "a)b",  "(a",  "a|b)",  "é",       "A",
                                      "a.b", "a+",  "[ab]", "a{2}", "\\w", "a*b",   "un mot*", "*",
                                      "?",   "(|)", "()",   "a-b",  "l'a", "(a*)b", "a\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (strcmp(expanded(bad[i]), "BAD") != 0)
            fail_msg("\"%s\" gave %s", bad[i], phrases);
}

static int count(void *user, const char *phrase, size_t len, int stem)
{
    (void)phrase;
    (void)len;
    (void)stem;
    ++*(size_t *)user;
    return FAQD_OK;
}

static void has_limits(void **state)
{
    (void)state;
    char form[FORM_BYTES_MAX + 8];
    for (size_t letters = 1; letters < 26; letters++) { /* 2^letters phrases */
        size_t n = 0;
        for (size_t i = 0; i < letters; i++)
            snprintf(form + 2 * i, 4, "%c?z", (char)('a' + i));
        int rc = form_expand(form, count, &n, NULL);
        int fits = (size_t)1 << letters <= FORM_PHRASES_MAX;
        assert_int_equal(rc, fits ? FAQD_OK : FAQD_ELIMIT);
        assert_true(fits ? n == (size_t)1 << letters : n <= FORM_PHRASES_MAX);
    }
    memset(form, 'a', sizeof(form) - 1);
    form[sizeof(form) - 1] = '\0';
    assert_string_equal(expanded(form), "LIMIT");
    memset(form, '(', sizeof(form) - 1); /* deep nesting ends, too */
    assert_true(strcmp(expanded(form), "BAD") == 0 || strcmp(expanded(form), "LIMIT") == 0);
    form[300] = '\0';
    assert_true(strcmp(expanded(form), "BAD") == 0 || strcmp(expanded(form), "LIMIT") == 0);
}

static int stop(void *user, const char *phrase, size_t len, int stem)
{
    int *calls = user;
    (void)phrase;
    (void)len;
    (void)stem;
    return ++*calls == 2 ? FAQD_ENOMEM : FAQD_OK;
}

static void stops_when_told(void **state)
{
    (void)state;
    int calls = 0;
    assert_int_equal(form_expand("(a|b|c|d)", stop, &calls, NULL), FAQD_ENOMEM);
    assert_int_equal(calls, 2);
}

static int matches(const char *regex, const char *text)
{
    struct pattern *pattern = NULL;
    struct pattern_scratch *scratch = pattern_scratch_new();
    struct pattern_span span = {0, 0};
    assert_int_equal(pattern_new(regex, NULL, &pattern), FAQD_OK);
    int found = pattern_find(pattern, scratch, text, strlen(text), 0, &span, NULL) == PATTERN_YES && span.from == 0 &&
                span.to == strlen(text);
    pattern_free(pattern);
    pattern_scratch_free(scratch);
    return found;
}

/* The regular expression of a form matches each of its phrases whole. */
static void is_a_regular_expression(void **state)
{
    (void)state;
    static const char *const forms[] = {"seances?",   "rendez( |)vous", "(a|b)(c|d)",  "peau( d orange)?",
                                        "egg ?shell", "cicatri*",       "a((b|c)d)?e", "(cicatri*|scar)"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct str regex;
        char list[1024];
        str_init(&regex, 1000);
        form_regex(forms[i], &regex);
        strcpy(list, expanded(forms[i]));
        for (char *phrase = strtok(list, ","); phrase; phrase = strtok(NULL, ",")) {
            char word[100];
            snprintf(word, sizeof(word), "%s", phrase);
            if (word[strlen(word) - 1] == '*')
                strcpy(word + strlen(word) - 1, "sation");
            if (!matches(str_text(&regex), word))
                fail_msg("%s as \"%s\" does not match \"%s\"", forms[i], str_text(&regex), word);
        }
        str_free(&regex);
    }
}

static const char *words(const char *fragment)
{
    phrases[0] = '\0';
    assert_int_equal(form_words(fragment, collect, NULL), FAQD_OK);
    return phrases;
}

static void reads_the_words_of_a_pattern(void **state)
{
    (void)state;
    assert_string_equal(words("a quoi (ca )?sert"), "a,quoi,ca,sert");
    assert_string_equal(words("seances?"), "seances,seance");
    assert_string_equal(words("gonfl\\w*"), "gonfl*");
    assert_non_null(strstr(words("(?:mes|tes) bras"), "bras"));
    assert_null(strstr(words("\\bfoo"), "bfoo"));
    assert_string_equal(words(""), "");
    assert_string_equal(words("\\"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_for_phrases),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(has_limits),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(is_a_regular_expression),
        cmocka_unit_test(reads_the_words_of_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
