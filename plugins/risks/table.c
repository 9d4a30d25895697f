/* SPDX-License-Identifier: MIT
 *
 * table.c - the table of the content: looked over once when it is opened, so that answer() need not doubt it.
 */
#include "risks.h"

#include <stdlib.h>
#include <string.h>

static const char *const effect_columns[] = {"about", "brief", "duration", "normal", "care", "avoid", "alert", NULL};
static const char *const state_columns[] = {"verdict", "list", "with_substance", NULL};
static const char *const action_columns[] = {"list_intro", "notice",         "outside",        "unknown",
                                             "with_zone",  "with_condition", "with_substance", NULL};

int is_kind(const char *row_name, const char *prefix)
{
    return strncmp(row_name, prefix, strlen(prefix)) == 0;
}

size_t row_of(const struct talk *talk, const char *prefix, const char *name)
{
    return module_row(talk->host, talk->content, prefix, name);
}

int has_cell(const struct talk *talk, size_t row, const char *column)
{
    return talk->host->cell(talk->content, row, column, 0) != NULL;
}

long number_or(const struct talk *talk, size_t row, const char *column, long fallback)
{
    long number = 0;
    return talk->host->number(talk->content, row, column, &number) ? number : fallback;
}

/* Every string in these columns has to be a statement. */
static int check_columns(const struct faqd_host *host, const struct faqd_content *content, size_t row,
                         const char *const *columns)
{
    int rc = FAQD_OK;
    for (; *columns && rc == FAQD_OK; columns++)
        rc = module_check_statements(host, content, row, *columns);
    return rc;
}

static int check_number(const struct faqd_host *host, const struct faqd_content *content, size_t row,
                        const char *column, long least, long most)
{
    long number = 0;
    if (!host->number(content, row, column, &number) || number < least || number > most)
        return host->refuse(content, row, column, "needs a number from %ld to %ld", least, most);
    return FAQD_OK;
}

static int check_effect(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    int rc = check_number(host, content, row, "frequency", 1, 9);
    if (rc == FAQD_OK)
        rc = check_number(host, content, row, "gravity", 1, 3);
    if (rc == FAQD_OK && host->cell(content, row, "brief", 0) && !host->cell(content, row, "about", 0))
        rc = host->refuse(content, row, "about", "an effect that is listed needs a statement on what is known of it");
    return rc == FAQD_OK ? check_columns(host, content, row, effect_columns) : rc;
}

static int check_state(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    int rc = check_number(host, content, row, "known", 0, 1);
    long known = 0;
    if (rc == FAQD_OK)
        host->number(content, row, "known", &known);
    if (rc == FAQD_OK && known == 1 && !host->cell(content, row, "verdict", 0))
        rc = host->refuse(content, row, "verdict", "a known state needs a statement with what the sources say of it");
    return rc == FAQD_OK ? check_columns(host, content, row, state_columns) : rc;
}

static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row)
{
    const char *name = host->row_name(content, row);
    if (is_kind(name, "effect_"))
        return check_effect(host, content, row);
    if (is_kind(name, "state_"))
        return check_state(host, content, row);
    if (is_kind(name, "do_"))
        return check_columns(host, content, row, action_columns);
    return host->refuse(content, row, NULL, "a row is called effect_..., state_... or do_...");
}

/* What no answer can do without: a mute answer about somebody's pregnancy would be worse than none. */
static int check_needed(const struct faqd_host *host, const struct faqd_content *content)
{
    static const char *const needed[][2] = {
        {"do_effect", "outside"}, {"do_states", "outside"}, {"do_states", "notice"}};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        size_t row = host->find_row(content, needed[i][0]);
        if (!host->cell(content, row, needed[i][1], 0))
            return host->refuse(content, row, needed[i][1], "row \"%s\" with \"%s\" is needed", needed[i][0],
                                needed[i][1]);
    }
    return FAQD_OK;
}

int table_check(const struct faqd_host *host, const struct faqd_content *content)
{
    int rc = FAQD_OK;
    for (size_t row = 0; row < host->row_count(content) && rc == FAQD_OK; row++)
        rc = check_row(host, content, row);
    return rc == FAQD_OK ? check_needed(host, content) : rc;
}

static int compare(long a, long b)
{
    return (a > b) - (a < b);
}

/* Rows break ties, so that the order is the same on every machine: qsort may move equals. */
static int commonest_first(const void *left, const void *right)
{
    const struct rank *a = left;
    const struct rank *b = right;
    int order = compare(a->frequency, b->frequency);
    if (order == 0)
        order = compare(a->gravity, b->gravity);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static int gravest_first(const void *left, const void *right)
{
    const struct rank *a = left;
    const struct rank *b = right;
    int order = compare(b->gravity, a->gravity);
    return order != 0 ? order : commonest_first(left, right);
}

int table_rank(const struct faqd_host *host, const struct faqd_content *content, struct risks *risks)
{
    size_t rows = host->row_count(content);
    risks->by_frequency = calloc(rows + 1, sizeof(*risks->by_frequency));
    risks->by_gravity = calloc(rows + 1, sizeof(*risks->by_gravity));
    if (!risks->by_frequency || !risks->by_gravity)
        return FAQD_ENOMEM;

    for (size_t row = 0; row < rows; row++) {
        struct rank rank = {.row = row};
        if (!is_kind(host->row_name(content, row), "effect_"))
            continue;
        host->number(content, row, "frequency", &rank.frequency);
        host->number(content, row, "gravity", &rank.gravity);
        risks->by_frequency[risks->n] = rank;
        risks->by_gravity[risks->n] = rank;
        risks->n++;
    }
    qsort(risks->by_frequency, risks->n, sizeof(struct rank), commonest_first);
    qsort(risks->by_gravity, risks->n, sizeof(struct rank), gravest_first);
    return FAQD_OK;
}
