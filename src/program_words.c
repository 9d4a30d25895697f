/* SPDX-License-Identifier: MIT
 *
 * program_words.c - the steps that look for lists of texts, and what these need.
 */
#include "program_private.h"

#include "text.h"

#include <string.h>

#define LIKE_LETTERS_MAX 2048

enum word_kind {
    KIND_PLAIN,  /* letters */
    KIND_SINGLE, /* "+", "#", "lum*", "lum+": a step of its own */
    KIND_LIKE    /* "*age", "a*b": one or more for a STEP_LIKE */
};

static enum word_kind kind_of(const char *word, size_t len)
{
    size_t letters = text_letters(word, word + len);
    if (letters == len)
        return KIND_PLAIN;
    return letters + 1 == len && word[letters] != SIGN_DIGIT ? KIND_SINGLE : KIND_LIKE;
}

/* Words with signs, for a STEP_LIKE: how long each is, then its letters. */
struct like {
    char letters[LIKE_LETTERS_MAX];
    size_t len;
};

static void add_like(struct program_compiler *c, struct like *like, const char *word, size_t len)
{
    if (len > UINT8_MAX || like->len + 1 + len > sizeof(like->letters)) {
        program_decline(c);
        return;
    }
    like->letters[like->len++] = (char)len;
    memcpy(like->letters + like->len, word, len);
    like->len += len;
}

/* Letters as they stand behind a step. */
static void emit_letters(struct program_compiler *c, const char *letters, size_t len)
{
    for (size_t i = 0; i < len; i += sizeof(uint32_t)) {
        uint32_t packed = 0;
        memcpy(&packed, letters + i, len - i < sizeof(packed) ? len - i : sizeof(packed));
        program_emit(c, packed);
    }
}

static void emit_like(struct program_compiler *c, const struct like *like)
{
    program_emit(c, STEP(STEP_LIKE, like->len));
    emit_letters(c, like->letters, like->len);
}

static void emit_word(struct program_compiler *c, const char *word, size_t len)
{
    if (kind_of(word, len) == KIND_PLAIN) {
        program_emit(c, STEP(STEP_WORD, program_word(c, word, len)));
    } else if (kind_of(word, len) == KIND_LIKE) {
        struct like like;
        like.len = 0;
        add_like(c, &like, word, len);
        emit_like(c, &like);
    } else if (word[len - 1] == SIGN_NUMBER) {
        program_emit(c, STEP(STEP_NUMBER, 0));
    } else if (len == 1) {
        program_emit(c, STEP(STEP_ANY, 0));
    } else {
        program_emit(c, STEP(STEP_STEM, (len - 1) * 2 + (word[len - 1] == SIGN_LONGER)));
        emit_letters(c, word, len - 1);
    }
}

static void emit_text(struct program_compiler *c, struct text text)
{
    const char *s = texts_letters(c, text);
    const char *end = s + text.len;
    while (s < end) {
        size_t len = *s == ' ' ? 1 : texts_word(s, end);
        if (*s == ' ')
            program_emit(c, STEP(STEP_SPACE, 0));
        else
            emit_word(c, s, len);
        s += len;
    }
}

/* A text of one word that may be tried with others: " ?word ?". */
struct lone {
    const char *word;
    size_t len;
    int lead, tail; /* spaces */
    enum word_kind kind;
};

static int is_lone(const struct program_compiler *c, struct text text, struct lone *out)
{
    const char *s = texts_letters(c, text);
    out->lead = text.len && *s == ' ';
    out->tail = text.len > 1 && s[text.len - 1] == ' ';
    out->word = s + out->lead;
    out->len = text.len - (size_t)out->lead - (size_t)out->tail;
    if (!out->len || memchr(out->word, ' ', out->len))
        return 0;
    out->kind = kind_of(out->word, out->len);
    return out->kind != KIND_SINGLE;
}

/* How many texts from `at` on differ only in one word of a kind: they are tried at once. */
static size_t alike(const struct program_compiler *c, const struct texts *texts, size_t at)
{
    struct lone first;
    struct lone lone;
    size_t n = 0;
    if (!is_lone(c, texts->list[at], &first))
        return 0;
    while (at + n < texts->n && is_lone(c, texts->list[at + n], &lone) && lone.lead == first.lead &&
           lone.tail == first.tail && lone.kind == first.kind)
        n++;
    return n;
}

static void emit_set(struct program_compiler *c, const struct texts *texts, size_t at, size_t n)
{
    uint32_t words[TEXTS_MAX];
    struct lone lone;
    for (size_t i = 0; i < n; i++) {
        is_lone(c, texts->list[at + i], &lone);
        words[i] = program_word(c, lone.word, lone.len);
    }
    program_emit(c, n == 1 ? STEP(STEP_WORD, words[0]) : STEP(STEP_SET, program_set(c, words, n)));
}

static void emit_likes(struct program_compiler *c, const struct texts *texts, size_t at, size_t n)
{
    struct like like;
    struct lone lone;
    like.len = 0;
    for (size_t i = 0; i < n; i++) {
        is_lone(c, texts->list[at + i], &lone);
        add_like(c, &like, lone.word, lone.len);
    }
    emit_like(c, &like);
}

static void emit_alike(struct program_compiler *c, const struct texts *texts, size_t at, size_t n)
{
    struct lone first;
    is_lone(c, texts->list[at], &first);
    if (first.lead)
        program_emit(c, STEP(STEP_SPACE, 0));
    (first.kind == KIND_PLAIN ? emit_set : emit_likes)(c, texts, at, n);
    if (first.tail)
        program_emit(c, STEP(STEP_SPACE, 0));
}

/* What says most of a text. */
struct best {
    int weight; /* 0: nothing does */
    enum need_kind kind;
    enum part_kind part;
    const char *letters;
    size_t len;
};

static void take_better(struct best *best, struct best other)
{
    other.weight = other.weight > 0 ? other.weight : 1;
    if (other.weight > best->weight)
        *best = other;
}

static void weigh_word(struct best *best, const char *word, size_t len)
{
    const char *end = word + len;
    for (const char *s = word; s < end;) {
        size_t n = text_letters(s, end);
        if (n == len)
            take_better(best, (struct best){(int)n * 2, NEED_WORD, PART_STEM, s, n});
        else if (n && s == word)
            take_better(best, (struct best){(int)n * 2 - 3, NEED_PART, PART_STEM, s, n});
        else if (n && s + n == end)
            take_better(best, (struct best){(int)n * 2 - 3, NEED_PART, PART_SUFFIX, s, n});
        else if (n)
            take_better(best, (struct best){(int)n * 2 - 4, NEED_PART, PART_INFIX, s, n});
        s += n ? n : 1;
    }
}

/* The need that says most of one text; 0 in *weight: it has none. */
static uint32_t need_of(struct program_compiler *c, struct text text, int *weight)
{
    const char *s = texts_letters(c, text);
    const char *end = s + text.len;
    struct best best = {0};
    while (s < end) {
        size_t len = *s == ' ' ? 1 : texts_word(s, end);
        if (*s != ' ')
            weigh_word(&best, s, len);
        s += len;
    }
    *weight = best.weight;
    if (!best.weight)
        return 0;
    return best.kind == NEED_WORD ? NEED(NEED_WORD, program_word(c, best.letters, best.len))
                                  : program_part_need(c, best.part, best.letters, best.len);
}

static void note_needs(struct program_compiler *c, const struct texts *texts)
{
    program_begin_group(c);
    for (size_t i = 0; i < texts->n && c->rc == FAQD_OK; i++) {
        int weight = 0;
        uint32_t need = need_of(c, texts->list[i], &weight);
        if (!weight) {
            program_drop_groups(c, c->n_groups - 1);
            return;
        }
        program_add_need(c, need, weight);
    }
}

/* Is the word letters, with any others before or behind them or both, and no more than a part has? */
static int is_part(const char *word, size_t len)
{
    size_t before = *word == SIGN_MORE;
    size_t letters = text_letters(word + before, word + len);
    size_t behind = before + letters < len && word[before + letters] == SIGN_MORE;
    return letters && before + letters + behind == len && letters <= part_letters_max(before ? PART_INFIX : PART_STEM);
}

int texts_decided(const struct program_compiler *c, const struct texts *texts)
{
    if (!texts_are_words(c, texts))
        return 0;
    for (size_t i = 0; i < texts->n; i++) {
        const char *word = texts_letters(c, texts->list[i]);
        if (kind_of(word, texts->list[i].len) != KIND_PLAIN && !is_part(word, texts->list[i].len))
            return 0;
    }
    return 1;
}

enum place texts_emit(struct program_compiler *c, const struct texts *texts, enum place place)
{
    enum place to = texts_lead(c, texts, place);
    uint32_t jumps = 0; /* the jumps to the end, chained through their operands */
    if (to == NOWHERE || !texts_in_order(c, texts))
        program_decline(c);
    for (size_t at = 0; at < texts->n && c->rc == FAQD_OK;) {
        size_t n = alike(c, texts, at);
        int last = at + (n ? n : 1) == texts->n;
        size_t fork = last ? 0 : program_emit(c, STEP(STEP_FORK, 0));
        if (n)
            emit_alike(c, texts, at, n);
        else
            emit_text(c, texts->list[at]);
        if (!last) {
            jumps = (uint32_t)program_emit(c, STEP(STEP_JUMP, jumps));
            program_land(c, fork);
        }
        at += n ? n : 1;
    }
    while (jumps && c->rc == FAQD_OK) {
        uint32_t previous = STEP_OPERAND(c->out.steps[jumps]);
        program_land(c, jumps);
        jumps = previous;
    }
    note_needs(c, texts);
    c->edge = 0;
    return to;
}
