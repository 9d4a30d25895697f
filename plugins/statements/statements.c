/* SPDX-License-Identifier: MIT
 *
 * statements.c - the answer module for what needs no logic: it says the intent's statements, in their order.
 *
 * A table makes it attentive to what the question named. Rows are entities (of any type), columns are intents, and a
 * cell lists the statements that are said first when the question named that entity:
 *
 *     "table": { "columns":   { "say": ["definition"] },
 *                "hair_loss": { "definition": ["ind_hair"] },
 *                "closing":   { "definition": ["see_a_doctor"] } }
 *
 * Two rows are no entities. "columns" lists the intents that the table serves, so that open() can look at every cell
 * (the host does not enumerate columns). "closing" holds what is said last, as a notice.
 *
 * The intent's action picks the form: "list" makes items of all but the first statement, "alert" makes the first one
 * stand out; with any other all are paragraphs. The outcome is the intent's own, set by the core.
 */
#include "../module.h"

#include <string.h>

#define COLUMNS_ROW "columns"
#define COLUMNS_CELL "say"
#define CLOSING_ROW "closing"

/* One answer under way. */
struct turn {
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
};

/* ------------------------------------------------------------------------------------------- the table ---- */

static const char *listed_column(const struct faqd_host *host, const struct faqd_content *content, size_t n)
{
    return host->cell(content, host->find_row(content, COLUMNS_ROW), COLUMNS_CELL, n);
}

/* A row without a listed column would never be said: most likely a misspelt or forgotten intent. */
static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *column;
    int used = 0;

    for (size_t n = 0; (column = listed_column(host, content, n)); n++) {
        int rc = module_check_statements(host, content, row, column);
        if (rc != FAQD_OK)
            return rc;
        used |= host->cell(content, row, column, 0) != NULL;
    }
    if (!used)
        return host->refuse(content, row, NULL, "serves none of the intents in row \"%s\"", COLUMNS_ROW);
    return FAQD_OK;
}

static int statements_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    size_t rows = host->row_count(content);

    *instance = NULL; /* nothing to remember: the content holds it all */
    if (rows > 0 && !listed_column(host, content, 0))
        return host->refuse(content, FAQD_NO_ROW, NULL, "the table needs a row \"%s\" with \"%s\": its intents",
                            COLUMNS_ROW, COLUMNS_CELL);

    for (size_t row = 0; row < rows; row++) {
        const char *name = host->row_name(content, row);
        int rc = strcmp(name, COLUMNS_ROW) == 0 ? FAQD_OK : check_row(host, content, row);
        if (rc != FAQD_OK)
            return rc;
    }
    return FAQD_OK;
}

/* ----------------------------------------------------------------------------------------- the answer ---- */

/* The n-th statement that slot number `slot` adds to this intent; NULL: no more. A negated slot adds nothing: "not
 * for my hair" is not a question about hair. */
static const char *added(const struct turn *turn, size_t slot, size_t n)
{
    const struct faqd_slot *s = &turn->query->slots[slot];

    if (s->negated)
        return NULL;
    return turn->host->cell(turn->content, turn->host->find_row(turn->content, s->entity), turn->query->intent, n);
}

/* Did one of the first `slots` slots add this statement? "Back and neck" share theirs; it is said once. */
static int was_added(const struct turn *turn, size_t slots, const char *statement)
{
    const char *other;

    for (size_t slot = 0; slot < slots; slot++) {
        for (size_t n = 0; (other = added(turn, slot, n)); n++) {
            if (strcmp(other, statement) == 0)
                return 1;
        }
    }
    return 0;
}

static int say(const struct turn *turn, enum faqd_block_kind kind, const char *statement)
{
    return turn->host->say(turn->reply, kind, statement, NULL, 0);
}

static int say_added(const struct turn *turn)
{
    int rc = FAQD_OK;
    const char *statement;

    for (size_t slot = 0; slot < turn->query->n_slots; slot++) {
        for (size_t n = 0; (statement = added(turn, slot, n)); n++) {
            if (!was_added(turn, slot, statement))
                rc = say(turn, FAQD_PARAGRAPH, statement);
        }
    }
    return rc;
}

static enum faqd_block_kind kind_of(const struct faqd_query *query, size_t n)
{
    if (strcmp(query->action, "list") == 0 && n > 0)
        return FAQD_ITEM;
    if (strcmp(query->action, "alert") == 0 && n == 0)
        return FAQD_ALERT;
    return FAQD_PARAGRAPH;
}

static int say_own(const struct turn *turn)
{
    int rc = FAQD_OK;
    const struct faqd_query *query = turn->query;

    for (size_t n = 0; n < query->n_say; n++) {
        if (!was_added(turn, query->n_slots, query->say[n]))
            rc = say(turn, kind_of(query, n), query->say[n]);
    }
    return rc;
}

static int say_closing(const struct turn *turn)
{
    int rc = FAQD_OK;
    size_t row = turn->host->find_row(turn->content, CLOSING_ROW);
    const char *statement;

    for (size_t n = 0; (statement = turn->host->cell(turn->content, row, turn->query->intent, n)); n++)
        rc = say(turn, FAQD_NOTICE, statement);
    return rc;
}

static int statements_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                             const struct faqd_query *query, struct faqd_reply *reply)
{
    struct turn turn = {.host = host, .content = content, .query = query, .reply = reply};
    int any = query->n_say > 0;
    int rc;

    (void)instance;
    for (size_t slot = 0; slot < query->n_slots && !any; slot++)
        any = added(&turn, slot, 0) != NULL;
    if (!any)
        return FAQD_DECLINED;

    rc = say_added(&turn);
    if (rc == FAQD_OK)
        rc = say_own(&turn);
    if (rc == FAQD_OK)
        rc = say_closing(&turn);
    return rc;
}

/* ----------------------------------------------------------------------------------------- the plugin ---- */

static const struct faqd_module statements_ops = {
    .struct_size = sizeof(statements_ops),
    .open = statements_open,
    .answer = statements_answer,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "statements", "1.0", &statements_ops);
