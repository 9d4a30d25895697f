/* SPDX-License-Identifier: MIT
 *
 * session.c - the answer module "session": how a session goes, how many there are, how far apart,
 * for how long.
 *
 * The sources give figures for few conditions, and not always the same ones. For each condition
 * that the question names the table (session.h) has the statements of who says what; what it does
 * not have is said to be unknown, next to the general figures. The length of a whole course is
 * worked out from the table's numbers, never written down.
 */
#include "session.h"

#include <string.h>

/* ---------------------------------------------------------------------------------- saying ---- */

static void say(struct turn *turn, enum faqd_block_kind kind, const char *statement, const struct gaps *gaps)
{
    int rc = turn->host->say(turn->reply, kind, statement, gaps->list, gaps->n);

    if (rc < 0 && turn->rc == FAQD_OK)
        turn->rc = rc;
}

static void say_about(struct turn *turn, const char *statement, const struct faqd_slot *slot)
{
    struct gaps gaps = {.n = 1};

    gaps.list[0] = (struct faqd_gap){.name = "subject", .type = slot->type, .entity = slot->entity};
    say(turn, FAQD_NOTICE, statement, &gaps);
}

static void say_general(struct turn *turn)
{
    struct gaps gaps = gaps_of(turn, row_of(turn, ROW_GENERAL));

    for (size_t n = 0; n < turn->query->n_say; n++)
        say(turn, FAQD_PARAGRAPH, turn->query->say[n], &gaps);
}

/* ----------------------------------------------------------------------------------- slots ---- */

/* What the question itself names counts; what came up earlier, only if the question names nothing
 * of that type. */
static int is_asked(const struct turn *turn, const struct faqd_slot *slot)
{
    if (slot->negated)
        return 0;
    for (size_t i = 0; slot->carried && i < turn->query->n_slots; i++) {
        const struct faqd_slot *other = &turn->query->slots[i];
        if (!other->carried && !other->negated && strcmp(other->type, slot->type) == 0)
            return 0;
    }
    return 1;
}

static int is_named(const struct turn *turn, const char *entity)
{
    for (size_t i = 0; i < turn->query->n_slots; i++) {
        const struct faqd_slot *slot = &turn->query->slots[i];
        if (is_asked(turn, slot) && strcmp(slot->entity, entity) == 0)
            return 1;
    }
    return 0;
}

/* Does another condition of the question say better what this row would say? */
static int is_silent(const struct turn *turn, size_t row)
{
    const char *other;

    for (size_t n = 0; (other = cell(turn, row, "unless", n)) != NULL; n++) {
        if (is_named(turn, other))
            return 1;
    }
    return 0;
}

/* The row that speaks for the slot in this action: its own, the one that it is like, or FAQD_NO_ROW. */
static size_t speaking_row(const struct turn *turn, const struct faqd_slot *slot)
{
    size_t row = row_of(turn, slot->entity);
    const char *like = cell(turn, row, "like", 0);

    if (like)
        row = row_of(turn, like);
    return cell(turn, row, turn->query->action, 0) ? row : FAQD_NO_ROW;
}

/* What no source says of this condition, in a sentence that names it. A zone is no condition:
 * nobody asked for its own figure. 1 if it was said. */
static int say_none(struct turn *turn, const struct faqd_slot *slot)
{
    const char *column = slot->outside ? "outside" : turn->query->action;
    const char *statement = cell(turn, row_of(turn, ROW_NONE), column, 0);

    if (strcmp(slot->type, "condition") != 0 || !statement)
        return 0;
    say_about(turn, statement, slot);
    return 1;
}

static void also_topic(struct turn *turn, const struct faqd_slot *slot)
{
    const char *topic = cell(turn, row_of(turn, slot->entity), "topic", 0);
    int rc = topic ? turn->host->add_topic(turn->reply, topic) : FAQD_OK;

    if (rc < 0 && turn->rc == FAQD_OK)
        turn->rc = rc;
}

/* 1 if the sources say something about it: it is said, unless another row says it. What is said of
 * something like it comes behind the word that nothing is said of itself. */
static int say_slot(struct turn *turn, const struct faqd_slot *slot)
{
    size_t row = speaking_row(turn, slot);
    const char *statement;
    struct gaps gaps;

    if (row == FAQD_NO_ROW)
        return 0;
    if (is_silent(turn, row))
        return 1;
    if (cell(turn, row_of(turn, slot->entity), "like", 0))
        say_none(turn, slot);
    gaps = gaps_of(turn, row);
    for (size_t n = 0; (statement = cell(turn, row, turn->query->action, n)) != NULL; n++)
        say(turn, FAQD_PARAGRAPH, statement, &gaps);
    also_topic(turn, slot);
    return 1;
}

static int is_listed_undocumented(const struct turn *turn)
{
    size_t none = row_of(turn, ROW_NONE);
    const char *action;

    for (size_t n = 0; (action = cell(turn, none, "undocumented", n)) != NULL; n++) {
        if (strcmp(action, turn->query->action) == 0)
            return 1;
    }
    return 0;
}

/* What became of the slots that were asked about. */
struct tally {
    int said;
    int missing; /* of them no source gives what was asked */
    int outside; /* of the missing: no source speaks of them at all */
};

static void say_slots(struct turn *turn, struct tally *tally)
{
    for (size_t i = 0; i < turn->query->n_slots; i++) {
        const struct faqd_slot *slot = &turn->query->slots[i];
        if (!is_asked(turn, slot))
            continue;
        if (say_slot(turn, slot))
            tally->said++;
        else if (slot->outside)
            tally->outside += say_none(turn, slot);
    }
}

static void say_missing(struct turn *turn, struct tally *tally)
{
    for (size_t i = 0; i < turn->query->n_slots; i++) {
        const struct faqd_slot *slot = &turn->query->slots[i];
        if (is_asked(turn, slot) && !slot->outside && speaking_row(turn, slot) == FAQD_NO_ROW)
            tally->missing += say_none(turn, slot);
    }
}

static void set_outcome(struct turn *turn, const struct tally *tally)
{
    int rc = FAQD_OK;

    if (tally->said)
        rc = turn->host->set_outcome(turn->reply, FAQD_ANSWER);
    else if (tally->outside || (tally->missing && is_listed_undocumented(turn)))
        rc = turn->host->set_outcome(turn->reply, FAQD_UNDOCUMENTED);
    if (rc < 0 && turn->rc == FAQD_OK)
        turn->rc = rc;
}

/* ---------------------------------------------------------------------------------- module ---- */

/* The general figures are for what the sources speak of: they are not said for psoriasis. How a
 * session goes (no sentence in "none") is the same for all. */
static int is_general_wanted(const struct turn *turn, const struct tally *tally)
{
    int has_figures = cell(turn, row_of(turn, ROW_NONE), turn->query->action, 0) != NULL;

    return !tally->said && !(tally->outside && has_figures);
}

static int session_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                          const struct faqd_query *query, struct faqd_reply *reply)
{
    struct turn turn = {.host = host, .content = content, .query = query, .reply = reply, .rc = FAQD_OK};
    struct tally tally = {0};

    (void)instance;
    if (!query->n_say)
        return FAQD_DECLINED;
    say_slots(&turn, &tally);
    if (is_general_wanted(&turn, &tally))
        say_general(&turn);
    say_missing(&turn, &tally);
    set_outcome(&turn, &tally);
    return turn.rc;
}

static int session_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    *instance = NULL; /* nothing to remember: the content holds it all */
    return table_check(host, content);
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops),
    .open = session_open,
    .answer = session_answer,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "session", "1.0", &ops);
