/* SPDX-License-Identifier: MIT
 *
 * dialogue_private.h - what the files of dialogue share: the steps of a plan and the slots in them.
 */
#ifndef FAQD_DIALOGUE_PRIVATE_H
#define FAQD_DIALOGUE_PRIVATE_H

#include "dialogue.h"

#define ELLIPSIS_WORDS 10 /* longer messages say what they are about themselves */

/* The step that a candidate stands for, with the slots that its intent takes: those beside its words first. */
void dialogue_step(const struct pack *pack, const struct question *q, const struct candidate *c,
                   struct plan_step *step);
void dialogue_add_slot(struct plan_step *step, struct plan_slot slot);
int dialogue_has_type(const struct pack *pack, const struct plan_step *step, uint32_t type);
int dialogue_explains(const struct plan *plan, size_t word); /* is the word one that a step of it explains? */
int dialogue_takes(const struct intent *intent, uint32_t type);

/* A short message leans on the turn before: "combien de séances ?" after "le mésolift ?". */
void dialogue_inherit(const struct pack *pack, const struct question *q, const struct match *match,
                      const struct conversation *c, struct plan_step *step);

#endif
