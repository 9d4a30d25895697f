/* SPDX-License-Identifier: MIT
 *
 * table.c - the table of the content: looked over once when it is opened, so that answer() need not doubt it.
 */
#include "indications.h"

#include <string.h>

/* What a kind of row may hold: columns of statements, and the one that must be there (NULL: none). */
struct kind {
    const char *prefix;
    const char *needed;
    const char *columns[6];
};

static const struct kind kinds[] = {
    {"condition_", NULL, {"use", "more", "works", "limit", "near", NULL}},
    {"zone_", "topic", {"where", NULL}},
    {"treatment_", "topic", {"about", NULL}},
    {"do_", "say", {"say", NULL}},
};

/* Without these a question would go unanswered that has to be answered: "no source lists it". */
static const char *const needed_rows[] = {"do_outside", "do_unknown", "do_zone", "do_doctor"};

size_t row_of(const struct talk *talk, const char *prefix, const char *name)
{
    return module_row(talk->host, talk->content, prefix, name);
}

int has_cell(const struct talk *talk, size_t row, const char *column)
{
    return talk->host->cell(talk->content, row, column, 0) != NULL;
}

static const struct kind *kind_of(const char *row_name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strncmp(row_name, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return &kinds[i];
    }
    return NULL;
}

/* A condition without "use" counts as one that no source lists; then what would be said of its use makes no sense. */
static int check_condition(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    static const char *const of_use[] = {"more", "works", "limit"};

    if (host->cell(content, row, "use", 0)) {
        if (host->cell(content, row, "near", 0))
            return host->refuse(content, row, "near", "is for conditions that have no \"use\"");
        return FAQD_OK;
    }
    for (size_t i = 0; i < sizeof(of_use) / sizeof(of_use[0]); i++) {
        if (host->cell(content, row, of_use[i], 0))
            return host->refuse(content, row, of_use[i], "is never said without \"use\"");
    }
    if (!host->cell(content, row, "near", 0))
        return host->refuse(content, row, NULL, "needs \"use\" or \"near\"");
    return FAQD_OK;
}

static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const struct kind *kind = kind_of(host->row_name(content, row));

    if (!kind)
        return host->refuse(content, row, NULL, "a row is called condition_..., zone_..., treatment_... or do_...");
    if (kind->needed && !host->cell(content, row, kind->needed, 0))
        return host->refuse(content, row, kind->needed, "is needed here");
    for (const char *const *column = kind->columns; *column; column++) {
        int rc = module_check_statements(host, content, row, *column);
        if (rc != FAQD_OK)
            return rc;
    }
    return kind == &kinds[0] ? check_condition(host, content, row) : FAQD_OK;
}

int table_check(const struct faqd_host *host, const struct faqd_content *content)
{
    for (size_t row = 0; row < host->row_count(content); row++) {
        int rc = check_row(host, content, row);
        if (rc != FAQD_OK)
            return rc;
    }
    for (size_t i = 0; i < sizeof(needed_rows) / sizeof(needed_rows[0]); i++) {
        if (host->find_row(content, needed_rows[i]) == FAQD_NO_ROW)
            return host->refuse(content, FAQD_NO_ROW, NULL, "the table needs a row \"%s\"", needed_rows[i]);
    }
    return FAQD_OK;
}
