/* SPDX-License-Identifier: MIT
 *
 * substances.c - the answer module "substances": what is injected, and whether one product is.
 *
 * Which statements speak of a product stands in the table; a product without a row is one that no source mentions, and
 * a word that the lexicon does not know is "this product": what the visitor typed never comes back.
 *
 *     "lipase":   { "say": ["sub_lipase"] }                       entities: substances; conditions, by what is injected
 *     "list":     { "items": ["sub_medicines", ...] }             all of it, by class
 *     "fallback": { "not_mentioned": ..., "unknown": ..., "dose": ... }
 *
 * Statements of rows and "fallback" may have the gap {subject}, which is the entity's name.
 *
 * Actions: "list", "named" (is it in there, what for), "dose" (no source gives one: "fallback" has a sentence that
 * names the product), any other: the intent's own statements.
 */
#include "../module.h"

#include <string.h>

#define ROW_LIST "list"
#define ROW_FALLBACK "fallback"

/* One answer under way. */
struct turn {
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
    int rc; /* the first error of the host */
};

static int is_action(const struct turn *turn, const char *action)
{
    return strcmp(turn->query->action, action) == 0;
}

static void remember_error(struct turn *turn, int rc)
{
    if (rc < 0 && turn->rc == FAQD_OK)
        turn->rc = rc;
}

/* ---------------------------------------------------------------------------------- saying ---- */

static void say_about(struct turn *turn, enum faqd_block_kind kind, const char *statement, const struct faqd_slot *slot)
{
    struct faqd_gap gap = {.name = "subject", .type = slot->type, .entity = slot->entity};

    remember_error(turn, turn->host->say(turn->reply, kind, statement, &gap, 1));
}

static void say(struct turn *turn, enum faqd_block_kind kind, const char *statement)
{
    remember_error(turn, turn->host->say(turn->reply, kind, statement, NULL, 0));
}

static void say_own(struct turn *turn, size_t first)
{
    for (size_t n = first; n < turn->query->n_say; n++)
        say(turn, FAQD_PARAGRAPH, turn->query->say[n]);
}

static const char *fallback(const struct turn *turn, const char *column)
{
    return turn->host->cell(turn->content, turn->host->find_row(turn->content, ROW_FALLBACK), column, 0);
}

static void undocumented(struct turn *turn)
{
    remember_error(turn, turn->host->set_outcome(turn->reply, FAQD_UNDOCUMENTED));
}

/* ----------------------------------------------------------------------------------- slots ---- */

/* The row that has something to say of the slot, or FAQD_NO_ROW. Negated or not: "without cortisone?" asks about
 * cortisone like "with cortisone?". */
static size_t documented_row(const struct turn *turn, const struct faqd_slot *slot)
{
    size_t row = turn->host->find_row(turn->content, slot->entity);

    return turn->host->cell(turn->content, row, "say", 0) ? row : FAQD_NO_ROW;
}

/* The statements of the slot's row. 1 if it has some. */
static int say_row(struct turn *turn, const struct faqd_slot *slot)
{
    size_t row = documented_row(turn, slot);
    const char *statement;

    for (size_t n = 0; (statement = turn->host->cell(turn->content, row, "say", n)) != NULL; n++)
        say_about(turn, FAQD_PARAGRAPH, statement, slot);
    return row != FAQD_NO_ROW;
}

/* --------------------------------------------------------------------------------- answers ---- */

/* The products in general, by class; before them what is told of the conditions that were named. */
static void answer_list(struct turn *turn)
{
    size_t row = turn->host->find_row(turn->content, ROW_LIST);
    const char *item;

    for (size_t i = 0; i < turn->query->n_slots; i++)
        say_row(turn, &turn->query->slots[i]);
    say(turn, FAQD_PARAGRAPH, turn->query->say[0]);
    for (size_t n = 0; (item = turn->host->cell(turn->content, row, "items", n)) != NULL; n++)
        say(turn, FAQD_ITEM, item);
    say_own(turn, 1);
}

/* Is this product in there, and what for? Each one that was named, then the ones that no source
 * mentions. */
static void answer_named(struct turn *turn)
{
    size_t named = 0;
    size_t documented = 0;

    for (size_t i = 0; i < turn->query->n_slots; i++) {
        const struct faqd_slot *slot = &turn->query->slots[i];
        if (!module_is_asked(turn->query, slot, "substance"))
            continue;
        named++;
        if (say_row(turn, slot))
            documented++;
        else
            say_about(turn, FAQD_PARAGRAPH, fallback(turn, "not_mentioned"), slot);
    }
    if (!named && turn->query->unknown_subject)
        say(turn, FAQD_PARAGRAPH, fallback(turn, "unknown"));
    else if (!named)
        say_own(turn, 0);
    if (!documented && (named || turn->query->unknown_subject))
        undocumented(turn);
}

/* No source gives a dose: the first statement says so in general, the fallback for one product. */
static void answer_dose(struct turn *turn)
{
    int named = 0;

    for (size_t i = 0; i < turn->query->n_slots; i++) {
        const struct faqd_slot *slot = &turn->query->slots[i];
        if (!module_is_asked(turn->query, slot, "substance"))
            continue;
        int documented = documented_row(turn, slot) != FAQD_NO_ROW;
        say_about(turn, FAQD_PARAGRAPH, fallback(turn, documented ? "dose" : "not_mentioned"), slot);
        named = 1;
    }
    say_own(turn, named ? 1 : 0);
}

static int substances_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                             const struct faqd_query *query, struct faqd_reply *reply)
{
    struct turn turn = {.host = host, .content = content, .query = query, .reply = reply, .rc = FAQD_OK};

    (void)instance;
    if (!query->n_say)
        return FAQD_DECLINED;
    if (is_action(&turn, "list"))
        answer_list(&turn);
    else if (is_action(&turn, "named"))
        answer_named(&turn);
    else if (is_action(&turn, "dose"))
        answer_dose(&turn);
    else
        say_own(&turn, 0);
    return turn.rc;
}

/* ---------------------------------------------------------------------------------- module ---- */

/* A cell that an answer cannot do without. */
static int check_needed(const struct faqd_host *host, const struct faqd_content *content, const char *name,
                        const char *column)
{
    size_t row = host->find_row(content, name);

    if (row == FAQD_NO_ROW)
        return host->refuse(content, FAQD_NO_ROW, NULL, "the table needs a row \"%s\"", name);
    if (!host->cell(content, row, column, 0))
        return host->refuse(content, row, column, "this cell is missing");
    return module_check_statements(host, content, row, column);
}

static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *name = host->row_name(content, row);

    if (strcmp(name, ROW_LIST) == 0 || strcmp(name, ROW_FALLBACK) == 0)
        return FAQD_OK;
    if (!host->cell(content, row, "say", 0))
        return host->refuse(content, row, "say", "a row without statements: leave it out");
    return module_check_statements(host, content, row, "say");
}

static int substances_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    static const char *const fallbacks[] = {"not_mentioned", "unknown", "dose"};
    int rc = check_needed(host, content, ROW_LIST, "items");

    *instance = NULL; /* nothing to remember: the content holds it all */
    for (size_t i = 0; rc == FAQD_OK && i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++)
        rc = check_needed(host, content, ROW_FALLBACK, fallbacks[i]);
    for (size_t row = 0; rc == FAQD_OK && row < host->row_count(content); row++)
        rc = check_row(host, content, row);
    return rc;
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops),
    .open = substances_open,
    .answer = substances_answer,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "substances", "1.0", &ops);
