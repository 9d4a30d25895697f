/* SPDX-License-Identifier: MIT
 *
 * session.h - what the files of the module "session" share, and the manual of its table.
 *
 * Rows are conditions and zones by their entity ids, and two more:
 *
 *     "general":   { "min": 1, "max": 12, "days": 7 }                    numbers for whatever has
 * none of its own "none":      { "count": "count_none_for", ..., "outside": "not_listed",
 * "undocumented": ["upkeep"] } "cellulite": { "count": ["count_cellulite", "course_months"],
 * "sessions": 12 } "wrinkles":  { "like": "mesolift", "topic": "mesolift" }
 *
 * A column named as the intent's action ("count", "interval", "duration", "upkeep", "when",
 * "steps", "needle") lists the statements for that row. "none" has the sentence, with the gap
 * {subject}, for a condition without such a column or without a row, and for one that no source
 * speaks of ("outside"); "undocumented" lists the actions for which that sentence alone is no
 * answer.
 *
 * "like": the figures of another row are what comes nearest; they are said, with the sentence of
 * "none" for a condition. "topic": reported along with it. "unless": the row is silent if one of
 * these entities was named too, because that one's row says it better ("acute tendinitis").
 *
 * Numbers of a row fill the gaps of their names in its statements. From "sessions" and "days"
 * (between two of them) come {weeks} and {months}, from the first session to the last.
 */
#ifndef FAQD_SESSION_H
#define FAQD_SESSION_H

#include "../module.h"

#define ROW_GENERAL "general"
#define ROW_NONE "none"

#define GAPS_MAX 8

/* One answer under way. */
struct turn {
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
    int rc; /* the first error of the host */
};

/* What fills the gaps of a row's statements. */
struct gaps {
    struct faqd_gap list[GAPS_MAX];
    size_t n;
};

/* A string of the table; NULL also for FAQD_NO_ROW. */
const char *cell(const struct turn *turn, size_t row, const char *column, size_t n);
size_t row_of(const struct turn *turn, const char *name);

/* The numbers of a row (or the general ones), and how long its course takes. */
struct gaps gaps_of(const struct turn *turn, size_t row);

/* The columns of statements, ended by NULL. */
extern const char *const spoken_columns[];

/* Look the whole table over. FAQD_OK, or what host->refuse returned. */
int table_check(const struct faqd_host *host, const struct faqd_content *content);

#endif
