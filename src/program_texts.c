/* SPDX-License-Identifier: MIT
 *
 * program_texts.c - lists of texts that parts of a term stand for.
 */
#include "program_private.h"

#include <string.h>

/* Where two texts meet, signs may say the same twice: \w*\w* is \w*, and in \w*\d+ the last digit is enough. The last
 * sign of the first and the first one of the second become `out`, at most two; how many. */
static size_t meet(char last, char first, char out[2])
{
    if (sign_is_open(last) && first == SIGN_MORE) {
        out[0] = last;
        return 1;
    }
    if (last == SIGN_MORE && first == SIGN_LONGER) {
        out[0] = first;
        return 1;
    }
    out[0] = last == SIGN_NUMBER && sign_is_open(first) ? SIGN_DIGIT : last;
    out[1] = sign_is_open(last) && first == SIGN_NUMBER ? SIGN_DIGIT : first;
    return 2;
}

static int add_pair(struct program_compiler *c, struct texts *texts, const char *a, size_t a_len, const char *b,
                    size_t b_len)
{
    char *to = c->letters + c->n_letters;
    if (texts->n == TEXTS_MAX || c->n_letters + a_len + b_len > LETTERS_MAX)
        return 0;
    memcpy(to, a, a_len);
    size_t len = a_len;
    if (a_len && b_len) {
        len += meet(a[a_len - 1], *b, to + len - 1) - 1;
        b++, b_len--;
    }
    memcpy(to + len, b, b_len);
    len += b_len;
    texts->list[texts->n++] = (struct text){(uint16_t)c->n_letters, (uint16_t)len};
    c->n_letters += len;
    return 1;
}

int texts_add(struct program_compiler *c, struct texts *texts, const char *text, size_t len)
{
    return add_pair(c, texts, text, len, "", 0);
}

/* Every text of a followed by every text of b. */
int texts_join(struct program_compiler *c, const struct texts *a, const struct texts *b, struct texts *out)
{
    int ok = 1;
    out->n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; ok && j < b->n; j++)
            ok = add_pair(c, out, texts_letters(c, a->list[i]), a->list[i].len, texts_letters(c, b->list[j]),
                          b->list[j].len);
    return ok;
}

static int list_class(struct program_compiler *c, const struct regex_node *n, struct texts *out)
{
    const char *s = c->regex.text + n->from;
    int ok = 1;
    out->n = 0;
    for (size_t i = 0; ok && i < n->len; i++) {
        int range = i + 2 < n->len && s[i + 1] == '-';
        for (char sign = s[i]; ok && sign <= (range ? s[i + 2] : s[i]); sign++)
            ok = texts_add(c, out, &sign, 1);
        i += range ? 2 : 0;
    }
    return ok;
}

static int is_digit(const struct program_compiler *c, const struct regex_node *n)
{
    return n->kind == REGEX_DIGIT ||
           (n->kind == REGEX_CLASS && n->len == 3 && memcmp(c->regex.text + n->from, "0-9", 3) == 0);
}

static int list_repeat(struct program_compiler *c, const struct regex_node *n, struct texts *out)
{
    struct texts body;
    struct texts rest;
    enum regex_kind kind = (enum regex_kind)program_node(c, n->first)->kind;
    out->n = 0;
    if (n->possessive)
        return 0;
    if (n->max == REGEX_UNBOUNDED && n->min <= 1 && !n->lazy && kind == REGEX_WORD_SIGN)
        return texts_add(c, out, (const char[]){n->min ? SIGN_LONGER : SIGN_MORE}, 1);
    if (n->max == REGEX_UNBOUNDED && n->min == 1 && !n->lazy && is_digit(c, program_node(c, n->first)))
        return texts_add(c, out, (const char[]){SIGN_NUMBER}, 1);
    if (n->max > 3 || program_is_gap(c, n) || !texts_list(c, n->first, &body))
        return 0;
    if (n->max > 1 && body.n > 2)
        return 0; /* a loop is shorter */
    texts_add(c, out, "", 0);
    for (unsigned left = n->max; left > 0; left--) { /* from the innermost repetition outwards */
        int optional = left > n->min;
        rest = *out;
        out->n = 0;
        if (optional && n->lazy && !texts_add(c, out, "", 0))
            return 0;
        struct texts once;
        if (!texts_join(c, &body, &rest, &once) || once.n + out->n + 1 > TEXTS_MAX)
            return 0;
        memcpy(out->list + out->n, once.list, once.n * sizeof(once.list[0]));
        out->n += once.n;
        if (optional && !n->lazy && !texts_add(c, out, "", 0))
            return 0;
    }
    return 1;
}

static int list_part(struct program_compiler *c, uint16_t id, struct texts *out)
{
    const struct regex_node *n = program_node(c, id);
    struct texts part;
    struct texts before;
    int ok = 1;
    out->n = 0;
    switch (n->kind) {
    case REGEX_SIGNS: return texts_add(c, out, c->regex.text + n->from, n->len);
    case REGEX_CLASS: return list_class(c, n, out);
    case REGEX_REPEAT: return list_repeat(c, n, out);
    case REGEX_SEQUENCE:
        ok = texts_add(c, out, "", 0);
        for (uint16_t child = n->first; ok && child != REGEX_NONE; child = program_node(c, child)->next) {
            before = *out;
            ok = texts_list(c, child, &part) && texts_join(c, &before, &part, out);
        }
        return ok;
    case REGEX_ALTERNATIVES:
        for (uint16_t child = n->first; ok && child != REGEX_NONE; child = program_node(c, child)->next) {
            ok = texts_list(c, child, &part) && out->n + part.n <= TEXTS_MAX;
            memcpy(out->list + out->n, part.list, ok ? part.n * sizeof(part.list[0]) : 0);
            out->n += ok ? part.n : 0;
        }
        return ok;
    default: return 0;
    }
}

int texts_list(struct program_compiler *c, uint16_t id, struct texts *out)
{
    size_t n_letters = c->n_letters;
    if (list_part(c, id, out))
        return 1;
    c->n_letters = n_letters; /* those of a list that became too long are nobody's */
    return 0;
}

size_t texts_word(const char *s, const char *end)
{
    const char *from = s;
    int numbers = 0;
    int something = 0;
    for (; s < end && *s != ' '; s++) {
        numbers += *s == SIGN_NUMBER;
        something |= *s != SIGN_MORE;
    }
    return something && (!numbers || s == from + 1) ? (size_t)(s - from) : 0;
}

/* Where a text leads to from `place`; NOWHERE: it does not fit there. */
static enum place place_after(const struct program_compiler *c, struct text text, enum place place)
{
    const char *s = texts_letters(c, text);
    const char *end = s + text.len;
    while (s < end) {
        size_t len = place == BEFORE ? texts_word(s, end) : *s == ' ';
        if (!len)
            return NOWHERE;
        s += len;
        place = place == BEFORE ? BEHIND : BEFORE;
    }
    return place;
}

enum place texts_lead(const struct program_compiler *c, const struct texts *texts, enum place from)
{
    enum place to = texts->n ? place_after(c, texts->list[0], from) : NOWHERE;
    for (size_t i = 1; i < texts->n && to != NOWHERE; i++)
        to = place_after(c, texts->list[i], from) == to ? to : NOWHERE;
    return to;
}

int texts_spaced(const struct program_compiler *c, const struct texts *texts, int or_empty)
{
    for (size_t i = 0; i < texts->n; i++)
        if (texts->list[i].len ? *texts_letters(c, texts->list[i]) != ' ' : !or_empty)
            return 0;
    return 1;
}

int texts_are_words(const struct program_compiler *c, const struct texts *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        const char *s = texts_letters(c, texts->list[i]);
        if (!texts->list[i].len || texts_word(s, s + texts->list[i].len) != texts->list[i].len)
            return 0;
    }
    return texts->n > 0;
}

int texts_are_few(const struct program_compiler *c, const struct texts *texts)
{
    size_t spaced = 0;
    for (size_t i = 0; i < texts->n; i++)
        spaced += memchr(texts_letters(c, texts->list[i]), ' ', texts->list[i].len) != NULL;
    return spaced <= 2;
}

/* No window has two spaces in a row. (A match may begin with a space, behind a word; that is no place of a program.) */
static int is_possible(const struct program_compiler *c, struct text text, enum place from)
{
    const char *s = texts_letters(c, text);
    for (size_t i = 0; i < text.len; i++)
        if (s[i] == ' ' && (i ? s[i - 1] == ' ' : from == BEFORE && c->firm))
            return 0;
    return 1;
}

void texts_keep_possible(const struct program_compiler *c, struct texts *texts, enum place from, int before_end)
{
    size_t n = 0;
    for (size_t i = 0; i < texts->n; i++)
        if (is_possible(c, texts->list[i], from) && !(before_end && place_after(c, texts->list[i], from) == BEFORE))
            texts->list[n++] = texts->list[i];
    texts->n = n;
}

/* --------------------------------------------------------------------------------------------------- order ---- */

/* Where in a word letters are looked for is chosen before what follows them: "\\w*(ab|b c)" takes the b at the end of
 * "abab" first. A list tries all places for one text, then for the next. That makes a difference only where the texts
 * are of different numbers of words. */
enum shape {
    SHAPE_FIXED,  /* nothing is chosen */
    SHAPE_SUFFIX, /* only in the first word, which is *letters */
    SHAPE_INFIX,  /* or *letters* */
    SHAPE_OTHER
};

struct shaped {
    enum shape shape;
    size_t spaces;
    const char *letters;
    size_t len;
};

static int has_choice(const char *word, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (sign_is_open(word[i]))
            return 1;
    return 0;
}

static struct shaped shape_of_word(const char *word, size_t len)
{
    struct shaped shaped = {.shape = SHAPE_FIXED};
    if (!has_choice(word, len))
        return shaped;
    int open = sign_is_open(word[len - 1]);
    shaped.letters = word + 1;
    shaped.len = len - 1 - (size_t)open;
    int simple = *word == SIGN_MORE && !has_choice(word + 1, len - 1) && !memchr(word, SIGN_DIGIT, len);
    shaped.shape = !simple ? SHAPE_OTHER : open ? SHAPE_INFIX : SHAPE_SUFFIX;
    return shaped;
}

static struct shaped shape_of(const struct program_compiler *c, struct text text)
{
    const char *s = texts_letters(c, text);
    const char *end = s + text.len;
    struct shaped first = {.shape = SHAPE_FIXED};
    size_t spaces = 0;
    for (int n = 0; s < end; n++) {
        const char *space = memchr(s, ' ', (size_t)(end - s));
        size_t len = space ? (size_t)(space - s) : (size_t)(end - s);
        struct shaped word = shape_of_word(s, len);
        if (n == 0)
            first = word;
        else if (word.shape != SHAPE_FIXED)
            first.shape = SHAPE_OTHER;
        spaces += space != NULL;
        s += len + (space != NULL);
    }
    first.spaces = spaces;
    return first;
}

/* Is `a` never tried behind `b`, whether their first sign was one and the same or not? Places are tried from the end of
 * the word on. */
static int goes_first(const struct shaped *a, const struct shaped *b)
{
    if (a->spaces == b->spaces || a->shape == SHAPE_FIXED || b->shape == SHAPE_FIXED)
        return 1;
    if (a->shape != SHAPE_SUFFIX)
        return 0;
    if (b->shape == SHAPE_INFIX)
        return b->len >= a->len;
    return b->shape == SHAPE_SUFFIX &&
           (b->len >= a->len || memcmp(a->letters + a->len - b->len, b->letters, b->len) != 0);
}

int texts_in_order(const struct program_compiler *c, const struct texts *texts)
{
    size_t n_fixed = 0;
    while (n_fixed < texts->n && shape_of(c, texts->list[n_fixed]).shape == SHAPE_FIXED)
        n_fixed++;
    if (n_fixed == texts->n) /* nearly always */
        return 1;
    struct shaped shapes[TEXTS_MAX] = {0};
    for (size_t i = 0; i < texts->n; i++)
        shapes[i] = shape_of(c, texts->list[i]);
    for (size_t b = 1; b < texts->n; b++)
        for (size_t a = 0; a < b; a++)
            if (!goes_first(&shapes[a], &shapes[b]))
                return 0;
    return 1;
}
