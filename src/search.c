/* SPDX-License-Identifier: MIT
 *
 * search.c - see search.h.
 *
 * The place in the window is the number of words before it; whether the space behind the last of them was taken too is
 * known to the program, not to the machine.
 */
#include "search.h"

#include <string.h>

struct way { /* left to try; or a group as it was before, to be put back */
    uint16_t pc;
    uint8_t at;
    uint8_t group; /* NO_GROUP: a way */
    struct search_span span;
};
#define NO_GROUP UINT8_MAX
#define LETTERS_OF_STEP 32 /* that are compared in the time of a step */

struct machine {
    const struct search_window *s;
    const uint32_t *steps;
    struct search_match *match;
    unsigned left; /* steps */
    int over;      /* a limit was hit */
    size_t n;      /* ways */
    struct way ways[SEARCH_STACK_MAX];
};

static uint64_t find_breaks(const struct word *words, size_t count)
{
    uint64_t breaks = 0;
    for (size_t i = 1; i < count; i++)
        breaks |= (uint64_t)(words[i].sentence != words[i - 1].sentence) << i;
    return breaks;
}

void search_prepare(struct search_window *s, const struct literals *literals, const struct question *q,
                    const struct window *window, enum lang lang)
{
    const struct word *words = &q->words[window->first];
    size_t count = window->count;
    uint64_t all_known = 0;
    for (size_t i = 0; i < count; i++) {
        int known = (words[i].roles & WORD_KNOWN) != 0;
        all_known |= (uint64_t)known << i;
        s->words[i] = known ? words[i].id : TABLE_NONE;
    }
    s->q = q;
    s->sets = literals->sets;
    s->first = window->first;
    s->count = count;
    s->lang = lang;
    s->known = all_known;
    s->breaks = count && words[0].sentence != words[count - 1].sentence ? find_breaks(words, count) : 0;
}

static void push(struct machine *m, struct way way)
{
    if (m->n == SEARCH_STACK_MAX)
        m->over = 1;
    else
        m->ways[m->n++] = way;
}

static void push_way(struct machine *m, size_t pc, size_t at)
{
    push(m, (struct way){.pc = (uint16_t)pc, .at = (uint8_t)at, .group = NO_GROUP});
}

static int is_known(const struct search_window *s, size_t at)
{
    return s->known >> at & 1;
}

static int is_in(const struct search_window *s, const uint32_t *set, size_t at)
{
    for (size_t i = 1; i <= *set; i++)
        if (set[i] == s->words[at])
            return 1;
    return 0;
}

static int begins_with(const struct search_window *s, const uint32_t *letters, uint32_t operand, size_t at)
{
    const struct word *word = &s->q->words[s->first + at];
    return is_known(s, at) && word->len >= operand / 2 + (operand & 1) && memcmp(word->text, letters, operand / 2) == 0;
}

/* Do the n letters at s stand there? */
static int stand(const char *s, const char *letters, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] != letters[i] && !(letters[i] == SIGN_DIGIT && s[i] >= '0' && s[i] <= '9'))
            return 0;
    return 1;
}

/* Is the text [s, end) like a word with signs? Letters between two signs are taken where they stand first: that leaves
 * most for the others. */
static int is_like(const char *s, const char *end, const char *like, const char *like_end)
{
    if (!sign_is_open(like_end[-1]) && !stand(end - 1, like_end - 1, 1))
        return 0; /* that decides it for most words */
    for (;;) {
        int open = 0; /* a sign is before the letters */
        for (; like < like_end && sign_is_open(*like); like++) {
            open = 1;
            s += *like == SIGN_LONGER;
        }
        const char *letters = like;
        while (like < like_end && !sign_is_open(*like))
            like++;
        ptrdiff_t n = like - letters;
        if (end - s < n)
            return 0;
        if (like == like_end)
            return (open || end - s == n) && stand(end - n, letters, (size_t)n);
        while (!stand(s, letters, (size_t)n))
            if (!open || end - ++s < n)
                return 0;
        s += n;
    }
}

/* A word of the window in its text, with the _ of those of no vocabulary. */
static int is_one_like(const struct search_window *s, const char *like, size_t len, size_t at)
{
    const char *text = s->q->text + s->q->words[s->first + at].at;
    const char *end = text + s->q->words[s->first + at].len + !is_known(s, at);
    for (const char *last = like + len; like < last; like += 1 + (unsigned char)*like)
        if (is_like(text, end, like + 1, like + 1 + (unsigned char)*like))
            return 1;
    return 0;
}

static int is_number(const struct search_window *s, size_t at)
{
    const struct word *word = &s->q->words[s->first + at];
    for (size_t i = 0; i < word->len; i++)
        if (word->text[i] < '0' || word->text[i] > '9')
            return 0;
    return is_known(s, at);
}

/* The names of a symbol that begin at a word, as ways on behind them: the lexicon's first one first. Those that go on
 * over a sentence's end are none. */
static int push_names(struct machine *m, uint32_t symbol, size_t pc, size_t at)
{
    const struct search_window *s = m->s;
    uint32_t orders[LEXICON_PHRASE_WORDS + 1];
    uint8_t counts[LEXICON_PHRASE_WORDS + 1];
    size_t n = 0;
    for (size_t i = s->q->words[s->first + at].first_hit; i < s->q->words[s->first + at + 1].first_hit; i++) {
        const struct hit *hit = &s->q->hits[i];
        if ((hit->symbol != symbol && hit->type != symbol) || !(hit->langs & LANG_BIT(s->lang)) ||
            at + hit->count > s->count)
            continue;
        size_t same = 0;
        while (same < n && counts[same] != hit->count)
            same++;
        if (same < n && orders[same] <= hit->order[s->lang])
            continue;
        n = same < n ? n - 1 : n;
        for (; same < n; same++) { /* take it out, to put it in anew */
            orders[same] = orders[same + 1];
            counts[same] = counts[same + 1];
        }
        size_t to = n++;
        for (; to > 0 && orders[to - 1] > hit->order[s->lang]; to--) {
            orders[to] = orders[to - 1];
            counts[to] = counts[to - 1];
        }
        orders[to] = hit->order[s->lang];
        counts[to] = hit->count;
    }
    for (size_t i = n; i > 0; i--) /* the last one pushed is the first one tried */
        push_way(m, pc, at + counts[i - 1]);
    return n > 0;
}

/* How many words from `at` on are followed by a space and another word; `at` is a word. */
static size_t room(const struct search_window *s, size_t at)
{
    size_t n = s->count - at - 1;
    uint64_t breaks = n ? s->breaks >> (at + 1) : 0;
    size_t first = breaks ? (size_t)__builtin_ctzll(breaks) : n;
    return first < n ? first : n;
}

/* Ways to the places [from, to], the farthest one first, or the nearest one. */
static void push_range(struct machine *m, size_t pc, size_t from, size_t to, int near_first)
{
    for (size_t i = 0; from + i <= to; i++)
        push_way(m, pc, near_first ? to - i : from + i);
}

static void push_gap(struct machine *m, const uint32_t *step, size_t pc, size_t at)
{
    size_t least = step[1] >> 16;
    size_t most = step[1] & 0xffff;
    size_t there = at < m->s->count ? room(m->s, at) : 0;
    most = most < there ? most : there;
    if (least <= most)
        push_range(m, pc, at + least, at + most, STEP_OPERAND(step[0]) & 1);
}

/* .* from a place before or behind a word to one before or behind a word, in one sentence. */
static void push_dots(struct machine *m, uint32_t kind, size_t pc, size_t at)
{
    const struct search_window *s = m->s;
    int from_end = (kind & DOTS_FROM_END) != 0;
    int to_end = (kind & DOTS_TO_END) != 0;
    size_t from = at;
    size_t last = at; /* the last word of the sentence, as a place before it */
    if (from_end && (at == s->count || (s->breaks >> at & 1))) {
        if (to_end && !(kind & DOTS_SOME))
            push_way(m, pc, at); /* nothing is left of the sentence */
        return;
    }
    last += room(s, at);
    if (to_end) {
        from += !from_end || (kind & DOTS_SOME);
        last++;
    } else {
        from += !from_end && (kind & DOTS_SOME);
    }
    if (from <= last)
        push_range(m, pc, from, last, (kind & DOTS_LAZY) != 0);
}

static void set_group(struct machine *m, size_t group, struct search_span span)
{
    push(m, (struct way){.group = (uint8_t)group, .span = m->match->groups[group]});
    m->match->groups[group] = span;
}

static int run(struct machine *m, size_t pc, size_t at, size_t *end);

/* Does the program at `pc` match at this place, and where does it end? No other way of it is left to try. */
static int runs(struct machine *m, size_t pc, size_t at, size_t *end)
{
    size_t n = m->n;
    int found = run(m, pc, at, end);
    m->n = n;
    return found;
}

/* STEP_LIKE: it takes longer the more letters are to be compared. */
static int find_like(struct machine *m, const uint32_t *step, size_t at)
{
    const struct search_window *s = m->s;
    size_t len = STEP_OPERAND(*step);
    size_t steps = len * s->q->words[s->first + at].len / LETTERS_OF_STEP;
    m->left -= steps < m->left ? (unsigned)steps : m->left;
    return is_one_like(s, (const char *)(step + 1), len, at);
}

/* One step. 1: go on at *pc and *at; 0: this way ends here. */
static int step(struct machine *m, size_t *pc, size_t *at)
{
    const struct search_window *s = m->s;
    const uint32_t *here = m->steps + *pc;
    uint32_t operand = STEP_OPERAND(*here);
    int word = *at < s->count;
    int ok = 1;
    size_t end = 0;
    switch (STEP_OP(*here)) {
    case STEP_WORD: ++*pc; return word && s->words[(*at)++] == operand;
    case STEP_SET: ++*pc; return word && is_in(s, s->sets + operand, (*at)++);
    case STEP_STEM: *pc += 1 + (operand / 2 + 3) / 4; return word && begins_with(s, here + 1, operand, (*at)++);
    case STEP_LIKE: *pc += 1 + (operand + 3) / 4; return word && find_like(m, here, (*at)++);
    case STEP_ANY: ++*pc; return word && ++*at;
    case STEP_UNKNOWN: ++*pc; return word && !is_known(s, (*at)++);
    case STEP_NUMBER: ++*pc; return word && is_number(s, (*at)++);
    case STEP_SYMBOL:
        if (word)
            push_names(m, operand, *pc + 1, *at);
        return 0;
    case STEP_SPACE: ++*pc; return word && !(s->breaks >> *at & 1);
    case STEP_BEGIN: ++*pc; return *at == 0 || (word && (s->breaks >> *at & 1));
    case STEP_END: ++*pc; return !word || (s->breaks >> *at & 1);
    case STEP_FORK:
        push_way(m, operand, *at);
        ++*pc;
        return 1;
    case STEP_SKIP:
        push_way(m, *pc + 1, *at);
        *pc = operand;
        return 1;
    case STEP_JUMP: *pc = operand; return 1;
    case STEP_GAP: push_gap(m, here, *pc + 2, *at); return 0;
    case STEP_DOTS: push_dots(m, operand, *pc + 1, *at); return 0;
    case STEP_OPEN:
        set_group(m, operand, (struct search_span){(uint8_t)*at, m->match->groups[operand].to});
        ++*pc;
        return 1;
    case STEP_CLOSE:
        set_group(m, operand, (struct search_span){m->match->groups[operand].from, (uint8_t)*at});
        ++*pc;
        return 1;
    case STEP_AHEAD:
    case STEP_NOT_AHEAD:
        ok = runs(m, *pc + 1, *at, &end) == (STEP_OP(*here) == STEP_AHEAD);
        *pc = operand;
        return ok;
    case STEP_ATOMIC:
        ok = runs(m, *pc + 1, *at, at);
        *pc = operand;
        return ok;
    default: return 0;
    }
}

/* Follow the ways from here until one ends in a match. Those that were there before stay. */
static int run(struct machine *m, size_t pc, size_t at, size_t *end)
{
    size_t bottom = m->n;
    for (;;) {
        if (!m->left || m->over) {
            m->over = 1;
            return 0;
        }
        m->left--;
        if (STEP_OP(m->steps[pc]) == STEP_MATCH) {
            *end = at;
            return 1;
        }
        if (step(m, &pc, &at))
            continue;
        for (;;) {
            if (m->n == bottom)
                return 0;
            struct way way = m->ways[--m->n];
            if (way.group == NO_GROUP) {
                pc = way.pc;
                at = way.at;
                break;
            }
            m->match->groups[way.group] = way.span;
        }
    }
}

enum pattern_result search_find(const struct search_window *s, const uint32_t *steps, size_t start,
                                struct search_match *match)
{
    struct machine m;
    m.s = s;
    m.steps = steps;
    m.match = match;
    m.left = SEARCH_STEPS_MAX;
    m.over = 0;
    uint64_t firsts = (uint64_t)steps[1] << 32 | steps[0];
    const uint32_t *first = steps + PROGRAM_HEAD;
    enum pattern_result result = PATTERN_NO;
    for (; start < s->count && result == PATTERN_NO; start++) {
        size_t end = 0;
        if (!(firsts >> WORD_CLASS(s->words[start]) & 1) ||
            (STEP_OP(*first) == STEP_LIKE && !find_like(&m, first, start)))
            continue;
        m.n = 0;
        for (size_t i = 0; i < PROGRAM_GROUPS_MAX; i++)
            match->groups[i] = (struct search_span){1, 0};
        if (run(&m, PROGRAM_HEAD, start, &end)) {
            match->words = (struct search_span){(uint8_t)start, (uint8_t)end};
            result = PATTERN_YES;
        } else if (m.over) {
            result = PATTERN_OVER_LIMIT;
        }
    }
    match->steps = SEARCH_STEPS_MAX - m.left;
    return result;
}
