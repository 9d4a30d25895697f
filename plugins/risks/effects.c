/* SPDX-License-Identifier: MIT
 *
 * effects.c - side effects: those that the question names, or all of them, the commonest or the gravest first.
 *
 * "No bruises?" asks about bruises as much as "bruises?" does, so that negation does not count here.
 */
#include "risks.h"

#include <string.h>

enum { LIGHT = 1, OF_NOTE = 2 };

struct effect_action {
    const char *name;
    const char *named;      /* the column that is said of each effect that the question names */
    const char *all;        /* the column that is said of every effect if it names none */
    unsigned gravest_first; /* how that list is ordered: else the commonest first */
    long least_gravity;     /* and where it ends */
};

static const struct effect_action effect_actions[] = {
    {"overview", "about", "brief", 0, LIGHT}, {"serious", "about", "brief", 1, OF_NOTE},
    {"effect", "about", "brief", 0, LIGHT},   {"duration", "duration", "duration", 0, LIGHT},
    {"normal", "normal", "brief", 0, LIGHT},  {"care", "care", NULL, 0, LIGHT},
    {"avoid", "avoid", NULL, 0, LIGHT},
};

const struct effect_action *effect_action(const char *name)
{
    for (size_t i = 0; i < sizeof(effect_actions) / sizeof(effect_actions[0]); i++) {
        if (strcmp(effect_actions[i].name, name) == 0)
            return &effect_actions[i];
    }
    return NULL;
}

/* One effect that the question names. 1 if the sources say what was asked, 0 if only something near. */
static int say_named(struct talk *talk, const struct effect_action *action, const struct faqd_slot *slot)
{
    size_t row = row_of(talk, "effect_", slot->entity);
    if (!has_cell(talk, row, "about")) {
        say_cell(talk, FAQD_PARAGRAPH, row_of(talk, "do_", "effect"), "outside", slot);
        return 0;
    }
    if (has_cell(talk, row, action->named)) {
        say_cell(talk, FAQD_PARAGRAPH, row, action->named, slot);
        return 1;
    }
    /* Not said of this effect: tell so where that matters (how long, what to put on it), then what is known. */
    int told = !has_cell(talk, talk->action_row, "unknown");
    say_cell(talk, FAQD_PARAGRAPH, talk->action_row, "unknown", slot);
    say_cell(talk, FAQD_PARAGRAPH, row, "about", slot);
    return told;
}

static int say_list(struct talk *talk, const struct effect_action *action)
{
    const struct rank *ranks = action->gravest_first ? talk->risks->by_gravity : talk->risks->by_frequency;
    say_cell(talk, FAQD_PARAGRAPH, talk->action_row, "list_intro", NULL);
    for (size_t i = 0; action->all && i < talk->risks->n; i++) {
        if (ranks[i].gravity >= action->least_gravity)
            say_cell(talk, FAQD_ITEM, ranks[i].row, action->all, NULL);
    }
    return 1;
}

void say_effects(struct talk *talk, const struct effect_action *action)
{
    const struct faqd_query *query = talk->query;
    int named = 0;
    int documented = 0;
    for (size_t i = 0; i < query->n_slots; i++) {
        if (is_asked(talk, &query->slots[i], "effect")) {
            documented |= say_named(talk, action, &query->slots[i]);
            named = 1;
        }
    }
    if (!named)
        documented = say_list(talk, action);
    for (size_t i = 0; i < query->n_slots; i++) {
        if (is_asked(talk, &query->slots[i], "effect"))
            say_cell(talk, FAQD_NOTICE, row_of(talk, "effect_", query->slots[i].entity), "alert", &query->slots[i]);
    }
    end_with(talk, documented);
}
