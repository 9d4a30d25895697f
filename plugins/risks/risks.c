/* SPDX-License-Identifier: MIT
 *
 * risks.c - the answer module "risks": what can go wrong, and for whom mesotherapy is not meant.
 *
 * Every answer has the same three parts: what the intent always says, what the table gives for the effects or states
 * that the question names (effects.c, states.c), and the remarks of the action. The module only chooses and orders:
 * which statement belongs to what stands in the table (risks.h), so that an author can change it without C.
 */
#include "risks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_said(struct talk *talk, const char *statement)
{
    for (size_t i = 0; i < talk->n_said; i++) {
        if (strcmp(talk->said[i], statement) == 0)
            return 1;
    }
    /* A full memory only means that something may be said twice. */
    if (talk->n_said < sizeof(talk->said) / sizeof(talk->said[0]))
        talk->said[talk->n_said++] = statement;
    return 0;
}

static void say(struct talk *talk, enum faqd_block_kind kind, const char *statement, const struct faqd_gap *gap)
{
    int rc = talk->host->say(talk->reply, kind, statement, gap, gap ? 1 : 0);
    if (rc < 0)
        talk->rc = rc;
}

/* Does the slot name one of this type, and not all of them ("side effects")? */
static int names_one(const struct talk *talk, const struct faqd_slot *slot, const char *type)
{
    const char *prefix = strcmp(type, "effect") == 0 ? "effect_" : "state_";
    return strcmp(slot->type, type) == 0 && number_or(talk, row_of(talk, prefix, slot->entity), "general", 0) != 1;
}

/* Whether the question is about this effect or state. One carried over from earlier counts only if the question
 * names none itself: "and diabetes?" does not ask for the verdict on pregnancy again. */
int is_asked(const struct talk *talk, const struct faqd_slot *slot, const char *type)
{
    if (!names_one(talk, slot, type))
        return 0;
    for (size_t i = 0; slot->carried && i < talk->query->n_slots; i++) {
        if (!talk->query->slots[i].carried && names_one(talk, &talk->query->slots[i], type))
            return 0;
    }
    return 1;
}

/* A statement with a gap may come once for each entity, any other one only once. */
void say_cell(struct talk *talk, enum faqd_block_kind kind, size_t row, const char *column,
              const struct faqd_slot *slot)
{
    static const char *const gapped[] = {"outside", "unknown", "with_substance"};
    struct faqd_gap gap = {0};
    const char *statement;
    int again = 0;
    for (size_t i = 0; i < sizeof(gapped) / sizeof(gapped[0]); i++)
        again |= strcmp(gapped[i], column) == 0;
    if (slot)
        gap = (struct faqd_gap){.name = slot->type, .type = slot->type, .entity = slot->entity};
    for (size_t n = 0; (statement = talk->host->cell(talk->content, row, column, n)) != NULL; n++) {
        if (again || !is_said(talk, statement))
            say(talk, kind, statement, slot ? &gap : NULL);
    }
}

/* Remarks on what else the question named: risks "for cellulite", pain "in the face". */
static void say_beside(struct talk *talk)
{
    char column[64];
    for (size_t i = 0; i < talk->query->n_slots; i++) {
        const struct faqd_slot *slot = &talk->query->slots[i];
        int len = snprintf(column, sizeof(column), "with_%s", slot->type);
        if (len > 0 && (size_t)len < sizeof(column))
            say_cell(talk, FAQD_PARAGRAPH, talk->action_row, column, slot);
    }
}

/* End of every answer. An answer is undocumented if no source said what was asked, whatever is near it. */
void end_with(struct talk *talk, int documented)
{
    say_beside(talk);
    say_cell(talk, FAQD_NOTICE, talk->action_row, "notice", NULL);
    if (number_or(talk, talk->action_row, "undocumented", 0) == 1)
        documented = 0;
    if (!documented) {
        int rc = talk->host->set_outcome(talk->reply, FAQD_UNDOCUMENTED);
        if (rc < 0)
            talk->rc = rc;
    }
}

static int risks_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                        const struct faqd_query *query, struct faqd_reply *reply)
{
    struct talk talk = {.risks = instance, .host = host, .content = content, .query = query, .reply = reply};
    const struct effect_action *effects = effect_action(query->action);
    talk.action_row = row_of(&talk, "do_", query->action);
    for (size_t i = 0; i < query->n_say; i++) {
        if (!is_said(&talk, query->say[i]))
            say(&talk, FAQD_PARAGRAPH, query->say[i], NULL);
    }
    if (effects)
        say_effects(&talk, effects);
    else if (is_states_action(query->action))
        say_states(&talk);
    else
        end_with(&talk, 1);
    return talk.rc;
}

static void risks_close(void *instance)
{
    struct risks *risks = instance;
    if (!risks)
        return;
    free(risks->by_frequency);
    free(risks->by_gravity);
    free(risks);
}

static int risks_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    int rc = table_check(host, content);
    if (rc != FAQD_OK)
        return rc;

    struct risks *risks = calloc(1, sizeof(*risks));
    if (!risks)
        return FAQD_ENOMEM;
    rc = table_rank(host, content, risks);
    if (rc != FAQD_OK) {
        risks_close(risks);
        return rc;
    }
    *instance = risks;
    return FAQD_OK;
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops), .open = risks_open, .answer = risks_answer, .close = risks_close};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "risks", "1.0", &ops);
