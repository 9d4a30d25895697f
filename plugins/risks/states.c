/* SPDX-License-Identifier: MIT
 *
 * states.c - contraindications: a verdict for each state that the question tells ("I am pregnant and on blood
 * thinners"), with what its own sources say; the list of all of them if it tells none.
 *
 * A state that is denied ("I am not pregnant") gets no verdict. One that no source speaks of is told as such, by
 * name, beside the others: silence would read as "no problem". The notices of the action (the list is not complete,
 * a doctor decides) end every answer.
 */
#include "risks.h"

#include <string.h>

static int is_told(const struct talk *talk, const struct faqd_slot *slot)
{
    return is_asked(talk, slot, "state") && !slot->negated;
}

static size_t count_told(const struct talk *talk)
{
    size_t n = 0;
    for (size_t i = 0; i < talk->query->n_slots; i++)
        n += is_told(talk, &talk->query->slots[i]) ? 1 : 0;
    return n;
}

/* "Allergic to lidocaine": what is said of a state may depend on the substances beside it. */
static void say_substances(struct talk *talk, size_t row)
{
    for (size_t i = 0; i < talk->query->n_slots; i++) {
        if (strcmp(talk->query->slots[i].type, "substance") == 0)
            say_cell(talk, FAQD_PARAGRAPH, row, "with_substance", &talk->query->slots[i]);
    }
}

static int say_verdict(struct talk *talk, enum faqd_block_kind kind, const struct faqd_slot *slot)
{
    size_t row = row_of(talk, "state_", slot->entity);
    if (!has_cell(talk, row, "verdict")) {
        say_cell(talk, kind, row_of(talk, "do_", "states"), "outside", slot);
        return 0;
    }
    say_cell(talk, kind, row, "verdict", slot);
    return number_or(talk, row, "known", 0) == 1;
}

static void say_all(struct talk *talk)
{
    say_cell(talk, FAQD_PARAGRAPH, talk->action_row, "list_intro", NULL);
    for (size_t row = 0; row < talk->host->row_count(talk->content); row++) {
        if (is_kind(talk->host->row_name(talk->content, row), "state_"))
            say_cell(talk, FAQD_ITEM, row, "list", NULL);
    }
}

/* "states": may somebody like this have it; "tell": what to tell the doctor, which is always the whole list; "stop":
 * whether to stop a medicine. */
int is_states_action(const char *name)
{
    return strcmp(name, "states") == 0 || strcmp(name, "tell") == 0 || strcmp(name, "stop") == 0;
}

/* The verdicts, with what depends on substances below. 1 if a source speaks of any of the states. */
static int say_verdicts(struct talk *talk, enum faqd_block_kind kind)
{
    const struct faqd_query *query = talk->query;
    int documented = 0;
    for (size_t i = 0; i < query->n_slots; i++) {
        if (is_told(talk, &query->slots[i]))
            documented |= say_verdict(talk, kind, &query->slots[i]);
    }
    for (size_t i = 0; i < query->n_slots; i++) {
        if (is_told(talk, &query->slots[i]))
            say_substances(talk, row_of(talk, "state_", query->slots[i].entity));
    }
    return documented;
}

void say_states(struct talk *talk)
{
    size_t n = count_told(talk);
    int whole_list = n == 0 || strcmp(talk->query->action, "tell") == 0;
    int documented = say_verdicts(talk, n > 1 ? FAQD_ITEM : FAQD_PARAGRAPH);
    if (whole_list)
        say_all(talk);
    end_with(talk, documented || whole_list);
}
