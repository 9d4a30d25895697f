/* SPDX-License-Identifier: MIT
 *
 * text.c - fuzz target: UTF-8 and folding, against utf8proc and against a decoder written from the table of RFC 3629.
 *
 * Input: any bytes. What must hold:
 *   - text_decode and text_valid agree with both;
 *   - a text, its composed form and its decomposed form fold to the same words, and so does it in capitals;
 *   - what is folded is [a-z0-9]+ with single spaces, and folds to itself;
 *   - a smaller buffer gets the beginning of it, cut between words;
 *   - what counts as printable is valid and has no control characters.
 */
#include "fuzz.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The code point at s by RFC 3629; its length, 0 if there is none. */
static size_t decode_by_table(const unsigned char *s, size_t len, uint32_t *cp)
{
    static const struct {
        unsigned char first, last, low, high; /* of the first byte, and of the second one */
        size_t len;
    } table[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    for (size_t row = 0; row < sizeof(table) / sizeof(table[0]); row++) {
        if (s[0] < table[row].first || s[0] > table[row].last)
            continue;
        if (table[row].len > len || (table[row].len > 1 && (s[1] < table[row].low || s[1] > table[row].high)))
            return 0;
        *cp = s[0] & lead_mask[table[row].len];
        for (size_t i = 1; i < table[row].len; i++) {
            if (i > 1 && (s[i] & 0xc0) != 0x80)
                return 0;
            *cp = *cp << 6 | (s[i] & 0x3f);
        }
        return table[row].len;
    }
    return 0;
}

static int check_decoding(const char *s, size_t len)
{
    int valid = 1;
    for (size_t at = 0; at < len;) {
        uint32_t expected = 0;
        uint32_t got = 0;
        utf8proc_int32_t theirs = 0;
        size_t expected_len = decode_by_table((const unsigned char *)s + at, len - at, &expected);
        size_t got_len = text_decode(s + at, len - at, &got);
        utf8proc_ssize_t their_len =
            utf8proc_iterate((const utf8proc_uint8_t *)s + at, (utf8proc_ssize_t)(len - at), &theirs);
        FUZZ_CHECK((their_len > 0) == (expected_len > 0), "utf8proc and the RFC differ at byte %zu", at);
        if (!expected_len) {
            valid = 0;
            expected = 0xfffd;
            expected_len = 1;
        }
        FUZZ_CHECK(got == expected && got_len == expected_len, "byte %zu: U+%04X of %zu bytes, not U+%04X of %zu", at,
                   got, got_len, expected, expected_len);
        at += got_len;
    }
    FUZZ_CHECK(text_valid(s, len) == valid, "text_valid does not agree");
    return valid;
}

/* Fold into memory of just the size that is told; the caller frees. */
static char *fold(const char *s, size_t len, size_t size)
{
    char *out = malloc(size);
    FUZZ_CHECK(out, "out of memory");
    size_t n = text_fold_words(s, len, out, size);
    FUZZ_CHECK(n < size && strlen(out) == n, "%zu bytes told, %zu there, %zu allowed", n, strlen(out), size);
    for (size_t i = 0; i < n; i++) {
        int space = out[i] == ' ' && i > 0 && i + 1 < n && out[i - 1] != ' ';
        int word = (out[i] >= 'a' && out[i] <= 'z') || (out[i] >= '0' && out[i] <= '9');
        FUZZ_CHECK(space || word, "byte %zu of \"%s\" is not folded", i, out);
    }
    return out;
}

static void check_same(const char *s, size_t len, const char *other, size_t other_len, const char *what)
{
    size_t size = (len > other_len ? len : other_len) * TEXT_FOLD_MAX + 1;
    char *a = fold(s, len, size);
    char *b = fold(other, other_len, size);
    FUZZ_CHECK(strcmp(a, b) == 0, "%s folds differently:\n%s\n%s", what, a, b);
    free(a);
    free(b);
}

static void check_forms(const char *text)
{
    const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)text;
    utf8proc_uint8_t *composed = utf8proc_NFC(s);
    utf8proc_uint8_t *decomposed = utf8proc_NFD(s);
    if (composed && decomposed)
        check_same((char *)composed, strlen((char *)composed), (char *)decomposed, strlen((char *)decomposed),
                   "a decomposed text");
    if (composed)
        check_same(text, strlen(text), (char *)composed, strlen((char *)composed), "a composed text");
    free(composed);
    free(decomposed);
}

static void check_capitals(const char *text)
{
    size_t len = strlen(text);
    char *capitals = malloc(len * 4 + 1);
    size_t n = 0;
    FUZZ_CHECK(capitals, "out of memory");
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        char folded[TEXT_FOLD_MAX];
        at += text_decode(text + at, len - at, &cp);
        int letter = text_fold(cp, folded) == TEXT_WORD; /* of others a mark has a letter for its capital: U+0345 */
        utf8proc_int32_t capital = letter ? utf8proc_toupper((utf8proc_int32_t)cp) : (utf8proc_int32_t)cp;
        n += (size_t)utf8proc_encode_char(capital, (utf8proc_uint8_t *)capitals + n);
    }
    check_same(text, len, capitals, n, "a text in capitals");
    free(capitals);
}

/* A buffer of `size` bytes gets a beginning that ends where a word ends. */
static void check_cut(const char *s, size_t len, const char *whole, size_t size)
{
    char *cut = fold(s, len, size);
    size_t n = strlen(cut);
    FUZZ_CHECK(strncmp(cut, whole, n) == 0 && (!n || whole[n] == ' ' || whole[n] == '\0'), "\"%s\" was cut to \"%s\"",
               whole, cut);
    free(cut);
}

static void check_printable(const char *s, size_t len)
{
    if (!text_printable(s, len))
        return;
    FUZZ_CHECK(text_valid(s, len), "printable and not UTF-8");
    for (size_t i = 0; i < len; i++)
        FUZZ_CHECK((unsigned char)s[i] >= 0x20 && s[i] != 0x7f, "byte %zu is printable", i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *s = (const char *)data;
    int valid = check_decoding(s, size);
    char *whole = fold(s, size, size * TEXT_FOLD_MAX + 1);
    check_same(whole, strlen(whole), s, size, "a folded text");
    check_cut(s, size, whole, size / 2 + 1);
    check_cut(s, size, whole, size ? data[0] % 16u + 1 : 1);
    check_printable(s, size);
    char *text = strndup(s, size);
    FUZZ_CHECK(text, "out of memory");
    if (valid) {
        check_forms(text);
        check_capitals(text);
    }
    free(text);
    free(whole);
    return 0;
}
