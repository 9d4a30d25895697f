/* SPDX-License-Identifier: MIT
 *
 * statistics.c - see statistics.h.
 *
 * Locks: statistics.lock guards the list of counters and everything that is waiting to be written; a counter's lock
 * guards its tally and its misses. Both are held at once only in this order: statistics.lock, then the counter's. The
 * file belongs to the main thread.
 */
#include "statistics.h"

#include "log.h"
#include "render.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAITING_MISSES 256 /* of all threads between two flushes; more are not kept */
#define RETRY_SECONDS 60   /* after the file could not be opened */

struct miss {
    int64_t day;
    enum faqd_outcome outcome;
    char lang[8];
    char pack[64];
    char text[STATISTICS_MISS_MAX + 1];
};

struct misses {
    struct miss *items;
    size_t n;
};

struct statistics_counter {
    pthread_mutex_t lock;
    struct tally counts;
    struct misses misses;
    const struct statistics *statistics;
    struct statistics_counter *next;
};

/* What is on its way to the file. */
struct waiting {
    struct tally counts;
    struct tally votes;
    struct misses misses;
};

struct statistics {
    pthread_mutex_t lock;
    struct statistics_counter *counters;
    struct waiting waiting;
    struct tally totals; /* day 0, no id */
    struct tally vote_totals;
    struct statistics_settings settings;
    atomic_int wants_misses;
    struct store *store; /* from here on main's alone */
    int64_t tried;       /* when opening it failed; 0: it did not */
    int refused;         /* and the log says so */
    int64_t purged;      /* the day of the last purge */
};

int statistics_new(struct statistics **out)
{
    *out = calloc(1, sizeof(**out));
    if (!*out)
        return FAQD_ENOMEM;
    (*out)->purged = -1;
    if (pthread_mutex_init(&(*out)->lock, NULL) == 0)
        return FAQD_OK;
    free(*out);
    *out = NULL;
    return FAQD_ENOMEM;
}

void statistics_configure(struct statistics *s, const struct statistics_settings *settings)
{
    s->settings = *settings;
    atomic_store(&s->wants_misses, settings->misses && settings->folder);
}

static void free_waiting(struct waiting *waiting)
{
    tally_free(&waiting->counts);
    tally_free(&waiting->votes);
    free(waiting->misses.items);
    waiting->misses = (struct misses){0};
}

void statistics_free(struct statistics *s)
{
    if (!s)
        return;
    free_waiting(&s->waiting);
    tally_free(&s->totals);
    tally_free(&s->vote_totals);
    store_close(s->store);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---------------------------------------------------------------------------------------------- counting ---- */

struct statistics_counter *statistics_join(struct statistics *s)
{
    struct statistics_counter *counter = calloc(1, sizeof(*counter));
    if (!counter)
        return NULL;
    if (pthread_mutex_init(&counter->lock, NULL) != 0) {
        free(counter);
        return NULL;
    }
    counter->statistics = s;
    pthread_mutex_lock(&s->lock);
    counter->next = s->counters;
    s->counters = counter;
    pthread_mutex_unlock(&s->lock);
    return counter;
}

static void add_miss(struct misses *misses, const struct miss *miss)
{
    if (misses->n == WAITING_MISSES)
        return;
    if (!misses->items)
        misses->items = malloc(WAITING_MISSES * sizeof(*misses->items));
    if (misses->items)
        misses->items[misses->n++] = *miss;
}

static void move_misses(struct misses *from, struct misses *to)
{
    for (size_t i = 0; i < from->n; i++)
        add_miss(to, &from->items[i]);
    from->n = 0;
}

static void add_totals(const struct tally *from, struct tally *totals)
{
    for (size_t i = 0; i < from->size; i++) {
        const struct tally_entry *entry = &from->slots[i];
        if (!entry->key.connector || !entry->n)
            continue;
        struct tally_key key = {
            .what = entry->key.what, .connector = entry->key.connector, .lang = entry->key.lang, .id = ""};
        tally_add(totals, &key, entry->n);
    }
}

/* Take over what a counter has. With statistics.lock held. */
static void collect(struct statistics *s, struct statistics_counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    add_totals(&counter->counts, &s->totals);
    if (s->settings.folder && s->settings.days)
        tally_move(&counter->counts, &s->waiting.counts);
    for (size_t i = 0; i < counter->counts.size; i++) /* what has no room is not counted twice */
        counter->counts.slots[i].n = 0;
    move_misses(&counter->misses, &s->waiting.misses);
    pthread_mutex_unlock(&counter->lock);
}

static void collect_all(struct statistics *s)
{
    for (struct statistics_counter *counter = s->counters; counter; counter = counter->next)
        collect(s, counter);
}

void statistics_leave(struct statistics *s, struct statistics_counter *counter)
{
    if (!counter)
        return;
    pthread_mutex_lock(&s->lock);
    struct statistics_counter **at = &s->counters;
    while (*at != counter)
        at = &(*at)->next;
    *at = counter->next;
    collect(s, counter);
    pthread_mutex_unlock(&s->lock);
    pthread_mutex_destroy(&counter->lock);
    tally_free(&counter->counts);
    free(counter->misses.items);
    free(counter);
}

static int64_t today(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now); /* to the day: the cheap clock will do */
    return (int64_t)now.tv_sec / 86400;
}

void statistics_count(struct statistics_counter *counter, const char *connector, const char *lang,
                      enum faqd_outcome outcome, const char *id)
{
    struct tally_key key = {today(), (int)outcome, connector, lang, id};
    pthread_mutex_lock(&counter->lock);
    tally_add(&counter->counts, &key, 1); /* without memory, statistics lack an answer */
    pthread_mutex_unlock(&counter->lock);
}

int statistics_wants_misses(const struct statistics *s)
{
    return atomic_load(&s->wants_misses);
}

void statistics_miss(struct statistics_counter *counter, const char *lang, enum faqd_outcome outcome, const char *pack,
                     const char *text, size_t len)
{
    struct miss miss = {.day = today(), .outcome = outcome};
    size_t n = len < STATISTICS_MISS_MAX ? len : STATISTICS_MISS_MAX;
    if (!statistics_wants_misses(counter->statistics) || !len)
        return;
    while (n < len && n && text[n] != ' ') /* no half words */
        n--;
    for (size_t i = 0; i < n; i++)
        miss.text[i] = text[i] >= '0' && text[i] <= '9' ? '#' : text[i];
    snprintf(miss.lang, sizeof(miss.lang), "%s", lang);
    snprintf(miss.pack, sizeof(miss.pack), "%s", pack);
    pthread_mutex_lock(&counter->lock);
    add_miss(&counter->misses, &miss);
    pthread_mutex_unlock(&counter->lock);
}

int statistics_vote(struct statistics *s, const char *connector, const char *lang, const char *id, int vote, int n)
{
    struct tally_key key = {today(), vote, connector, lang, id};
    struct tally_key total = {0, vote, connector, lang, ""};
    int rc = FAQD_OK;
    pthread_mutex_lock(&s->lock);
    if (s->settings.folder && s->settings.days)
        rc = tally_add(&s->waiting.votes, &key, n);
    if (rc == FAQD_OK)
        rc = tally_add(&s->vote_totals, &total, n);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

void statistics_totals(struct statistics *s,
                       void (*each)(void *user, int is_vote, const struct tally_key *key, int64_t n), void *user)
{
    pthread_mutex_lock(&s->lock);
    collect_all(s);
    for (size_t i = 0; i < s->totals.size; i++)
        if (s->totals.slots[i].key.connector)
            each(user, 0, &s->totals.slots[i].key, s->totals.slots[i].n);
    for (size_t i = 0; i < s->vote_totals.size; i++)
        if (s->vote_totals.slots[i].key.connector)
            each(user, 1, &s->vote_totals.slots[i].key, s->vote_totals.slots[i].n);
    pthread_mutex_unlock(&s->lock);
}

/* ----------------------------------------------------------------------------------------------- writing ---- */

static int write_counts(struct store *store, const struct tally *counts)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < counts->size; i++) {
        const struct tally_entry *entry = &counts->slots[i];
        const struct tally_key *key = &entry->key;
        char day[STATISTICS_DAY_SIZE];
        if (!key->connector || !entry->n)
            continue;
        statistics_day(key->day, day);
        struct store_value pack = {.bytes = key->id, .len = strcspn(key->id, "/"), .is_text = 1};
        struct store_value values[] = {STORE_TEXT(day),       STORE_TEXT(key->connector),           pack,
                                       STORE_TEXT(key->lang), STORE_TEXT(outcome_names[key->what]), STORE_TEXT(key->id),
                                       STORE_NUMBER(entry->n)};
        rc = store_run(store, STATISTICS_ADD_COUNT, values, 7, NULL, NULL);
    }
    return rc;
}

static int write_votes(struct store *store, const struct tally *votes)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < votes->size; i++) {
        const struct tally_entry *entry = &votes->slots[i];
        char day[STATISTICS_DAY_SIZE];
        if (!entry->key.connector || !entry->n)
            continue;
        statistics_day(entry->key.day, day);
        struct store_value values[] = {STORE_TEXT(day), STORE_TEXT(entry->key.lang), STORE_TEXT(entry->key.id),
                                       STORE_NUMBER(entry->key.what), STORE_NUMBER(entry->n)};
        rc = store_run(store, STATISTICS_ADD_VOTE, values, 5, NULL, NULL);
    }
    return rc;
}

static int write_misses(struct store *store, const struct misses *misses)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < misses->n; i++) {
        const struct miss *miss = &misses->items[i];
        char day[STATISTICS_DAY_SIZE];
        statistics_day(miss->day, day);
        struct store_value values[] = {STORE_TEXT(day), STORE_TEXT(miss->pack), STORE_TEXT(miss->lang),
                                       STORE_TEXT(outcome_names[miss->outcome]), STORE_TEXT(miss->text)};
        rc = store_run(store, STATISTICS_ADD_MISS, values, 5, NULL, NULL);
    }
    if (rc == FAQD_OK && misses->n)
        rc = store_run(store, STATISTICS_LIMIT_MISSES, NULL, 0, NULL, NULL);
    return rc;
}

static int purge_one(struct store *store, size_t statement, int64_t before)
{
    char day[STATISTICS_DAY_SIZE];
    statistics_day(before, day);
    struct store_value values[] = {STORE_TEXT(day)};
    return store_run(store, statement, values, 1, NULL, NULL);
}

/* Once a day, and at the start. */
static int purge(struct statistics *s, int64_t day)
{
    const struct statistics_settings *set = &s->settings;
    int64_t never = (int64_t)8000 * 365;
    int64_t counts = set->days ? day - set->days : never;
    if (s->purged == day)
        return FAQD_OK;
    int rc = purge_one(s->store, STATISTICS_PURGE_COUNTS, counts);
    if (rc == FAQD_OK)
        rc = purge_one(s->store, STATISTICS_PURGE_VOTES, counts);
    if (rc == FAQD_OK)
        rc = purge_one(s->store, STATISTICS_PURGE_MISSES, set->misses ? day - set->misses_days : never);
    if (rc == FAQD_OK)
        rc = store_shrink(s->store);
    return rc;
}

static int open_file(struct statistics *s, int64_t now)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    if (s->store)
        return FAQD_OK;
    if (s->tried && now >= s->tried && now - s->tried < RETRY_SECONDS)
        return FAQD_EIO;
    int rc = store_open(s->settings.folder, STATISTICS_FILE, &statistics_schema, STORE_SHARED, &err, &s->store);
    s->tried = rc == FAQD_OK ? 0 : now;
    if (rc != FAQD_OK && !s->refused)
        log_event(FAQD_ERROR, "statistics_refused", "%s; answers go on without statistics",
                  err_line(&err, line, sizeof(line)));
    if (rc == FAQD_OK && s->refused)
        log_event(FAQD_INFO, "statistics_healed", "statistics are written again");
    s->refused = rc != FAQD_OK;
    return rc;
}

static int write_all(struct statistics *s, const struct waiting *waiting, int64_t day)
{
    int rc = store_begin(s->store);
    if (rc != FAQD_OK)
        return rc;
    rc = write_counts(s->store, &waiting->counts);
    if (rc == FAQD_OK)
        rc = write_votes(s->store, &waiting->votes);
    if (rc == FAQD_OK)
        rc = write_misses(s->store, &waiting->misses);
    if (rc == FAQD_OK)
        rc = purge(s, day);
    if (rc == FAQD_OK)
        rc = store_commit(s->store);
    else
        store_rollback(s->store);
    if (rc == FAQD_OK)
        s->purged = day;
    return rc;
}

/* Is there a file whose old rows may have to go? */
static int file_is_there(const struct statistics *s)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.sqlite", s->settings.folder, STATISTICS_FILE);
    return access(path, F_OK) == 0;
}

int statistics_flush(struct statistics *s, int64_t now)
{
    struct waiting waiting = {0};
    pthread_mutex_lock(&s->lock);
    collect_all(s);
    if (s->settings.folder) {
        waiting = s->waiting;
        s->waiting = (struct waiting){0};
    }
    pthread_mutex_unlock(&s->lock);
    int rc = FAQD_OK;
    int any = waiting.counts.used || waiting.votes.used || waiting.misses.n;
    if (s->settings.folder && (any || (s->purged != now / 86400 && file_is_there(s)))) {
        rc = open_file(s, now);
        if (rc == FAQD_OK)
            rc = write_all(s, &waiting, now / 86400);
    }
    if (rc != FAQD_OK) { /* another time, with what has come meanwhile */
        pthread_mutex_lock(&s->lock);
        tally_move(&waiting.counts, &s->waiting.counts);
        tally_move(&waiting.votes, &s->waiting.votes);
        move_misses(&waiting.misses, &s->waiting.misses);
        pthread_mutex_unlock(&s->lock);
    }
    free_waiting(&waiting);
    return rc;
}
