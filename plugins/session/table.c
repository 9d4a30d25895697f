/* SPDX-License-Identifier: MIT
 *
 * table.c - the table of the module "session", looked over once so that an answer can rely on it.
 */
#include "session.h"

#include <string.h>

#define SESSIONS_MAX 50 /* more sessions, or longer pauses, are a slip of the pen */
#define DAYS_MAX 366

const char *const spoken_columns[] = {"count", "interval", "duration", "upkeep", "when", "steps", "needle", NULL};

static int check_number(const struct faqd_host *host, const struct faqd_content *content, size_t row,
                        const char *column, long max)
{
    long number = 1;

    if (host->number(content, row, column, &number) && (number < 1 || number > max))
        return host->refuse(content, row, column, "must be between 1 and %ld", max);
    return FAQD_OK;
}

static int check_numbers(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    static const struct {
        const char *column;
        long max;
    } numbers[] = {{"min", SESSIONS_MAX}, {"max", SESSIONS_MAX}, {"sessions", SESSIONS_MAX}, {"days", DAYS_MAX}};
    long min = 0;
    long max = 0;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        int rc = check_number(host, content, row, numbers[i].column, numbers[i].max);
        if (rc != FAQD_OK)
            return rc;
    }
    if (host->number(content, row, "min", &min) != host->number(content, row, "max", &max))
        return host->refuse(content, row, "min", "\"min\" and \"max\" come together");
    if (min > max)
        return host->refuse(content, row, "min", "is greater than \"max\"");
    return FAQD_OK;
}

/* A row that points to a row that points on would be said halfway. */
static int check_like(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *name = host->cell(content, row, "like", 0);
    size_t other;

    if (!name)
        return FAQD_OK;
    other = host->find_row(content, name);
    if (other == FAQD_NO_ROW)
        return host->refuse(content, row, "like", "there is no row \"%s\"", name);
    if (host->cell(content, other, "like", 0))
        return host->refuse(content, row, "like", "row \"%s\" is itself \"like\" another one", name);
    return FAQD_OK;
}

static int check_unless(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *name;

    for (size_t n = 0; (name = host->cell(content, row, "unless", n)) != NULL; n++) {
        if (host->find_row(content, name) == FAQD_NO_ROW)
            return host->refuse(content, row, "unless", "there is no row \"%s\"", name);
    }
    return FAQD_OK;
}

static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    int rc = check_numbers(host, content, row);

    for (size_t i = 0; rc == FAQD_OK && spoken_columns[i]; i++)
        rc = module_check_statements(host, content, row, spoken_columns[i]);
    if (rc == FAQD_OK)
        rc = check_like(host, content, row);
    return rc == FAQD_OK ? check_unless(host, content, row) : rc;
}

/* Without these numbers and sentences some question would end in a gap that nobody can fill, or in
 * silence. */
static int check_fixed_rows(const struct faqd_host *host, const struct faqd_content *content)
{
    static const char *const numbers[] = {"min", "max", "days"};
    static const char *const sentences[] = {"count", "interval", "duration", "upkeep", "outside"};
    size_t general = host->find_row(content, ROW_GENERAL);
    size_t none = host->find_row(content, ROW_NONE);
    long number;

    if (general == FAQD_NO_ROW || none == FAQD_NO_ROW)
        return host->refuse(content, FAQD_NO_ROW, NULL, "the table needs the rows \"%s\" and \"%s\"", ROW_GENERAL,
                            ROW_NONE);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (!host->number(content, general, numbers[i], &number))
            return host->refuse(content, general, numbers[i], "this number is missing");
    }
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (!host->cell(content, none, sentences[i], 0))
            return host->refuse(content, none, sentences[i], "this sentence is missing");
    }
    return module_check_statements(host, content, none, "outside");
}

int table_check(const struct faqd_host *host, const struct faqd_content *content)
{
    int rc = check_fixed_rows(host, content);

    for (size_t row = 0; rc == FAQD_OK && row < host->row_count(content); row++)
        rc = check_row(host, content, row);
    return rc;
}
