/* SPDX-License-Identifier: MIT
 *
 * practitioners.c - the answer module "practitioners": who may practise mesotherapy, and who does.
 *
 * The sources keep it for doctors and name a few specialties. Which professions are which stands in
 * the table, so that an author can correct it without C:
 *
 *     "nurse": { "group": "other" }
 *     "other": { "say": ["prof_other"], "then": ["which_doctors"] }     groups are rows, too
 *
 * "say" comes once for each profession that was named, with its name in the gap {subject}, "then"
 * once at the end. A profession without a row ("a doctor") is what the general answer is about.
 *
 * Actions: "who" looks at the professions, any other just says the intent's own statements.
 */
#include "../module.h"

#include <string.h>

/* One answer under way. */
struct turn {
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
    int rc; /* the first error of the host */
};

static void say(struct turn *turn, const char *statement, const struct faqd_gap *gap)
{
    int rc = turn->host->say(turn->reply, FAQD_PARAGRAPH, statement, gap, gap ? 1 : 0);

    if (rc < 0 && turn->rc == FAQD_OK)
        turn->rc = rc;
}

static void say_own(struct turn *turn)
{
    for (size_t n = 0; n < turn->query->n_say; n++)
        say(turn, turn->query->say[n], NULL);
}

/* ----------------------------------------------------------------------------- professions ---- */

/* The row of the group that a profession asked about belongs to, or FAQD_NO_ROW. */
static size_t group_of(const struct turn *turn, const struct faqd_slot *slot)
{
    size_t row = turn->host->find_row(turn->content, slot->entity);
    const char *group = turn->host->cell(turn->content, row, "group", 0);

    return group && module_is_asked(turn->query, slot, "profession") ? turn->host->find_row(turn->content, group)
                                                                     : FAQD_NO_ROW;
}

/* 1 if the slot belongs to a group, whose statements were said. */
static int say_profession(struct turn *turn, const struct faqd_slot *slot)
{
    size_t group = group_of(turn, slot);
    struct faqd_gap gap = {.name = "subject", .type = slot->type, .entity = slot->entity};
    const char *statement;

    if (group == FAQD_NO_ROW)
        return 0;
    for (size_t n = 0; (statement = turn->host->cell(turn->content, group, "say", n)) != NULL; n++)
        say(turn, statement, &gap);
    return 1;
}

/* What completes the answer for the groups that occurred; the host drops what was said before. */
static void say_then(struct turn *turn)
{
    const char *statement;

    for (size_t i = 0; i < turn->query->n_slots; i++) {
        size_t group = group_of(turn, &turn->query->slots[i]);
        if (group == FAQD_NO_ROW)
            continue;
        for (size_t n = 0; (statement = turn->host->cell(turn->content, group, "then", n)) != NULL; n++)
            say(turn, statement, NULL);
    }
}

static void answer_who(struct turn *turn)
{
    int said = 0;

    for (size_t i = 0; i < turn->query->n_slots; i++)
        said |= say_profession(turn, &turn->query->slots[i]);
    if (said)
        say_then(turn);
    else
        say_own(turn);
}

static int practitioners_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                                const struct faqd_query *query, struct faqd_reply *reply)
{
    struct turn turn = {.host = host, .content = content, .query = query, .reply = reply, .rc = FAQD_OK};

    (void)instance;
    if (!query->n_say)
        return FAQD_DECLINED;
    if (strcmp(query->action, "who") == 0)
        answer_who(&turn);
    else
        say_own(&turn);
    return turn.rc;
}

/* ---------------------------------------------------------------------------------- module ---- */

/* A row is a profession with its group, or a group with something to say. */
static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *group = host->cell(content, row, "group", 0);
    size_t group_row = group ? host->find_row(content, group) : row;
    int rc;

    if (group_row == FAQD_NO_ROW)
        return host->refuse(content, row, "group", "there is no row \"%s\"", group);
    if (!host->cell(content, group_row, "say", 0))
        return host->refuse(content, group_row, "say", "a group needs statements to say");
    rc = module_check_statements(host, content, row, "say");
    return rc == FAQD_OK ? module_check_statements(host, content, row, "then") : rc;
}

static int practitioners_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    int rc = FAQD_OK;

    *instance = NULL; /* nothing to remember: the content holds it all */
    for (size_t row = 0; rc == FAQD_OK && row < host->row_count(content); row++)
        rc = check_row(host, content, row);
    return rc;
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops),
    .open = practitioners_open,
    .answer = practitioners_answer,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "practitioners", "1.0", &ops);
