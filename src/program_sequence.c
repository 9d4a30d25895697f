/* SPDX-License-Identifier: MIT
 *
 * program_sequence.c - what stands behind each other in a term.
 *
 * Parts that are lists of texts are joined until a word's edge lies between them. ".*" may begin and end within words:
 * "abc.*def" is a word that begins with abc, some words, and one that has def; or one word that has both. That is two
 * ways, so the texts before such dots are kept until those behind them are known.
 */
#include "program_private.h"

#include <string.h>

/* Texts that are still being joined with what follows. */
struct joining {
    struct texts texts;
    enum place from;
    struct texts heads; /* of the word that dots begin in, if they end in one of `texts`; else none */
    size_t fork;        /* then: the step before the heads */
};

static int is_empty(const struct joining *j)
{
    return j->texts.n == 1 && j->texts.list[0].len == 0;
}

static void begin(struct program_compiler *c, struct joining *j, const char *text)
{
    j->texts.n = 0;
    if (!texts_add(c, &j->texts, text, strlen(text)))
        program_decline(c);
}

/* Dots end in these texts: each is one word, or more words would be tried in another order. The other way is one word
 * from the heads on; it needs no more than the first. */
static enum place emit_ends(struct program_compiler *c, struct joining *j)
{
    struct texts whole;
    if (!texts_are_words(c, &j->texts) || !texts_join(c, &j->heads, &j->texts, &whole)) {
        program_decline(c);
        return NOWHERE;
    }
    texts_emit(c, &j->texts, BEFORE);
    size_t jump = program_emit(c, STEP(STEP_JUMP, 0));
    size_t mark = c->n_groups;
    program_land(c, j->fork);
    texts_emit(c, &whole, BEFORE);
    program_drop_groups(c, mark);
    if (c->rc == FAQD_OK)
        program_land(c, jump);
    j->heads.n = 0;
    return BEHIND;
}

static void flush(struct program_compiler *c, struct joining *j, int before_end)
{
    if (is_empty(j) || c->rc != FAQD_OK)
        return;
    texts_keep_possible(c, &j->texts, j->from, before_end);
    j->from = j->heads.n ? emit_ends(c, j) : texts_emit(c, &j->texts, j->from);
    int taken = 1;
    for (size_t i = 0; i < j->texts.n; i++)
        taken &= j->texts.list[i].len > 0;
    c->firm |= taken;
    begin(c, j, "");
}

/* Join texts, or write out those before if a word's edge lies between. */
static void join_texts(struct program_compiler *c, struct joining *j, const struct texts *more)
{
    struct texts joined;
    texts_keep_possible(c, &j->texts, j->from, 0);
    enum place to = texts_lead(c, &j->texts, j->from);
    if (!is_empty(j) && (to == BEFORE || (to == BEHIND && texts_spaced(c, more, 0))))
        flush(c, j, 0);
    if (texts_join(c, &j->texts, more, &joined)) {
        j->texts = joined;
        return;
    }
    if (to != BEHIND || !texts_spaced(c, more, 1))
        program_decline(c);
    flush(c, j, 0);
    j->texts = *more;
}

/* The rest of a word may follow. */
static void join_rest(struct program_compiler *c, struct joining *j)
{
    struct texts rest = {.n = 0};
    if (!texts_add(c, &rest, (const char[]){SIGN_MORE}, 1))
        program_decline(c);
    join_texts(c, j, &rest);
}

/* ---------------------------------------------------------------------------------------------------- dots ---- */

static int is_dots(const struct program_compiler *c, uint16_t id)
{
    return program_node(c, id)->kind == REGEX_REPEAT && program_node(c, program_node(c, id)->first)->kind == REGEX_ANY;
}

/* Where dots end, by what follows in the sequence; NOWHERE: within a word. */
static enum place end_of_dots(const struct program_compiler *c, uint16_t next, int open)
{
    int edge = 0;
    for (; next != REGEX_NONE && program_node(c, next)->kind == REGEX_BOUNDARY; next = program_node(c, next)->next)
        edge = 1;
    const struct regex_node *after = next == REGEX_NONE ? NULL : program_node(c, next);
    if (!after)
        return (open || c->ahead) && !edge ? NOWHERE : BEHIND; /* the last thing: the whole ends at an edge, too */
    if (after->kind == REGEX_END || program_is_space(c, after))
        return BEHIND;
    return edge ? BEFORE : NOWHERE;
}

static void emit_steps(struct program_compiler *c, const struct regex_node *n, enum place from, enum place to)
{
    program_emit(c, STEP(STEP_DOTS, (from == BEHIND ? DOTS_FROM_END : 0) | (to == BEHIND ? DOTS_TO_END : 0) |
                                        (n->min ? DOTS_SOME : 0) | (n->lazy ? DOTS_LAZY : 0)));
}

/* Dots that end within a word: it has what follows, anywhere behind the texts if they begin `within` those. */
static void end_within(struct program_compiler *c, const struct regex_node *n, struct joining *j, int within)
{
    struct texts heads = {.n = 0};
    if (within) {
        heads = j->texts;
        if (!texts_are_words(c, &heads))
            program_decline(c);
        j->fork = program_emit(c, STEP(STEP_FORK, 0));
        join_rest(c, j);
        flush(c, j, 0);
    }
    if (j->from == BEHIND)
        program_emit(c, STEP(STEP_SPACE, 0));
    emit_steps(c, n, BEFORE, BEFORE);
    j->from = BEFORE;
    j->heads = heads;
    begin(c, j, (const char[]){SIGN_MORE, '\0'});
}

/* .* or .+; `open`: what the sequence ends with may end within a word. What is lazy, or must not be nothing, must lie
 * between edges. */
static void emit_dots(struct program_compiler *c, const struct regex_node *n, struct joining *j, int open)
{
    enum place to = end_of_dots(c, n->next, open);
    int within = !is_empty(j) && texts_lead(c, &j->texts, j->from) == BEHIND;
    int plain = !n->min && !n->lazy;
    if (n->min > 1 || n->max != REGEX_UNBOUNDED || (!plain && (within || to == NOWHERE)) ||
        (within && to == NOWHERE && j->heads.n))
        program_decline(c);
    if (within && to != NOWHERE)
        join_rest(c, j);
    if (!within || to != NOWHERE)
        flush(c, j, 0);
    if (!within && j->from == BEHIND && !c->edge)
        program_decline(c);
    if (c->rc != FAQD_OK)
        return;
    if (to == NOWHERE) {
        end_within(c, n, j, within);
    } else {
        emit_steps(c, n, j->from, to);
        j->from = to;
    }
}

/* Are these texts, which alternatives stand for, better steps of their own? They can be where words' edges lie before
 * and behind them. */
static int stand_alone(const struct program_compiler *c, const struct joining *j, const struct regex_node *child,
                       const struct texts *texts, int open)
{
    enum place from = texts_lead(c, &j->texts, j->from);
    int behind = child->next == REGEX_NONE ? !open : program_is_space(c, program_node(c, child->next));
    return child->kind == REGEX_ALTERNATIVES && !texts_are_few(c, texts) && !j->heads.n && from == BEFORE && behind &&
           texts_lead(c, texts, from) == BEHIND;
}

enum place program_emit_sequence(struct program_compiler *c, const struct regex_node *n, enum place place, int open)
{
    struct joining j = {.from = place};
    struct texts more;
    begin(c, &j, "");
    for (uint16_t child = n->first; child != REGEX_NONE && c->rc == FAQD_OK; child = program_node(c, child)->next) {
        if (texts_list(c, child, &more) && !stand_alone(c, &j, program_node(c, child), &more, open)) {
            join_texts(c, &j, &more);
            continue;
        }
        if (is_dots(c, child)) {
            emit_dots(c, program_node(c, child), &j, open);
        } else {
            flush(c, &j, program_node(c, child)->kind == REGEX_END);
            if (c->rc != FAQD_OK)
                break;
            j.from = program_emit_part(c, child, j.from);
        }
        c->edge = program_node(c, child)->kind == REGEX_BOUNDARY;
    }
    if (open)
        join_rest(c, &j);
    flush(c, &j, 0);
    return j.from;
}
