/* SPDX-License-Identifier: MIT
 *
 * conditions.c - is this condition among the uses, who says so, and how far does it go?
 *
 * A question may name several conditions, some that the sources list and some that they do not. Each gets its own
 * sentence, so that nobody takes the "yes" to one for a "yes" to the other.
 */
#include "indications.h"

static size_t condition_row(const struct talk *talk, const struct faqd_slot *slot)
{
    return row_of(talk, "condition_", slot->entity);
}

/* The table decides, not the lexicon: a condition without a sentence on its use is not told to be one. */
static int is_listed(const struct talk *talk, const struct faqd_slot *slot)
{
    return !slot->outside && has_cell(talk, condition_row(talk, slot), "use");
}

static size_t count_conditions(const struct talk *talk, int listed)
{
    const struct faqd_slot *slot;
    size_t n = 0;

    for (size_t at = 0; (slot = asked(talk, "condition", &at)) != NULL;)
        n += is_listed(talk, slot) == listed;
    return n;
}

static void say_listed(struct talk *talk, enum faqd_block_kind kind, const char *column)
{
    const struct faqd_slot *slot;

    for (size_t at = 0; (slot = asked(talk, "condition", &at)) != NULL;) {
        if (is_listed(talk, slot))
            say_cell(talk, kind, condition_row(talk, slot), column);
    }
}

static void say_not_listed(struct talk *talk, enum faqd_block_kind kind)
{
    size_t outside = row_of(talk, "do_outside", "");
    const struct faqd_slot *slot;

    for (size_t at = 0; (slot = asked(talk, "condition", &at)) != NULL;) {
        if (is_listed(talk, slot))
            continue;
        say_about(talk, kind, talk->host->cell(talk->content, outside, "say", 0), slot);
        say_cell(talk, kind, condition_row(talk, slot), "near");
    }
    if (talk->query->unknown_subject)
        say_cell(talk, kind, row_of(talk, "do_unknown", ""), "say");
}

/* The result and the limits that go with the conditions that are listed; none comes twice. */
static void say_how_far(struct talk *talk, int alone)
{
    if (is_action(talk, "works"))
        say_listed(talk, FAQD_PARAGRAPH, "works");
    else if (alone && !is_action(talk, "limit"))
        say_listed(talk, FAQD_PARAGRAPH, "more");
    say_listed(talk, FAQD_PARAGRAPH, "limit");
}

static void add_topics(struct talk *talk, size_t listed, size_t others)
{
    if (listed > 0)
        also_topic(talk, row_of(talk, "do_doctor", ""));
    if (others > 0)
        also_topic(talk, row_of(talk, "do_outside", ""));
}

int say_conditions(struct talk *talk)
{
    size_t listed = count_conditions(talk, 1);
    size_t others = count_conditions(talk, 0) + talk->query->unknown_subject;
    enum faqd_block_kind kind = listed + others > 1 ? FAQD_ITEM : FAQD_PARAGRAPH;

    if (listed + others == 0) {
        say_own(talk);
        return talk->query->n_say > 0 ? FAQD_OK : FAQD_DECLINED;
    }
    if (is_action(talk, "limit")) /* "is it gone for good?" wants the limits before the use */
        say_listed(talk, FAQD_PARAGRAPH, "limit");
    say_listed(talk, kind, "use");
    say_not_listed(talk, kind);
    say_how_far(talk, listed + others == 1);
    add_topics(talk, listed, others);

    if (is_action(talk, "list"))
        say_own(talk); /* "I have tinnitus. What is it used for?" asks for both */
    else if (listed == 0)
        undocumented(talk);
    if (listed > 0)
        say_cell(talk, FAQD_NOTICE, row_of(talk, "do_doctor", ""), "say");
    return FAQD_OK;
}
