/* SPDX-License-Identifier: MIT
 *
 * others.c - questions of this module about something else than a condition: parts of the body, other treatments.
 */
#include "indications.h"

/* Which parts of the body are treated, or whether these ones are. Nobody who asks about the ears should read "yes"
 * in a list of other places: a zone without a row is said not to be named. */
int say_zones(struct talk *talk)
{
    size_t unnamed = row_of(talk, "do_zone", "");
    const struct faqd_slot *slot;
    size_t named = 0;
    size_t others = 0;

    for (size_t at = 0; (slot = asked(talk, "zone", &at)) != NULL;) {
        size_t row = row_of(talk, "zone_", slot->entity);
        if (has_cell(talk, row, "where")) {
            say_cell(talk, FAQD_PARAGRAPH, row, "where");
            named++;
        } else {
            say_about(talk, FAQD_PARAGRAPH, talk->host->cell(talk->content, unnamed, "say", 0), slot);
            others++;
        }
        also_topic(talk, row);
    }
    if (named + others == 0)
        say_own(talk);
    else if (named == 0)
        undocumented(talk);
    return FAQD_OK;
}

/* A treatment that a source compares with mesotherapy has its statement in the table. It is no answer to whether the
 * two go together. */
static int is_compared(const struct talk *talk, const struct faqd_slot *slot)
{
    return is_action(talk, "compare") && has_cell(talk, row_of(talk, "treatment_", slot->entity), "about");
}

/* "No source says this of {treatment}": of one treatment by its name, of several or none at once. */
static void say_not_compared(struct talk *talk)
{
    const struct faqd_query *query = talk->query;
    const struct faqd_slot *slot;
    const struct faqd_slot *only = NULL;
    size_t n = 0;

    for (size_t at = 0; (slot = asked(talk, "treatment", &at)) != NULL;) {
        if (!is_compared(talk, slot)) {
            only = slot;
            n++;
        }
    }
    if (n == 1 || query->n_say < 2)
        say_about(talk, FAQD_PARAGRAPH, query->say[0], only);
    else
        say_about(talk, FAQD_PARAGRAPH, query->say[1], NULL);
}

/* Mesotherapy compared with, or done beside, another treatment that no source speaks of. What they do say of the
 * condition is told as well; that does not make the comparison a documented one. */
int say_beside(struct talk *talk)
{
    const struct faqd_slot *slot;

    if (talk->query->n_say == 0)
        return FAQD_DECLINED;
    say_not_compared(talk);
    for (size_t at = 0; (slot = asked(talk, "treatment", &at)) != NULL;) {
        size_t row = row_of(talk, "treatment_", slot->entity);
        if (is_compared(talk, slot))
            say_cell(talk, FAQD_PARAGRAPH, row, "about");
        also_topic(talk, row);
    }
    for (size_t at = 0; (slot = asked(talk, "condition", &at)) != NULL;)
        say_cell(talk, FAQD_PARAGRAPH, slot->outside ? FAQD_NO_ROW : row_of(talk, "condition_", slot->entity), "use");
    return FAQD_OK;
}
