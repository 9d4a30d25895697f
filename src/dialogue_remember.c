/* SPDX-License-Identifier: MIT
 *
 * dialogue_remember.c - what of a turn the next ones may lean on: see dialogue_remember in dialogue.h.
 *
 * The latest things come first: those that were answered about, then those that were merely named ("ma grand-mère de 86
 * ans a mal aux genoux"), then those of earlier turns, unless one of their kind was named since or they were denied.
 */
#include "dialogue_private.h"

static void forget_slowly(struct conversation *c)
{
    c->n_choices = 0;
    if (c->live && ++c->age >= CONVERSATION_TURNS) {
        c->live = 0;
        c->n_entities = 0;
    }
}

static void offer(const struct plan *plan, struct conversation *c)
{
    forget_slowly(c);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct plan_step *step = &plan->steps[i];
        c->choices[c->n_choices++] = (struct choice){step->intent, step->n_slots ? step->slots[0].entity : SYMBOL_NONE};
    }
}

static void keep(struct conversation *c, uint32_t entity)
{
    for (size_t i = 0; i < c->n_entities; i++)
        if (c->entities[i] == entity)
            return;
    if (c->n_entities < CONVERSATION_ENTITIES_MAX)
        c->entities[c->n_entities++] = entity;
}

static int is_named(const struct hit *hit)
{
    return hit->kind == SYMBOL_ENTITY && !hit->hidden;
}

static void keep_answered(const struct plan *plan, struct conversation *c)
{
    for (size_t s = plan->n_steps; s-- > 0;)
        for (size_t i = 0; i < plan->steps[s].n_slots; i++)
            if (!plan->steps[s].slots[i].negated)
                keep(c, plan->steps[s].slots[i].entity);
}

/* What was named beside what the questions were about: "mal" in "mal au dos", "taille" in "quelle taille d'aiguille"
 * name nothing of their own. */
static void keep_named(const struct question *q, const struct plan *plan, enum lang lang, struct conversation *c)
{
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        if (is_named(hit) && !hit->negated && (hit->langs & LANG_BIT(lang)) && !dialogue_explains(plan, hit->word))
            keep(c, hit->symbol);
    }
}

/* Was one of its kind named now, or is it denied now? */
static int is_over(const struct pack *pack, const struct question *q, const struct plan *plan, uint32_t entity)
{
    uint32_t type = lexicon_symbol(pack->lexicon, entity)->type;
    for (size_t i = 0; i < q->n_hits; i++)
        if (is_named(&q->hits[i]) && (q->hits[i].negated ? q->hits[i].symbol == entity : q->hits[i].type == type))
            return 1;
    for (size_t s = 0; s < plan->n_steps; s++)
        for (size_t i = 0; i < plan->steps[s].n_slots; i++)
            if (lexicon_symbol(pack->lexicon, plan->steps[s].slots[i].entity)->type == type)
                return 1;
    return 0;
}

static void keep_earlier(const struct pack *pack, const struct question *q, const struct plan *plan,
                         const struct conversation *before, struct conversation *c)
{
    for (size_t i = 0; i < before->n_entities; i++)
        if (!is_over(pack, q, plan, before->entities[i]))
            keep(c, before->entities[i]);
}

/* A red flag changes nothing but what the next turn is likely about; told again and again it is forgotten, too. */
static void remember_red_flag(uint32_t intent, struct conversation *c)
{
    if (c->live && c->intent == intent) {
        forget_slowly(c);
        return;
    }
    c->live = 1;
    c->age = 0;
    c->intent = intent;
}

void dialogue_remember(const struct pack *pack, const struct question *q, const struct plan *plan, enum lang lang,
                       struct conversation *c)
{
    const struct plan_step *last = plan->n_steps ? &plan->steps[plan->n_steps - 1] : NULL;
    c->lang = lang;
    if (plan->kind == PLAN_CLARIFY) {
        offer(plan, c);
    } else if (plan->kind != PLAN_ANSWER || !last || pack->intents[last->intent].outcome == FAQD_SMALLTALK) {
        forget_slowly(c);
    } else if (pack->intents[last->intent].safety) {
        remember_red_flag(last->intent, c);
    } else {
        struct conversation before = *c;
        *c = (struct conversation){.live = 1, .lang = lang, .intent = last->intent};
        keep_answered(plan, c);
        keep_named(q, plan, lang, c);
        keep_earlier(pack, q, plan, &before, c);
    }
}
