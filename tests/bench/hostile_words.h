/* SPDX-License-Identifier: MIT
 *
 * hostile_words.h - the words that hostile.c writes with, and filling a text with them. For hostile.c alone.
 */
#ifndef FAQD_HOSTILE_WORDS_H
#define FAQD_HOSTILE_WORDS_H

#include "pack.h"
#include "question.h"
#include "str.h"

#define FULL QUESTION_BYTES_MAX /* as much as is read */
#define LETTERS_MAX 32

struct counted {
    char text[LETTERS_MAX];
    size_t count;
    uint32_t roles;
};

/* The words of the pack's own questions, the commonest first. */
struct making {
    const struct pack *pack;
    struct counted *words;
    size_t n;
    uint64_t random;
};

int hostile_words(struct making *m, const struct pack *pack); /* 0: out of memory; words are freed with free() */

uint64_t hostile_random(struct making *m); /* the same ones each time */
uint32_t hostile_both(uint32_t role);      /* a role's bits in both languages */

/* Add the piece if the text stays within what is read; 0: it would not. */
int hostile_add(struct str *out, const char *piece, size_t len);
void hostile_repeat(struct str *out, const char *piece);

/* Words with one of these roles (0: any), `distinct` of them, again and again, `every` of them a sentence; 0: the text
 * is one sentence. */
void hostile_fill(struct making *m, struct str *out, uint32_t roles, size_t distinct, size_t every);

#endif
