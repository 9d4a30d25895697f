/* SPDX-License-Identifier: MIT
 *
 * program.h - a pattern's term as steps over whole words, so that finding it needs no PCRE2.
 *
 * Nearly all terms say which words stand beside each other: words, beginnings of words, classes, gaps, options. Such a
 * term becomes a short program for search.c, a backtracking machine that takes the same ways in the same order as PCRE2
 * would over the text, word by word instead of letter by letter. program_compile translates only what it can translate
 * exactly; any other term stays PCRE2's.
 *
 * On the way it notes what every match needs: groups of words, parts of words and symbols of which at least one stands
 * there, for the index. Where nothing can be read off the group is left out: it never guesses.
 */
#ifndef FAQD_PROGRAM_H
#define FAQD_PROGRAM_H

#include "lexicon.h"
#include "regex.h"
#include "sparse.h"
#include "table.h"

#define PROGRAM_STEPS_MAX 4096 /* numbers that a program may have */
#define PROGRAM_NEEDS_MAX 512  /* numbers that its needs may have */
#define PROGRAM_GROUPS_MAX 4   /* named groups */

/* A step is one number, the operation in its low 8 bits and an operand above them; some have more numbers behind. The
 * place in the window is before a word (B) or behind one (E): each step leads from one kind to another. */
enum step {
    STEP_MATCH,
    STEP_WORD,      /* B-E: the word has the number `operand` */
    STEP_SET,       /* B-E: its number is in the set `operand` */
    STEP_STEM,      /* B-E: it begins with the letters behind, `operand` / 2 of them; odd: and is longer */
    STEP_LIKE,      /* B-E: it is like one of the words with signs behind, `operand` bytes: how long each is, then it */
    STEP_ANY,       /* B-E: any word */
    STEP_UNKNOWN,   /* B-E: one of no vocabulary */
    STEP_NUMBER,    /* B-E: digits */
    STEP_SYMBOL,    /* B-E: a name of this symbol, which may be several words */
    STEP_SPACE,     /* E-B: there is a next word in this sentence */
    STEP_BEGIN,     /* at the beginning of a sentence */
    STEP_END,       /* at its end */
    STEP_FORK,      /* go on; if that fails, at `operand` */
    STEP_SKIP,      /* go on at `operand`; if that fails, here */
    STEP_JUMP,      /* go on at `operand` */
    STEP_GAP,       /* B-B: over number-behind >> 16 to & 0xffff words of this sentence; operand 1: few first */
    STEP_DOTS,      /* .* and .+: operand bits DOTS_ */
    STEP_OPEN,      /* a named group begins */
    STEP_CLOSE,     /* it ends */
    STEP_AHEAD,     /* what is behind, up to its STEP_MATCH, must match here; go on at `operand` */
    STEP_NOT_AHEAD, /* must not */
    STEP_ATOMIC     /* the first way through what is behind, up to its STEP_MATCH; go on at `operand` */
};
enum { DOTS_FROM_END = 1, DOTS_TO_END = 2, DOTS_SOME = 4, DOTS_LAZY = 8 };

/* Before its steps a program has two numbers: which words a match may begin with, as the low and the high half of a
 * mask of their classes. */
#define PROGRAM_HEAD 2
#define WORD_CLASS(number) ((number)&63u) /* TABLE_NONE, a word of no program, is in the last one with others */

/* Signs of words that stand for more than themselves: any letters, one letter or more; a digit. */
#define SIGN_MORE '*'                     /* \w* */
#define SIGN_LONGER '+'                   /* \w+ */
#define SIGN_DIGIT '%'                    /* \d */
static inline int sign_is_open(char sign) /* it stands for any number of letters */
{
    return sign == SIGN_MORE || sign == SIGN_LONGER;
}

#define STEP(op, operand) ((uint32_t)(op) | (uint32_t)(operand) << 8)
#define STEP_OP(number) ((enum step)((number)&0xff))
#define STEP_OPERAND(number) ((number) >> 8)
#define STEP_OPERAND_MAX 0xffffffu

/* What a match may need: a word, by the lexicon's number (a set of words is one of plain numbers); a part of a word; a
 * symbol, also where it is hidden by a longer name; a symbol where it is what is meant. Which one below. */
enum need_kind { NEED_WORD, NEED_PART, NEED_SYMBOL, NEED_NAMED };
#define NEED_KINDS 4
#define NEED(kind, id) ((uint32_t)(kind) << 30 | (id))
#define NEED_KIND(need) ((enum need_kind)((need) >> 30))
#define NEED_ID(need) ((need)&0x3fffffff)

/* Letters that a word begins with, ends with, or has anywhere. Words of no vocabulary begin with a _, so that no stem
 * is theirs. A longer part goes by its first letters, a suffix by its last ones; then a word may have it and not be
 * meant. With these bounds a word has at most WORD_PARTS_MAX. */
enum part_kind { PART_STEM, PART_SUFFIX, PART_INFIX };
#define PART_KINDS 3
#define PART_STEM_MAX 63
#define PART_INSIDE_MAX 16 /* of suffixes and infixes: they are looked for at each letter */
/* In the 63 letters that question_words.c reads: 63 stems, 16 suffixes, 63 * 16 infixes, and some room. */
#define WORD_PARTS_MAX 1152
static inline size_t part_letters_max(enum part_kind kind)
{
    return kind == PART_STEM ? PART_STEM_MAX : PART_INSIDE_MAX;
}

/* What the terms of a pack have in common: parts of words, numbered from 0, and sets of needs, one of each, though a
 * hundred thousand patterns begin with "(le |la |les )?". A set goes by its place in `sets`: how many, then they.
 * Filled by one thread, read by many. */
#define LITERALS_FIRST(letter) ((uint64_t)1 << ((unsigned char)(letter)&63))
struct literals {
    struct table parts;           /* hash of the kind and the letters -> number */
    uint64_t lengths[PART_KINDS]; /* bit n: there is a part of n letters */
    uint64_t firsts;              /* LITERALS_FIRST of the letters that suffixes and infixes begin with */
    uint32_t *sets;
    size_t n_sets;                   /* numbers in it */
    struct table set_ids;            /* hash of what is in it -> set; empty once the pack is loaded */
    struct sparse_block *with_parts; /* words that have parts */
    size_t n_words;                  /* those from here on have none */
    uint32_t *part_starts;           /* by place of a word among them: where in part_lists its parts are, and where */
    size_t n_part_starts;            /* the last one's end */
    uint32_t *part_lists;
};
/* The number of a part, entered if it is new; the set of these needs. TABLE_NONE: out of memory. */
uint32_t literals_part(struct literals *literals, enum part_kind kind, const char *letters, size_t len);
uint32_t literals_set(struct literals *literals, const uint32_t *needs, size_t n);
/* After the last term, while the lexicon is loading: list the parts that each word has. FAQD_OK or FAQD_ENOMEM. */
int literals_ready(struct literals *literals, const struct lexicon *lexicon);
/* The parts that a word has, perhaps some of them twice; how many. It is `known`: of some vocabulary. */
size_t literals_parts(const struct literals *literals, const char *word, size_t len, int known,
                      uint32_t parts[WORD_PARTS_MAX]);
/* Are there any that words of no vocabulary may have? */
static inline int literals_inside(const struct literals *literals)
{
    return literals->firsts != 0;
}
void literals_free(struct literals *literals);

struct program {
    uint32_t steps[PROGRAM_STEPS_MAX];
    size_t n_steps;
    uint32_t needs[PROGRAM_NEEDS_MAX]; /* sets, one member of each of which must stand there */
    size_t n_needs;
    int decided; /* it matches just where a member of its only set stands */
    size_t n_groups;
    uint32_t group_types[PROGRAM_GROUPS_MAX]; /* entity types that the named groups stand for */
};

struct program_compiler; /* memory for compiling, used for one term after the other */
/* NULL: out of memory. The lexicon numbers the words. */
struct program_compiler *program_compiler_new(struct lexicon *lexicon, struct literals *literals);
void program_compiler_free(struct program_compiler *compiler); /* takes NULL */

/* FAQD_OK with *out, which is the compiler's until the next call; FAQD_DECLINED: it is nothing for a program, or is
 * wrong; FAQD_ENOMEM. */
int program_compile(struct program_compiler *compiler, const char *text, enum lang lang, const struct program **out);

#endif
