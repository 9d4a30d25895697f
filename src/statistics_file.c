/* SPDX-License-Identifier: MIT
 *
 * statistics_file.c - what counters.sqlite holds: the schema, and the SQL of those who write and read it.
 */
#include "statistics.h"

#include <time.h>

static const char *const steps[] = {
    "CREATE TABLE counts (day TEXT NOT NULL, connector TEXT NOT NULL, pack TEXT NOT NULL, lang TEXT NOT NULL,"
    " outcome TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY (day, connector, lang, outcome, id)) WITHOUT ROWID;"
    "CREATE TABLE votes (day TEXT NOT NULL, lang TEXT NOT NULL, id TEXT NOT NULL, vote INTEGER NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY (day, lang, id, vote)) WITHOUT ROWID;"
    "CREATE TABLE misses (day TEXT NOT NULL, pack TEXT NOT NULL, lang TEXT NOT NULL, outcome TEXT NOT NULL,"
    " text TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (text, pack, lang, outcome)) WITHOUT ROWID",
};

#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

static const char *const statements[] = {
    [STATISTICS_ADD_COUNT] = "INSERT INTO counts (day, connector, pack, lang, outcome, id, n)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                             " ON CONFLICT DO UPDATE SET n = n + excluded.n",
    [STATISTICS_ADD_VOTE] = "INSERT INTO votes (day, lang, id, vote, n) VALUES (?1, ?2, ?3, ?4, ?5)"
                            " ON CONFLICT DO UPDATE SET n = n + excluded.n",
    [STATISTICS_ADD_MISS] = "INSERT INTO misses (day, pack, lang, outcome, text, n) VALUES (?1, ?2, ?3, ?4, ?5, 1)"
                            " ON CONFLICT DO UPDATE SET n = n + 1, day = excluded.day",
    [STATISTICS_PURGE_COUNTS] = "DELETE FROM counts WHERE day < ?1",
    [STATISTICS_PURGE_VOTES] = "DELETE FROM votes WHERE day < ?1",
    [STATISTICS_PURGE_MISSES] = "DELETE FROM misses WHERE day < ?1",
    [STATISTICS_LIMIT_MISSES] = "DELETE FROM misses WHERE (text, pack, lang, outcome) IN (SELECT text, pack, lang,"
                                " outcome FROM misses ORDER BY day DESC, n DESC, text LIMIT -1"
                                " OFFSET " TEXT_OF(STATISTICS_MISSES_MAX) ")",
    [STATISTICS_LIST_COUNTS] = "SELECT day, connector, pack, lang, outcome, id, n FROM counts WHERE day >= ?1"
                               " ORDER BY day, connector, pack, lang, outcome, id",
    [STATISTICS_LIST_VOTES] = "SELECT day, lang, id, CAST(max(0, total(n) FILTER (WHERE vote > 0)) AS INTEGER),"
                              " CAST(max(0, total(n) FILTER (WHERE vote < 0)) AS INTEGER)"
                              " FROM votes WHERE day >= ?1 GROUP BY day, lang, id ORDER BY day, id, lang",
    [STATISTICS_LIST_MISSES] = "SELECT day, pack, lang, outcome, text, n FROM misses WHERE day >= ?1"
                               " ORDER BY n DESC, day DESC, text",
};

const struct store_schema statistics_schema = {steps, sizeof(steps) / sizeof(steps[0]), statements,
                                               sizeof(statements) / sizeof(statements[0])};

void statistics_day(int64_t day, char out[STATISTICS_DAY_SIZE])
{
    time_t at = (time_t)(day * 86400);
    struct tm tm;
    out[0] = '\0'; /* before every day, for what cannot be a date */
    if (gmtime_r(&at, &tm) && tm.tm_year >= 70 && tm.tm_year < 8100)
        strftime(out, STATISTICS_DAY_SIZE, "%Y-%m-%d", &tm);
}
