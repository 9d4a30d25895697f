/* SPDX-License-Identifier: MIT
 *
 * text.h - UTF-8 and folding; pure functions.
 *
 * Folding turns what people type into the letters that patterns are written in: lower case, no accents, compatibility
 * forms resolved (NFKC case folding of utf8proc, marks stripped), œ -> oe, so that NFC, NFD, capitals and missing
 * accents all give the same bytes.
 */
#ifndef FAQD_TEXT_H
#define FAQD_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Decode one code point at s (len > 0 bytes left) into *cp. Returns the bytes it took. Invalid, overlong and surrogate
 * sequences give U+FFFD and take one byte, so that any bytes at all can be walked through. */
size_t text_decode(const char *s, size_t len, uint32_t *cp);

/* 1 if all of it is valid UTF-8. */
int text_valid(const char *s, size_t len);

/* What a code point is for the tokeniser. */
enum text_kind {
    TEXT_NOTHING,    /* marks, zero-width and other ignorable characters: as if they were not there */
    TEXT_WORD,       /* folded to [a-z0-9]+ */
    TEXT_FOREIGN,    /* a letter or digit of another script */
    TEXT_SPACE,      /* space, control characters, symbols */
    TEXT_APOSTROPHE, /* ' and its look-alikes */
    TEXT_STOP,       /* ends a sentence wherever it stands: ? ! ; … line feed */
    TEXT_DOT,        /* ends a sentence if a space or the end follows */
};

#define TEXT_FOLD_MAX 24 /* bytes that one code point can fold to, terminator included; longer ones are cut */

/* Fold one code point into out (terminated; "" unless TEXT_WORD). */
enum text_kind text_fold(uint32_t cp, char out[TEXT_FOLD_MAX]);

/* Fold a whole text as a question's words: [a-z0-9]+ with single spaces, into out of `size` bytes, always terminated
 * and cut at a word's end if it is too long. Returns its length. For labels and names; questions keep their spans and
 * are read by question.c. */
size_t text_fold_words(const char *s, size_t len, char *out, size_t size);

/* Is it a letter of a folded word? How many are, from s on? */
static inline int text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
static inline size_t text_letters(const char *s, const char *end)
{
    const char *from = s;
    while (s < end && text_is_letter(*s))
        s++;
    return (size_t)(s - from);
}

/* 1 if the text may stand in a statement: valid, no control characters, no line breaks, no bidi overrides. */
int text_printable(const char *s, size_t len);

#endif
