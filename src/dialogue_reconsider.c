/* SPDX-License-Identifier: MIT
 *
 * dialogue_reconsider.c - where the pack's examples contradict its patterns: see dialogue.h.
 *
 * Patterns say what is sure, and most questions are. Examples say what is likely. They are heard where they contradict
 * clearly and a pattern leaves words of the message aside; never where nothing of a message is known, in small talk, or
 * against what leans on the turn before.
 */
#include "dialogue_private.h"

/* All in the units of struct prediction. Each was chosen on questions that nobody had developed on, and on real
 * messages to others, as the point from which on more is lost than gained.
 *
 * A message that does not name our subject is about another one if its `ours` is below: */
#define DOUBT_OURS 1.0F      /* it says things that patterns do not explain */
#define HINTED_OURS 0.0F     /* likewise, but it hints at our subject */
#define FOREIGN_OURS (-5.0F) /* patterns explain nearly all of it */
/* Another intent than those of the plan answers if it leads them by this: it is ten times as likely. */
#define OVERRULE_LEAD 2.3F
/* Of several that explain the same words equally well, one answers that leads the others by this: twice as likely. */
#define TIE_LEAD 0.7F
/* Without a pattern the likeliest intent answers with this lead over the second, if the message names our subject, */
#define SUGGEST_LEAD 0.5F
/* or has this `ours` and no word that the examples do not have; */
#define SUGGEST_OURS 4.0F
/* or hints at it, or names a thing of ours, has this `ours` and no more such words. */
#define SUGGEST_NAMED_OURS 3.0F
#define SUGGEST_NAMED_STRANGE 1

static int is_answer(const struct pack *pack, uint32_t intent)
{
    return pack->intents[intent].outcome != FAQD_SMALLTALK && !pack->intents[intent].safety;
}

/* Is there a word that tells and that the plan does not answer? */
static int says_more(const struct match *match, const struct plan *plan)
{
    for (size_t word = 0; word < match->scope->n_words; word++)
        if (match->scope->weight[word] > 1 && !dialogue_explains(plan, word))
            return 1;
    return 0;
}

/* Do the words that tell, and that no pattern explains, weigh more than a third of what patterns explain? Neutral ones
 * do not count: "prix, svp" is what others ask all the time, too. */
static int leaves_much(const struct match *match)
{
    uint8_t explained[QUESTION_WORDS_MAX];
    int found = 0;
    int left = 0;
    scope_explained(match->scope, match, explained);
    for (size_t word = 0; word < match->scope->n_words; word++) {
        int weight = match->scope->weight[word];
        if (explained[word])
            found += weight;
        else if (weight > 2)
            left += weight;
    }
    return 3 * left > found;
}

/* Is a message that does not name our subject about another one? */
static int is_foreign(const struct match *match, const struct prediction *prediction)
{
    if (!leaves_much(match))
        return prediction->ours < FOREIGN_OURS;
    return prediction->ours < (match->scope->hinted ? HINTED_OURS : DOUBT_OURS);
}

/* Has the author said that an intent of the plan comes before this one? */
static int is_behind(const struct pack *pack, const struct plan *plan, uint32_t other)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (intent_is_over(&pack->intents[plan->steps[i].intent], other))
            return 1;
    return 0;
}

/* How much likelier the best intent is than any that the plan has. */
static float lead_over(const struct prediction *prediction, const struct plan *plan)
{
    float lead = prediction->scores[prediction->best] - prediction->scores[plan->steps[0].intent];
    for (size_t i = 1; i < plan->n_steps; i++) {
        float over = prediction->scores[prediction->best] - prediction->scores[plan->steps[i].intent];
        lead = over < lead ? over : lead;
    }
    return lead;
}

/* Does the message hint at our subject, or name a thing that the sources speak of? */
static int is_near(const struct question *q, const struct match *match)
{
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct hit *hit = &q->hits[i];
        if (hit->kind == SYMBOL_ENTITY && !hit->hidden && !hit->outside && (hit->langs & LANG_BIT(q->lang)))
            return 1;
    }
    return match->scope->hinted;
}

/* Is the likeliest intent sure enough to answer what no pattern found? Never what names another treatment. */
static int is_sure(const struct question *q, const struct match *match, const struct prediction *prediction)
{
    if (prediction->lead <= SUGGEST_LEAD || match->scope->count[SCOPE_RIVAL])
        return 0;
    if (match->scope->anchored)
        return 1;
    if (is_near(q, match))
        return prediction->ours > SUGGEST_NAMED_OURS && prediction->strange <= SUGGEST_NAMED_STRANGE;
    return prediction->ours > SUGGEST_OURS && !prediction->strange;
}

static void answer_best(const struct pack *pack, const struct question *q, const struct match *match,
                        const struct conversation *c, const struct prediction *prediction, struct plan *plan,
                        const char *reason)
{
    struct window whole = question_whole(q);
    struct candidate best = {
        .intent = prediction->best, .lang = q->lang, .window = whole.count ? whole : q->windows[0]};
    *plan = (struct plan){.kind = PLAN_ANSWER, .n_steps = 1, .reason = reason};
    dialogue_step(pack, q, &best, &plan->steps[0]);
    dialogue_inherit(pack, q, match, c, &plan->steps[0]);
}

/* Ask back no more if one of the choices is clearly likelier than the others, of which something is known, too. */
static void settle_tie(const struct prediction *prediction, struct plan *plan)
{
    const float *scores = prediction->scores;
    size_t best = 0;
    for (size_t i = 1; i < plan->n_steps; i++)
        best = scores[plan->steps[i].intent] > scores[plan->steps[best].intent] ? i : best;
    for (size_t i = 0; i < plan->n_steps; i++)
        if (i != best && scores[plan->steps[best].intent] - scores[plan->steps[i].intent] < TIE_LEAD)
            return;
    if (scores[plan->steps[best].intent] >= 0)
        return;
    plan->steps[0] = plan->steps[best];
    plan->n_steps = 1;
    plan->kind = PLAN_ANSWER;
    plan->reason = "of those that explain the same words equally well, the pack's examples speak for it";
}

void dialogue_reconsider(const struct pack *pack, const struct question *q, const struct match *match,
                         const struct conversation *c, const struct prediction *prediction, struct plan *plan)
{
    int anchored = match->scope->anchored;
    int answer = is_answer(pack, prediction->best);
    if (!prediction->n)
        return;
    if (plan->kind == PLAN_UNKNOWN) {
        if (answer && is_sure(q, match, prediction))
            answer_best(pack, q, match, c, prediction, plan,
                        "the pack's examples speak for it, though no pattern does");
        return;
    }
    if (!is_answer(pack, plan->steps[0].intent) || (c->live && !anchored))
        return;
    if (!anchored && is_foreign(match, prediction))
        *plan = (struct plan){.kind = PLAN_UNKNOWN, .reason = "the pack's examples speak for another subject"};
    else if (answer && lead_over(prediction, plan) > OVERRULE_LEAD && says_more(match, plan) &&
             !is_behind(pack, plan, prediction->best))
        answer_best(pack, q, match, c, prediction, plan, "the pack's examples speak for it, against the patterns");
    else if (plan->kind == PLAN_CLARIFY)
        settle_tie(prediction, plan);
}
