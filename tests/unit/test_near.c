/* SPDX-License-Identifier: MIT
 *
 * test_near.c - how far apart words are (compared with a plain definition of the distance), which name was meant, and
 * which word of a vocabulary a misspelt one is mended to.
 */
#include "support.h"

#include "near.h"
#include "spell.h"

#include <stdlib.h>
#include <string.h>

static int distance(const char *a, const char *b, int limit)
{
    return near_distance(a, strlen(a), b, strlen(b), limit);
}

static void counts_edits(void **state)
{
    (void)state;
    assert_int_equal(distance("seance", "seance", 2), 0);
    assert_int_equal(distance("seance", "seence", 2), 1);
    assert_int_equal(distance("seance", "sance", 2), 1);
    assert_int_equal(distance("seance", "seances", 2), 1);
    assert_int_equal(distance("seance", "saence", 2), 1); /* neighbours swapped */
    assert_int_equal(distance("seance", "ecnaes", 2), 3); /* more than the limit: limit + 1 */
    assert_int_equal(distance("", "ab", 2), 2);
    assert_int_equal(distance("", "abc", 2), 3);
    assert_int_equal(distance("a", "b", 0), 1);
    assert_int_equal(distance("abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnopqrstuvwxyz012354", 2), 1); /* 32 */
    assert_int_equal(distance("abcdefghijklmnopqrstuvwxyz012345", "zabcdefghijklmnopqrstuvwxyz01234", 2), 2);
    assert_int_equal(distance("abcdefghijklmnopqrstuvwxyz012345", "zabcdefghijklmnopqrstuvwxyz0123", 2), 3);
    assert_int_equal(distance("this word is far too long to be near", "this word is far too long to be near", 2), 3);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The definition, without limits or care for speed. */
static int plain_distance(const char *a, size_t n, const char *b, size_t m)
{
    if (!n || !m)
        return (int)(n + m);
    int best = plain_distance(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
    best = least(best, plain_distance(a, n - 1, b, m) + 1);
    best = least(best, plain_distance(a, n, b, m - 1) + 1);
    if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1])
        best = least(best, plain_distance(a, n - 2, b, m - 2) + 1);
    return best;
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    struct random r = {4};
    for (int i = 0; i < 3000; i++) {
        char a[8];
        char b[8];
        size_t n = random_below(&r, 7);
        size_t m = random_below(&r, 7);
        for (size_t k = 0; k < n; k++)
            a[k] = (char)('a' + random_below(&r, 3));
        for (size_t k = 0; k < m; k++)
            b[k] = (char)('a' + random_below(&r, 3));
        int limit = (int)random_below(&r, 4);
        int plain = plain_distance(a, n, b, m);
        assert_int_equal(near_distance(a, n, b, m, limit), plain <= limit ? plain : limit + 1);
    }
}

static void names_the_nearest(void **state)
{
    (void)state;
    const char *const names[] = {"patterns", NULL, "ask", "not", "statements"};
    assert_string_equal(near_name("pattern", names, 5), "patterns");
    assert_string_equal(near_name("statment", names, 5), "statements");
    assert_string_equal(near_name("aks", names, 5), "ask");
    assert_string_equal(near_name("nott", names, 5), "not");
    assert_null(near_name("zzz", names, 5));
    assert_null(near_name("", names, 5));
    assert_null(near_name("a", NULL, 0));
    assert_string_equal(near_name("ask", names, 5), "ask");
}

/* ------------------------------------------------------------------------------------------------ spell ---- */

#define WORD(text, subject)                                                                                            \
    {                                                                                                                  \
        text, sizeof(text) - 1, subject                                                                                \
    }

static const struct spell_word words[] = {
    WORD("seance", 1),       WORD("seances", 1),    WORD("cellulite", 1), WORD("comment", 0), WORD("commend", 1),
    WORD("douleur", 1),      WORD("vergetures", 1), WORD("maison", 0),    WORD("saison", 0),  WORD("prix", 1),
    WORD("hyaluronique", 1), WORD("notamment", 0),  WORD("chats", 1),     WORD("chars", 1),
};

static const char *mended(const struct spell *spell, const char *word)
{
    const char *nearest = spell_nearest(spell, word, strlen(word));
    return nearest ? nearest : "-";
}

static void mends_typos(void **state)
{
    (void)state;
    struct spell *spell = NULL;
    assert_int_equal(spell_new(words, sizeof(words) / sizeof(words[0]), &spell), FAQD_OK);
    assert_string_equal(mended(spell, "seence"), "seance");
    assert_string_equal(mended(spell, "seancs"), "seance"); /* of two at the same distance the one of the same length */
    assert_string_equal(mended(spell, "celullite"), "cellulite");
    assert_string_equal(mended(spell, "celulitte"), "cellulite"); /* two edits, from nine letters on */
    assert_string_equal(mended(spell, "hialuronik"), "-");        /* too far */
    assert_string_equal(mended(spell, "hyaluroniqe"), "hyaluronique");
    assert_string_equal(mended(spell, "notemmant"), "-"); /* two edits only towards a subject */
    assert_string_equal(mended(spell, "prx"), "-");       /* too short to be sure of */
    assert_string_equal(mended(spell, "prixx"), "prix");
    assert_string_equal(mended(spell, "aison"), "-"); /* maison or saison: nothing tells */
    assert_string_equal(mended(spell, "chazs"), "-");
    assert_string_equal(mended(spell, "commenf"), "commend"); /* words that name a subject come first */
    assert_string_equal(mended(spell, ""), "-");
    assert_string_equal(mended(spell, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "-");
    spell_free(spell);
    spell_free(NULL);
}

static void an_empty_vocabulary_mends_nothing(void **state)
{
    (void)state;
    struct spell *spell = NULL;
    assert_int_equal(spell_new(words, 0, &spell), FAQD_OK);
    assert_string_equal(mended(spell, "seence"), "-");
    spell_free(spell);
}

/* Every word of five letters or more is found from each of its one-letter misspellings, unless another is as near. */
static void finds_every_single_typo(void **state)
{
    (void)state;
    struct spell *spell = NULL;
    struct random r = {11};
    spell_new(words, sizeof(words) / sizeof(words[0]), &spell);
    for (int i = 0; i < 5000; i++) {
        const struct spell_word *word = &words[random_below(&r, sizeof(words) / sizeof(words[0]))];
        char typo[64];
        size_t at = random_below(&r, word->len);
        memcpy(typo, word->text, word->len + 1u);
        switch (random_below(&r, 3)) {
        case 0: typo[at] = (char)('a' + random_below(&r, 26)); break;
        case 1: memmove(typo + at, typo + at + 1, word->len - at); break;
        default: memmove(typo + at + 1, typo + at, word->len - at + 1u); typo[at] = (char)('a' + random_below(&r, 26));
        }
        size_t len = strlen(typo);
        const char *found = spell_nearest(spell, typo, len);
        int nearest = 99;
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
            nearest = least(nearest, near_distance(typo, len, words[w].text, words[w].len, 2));
        if (found)
            assert_int_equal(near_distance(typo, len, found, strlen(found), 2), nearest);
        else
            assert_true(len < SPELL_ONE_FROM || nearest > 0);
    }
    spell_free(spell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_edits),
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(names_the_nearest),
        cmocka_unit_test(mends_typos),
        cmocka_unit_test(an_empty_vocabulary_mends_nothing),
        cmocka_unit_test(finds_every_single_typo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
