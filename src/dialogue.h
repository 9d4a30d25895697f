/* SPDX-License-Identifier: MIT
 *
 * dialogue.h - from ranked candidates and a conversation to a plan: which intents to answer, with which slots, or what
 * to ask back, or that nothing was understood. Chooses; says nothing itself.
 */
#ifndef FAQD_DIALOGUE_H
#define FAQD_DIALOGUE_H

#include "classifier.h"
#include "conversation.h"
#include "match.h"

#define PLAN_STEPS_MAX 3 /* questions of one message that are answered */
#define PLAN_SLOTS_MAX 16

enum plan_kind {
    PLAN_ANSWER,
    PLAN_CLARIFY,      /* steps are the choices */
    PLAN_UNDOCUMENTED, /* about our subject and another one together: step 0 is what it would have been */
    PLAN_UNKNOWN,
};

struct plan_slot {
    uint32_t entity;
    int negated;
    int carried;
};

struct plan_step {
    uint32_t intent;
    struct plan_slot slots[PLAN_SLOTS_MAX];
    size_t n_slots;
    int unknown_subject;  /* a word in no vocabulary stood where the rule says {unknown} */
    struct window window; /* where it was asked; empty: by what was said before */
    uint64_t explained;   /* words of it */
};

struct plan {
    enum plan_kind kind;
    struct plan_step steps[PLAN_STEPS_MAX];
    size_t n_steps;
    int more;           /* questions beyond those */
    const char *reason; /* a constant text for `explain` */
};

/* The choice that a message picks among those offered ("2", "la deuxième", a word of a label that no other has): its
 * plan. 0 if it picks none. */
int dialogue_choice(const struct pack *pack, const struct question *q, const struct conversation *c, enum lang lang,
                    struct plan *plan);

/* Decide on the candidates of match_question (or match_safety). */
void dialogue_decide(const struct pack *pack, const struct question *q, const struct match *match,
                     const struct conversation *c, struct plan *plan);

/* Let what the pack's examples speak for change the plan for ordinary intents that was just decided on. */
void dialogue_reconsider(const struct pack *pack, const struct question *q, const struct match *match,
                         const struct conversation *c, const struct prediction *prediction, struct plan *plan);

/* The conversation after this plan was carried out. */
void dialogue_remember(const struct pack *pack, const struct question *q, const struct plan *plan, enum lang lang,
                       struct conversation *c);

#endif
