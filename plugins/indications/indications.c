/* SPDX-License-Identifier: MIT
 *
 * indications.c - the answer module "indications": what mesotherapy is used for, and what it is not said to be for.
 *
 * The sources list uses, with more or less promise. The module answers for exactly the conditions that were named:
 * who lists them, what is claimed, how far that goes, and for the others that no source lists them. It only chooses
 * and orders; which statement belongs to which condition stands in the table (indications.h).
 *
 * Actions of intents: "list" (the uses in general), "use", "works", "limit" (a condition), "zone", and "compare" and
 * "combine" (with another treatment: the first statement has the gap {treatment}, the second is for none or several).
 */
#include "indications.h"

#include <string.h>

int is_action(const struct talk *talk, const char *action)
{
    return strcmp(talk->query->action, action) == 0;
}

static void remember_error(struct talk *talk, int rc)
{
    if (rc < 0)
        talk->rc = rc;
}

/* 1 if the statement is still to be said, which it then counts as. */
static int is_news(struct talk *talk, const char *statement)
{
    if (talk->n_said == MAX_SAID)
        return 0;
    for (size_t i = 0; i < talk->n_said; i++) {
        if (strcmp(talk->said[i], statement) == 0)
            return 0;
    }
    talk->said[talk->n_said++] = statement;
    return 1;
}

static void say(struct talk *talk, enum faqd_block_kind kind, const char *statement)
{
    if (is_news(talk, statement))
        remember_error(talk, talk->host->say(talk->reply, kind, statement, NULL, 0));
}

void say_cell(struct talk *talk, enum faqd_block_kind kind, size_t row, const char *column)
{
    const char *statement;

    for (size_t n = 0; (statement = talk->host->cell(talk->content, row, column, n)) != NULL; n++)
        say(talk, kind, statement);
}

/* A statement with a gap comes once for each slot, so it is not remembered. */
void say_about(struct talk *talk, enum faqd_block_kind kind, const char *statement, const struct faqd_slot *slot)
{
    struct faqd_gap gap = {0};

    if (!slot) {
        say(talk, kind, statement);
        return;
    }
    gap = (struct faqd_gap){.name = slot->type, .type = slot->type, .entity = slot->entity};
    remember_error(talk, talk->host->say(talk->reply, kind, statement, &gap, 1));
}

/* The intent's own statements: the first introduces the list of the others. */
void say_own(struct talk *talk)
{
    for (size_t n = 0; n < talk->query->n_say; n++)
        say(talk, n == 0 ? FAQD_PARAGRAPH : FAQD_ITEM, talk->query->say[n]);
}

void undocumented(struct talk *talk)
{
    remember_error(talk, talk->host->set_outcome(talk->reply, FAQD_UNDOCUMENTED));
}

void also_topic(struct talk *talk, size_t row)
{
    const char *topic;

    for (size_t n = 0; (topic = talk->host->cell(talk->content, row, "topic", n)) != NULL; n++)
        remember_error(talk, talk->host->add_topic(talk->reply, topic));
}

/* The lower, the closer to what the visitor means: named now before named earlier, wanted before negated. */
static unsigned distance(const struct faqd_slot *slot)
{
    return slot->negated * 2U + slot->carried;
}

static unsigned nearest(const struct talk *talk, const char *type)
{
    unsigned least = 3;

    for (size_t i = 0; i < talk->query->n_slots; i++) {
        const struct faqd_slot *slot = &talk->query->slots[i];
        if (strcmp(slot->type, type) == 0 && distance(slot) < least)
            least = distance(slot);
    }
    return least;
}

const struct faqd_slot *asked(const struct talk *talk, const char *type, size_t *at)
{
    unsigned wanted = nearest(talk, type);

    while (*at < talk->query->n_slots) {
        const struct faqd_slot *slot = &talk->query->slots[(*at)++];
        if (strcmp(slot->type, type) == 0 && distance(slot) == wanted)
            return slot;
    }
    return NULL;
}

static int indications_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                              const struct faqd_query *query, struct faqd_reply *reply)
{
    struct talk talk = {.host = host, .content = content, .query = query, .reply = reply, .rc = FAQD_OK};
    int rc;

    (void)instance;
    if (is_action(&talk, "zone"))
        rc = say_zones(&talk);
    else if (is_action(&talk, "compare") || is_action(&talk, "combine"))
        rc = say_beside(&talk);
    else
        rc = say_conditions(&talk); /* "list" says its own statements as long as no condition is named */
    return talk.rc < 0 ? talk.rc : rc;
}

static int indications_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    *instance = NULL; /* nothing to remember: the content holds it all */
    return table_check(host, content);
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops),
    .open = indications_open,
    .answer = indications_answer,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "indications", "1.0", &ops);
