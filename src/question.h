/* SPDX-License-Identifier: MIT
 *
 * question.h - a message, read: words with their places, language, corrections, and what the lexicon knows of them.
 *
 * Reading never fails for bad bytes and allocates nothing: a struct question is large (540 KiB) and belongs to a
 * worker, which reads one message after the other into it. Pointers into it are valid until the next question_read.
 *
 * Words are grouped into windows: a window is a sentence, or a part of at most 64 words of a longer one (parts overlap
 * by 16 words so that nothing is cut in two). Patterns see one window at a time; sets of words of a window are 64-bit
 * masks.
 */
#ifndef FAQD_QUESTION_H
#define FAQD_QUESTION_H

#include "lexicon.h"

#include <stddef.h>
#include <stdint.h>

#define QUESTION_BYTES_MAX 4096 /* longer messages are not read: FAQD_ELIMIT */
#define QUESTION_WORDS_MAX 1024
#define QUESTION_TEXT_MAX (QUESTION_BYTES_MAX * 4)
#define QUESTION_HITS_MAX 16384                 /* 16 for each word; most have none to three */
#define QUESTION_WINDOWS_MAX QUESTION_WORDS_MAX /* every word a sentence */
#define QUESTION_CORRECTIONS_MAX 16
/* Words in no vocabulary that are compared with it: 10 to 20 us each in a large one. */
#define QUESTION_MEASURED_MAX 32
#define WINDOW_WORDS 64
#define WINDOW_OVERLAP 16

struct word {         /* all that matching reads of one, two in a line of the cache */
    const char *text; /* folded and mended, in the question's own text; not terminated */
    uint16_t len;
    uint16_t sentence;
    uint32_t roles;     /* WORD_ bits of the lexicon; 0: in no vocabulary */
    uint32_t id;        /* its number in the lexicon */
    uint16_t from, to;  /* bytes in the message that it was read from: [from, to) */
    uint16_t at;        /* where it begins in the question's text, its '_' included */
    uint16_t first_hit; /* the first hit that begins here or behind it */
};

struct hit { /* a symbol that stands at `count` words from `word` on */
    uint32_t symbol;
    uint32_t type;         /* of an entity; SYMBOL_NONE: it is none */
    uint32_t order[LANGS]; /* of two names of a symbol, the one that the lexicon has first has the lower one */
    uint16_t word;
    uint8_t count;
    uint8_t langs;   /* mask: the languages whose forms say so */
    uint8_t kind;    /* enum symbol_kind */
    uint8_t outside; /* as in struct symbol, */
    uint8_t subject; /* too */
    uint8_t negated;
    uint8_t hidden;    /* part of a longer name of the same type, which is what is meant */
    uint16_t previous; /* how many hits back the entity before this one is; 0: there is none. For entities */
};

struct window {
    uint16_t first;
    uint16_t count; /* at most WINDOW_WORDS */
    uint32_t from;  /* its text: question.text[from, to) */
    uint32_t to;
};

struct correction { /* word `word` was read as `to` */
    const char *from;
    const char *to;
};

struct question { /* what most messages need of it lies in few pages: the beginnings of its lists */
    size_t n_words, n_windows, n_hits, n_corrections;
    size_t text_len, spare_len;
    enum lang lang;
    int lang_sure;                             /* 0: a guess */
    const char *lang_reason;                   /* a constant text */
    int third_language;                        /* it is in neither French nor English */
    struct word words[QUESTION_WORDS_MAX + 1]; /* of the one behind the last only `at` and `first_hit` are set */
    struct window windows[QUESTION_WINDOWS_MAX];
    struct hit hits[QUESTION_HITS_MAX];
    struct correction corrections[QUESTION_CORRECTIONS_MAX];
    char text[QUESTION_TEXT_MAX]; /* what patterns match: words joined by ' ', sentences by '\n'; words of no vocabulary
                                     begin with '_' */
    char spare[QUESTION_TEXT_MAX]; /* texts of words and corrections */
};

/* An empty one, as pages of its own: most of what a message at the limits takes is never touched, and so never in
 * memory. From malloc it could be what loading a pack has left behind, which is. NULL: out of memory. */
struct question *question_new(void);
void question_free(struct question *q); /* takes NULL */

/* Read a message. lang < 0: find the language out; `likely` is the one to take where the words do not tell.
 * FAQD_OK, FAQD_ELIMIT (too long or too many words; *q is empty then). */
int question_read(struct question *q, const struct lexicon *lexicon, const char *message, size_t len, int lang,
                  enum lang likely);

/* The window over a whole short message: all sentences as one; count 0 if it is longer than a window. */
struct window question_whole(const struct question *q);

#endif
