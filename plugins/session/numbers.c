/* SPDX-License-Identifier: MIT
 *
 * numbers.c - what an answer of the module "session" reads in the table, above all the numbers for
 * the gaps.
 */
#include "session.h"

const char *cell(const struct turn *turn, size_t row, const char *column, size_t n)
{
    return turn->host->cell(turn->content, row, column, n);
}

size_t row_of(const struct turn *turn, const char *name)
{
    return turn->host->find_row(turn->content, name);
}

static void add_number(struct gaps *gaps, const char *name, long number)
{
    if (gaps->n < GAPS_MAX)
        gaps->list[gaps->n++] = (struct faqd_gap){.name = name, .number = number};
}

/* The number of the row, or else the general one. */
static int number_of(const struct turn *turn, size_t row, const char *column, long *out)
{
    size_t general = row_of(turn, ROW_GENERAL);

    return turn->host->number(turn->content, row, column, out) ||
           turn->host->number(turn->content, general, column, out);
}

/* From the first session to the last there is one pause less than there are sessions. Rounded to
 * the nearest. */
static void add_course(struct gaps *gaps, long sessions, long days)
{
    long span = (sessions - 1) * days;

    add_number(gaps, "weeks", (span + 3) / 7);
    add_number(gaps, "months", (span * 12 + 182) / 365);
}

struct gaps gaps_of(const struct turn *turn, size_t row)
{
    static const char *const columns[] = {"min", "max", "days"};
    struct gaps gaps = {.n = 0};
    long number = 0;
    long days = 0;

    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (number_of(turn, row, columns[i], &number))
            add_number(&gaps, columns[i], number);
    }
    if (turn->host->number(turn->content, row, "sessions", &number) && number_of(turn, row, "days", &days)) {
        add_number(&gaps, "sessions", number);
        add_course(&gaps, number, days);
    }
    return gaps;
}
