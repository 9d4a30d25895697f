/* SPDX-License-Identifier: MIT
 *
 * dialogue_step.c - see dialogue_private.h.
 */
#include "dialogue_private.h"

void dialogue_add_slot(struct plan_step *step, struct plan_slot slot)
{
    for (size_t i = 0; i < step->n_slots; i++)
        if (step->slots[i].entity == slot.entity)
            return;
    if (step->n_slots < PLAN_SLOTS_MAX)
        step->slots[step->n_slots++] = slot;
}

/* Has a named group of the rule pinned the slots of this type down to some words? Those words, or all of them. */
static uint64_t words_for(const struct candidate *c, uint32_t type)
{
    uint64_t words = 0;
    for (size_t i = 0; i < c->n_groups; i++)
        if (c->group_types[i] == type)
            words |= c->group_words[i];
    return words ? words : UINT64_MAX;
}

/* Entities of one type among the words of the message: of the candidate's own window, or of all others. */
static void slots_of_type(const struct question *q, const struct candidate *c, uint32_t type, int own_window,
                          struct plan_step *step)
{
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        if (hit->type != type || hit->hidden || !(hit->langs & LANG_BIT(c->lang)))
            continue;
        size_t at = (size_t)hit->word - c->window.first;
        int inside = hit->word >= c->window.first && at < c->window.count;
        if (inside == own_window && (!inside || words_for(c, type) >> at & 1))
            dialogue_add_slot(step, (struct plan_slot){hit->symbol, hit->negated, !inside});
    }
}

int dialogue_has_type(const struct pack *pack, const struct plan_step *step, uint32_t type)
{
    for (size_t i = 0; i < step->n_slots; i++)
        if (lexicon_symbol(pack->lexicon, step->slots[i].entity)->type == type)
            return 1;
    return 0;
}

int dialogue_explains(const struct plan *plan, size_t word)
{
    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct plan_step *step = &plan->steps[s];
        size_t at = word - step->window.first;
        if (word >= step->window.first && at < step->window.count && (step->explained >> at & 1))
            return 1;
    }
    return 0;
}

int dialogue_takes(const struct intent *intent, uint32_t type)
{
    for (size_t t = 0; t < intent->n_takes; t++)
        if (intent->takes[t] == type)
            return 1;
    return 0;
}

void dialogue_inherit(const struct pack *pack, const struct question *q, const struct match *match,
                      const struct conversation *c, struct plan_step *step)
{
    const struct intent *intent = &pack->intents[step->intent];
    if (!c->live || match->scope->anchored || q->n_words > ELLIPSIS_WORDS)
        return;
    for (size_t t = 0; t < intent->n_takes; t++) {
        if (dialogue_has_type(pack, step, intent->takes[t]))
            continue;
        for (size_t i = 0; i < c->n_entities; i++)
            if (lexicon_symbol(pack->lexicon, c->entities[i])->type == intent->takes[t])
                dialogue_add_slot(step, (struct plan_slot){c->entities[i], 0, 1});
    }
}

void dialogue_step(const struct pack *pack, const struct question *q, const struct candidate *c, struct plan_step *step)
{
    const struct intent *intent = &pack->intents[c->intent];
    *step = (struct plan_step){.intent = c->intent, .window = c->window, .explained = c->explained};
    for (size_t t = 0; t < intent->n_takes; t++)
        slots_of_type(q, c, intent->takes[t], 1, step);
    for (size_t t = 0; t < intent->n_takes; t++)
        slots_of_type(q, c, intent->takes[t], 0, step);
    for (size_t i = 0; i < c->window.count; i++)
        if (c->asked >> i & 1 && !(q->words[c->window.first + i].roles & WORD_KNOWN))
            step->unknown_subject = 1;
}
