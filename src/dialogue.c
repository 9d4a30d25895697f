/* SPDX-License-Identifier: MIT
 *
 * dialogue.c - which of the readings of a message are meant: see dialogue.h.
 */
#include "dialogue_private.h"

#define SECOND_QUESTION_WEIGHT 3 /* what a further question must explain beyond the first: one word that tells */

/* ----------------------------------------------------------------------------------------------- several ---- */

static int same_window(const struct candidate *a, const struct candidate *b)
{
    return a->window.first == b->window.first && a->window.count == b->window.count;
}

/* Is every entity that a bare candidate names handed to a chosen intent already? */
static int named_already(const struct plan *plan, const struct plan_step *step)
{
    for (size_t i = 0; i < step->n_slots; i++) {
        int found = 0;
        for (size_t s = 0; s < plan->n_steps; s++)
            for (size_t j = 0; j < plan->steps[s].n_slots; j++)
                found |= plan->steps[s].slots[j].entity == step->slots[i].entity;
        if (!found)
            return 0;
    }
    return 1;
}

/* The words of a window that name entities. */
static uint64_t named_words(const struct question *q, const struct candidate *c)
{
    uint64_t words = 0;
    for (size_t i = q->words[c->window.first].first_hit; i < q->words[c->window.first + c->window.count].first_hit;
         i++) {
        const struct hit *hit = &q->hits[i];
        size_t at = (size_t)hit->word - c->window.first;
        if (hit->kind == SYMBOL_ENTITY && !hit->hidden)
            words |= (hit->count >= 64 ? UINT64_MAX : ((uint64_t)1 << hit->count) - 1) << at;
    }
    return words;
}

/* Do `words` of the candidate tell something that the chosen ones leave unexplained? */
static int adds(const struct match *match, const struct candidate *const *chosen, size_t n, const struct candidate *c,
                uint64_t words)
{
    uint64_t left = words;
    for (size_t i = 0; i < n; i++)
        if (same_window(chosen[i], c))
            left &= ~chosen[i]->explained;
    int weight = 0;
    for (size_t i = 0; i < c->window.count; i++)
        if (left >> i & 1)
            weight += match->scope->weight[c->window.first + i];
    return weight >= SECOND_QUESTION_WEIGHT;
}

static int is_smalltalk(const struct pack *pack, const struct candidate *c)
{
    return pack->intents[c->intent].outcome == FAQD_SMALLTALK;
}

static int is_follow_up(const struct pack *pack, const struct candidate *c)
{
    return rule_needs_conversation(pack, &pack->rules[c->rule]);
}

/* Of the things that the conversation has named, the latest one that the candidate would take over; n_entities: none.
 */
static size_t would_inherit(const struct pack *pack, const struct question *q, const struct conversation *c,
                            const struct candidate *candidate)
{
    struct plan_step step;
    dialogue_step(pack, q, candidate, &step);
    for (size_t i = 0; i < c->n_entities; i++) {
        uint32_t type = lexicon_symbol(pack->lexicon, c->entities[i])->type;
        if (dialogue_takes(&pack->intents[candidate->intent], type) && !dialogue_has_type(pack, &step, type))
            return i;
    }
    return c->n_entities;
}

/* Small talk is heard only when nothing else was said: "bonjour, ça fait mal ?" */
static size_t first_of(const struct pack *pack, const struct match *match)
{
    for (size_t i = 0; i < match->n_in_scope; i++)
        if (!is_smalltalk(pack, &match->candidates[i]))
            return i;
    return 0;
}

/* A reading that holds only within a conversation, of which nothing was named that it could be about. */
static int is_hollow(const struct pack *pack, const struct question *q, const struct conversation *c,
                     const struct candidate *candidate)
{
    struct plan_step step;
    dialogue_step(pack, q, candidate, &step);
    return is_follow_up(pack, candidate) && pack->intents[candidate->intent].n_takes && !step.n_slots &&
           would_inherit(pack, q, c, candidate) == c->n_entities;
}

/* "Et si j'arrête ?": the medicine or the sessions? Of equal readings one that holds only within a conversation is
 * meant if it is about what was named last, and else the one that needs no conversation. A hollow one is meant only if
 * there is no other at all. */
static size_t meant_of(const struct pack *pack, const struct question *q, const struct match *match,
                       const struct conversation *c)
{
    size_t meant = first_of(pack, match);
    const struct candidate *best = &match->candidates[meant];
    if (!c->live || match->scope->anchored || is_smalltalk(pack, best))
        return meant;
    int hollow = is_hollow(pack, q, c, best);
    int follow_up = is_follow_up(pack, best);
    size_t latest = would_inherit(pack, q, c, best);
    for (size_t i = 0; i < match->n_in_scope; i++) {
        const struct candidate *rival = &match->candidates[i];
        if (i == meant || !same_window(rival, best) || (rival->score != best->score && !hollow))
            continue;
        size_t inherits = would_inherit(pack, q, c, rival);
        int leans = is_follow_up(pack, rival);
        if (hollow ? !is_hollow(pack, q, c, rival) : leans ? inherits < latest : follow_up && inherits <= latest) {
            meant = i;
            hollow = 0;
            follow_up = leans;
            latest = inherits;
        }
    }
    return meant;
}

static int further(const struct pack *pack, const struct question *q, const struct match *match,
                   const struct plan *plan, const struct candidate *const *chosen, const struct candidate *c,
                   struct plan_step *step)
{
    const struct intent *intent = &pack->intents[c->intent];
    if (is_smalltalk(pack, c) || intent->safety || !adds(match, chosen, plan->n_steps, c, c->asked))
        return 0;
    dialogue_step(pack, q, c, step);
    if (!intent->bare)
        return 1;
    if (adds(match, chosen, plan->n_steps, c, c->asked & ~named_words(q, c)))
        return 1; /* "c'est quoi le mésolift et ça fait mal ?" asks something of the thing, too */
    for (size_t i = 0; i < plan->n_steps; i++)
        if (same_window(chosen[i], c))
            return 0; /* a thing merely named in a sentence that asks something */
    return !named_already(plan, step);
}

/* The questions come back in the order in which they were asked. */
static void in_order(struct plan *plan, const struct candidate **chosen)
{
    for (size_t i = 1; i < plan->n_steps; i++) {
        for (size_t j = i; j > 0 && chosen[j]->window.first < chosen[j - 1]->window.first; j--) {
            const struct candidate *c = chosen[j];
            struct plan_step step = plan->steps[j];
            chosen[j] = chosen[j - 1];
            plan->steps[j] = plan->steps[j - 1];
            chosen[j - 1] = c;
            plan->steps[j - 1] = step;
        }
    }
}

static void choose(const struct pack *pack, const struct question *q, const struct match *match,
                   const struct conversation *c, struct plan *plan)
{
    const struct candidate *chosen[PLAN_STEPS_MAX];
    size_t first = meant_of(pack, q, match, c);
    chosen[0] = &match->candidates[first];
    dialogue_step(pack, q, chosen[0], &plan->steps[0]);
    plan->n_steps = 1;
    for (size_t i = first_of(pack, match); i < match->n_in_scope; i++) {
        struct plan_step step;
        if (i == first || (c->live && is_hollow(pack, q, c, &match->candidates[i])) ||
            !further(pack, q, match, plan, chosen, &match->candidates[i], &step))
            continue;
        if (plan->n_steps == PLAN_STEPS_MAX) {
            plan->more = 1;
            break;
        }
        chosen[plan->n_steps] = &match->candidates[i];
        plan->steps[plan->n_steps++] = step;
    }
    in_order(plan, chosen);
    for (size_t i = 0; i < plan->n_steps; i++)
        dialogue_inherit(pack, q, match, c, &plan->steps[i]);
}

/* ------------------------------------------------------------------------------------------ ask back, lean ---- */

/* Within a conversation, do both lean on it alike? */
static int equally_follows(const struct pack *pack, const struct question *q, const struct conversation *c,
                           const struct candidate *a, const struct candidate *b)
{
    return !c->live || (is_follow_up(pack, a) == is_follow_up(pack, b) &&
                        (!is_follow_up(pack, a) || would_inherit(pack, q, c, a) == would_inherit(pack, q, c, b)));
}

/* Intents that explain the same words equally well: ask which one is meant. Once: after that the first one is taken. */
static int tie(const struct pack *pack, const struct question *q, const struct match *match,
               const struct conversation *c, struct plan *plan)
{
    size_t first = first_of(pack, match);
    const struct candidate *best = &match->candidates[first];
    if (meant_of(pack, q, match, c) != first || c->n_choices || pack->intents[best->intent].bare ||
        is_smalltalk(pack, best) || pack->intents[best->intent].safety)
        return 0;
    size_t n = 0;
    for (size_t i = first; i < match->n_in_scope && n < PLAN_STEPS_MAX; i++) {
        const struct candidate *rival = &match->candidates[i];
        if (rival->score == best->score && rival->asked == best->asked && same_window(rival, best) &&
            rival->explained == best->explained && !pack->intents[rival->intent].bare && !is_smalltalk(pack, rival) &&
            equally_follows(pack, q, c, best, rival))
            dialogue_step(pack, q, rival, &plan->steps[n++]);
    }
    if (n < 2)
        return 0;
    plan->n_steps = n;
    plan->kind = PLAN_CLARIFY;
    plan->reason = "these explain the same words equally well";
    return 1;
}

/* "et pour la cellulite ?": a thing merely named asks the previous question again, about that thing. */
static void ask_again(const struct pack *pack, const struct question *q, const struct match *match,
                      const struct conversation *c, struct plan *plan)
{
    struct plan_step *step = &plan->steps[0];
    if (!c->live || match->scope->anchored || plan->n_steps != 1 || !pack->intents[step->intent].bare ||
        q->n_words > ELLIPSIS_WORDS || !step->n_slots || step->slots[0].carried)
        return;
    const struct intent *previous = &pack->intents[c->intent];
    if (previous->bare || !dialogue_takes(previous, lexicon_symbol(pack->lexicon, step->slots[0].entity)->type))
        return;
    step->intent = c->intent;
    dialogue_inherit(pack, q, match, c, step);
    plan->reason = "a thing merely named asks the previous question again";
}

/* "une esthéticienne ?" behind "qui peut le faire ?": nothing but things that the previous intent takes. */
static int lean(const struct pack *pack, const struct question *q, const struct conversation *c, struct plan *plan)
{
    struct plan_step *step = &plan->steps[0];
    size_t accounted = 0; /* words up to here are */
    if (!c->live || q->n_words > ELLIPSIS_WORDS)
        return 0;
    *step = (struct plan_step){.intent = c->intent};
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        if (hit->kind != SYMBOL_ENTITY || hit->hidden || !(hit->langs & LANG_BIT(q->lang)) ||
            !dialogue_takes(&pack->intents[c->intent], hit->type))
            continue;
        for (; accounted < hit->word; accounted++)
            if (!(q->words[accounted].roles & WORD_IN(WORD_FUNCTION, q->lang)))
                return 0;
        dialogue_add_slot(step, (struct plan_slot){hit->symbol, hit->negated, 0});
        if (accounted < (size_t)hit->word + hit->count)
            accounted = (size_t)hit->word + hit->count;
    }
    for (; accounted < q->n_words; accounted++)
        if (!(q->words[accounted].roles & WORD_IN(WORD_FUNCTION, q->lang)))
            return 0;
    if (!step->n_slots)
        return 0;
    plan->n_steps = 1;
    plan->reason = "things merely named, of a kind that the previous question takes";
    return 1;
}

/* "C'est grave ?", "ça va mieux" after a red flag: what does not clearly ask something else gets the same answer again,
 * and at once whatever a word or two could be taken for. */
static int still_red(const struct pack *pack, const struct question *q, const struct match *match,
                     const struct conversation *c, struct plan *plan)
{
    const struct candidate *best = match->n_in_scope ? &match->candidates[first_of(pack, match)] : NULL;
    if (!c->live || !pack->intents[c->intent].safety || match->scope->anchored || q->n_words > ELLIPSIS_WORDS ||
        (best && !is_hollow(pack, q, c, best) &&
         (c->age || best->score >= SCOPE_TELLING_SCORE || is_smalltalk(pack, best)) &&
         !(is_smalltalk(pack, best) && is_follow_up(pack, best))))
        return 0;
    plan->steps[0] = (struct plan_step){.intent = c->intent};
    plan->n_steps = 1;
    plan->reason = "a red flag was told just before";
    return 1;
}

/* Our subject together with another one, which no intent accounts for. */
static int beside_the_subject(const struct pack *pack, const struct question *q, const struct match *match,
                              struct plan *plan)
{
    for (size_t i = 0; match->scope->anchored && i < match->n; i++) {
        if (match->candidates[i].verdict != FOREIGN_WORD)
            continue;
        dialogue_step(pack, q, &match->candidates[i], &plan->steps[0]);
        plan->n_steps = 1;
        plan->kind = PLAN_UNDOCUMENTED;
        plan->reason = "it is about our subject and another one together";
        return 1;
    }
    return 0;
}

void dialogue_decide(const struct pack *pack, const struct question *q, const struct match *match,
                     const struct conversation *c, struct plan *plan)
{
    *plan = (struct plan){.kind = PLAN_ANSWER, .reason = "it explains most of the question"};
    if (still_red(pack, q, match, c, plan))
        return;
    if (!match->n_in_scope && lean(pack, q, c, plan))
        return;
    if (!match->n_in_scope) {
        if (!beside_the_subject(pack, q, match, plan)) {
            plan->kind = PLAN_UNKNOWN;
            plan->reason = "nothing of the pack accounts for the question";
        }
        return;
    }
    if (tie(pack, q, match, c, plan))
        return;
    choose(pack, q, match, c, plan);
    ask_again(pack, q, match, c, plan);
}
