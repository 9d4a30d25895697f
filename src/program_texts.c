/* SPDX-License-Identifier: MIT
 *
 * program_texts.c - lists of texts that parts of a term stand for, and the steps that look for them.
 */
#include "program_private.h"

#include <string.h>

static const struct regex_node *node(const struct program_compiler *c, uint16_t id)
{
    return &c->regex.nodes[id];
}

static const char *letters(const struct program_compiler *c, struct text text)
{
    return c->letters + text.from;
}

static int add_pair(struct program_compiler *c, struct texts *texts, const char *a, size_t a_len, const char *b,
                    size_t b_len)
{
    if (texts->n == TEXTS_MAX || c->n_letters + a_len + b_len > LETTERS_MAX)
        return 0;
    texts->list[texts->n++] = (struct text){(uint16_t)c->n_letters, (uint16_t)(a_len + b_len)};
    memcpy(c->letters + c->n_letters, a, a_len);
    memcpy(c->letters + c->n_letters + a_len, b, b_len);
    c->n_letters += a_len + b_len;
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
            ok = add_pair(c, out, letters(c, a->list[i]), a->list[i].len, letters(c, b->list[j]), b->list[j].len);
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

static int list_repeat(struct program_compiler *c, const struct regex_node *n, struct texts *out)
{
    struct texts body;
    struct texts rest;
    enum regex_kind kind = (enum regex_kind)node(c, n->first)->kind;
    out->n = 0;
    if (n->possessive)
        return 0;
    if (n->max == REGEX_UNBOUNDED && n->min <= 1 && kind == REGEX_WORD_SIGN)
        return texts_add(c, out, n->min ? "+" : "*", 1);
    if (n->max == REGEX_UNBOUNDED && n->min == 1 && kind == REGEX_DIGIT)
        return texts_add(c, out, "#", 1);
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

/* The texts that a part stands for, in the order in which they are tried. 0: they cannot be listed. */
int texts_list(struct program_compiler *c, uint16_t id, struct texts *out)
{
    const struct regex_node *n = node(c, id);
    struct texts part;
    struct texts before;
    int ok = 1;
    out->n = 0;
    switch (n->kind) {
    case REGEX_SIGN: return texts_add(c, out, &n->sign, 1);
    case REGEX_CLASS: return list_class(c, n, out);
    case REGEX_REPEAT: return list_repeat(c, n, out);
    case REGEX_SEQUENCE:
        ok = texts_add(c, out, "", 0);
        for (uint16_t child = n->first; ok && child != REGEX_NONE; child = node(c, child)->next) {
            before = *out;
            ok = texts_list(c, child, &part) && texts_join(c, &before, &part, out);
        }
        return ok;
    case REGEX_ALTERNATIVES:
        for (uint16_t child = n->first; ok && child != REGEX_NONE; child = node(c, child)->next) {
            ok = texts_list(c, child, &part) && out->n + part.n <= TEXTS_MAX;
            memcpy(out->list + out->n, part.list, ok ? part.n * sizeof(part.list[0]) : 0);
            out->n += ok ? part.n : 0;
        }
        return ok;
    default: return 0;
    }
}

static int is_letter(char c)
{
    return c != ' ';
}

/* The word at s: letters, perhaps one of the signs at its end. Its length; 0: it is none. */
static size_t word_at(const char *s, const char *end)
{
    const char *from = s;
    while (s < end && ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9')))
        s++;
    if (s < end && (*s == MORE || *s == LONGER || (*s == NUMBER && s == from)))
        s++;
    if (s < end && is_letter(*s))
        return 0;
    return s == from + 1 && *from == MORE ? 0 : (size_t)(s - from);
}

/* Where a text leads to from `place`; NOWHERE: it does not fit there. */
static enum place place_after(const struct program_compiler *c, struct text text, enum place place)
{
    const char *s = letters(c, text);
    const char *end = s + text.len;
    while (s < end) {
        size_t len = place == BEFORE ? word_at(s, end) : *s == ' ';
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
        if (texts->list[i].len ? *letters(c, texts->list[i]) != ' ' : !or_empty)
            return 0;
    return 1;
}

/* ------------------------------------------------------------------------------------- writing texts out ---- */

/* One word that is not plain letters: "+", "lum*", "#". */
static void emit_special(struct program_compiler *c, const char *word, size_t len)
{
    uint32_t packed[LEXICON_PHRASE_WORDS * 2] = {0};
    size_t letters_len = len - 1;
    if (word[len - 1] == NUMBER) {
        program_emit(c, STEP(STEP_NUMBER, 0));
    } else if (len == 1) {
        program_emit(c, STEP(STEP_ANY, 0));
    } else if (letters_len > sizeof(packed)) {
        program_decline(c);
    } else {
        memcpy(packed, word, letters_len);
        program_emit(c, STEP(STEP_STEM, letters_len * 2 + (word[len - 1] == LONGER)));
        for (size_t i = 0; i < (letters_len + 3) / 4; i++)
            program_emit(c, packed[i]);
    }
}

static int is_plain(const char *word, size_t len)
{
    return len && word[len - 1] != MORE && word[len - 1] != LONGER && word[len - 1] != NUMBER;
}

static void emit_text(struct program_compiler *c, struct text text)
{
    const char *s = letters(c, text);
    const char *end = s + text.len;
    while (s < end) {
        size_t len = *s == ' ' ? 1 : word_at(s, end);
        if (*s == ' ') {
            program_emit(c, STEP(STEP_SPACE, 0));
        } else if (is_plain(s, len)) {
            program_emit(c, STEP(STEP_WORD, program_word(c, s, len)));
        } else {
            emit_special(c, s, len);
        }
        s += len;
    }
}

/* The signs around the one plain word of a text: " ?word ?". 0: it is something else. */
static int one_word(const struct program_compiler *c, struct text text, size_t *lead, size_t *len)
{
    const char *s = letters(c, text);
    *lead = text.len && *s == ' ';
    *len = text.len - *lead;
    if (*len && s[*lead + *len - 1] == ' ')
        --*len;
    return *len && !memchr(s + *lead, ' ', *len) && is_plain(s + *lead, *len);
}

/* How many texts from `at` on differ only in one plain word: they are tried at once. */
static size_t alike(const struct program_compiler *c, const struct texts *texts, size_t at)
{
    size_t n = 0;
    size_t lead = 0;
    size_t len = 0;
    size_t first_lead = 0;
    size_t first_tail = 0;
    for (; at + n < texts->n && one_word(c, texts->list[at + n], &lead, &len); n++) {
        size_t tail = texts->list[at + n].len - lead - len;
        if (n && (lead != first_lead || tail != first_tail))
            break;
        first_lead = lead;
        first_tail = tail;
    }
    return n;
}

static void emit_alike(struct program_compiler *c, const struct texts *texts, size_t at, size_t n)
{
    uint32_t words[TEXTS_MAX];
    size_t lead = 0;
    size_t len = 0;
    one_word(c, texts->list[at], &lead, &len);
    int tail = lead + len < texts->list[at].len;
    for (size_t i = 0; i < n; i++) {
        one_word(c, texts->list[at + i], &lead, &len);
        words[i] = program_word(c, letters(c, texts->list[at + i]) + lead, len);
    }
    if (lead)
        program_emit(c, STEP(STEP_SPACE, 0));
    program_emit(c, n == 1 ? STEP(STEP_WORD, words[0]) : STEP(STEP_SET, program_set(c, words, n)));
    if (tail)
        program_emit(c, STEP(STEP_SPACE, 0));
}

/* The need that says most of one text; 0 in *weight: it has none. */
static uint32_t need_of(struct program_compiler *c, struct text text, int *weight)
{
    const char *s = letters(c, text);
    const char *end = s + text.len;
    uint32_t need = 0;
    *weight = 0;
    while (s < end) {
        size_t len = *s == ' ' ? 1 : word_at(s, end);
        int plain = *s != ' ' && is_plain(s, len);
        int stem = *s != ' ' && !plain && len > 1 && s[len - 1] != NUMBER;
        int says = plain ? (int)len * 2 : stem ? (int)len * 2 - 5 : 0;
        if (says > *weight) {
            *weight = says;
            need = plain ? NEED(NEED_WORD, program_word(c, s, len)) : NEED(NEED_STEM, program_stem(c, s, len - 1));
        }
        s += len;
    }
    return need;
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

int texts_decided(const struct program_compiler *c, const struct texts *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        const char *s = letters(c, texts->list[i]);
        size_t len = texts->list[i].len;
        int stem = len > 1 && len <= 63 && s[len - 1] == MORE;
        if (memchr(s, ' ', len) || !(stem || is_plain(s, len)))
            return 0;
    }
    return texts->n > 0;
}

/* No window has two spaces in a row. (A match may begin with a space, behind a word; that is no place of a program.) */
static int is_possible(const struct program_compiler *c, struct text text, enum place from)
{
    const char *s = letters(c, text);
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

enum place texts_emit(struct program_compiler *c, const struct texts *texts, enum place place)
{
    enum place to = texts_lead(c, texts, place);
    uint32_t jumps = 0; /* the jumps to the end, chained through their operands */
    if (to == NOWHERE)
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
