/* SPDX-License-Identifier: MIT
 *
 * host_status.c - how the process fares, for readiness and metrics: a JSON object that faqd(1) describes.
 */
#include "host_private.h"

#include "render.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef FAQD_VERSION
#define FAQD_VERSION "unversioned"
#endif
#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number
#define ABI_TEXT TEXT_OF(FAQD_ABI_MAJOR) "." TEXT_OF(FAQD_ABI_MINOR)

static struct host_health *find_health(struct host *host, const char *connector)
{
    for (size_t i = 0; i < host->n_health; i++)
        if (strcmp(host->health[i].name, connector) == 0)
            return &host->health[i];
    struct host_health *grown = realloc(host->health, (host->n_health + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    host->health = grown;
    struct host_health *health = &grown[host->n_health];
    *health = (struct host_health){.name = strdup(connector)};
    if (!health->name)
        return NULL;
    host->n_health++;
    return health;
}

void host_health(const struct faqd_host *api, const char *connector, int ok, const char *text)
{
    struct host *host = host_of(api);
    pthread_mutex_lock(&host->status_lock);
    struct host_health *health = connector ? find_health(host, connector) : NULL;
    if (health) { /* else out of memory: the next report may get through */
        health->ok = ok != 0;
        snprintf(health->text, sizeof(health->text), "%s", text ? text : "");
    }
    pthread_mutex_unlock(&host->status_lock);
}

void host_figure(const struct faqd_host *api, const char *connector, const char *name, int64_t value)
{
    struct host *host = host_of(api);
    pthread_mutex_lock(&host->status_lock);
    struct host_health *health = connector ? find_health(host, connector) : NULL;
    if (health && !health->figures)
        health->figures = json_object();
    if (health)
        json_object_set_new(health->figures, name, json_integer(value)); /* out of memory: as above */
    pthread_mutex_unlock(&host->status_lock);
}

void host_note_load(struct host *host, struct host_pack *pack, int rc, const struct err *err)
{
    char line[ERR_LINE_MAX] = "";
    if (rc != FAQD_OK && err)
        err_line(err, line, sizeof(line));
    pthread_mutex_lock(&host->status_lock);
    if (rc == FAQD_OK)
        pack->loaded = (int64_t)time(NULL);
    pack->reloads[rc != FAQD_OK]++;
    snprintf(pack->error, sizeof(pack->error), "%s", line);
    pthread_mutex_unlock(&host->status_lock);
}

/* ------------------------------------------------------------------------------------------------- status ---- */

/* In what follows *failed tells that something is missing for want of memory: nobody gets half a status. */
static json_t *names_of(const struct host *host, const struct host_pack *pack, int *failed)
{
    json_t *names = json_array();
    for (size_t i = 0; i < host->n_names; i++)
        if (host->names[i].pack == pack)
            *failed |= json_array_append_new(names, json_string(host->names[i].name));
    return names;
}

static json_t *packs_of(struct host *host, int *failed)
{
    json_t *packs = json_array();
    for (size_t i = 0; i < host->n_packs; i++) {
        struct host_pack *pack = host->packs[i];
        struct snapshot *snapshot = snapshots_acquire(&pack->snapshots);
        *failed |= json_array_append_new(
            packs, json_pack("{s:s, s:o, s:s, s:I, s:{s:I, s:I}, s:s*}", "name", snapshot->pack->name, "names",
                             names_of(host, pack, failed), "version", snapshot->pack->version, "loaded",
                             (json_int_t)pack->loaded, "reloads", "ok", (json_int_t)pack->reloads[0], "failed",
                             (json_int_t)pack->reloads[1], "error", pack->error[0] ? pack->error : NULL));
        snapshots_release(&pack->snapshots, snapshot);
    }
    return packs;
}

static json_t *connectors_of(struct host *host, int *failed)
{
    json_t *connectors = json_object();
    for (size_t i = 0; i < host->n_health; i++) {
        const struct host_health *health = &host->health[i];
        json_t *figures = json_copy(health->figures); /* a copy: numbers change while a status is written */
        *failed |= json_object_set_new(
            connectors, health->name,
            json_pack("{s:b, s:s, s:o*}", "ok", health->ok, "text", health->text, "figures", figures));
        *failed |= health->figures && !figures;
    }
    return connectors;
}

struct sums {
    json_t *answers;
    json_t *votes;
    int failed;
};

static void add_sum(void *user, int is_vote, const struct tally_key *key, int64_t n)
{
    struct sums *sums = user;
    json_t *sum = is_vote ? json_pack("{s:s, s:s, s:i, s:I}", "connector", key->connector, "lang", key->lang, "vote",
                                      key->what, "count", (json_int_t)n)
                          : json_pack("{s:s, s:s, s:s, s:I}", "connector", key->connector, "lang", key->lang, "outcome",
                                      outcome_names[key->what], "count", (json_int_t)n);
    sums->failed |= json_array_append_new(is_vote ? sums->votes : sums->answers, sum);
}

static json_t *status_of(struct host *host, int *failed)
{
    struct sums sums = {json_array(), json_array(), 0};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int ready = atomic_load(&host->ready) && !atomic_load(&host->stopping);
    if (sums.answers && sums.votes)
        statistics_totals(host->statistics, add_sum, &sums);
    pthread_mutex_lock(&host->status_lock);
    json_t *status =
        json_pack("{s:b, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "ready", ready, "version", FAQD_VERSION, "abi",
                  ABI_TEXT, "pid", (json_int_t)getpid(), "started", (json_int_t)host->started, "uptime",
                  (json_int_t)now.tv_sec - (json_int_t)host->started_monotonic, "packs", packs_of(host, failed),
                  "connectors", connectors_of(host, failed), "answers", sums.answers, "votes", sums.votes);
    pthread_mutex_unlock(&host->status_lock);
    *failed |= sums.failed || !status;
    return status;
}

const char *host_status(struct faqd_worker *worker, size_t *len)
{
    struct str *out = &worker->rendered;
    int failed = 0;
    json_t *status = status_of(worker->host, &failed);
    char *text = !failed ? json_dumps(status, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    json_decref(status);
    str_reset(out);
    if (text)
        str_adds(out, text);
    failed = !text || out->error;
    free(text);
    if (failed)
        return NULL;
    if (len)
        *len = out->len;
    return str_text(out);
}
