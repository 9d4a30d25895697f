/* SPDX-License-Identifier: MIT
 *
 * risks.h - what the files of the module "risks" share: the rows of its table and one answer under way.
 *
 * The table has three kinds of rows, told apart by how their names begin:
 *
 *   effect_ENTITY   a side effect. Numbers: frequency (1 the commonest .. 9), gravity (1 light, 2 of note, 3 grave).
 *                   Statements: about (what is known of it; none: no source knows it), brief (its line in a list),
 *                   and where the sources say it: duration, normal, care, avoid; alert (remarks that go with it).
 *   state_ENTITY    what somebody is, has or takes. Number: known (1 if a source gives a verdict on it, else 0).
 *                   Statements: verdict (none: no source speaks of it), list (its line in the list of
 *                   contraindications), with_substance (said for each substance named beside it).
 *   do_ACTION       what goes with an action. Statements: list_intro (before a list of all effects or states), notice
 *                   (remarks that end the answer), outside (no source knows this entity), unknown (no source says
 *                   this of it), with_TYPE (said for each entity of that type beside). The last three may have the
 *                   gap {TYPE}. Number: undocumented (1: the answer as a whole is).
 *
 * An effect_ or state_ row with the number general (1) stands for all of its kind ("side effects", "medical history"):
 * naming it names none.
 */
#ifndef RISKS_H
#define RISKS_H

#include "../module.h"

/* A side effect's place in the lists. */
struct rank {
    size_t row;
    long frequency;
    long gravity;
};

/* An instance of the module: built by open(), constant afterwards. */
struct risks {
    size_t n;
    struct rank *by_frequency; /* the commonest first, of equals the lightest */
    struct rank *by_gravity;   /* the gravest first, of equals the commonest */
};

/* One answer under way. It lives on the stack of the call, so that threads do not meet. */
struct talk {
    const struct risks *risks;
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
    size_t action_row;    /* the row do_ACTION, or FAQD_NO_ROW */
    const char *said[64]; /* what is there already: two effects may share a statement */
    size_t n_said;
    int rc;
};

/* table.c: open(), and reading the table */
int table_check(const struct faqd_host *host, const struct faqd_content *content);
int table_rank(const struct faqd_host *host, const struct faqd_content *content, struct risks *risks);
int is_kind(const char *row_name, const char *prefix);
size_t row_of(const struct talk *talk, const char *prefix, const char *name); /* FAQD_NO_ROW: none */
int has_cell(const struct talk *talk, size_t row, const char *column);
long number_or(const struct talk *talk, size_t row, const char *column, long fallback);

/* risks.c: saying. say_cell takes FAQD_NO_ROW and a column that the row lacks: then it says nothing. `slot` fills the
 * gap that is called like its type; NULL: no gap. */
int is_asked(const struct talk *talk, const struct faqd_slot *slot, const char *type);
void say_cell(struct talk *talk, enum faqd_block_kind kind, size_t row, const char *column,
              const struct faqd_slot *slot);
void end_with(struct talk *talk, int documented);

/* effects.c, states.c: the two things that people ask about */
struct effect_action;
const struct effect_action *effect_action(const char *name); /* NULL: not about effects */
void say_effects(struct talk *talk, const struct effect_action *action);
int is_states_action(const char *name);
void say_states(struct talk *talk);

#endif
