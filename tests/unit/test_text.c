/* SPDX-License-Identifier: MIT
 *
 * test_text.c - UTF-8 and folding: however a word is typed, it becomes the same letters; whatever bytes come, nothing
 * breaks.
 */
#include "support.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char *folded(const char *text)
{
    static char out[512];
    text_fold_words(text, strlen(text), out, sizeof(out));
    return out;
}

static void however_it_is_typed(void **state)
{
    (void)state;
    static const char *const groups[][8] = {
        /* NFC, NFD, capitals, full width, without accents */
        {"séance",
         "se\xcc\x81"
         "ance",
         "SÉANCE",
         "S\xcc\x81"
         "e\xcc\x81"
         "ance",
         "seance"},
        {"l’acide hyaluronique", "l'acide hyaluronique", "L`ACIDE  HYALURONIQUE",
         "l\xca\xbc"
         "acide hyaluronique",
         "l acide hyaluronique"},
        {"cœur", "coeur", "CŒUR", "c\xc5\x93ur"},
        {"œdème", "oedeme", "Œdème", "œde\xcc\x80me"},
        {"ça", "ca",
         "c\xcc\xa7"
         "a",
         "Ça"},
        {"naïve", "naive", "nai\xcc\x88ve"},
        {"ｂｏｔｏｘ", "botox", "BOTOX"},
        {"fin\xc2\xad"
         "ance",
         "finance"},                                  /* soft hyphen */
        {"meso\xe2\x80\x8btherapie", "mesotherapie"}, /* zero width space */
        {"meso\xef\xbb\xbftherapie", "mesotherapie"}, /* byte order mark */
        {"ﬁn", "fin"},
        {"x²", "x2"},
        {"Straße", "strasse"},
        {"ĐŁØ", "dlo"},
        {"20 €", "20 euro"},
        {"20€", "20euro"},
        {"a-b_c/d,e", "a b c d e"},
    };
    for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
        char first[512];
        strcpy(first, folded(groups[g][0]));
        for (size_t i = 1; i < 8 && groups[g][i]; i++)
            if (strcmp(first, folded(groups[g][i])) != 0)
                fail_msg("\"%s\" folds to \"%s\", but \"%s\" to \"%s\"", groups[g][0], first, groups[g][i],
                         folded(groups[g][i]));
    }
}

/* All letters with accents that utf8proc can compose: both normal forms fold alike. */
static void both_normal_forms_of_every_letter(void **state)
{
    (void)state;
    for (utf8proc_int32_t cp = 0xa0; cp < 0x2000; cp++) {
        utf8proc_uint8_t bytes[8] = {0};
        if (!utf8proc_codepoint_valid(cp))
            continue;
        utf8proc_encode_char(cp, bytes);
        utf8proc_uint8_t *nfd = utf8proc_NFD(bytes);
        utf8proc_uint8_t *nfc = utf8proc_NFC(bytes);
        char a[64];
        char b[64];
        text_fold_words((char *)nfc, strlen((char *)nfc), a, sizeof(a));
        text_fold_words((char *)nfd, strlen((char *)nfd), b, sizeof(b));
        if (strcmp(a, b) != 0 && cp != 0x387 && cp != 0x37e) /* Greek marks that are other signs in NFC */
            fail_msg("U+%04X folds to \"%s\" as NFC and \"%s\" as NFD", (unsigned)cp, a, b);
        free(nfd);
        free(nfc);
    }
}

static void invalid_bytes_are_walked_through(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len, invalid; /* how many of them stand for themselves as U+FFFD */
    } cases[] = {
        {"\xff", 1, 1},
        {"\x80", 1, 1},
        {"\xc3", 1, 1},             /* cut short */
        {"\xe2\x80", 2, 2},         /* cut short */
        {"\xc0\xaf", 2, 2},         /* overlong / */
        {"\xe0\x80\xaf", 3, 3},     /* overlong / */
        {"\xf0\x80\x80\xaf", 4, 4}, /* overlong / */
        {"\xed\xa0\x80", 3, 3},     /* a surrogate */
        {"\xed\xbf\xbf", 3, 3},
        {"\xf4\x90\x80\x80", 4, 4}, /* beyond U+10FFFF */
        {"\xf8\x88\x80\x80\x80", 5, 5},
        {"a\xff"
         "b",
         3, 1},
        {"\xef\xbf\xbd", 3, 0}, /* U+FFFD itself is valid */
        {"\xf0\x9f\x98\x80", 4, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t invalid = 0;
        for (size_t at = 0; at < cases[i].len;) {
            uint32_t cp = 0;
            size_t took = text_decode(cases[i].bytes + at, cases[i].len - at, &cp);
            assert_in_range(took, 1, cases[i].len - at);
            invalid += cp == 0xfffd && took == 1;
            at += took;
        }
        assert_int_equal(invalid, cases[i].invalid);
        assert_int_equal(text_valid(cases[i].bytes, cases[i].len), cases[i].invalid == 0);
    }
    assert_true(text_valid("", 0));
    assert_true(text_valid("a\0b", 3));
}

/* Random bytes: the same verdict as utf8proc's, and folding never leaves [a-z0-9 ] or its buffer. */
static void random_bytes_agree_with_utf8proc(void **state)
{
    (void)state;
    struct random r = {5};
    for (int i = 0; i < 30000; i++) {
        char bytes[24];
        char out[16];
        size_t len = random_below(&r, sizeof(bytes));
        for (size_t k = 0; k < len; k++)
            bytes[k] = (char)(random_below(&r, 3) ? 0xc0 + random_below(&r, 64) : 0x70 + random_below(&r, 32));
        int valid = 1;
        for (size_t at = 0; at < len && valid;) {
            utf8proc_int32_t cp = 0;
            utf8proc_ssize_t took =
                utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at), &cp);
            valid = took > 0;
            at += took > 0 ? (size_t)took : 0;
        }
        assert_int_equal(text_valid(bytes, len), valid);
        size_t size = 1 + random_below(&r, sizeof(out));
        size_t n = text_fold_words(bytes, len, out, size);
        assert_true(n < size);
        assert_int_equal(strlen(out), n);
        assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789 "), n);
        assert_true(n == 0 || (out[0] != ' ' && out[n - 1] != ' '));
    }
}

static void long_texts_are_cut_at_a_word(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(text_fold_words("abc def ghi", 11, out, 8), 7);
    assert_string_equal(out, "abc def");
    assert_int_equal(text_fold_words("abc defgh", 9, out, 8), 3);
    assert_string_equal(out, "abc");
    assert_int_equal(text_fold_words("abcdefghi", 9, out, 8), 0);
    assert_int_equal(text_fold_words("abc", 3, out, 1), 0);
    assert_string_equal(out, "");
}

static void kinds_of_signs(void **state)
{
    (void)state;
    char out[TEXT_FOLD_MAX];
    static const struct {
        uint32_t cp;
        enum text_kind kind;
    } cases[] = {
        {'a', TEXT_WORD},        {'Z', TEXT_WORD},          {'7', TEXT_WORD},       {0xe9, TEXT_WORD},
        {0x301, TEXT_NOTHING},   {0x200d, TEXT_NOTHING},    {0xfe0f, TEXT_NOTHING}, {0x202e, TEXT_NOTHING},
        {0x3b1, TEXT_FOREIGN},   {0x416, TEXT_FOREIGN},     {0x4e2d, TEXT_FOREIGN}, {0x627, TEXT_FOREIGN},
        {' ', TEXT_SPACE},       {'\t', TEXT_SPACE},        {0, TEXT_SPACE},        {'-', TEXT_SPACE},
        {0x1f600, TEXT_SPACE},   {0xfffd, TEXT_SPACE},      {0xa0, TEXT_SPACE},     {'_', TEXT_SPACE},
        {'\'', TEXT_APOSTROPHE}, {0x2019, TEXT_APOSTROPHE}, {'?', TEXT_STOP},       {0x2026, TEXT_STOP},
        {'\n', TEXT_STOP},       {0xff1f, TEXT_STOP},       {'.', TEXT_DOT},        {0x2028, TEXT_STOP},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum text_kind kind = text_fold(cases[i].cp, out);
        if (kind != cases[i].kind)
            fail_msg("U+%04X is of kind %d, not %d", (unsigned)cases[i].cp, (int)kind, (int)cases[i].kind);
        assert_int_equal(out[0] != '\0', kind == TEXT_WORD);
    }
    for (uint32_t cp = 0; cp <= 0x11ffff; cp++) /* nothing at all overflows or leaves the alphabet */
        if (text_fold(cp, out) == TEXT_WORD && strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(out))
            fail_msg("U+%04X folds to \"%s\"", (unsigned)cp, out);
}

static void what_may_be_shown(void **state)
{
    (void)state;
    static const char *const good[] = {"", "Séance : « oui » – 20 €", "日本語", "a\xc2\xa0z", "\xef\xbf\xbd"};
    static const char *const bad[] = {"a\nb",         "a\rb",     "\x1b[31m",     "a\tb",
                                      "\x7f",         "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6",
                                      "\xe2\x80\xa8", "\xff",     "\xed\xa0\x80", "\xe2\x80\xaa"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_printable(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (text_printable(bad[i], strlen(bad[i])))
            fail_msg("case %zu may be shown", i);
    assert_false(text_printable("a\0b", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_it_is_typed),
        cmocka_unit_test(both_normal_forms_of_every_letter),
        cmocka_unit_test(invalid_bytes_are_walked_through),
        cmocka_unit_test(random_bytes_agree_with_utf8proc),
        cmocka_unit_test(long_texts_are_cut_at_a_word),
        cmocka_unit_test(kinds_of_signs),
        cmocka_unit_test(what_may_be_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
