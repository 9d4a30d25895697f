/* SPDX-License-Identifier: MIT
 *
 * spell.c - see spell.h.
 */
#include "spell.h"

#include "faqd_plugin.h"
#include "near.h"

#include <stdlib.h>
#include <string.h>

#define FIRSTS 36 /* a-z and 0-9 */
#define SHELVES (FIRSTS * NEAR_WORD_MAX)

struct spell {
    uint64_t *words;               /* sorted by shelf: the letters of each, and SUBJECT */
    char *texts;                   /* in the same order, terminated: those of a shelf are of one length */
    uint32_t shelves[SHELVES + 1]; /* shelf s is words[shelves[s]] .. words[shelves[s + 1]] */
    uint32_t first_text[SHELVES];  /* of each shelf */
    size_t texts_size;
};

/* A bit a letter: of two words at d edits neither has more than d that the other lacks. */
#define LETTERS (((uint64_t)1 << FIRSTS) - 1)
#define SUBJECT ((uint64_t)1 << FIRSTS)

static unsigned sign(char c)
{
    return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') : c >= '0' && c <= '9' ? (unsigned)(c - '0') + 26 : 0;
}

static size_t shelf_of(char first, size_t len)
{
    return sign(first) * NEAR_WORD_MAX + len;
}

static uint64_t letters_of(const char *word, size_t len)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < len; i++)
        letters |= (uint64_t)1 << sign(word[i]);
    return letters;
}

static int is_kept(const struct spell_word *word)
{
    return word->len >= SPELL_ONE_FROM - 1 && word->len < NEAR_WORD_MAX;
}

/* How many words and letters each shelf is to hold. */
static void measure(struct spell *spell, const struct spell_word *words, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        if (is_kept(&words[i]))
            spell->shelves[shelf_of(words[i].text[0], words[i].len) + 1]++;
    for (size_t s = 0; s < SHELVES; s++) {
        spell->first_text[s] = (uint32_t)bytes;
        bytes += spell->shelves[s + 1] * (s % NEAR_WORD_MAX + 1);
        spell->shelves[s + 1] += spell->shelves[s];
    }
    spell->texts_size = bytes;
}

static char *text_of(const struct spell *spell, size_t shelf, uint32_t word)
{
    return spell->texts + spell->first_text[shelf] + (word - spell->shelves[shelf]) * (shelf % NEAR_WORD_MAX + 1);
}

int spell_new(const struct spell_word *words, size_t n, struct spell **out)
{
    struct spell *spell = calloc(1, sizeof(*spell));
    uint32_t *next = calloc(SHELVES + 1, sizeof(*next));
    *out = NULL;
    if (spell && next) {
        measure(spell, words, n);
        spell->texts = malloc(spell->texts_size + 1);
        spell->words = malloc((spell->shelves[SHELVES] + (size_t)1) * sizeof(*spell->words));
    }
    if (!spell || !next || !spell->texts || !spell->words) {
        free(next);
        spell_free(spell);
        return FAQD_ENOMEM;
    }
    memcpy(next, spell->shelves, SHELVES * sizeof(*next));
    for (size_t i = 0; i < n; i++) {
        const struct spell_word *word = &words[i];
        if (!is_kept(word))
            continue;
        size_t shelf = shelf_of(word->text[0], word->len);
        char *text = text_of(spell, shelf, next[shelf]);
        memcpy(text, word->text, word->len);
        text[word->len] = '\0';
        spell->words[next[shelf]++] = letters_of(word->text, word->len) | (word->subject ? SUBJECT : 0);
    }
    free(next);
    *out = spell;
    return FAQD_OK;
}

void spell_free(struct spell *spell)
{
    if (!spell)
        return;
    free(spell->words);
    free(spell->texts);
    free(spell);
}

struct spell *spell_copy(struct image *image, struct spell *spell)
{
    struct spell *copy = image_copy(image, spell, sizeof(*spell));
    copy->words = image_copy(image, copy->words, copy->shelves[SHELVES] * sizeof(*copy->words));
    copy->texts = image_copy(image, copy->texts, copy->texts_size);
    return copy;
}

struct search {
    const struct spell *spell;
    const char *word;
    size_t len;
    uint64_t letters;
    struct near near; /* the word */
    int limit;        /* edits */
    int cost;         /* of the best so far; see cost_of */
    const char *best;
    int several;
};

#define NO_COST 1000

/* Fewer edits first; then the same first letter, which people rarely get wrong; then words that name a subject; then
 * the same length ("seancs" is seance rather than seances). */
static int cost_of(const struct search *s, const char *text, size_t len, int subject, int limit)
{
    int distance = near_to(&s->near, text, len, limit);
    if (distance > limit)
        return NO_COST;
    return distance * 8 + (s->word[0] != text[0]) * 4 + !subject * 2 + (s->len != len);
}

static int more_than(int limit, uint64_t bits)
{
    for (; limit > 0; limit--)
        bits &= bits - 1;
    return bits != 0;
}

static void look_at_shelf(struct search *s, char first, size_t len)
{
    size_t shelf = shelf_of(first, len);
    for (uint32_t i = s->spell->shelves[shelf]; i < s->spell->shelves[shelf + 1]; i++) {
        uint64_t letters = s->spell->words[i] & LETTERS;
        int subject = (s->spell->words[i] & SUBJECT) != 0;
        int limit = subject ? s->limit : 1;
        if (more_than(limit, letters & ~s->letters) || more_than(limit, s->letters & ~letters))
            continue;
        const char *text = text_of(s->spell, shelf, i);
        int cost = cost_of(s, text, len, subject, limit);
        if (cost < s->cost) {
            s->best = text;
            s->cost = cost;
            s->several = 0;
        } else if (cost == s->cost && cost < NO_COST) {
            s->several = 1;
        }
    }
}

const char *spell_nearest(const struct spell *spell, const char *word, size_t len)
{
    if (len < SPELL_ONE_FROM || len + 2 >= NEAR_WORD_MAX)
        return NULL;
    int limit = len >= SPELL_TWO_FROM ? 2 : 1;
    struct search s;
    s.spell = spell;
    s.word = word;
    s.len = len;
    s.letters = letters_of(word, len);
    s.limit = limit;
    s.cost = NO_COST;
    s.best = NULL;
    s.several = 0;
    near_begin(&s.near, word, len);
    for (size_t n = len - (size_t)limit; n <= len + (size_t)limit; n++) {
        look_at_shelf(&s, word[0], n);
        if (word[1] != word[0])
            look_at_shelf(&s, word[1], n); /* the first letter forgotten, or swapped with the second */
    }
    return s.several ? NULL : s.best;
}
