/* SPDX-License-Identifier: MIT
 *
 * module.c - see module.h.
 */
#include "module.h"

#include <stdio.h>
#include <string.h>

#define ROW_NAME_MAX 128 /* longer ones are found by nobody */

int module_check_statements(const struct faqd_host *host, const struct faqd_content *content, size_t row,
                            const char *column)
{
    const char *statement;
    for (size_t n = 0; (statement = host->cell(content, row, column, n)) != NULL; n++)
        if (!host->has_statement(content, statement))
            return host->refuse(content, row, column, "there is no statement \"%s\"", statement);
    return FAQD_OK;
}

size_t module_row(const struct faqd_host *host, const struct faqd_content *content, const char *prefix,
                  const char *name)
{
    char row_name[ROW_NAME_MAX];
    int len = snprintf(row_name, sizeof(row_name), "%s%s", prefix, name);
    return len < 0 || (size_t)len >= sizeof(row_name) ? FAQD_NO_ROW : host->find_row(content, row_name);
}

int module_is_asked(const struct faqd_query *query, const struct faqd_slot *slot, const char *type)
{
    if (strcmp(slot->type, type) != 0)
        return 0;
    for (size_t i = 0; slot->carried && i < query->n_slots; i++)
        if (!query->slots[i].carried && strcmp(query->slots[i].type, type) == 0)
            return 0;
    return 1;
}
