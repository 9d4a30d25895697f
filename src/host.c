/* SPDX-License-Identifier: MIT
 *
 * host.c - see host.h. The functions of the table are in host_*.c.
 */
#include "host_private.h"

#include "check.h"
#include "content.h"
#include "entries.h"
#include "heap.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int stopping(const struct faqd_host *api)
{
    return atomic_load(&host_of(api)->stopping);
}

static const struct faqd_host table = {
    .struct_size = sizeof(table),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .log = log_event,
    .row_count = content_row_count,
    .row_name = content_row_name,
    .find_row = content_find_row,
    .cell = content_cell,
    .number = content_number,
    .has_statement = content_has_statement,
    .refuse = content_refuse,
    .say = reply_say,
    .set_outcome = reply_set_outcome,
    .add_topic = reply_add_topic,
    .worker_new = host_worker_new,
    .worker_free = host_worker_free,
    .ask = host_ask,
    .welcome = host_welcome,
    .render = host_render,
    .explain = host_explain,
    .topics = host_topics,
    .stopping = stopping,
    .use_pack = host_use_pack,
    .count = host_count,
    .vote = host_vote,
    .unvote = host_unvote,
    .path = host_path,
    .health = host_health,
    .status = host_status,
    .store_open = host_store_open,
    .store_close = entries_close,
    .store_begin = entries_begin,
    .store_commit = entries_commit,
    .store_flush = entries_flush,
    .store_rollback = entries_rollback,
    .store_put = entries_put,
    .store_get = entries_get,
    .store_delete = entries_delete,
    .store_each = entries_each,
    .store_purge = entries_purge,
    .figure = host_figure,
};

/* ------------------------------------------------------------------------------------------------- packs ---- */

struct host_pack *host_find_pack(const struct host *host, const char *name)
{
    if (!name || !name[0])
        return host->n_names ? host->names[0].pack : NULL;
    for (size_t i = 0; i < host->n_names; i++)
        if (strcmp(host->names[i].name, name) == 0)
            return host->names[i].pack;
    return NULL;
}

/* Load the pack's folder. The ids of answers begin with the name in pack.json: it must be this pack's alone. */
static int load(struct host *host, const struct host_pack *pack, struct err *err, struct snapshot **out)
{
    struct snapshot *snapshot = NULL;
    struct heap_large large;
    heap_begin_loading(&large);
    int rc = snapshot_load(pack->dir, host->cache, &host->plugins, &host->api, err, &snapshot);
    heap_end_loading(&large);
    for (size_t i = 0; snapshot && i < host->n_packs; i++) {
        const struct host_pack *other = host->packs[i];
        if (other == pack || strcmp(other->snapshots.current->pack->name, snapshot->pack->name) != 0)
            continue;
        rc = err_set(err, FAQD_EINVAL, "the pack of %s is called \"%s\", too", other->dir, snapshot->pack->name);
        err_where(err, pack->dir, NULL);
        snapshot_free(snapshot);
        snapshot = NULL;
    }
    *out = snapshot;
    return rc;
}

/* Make it the current one. It was read through JSON trees several times the size of its files: what they took goes
 * back to the system, or the process would keep it for good. */
static void publish(struct host_pack *pack, struct snapshot *snapshot)
{
    snapshots_publish(&pack->snapshots, snapshot);
    heap_trim();
}

/* The first error that the pack's own tests find becomes the reload's. */
static void take_finding(void *user, enum check_level level, const char *file, const char *path, const char *text)
{
    if (level != CHECK_ERROR)
        return;
    err_set(user, FAQD_EINVAL, "%s", text);
    err_where(user, file, path);
}

int host_reload(struct host *host, size_t which, struct err *err)
{
    struct host_pack *pack = host->packs[which];
    struct snapshot *snapshot = NULL;
    struct err finding = {0}; /* out of memory, a check finds answers missing: then that is not the error */
    struct check_sink sink = {take_finding, &finding};
    struct check_result result = {0};
    int rc = load(host, pack, err, &snapshot);
    if (rc == FAQD_OK && check_snapshot(snapshot, &sink, &result) != FAQD_OK)
        rc = err_set(err, FAQD_ENOMEM, "out of memory");
    if (rc == FAQD_OK && result.errors) {
        rc = FAQD_EINVAL;
        if (err && !err->code)
            *err = finding;
    }
    if (rc == FAQD_OK)
        publish(pack, snapshot);
    else
        snapshot_free(snapshot);
    host_note_load(host, pack, rc, err);
    snapshots_reap(&pack->snapshots);
    return rc;
}

static void free_pack(struct host_pack *pack)
{
    snapshots_end(&pack->snapshots);
    free(pack->dir);
    free(pack);
}

/* One more pack without a name. NULL after an error. */
static struct host_pack *new_pack(struct host *host, const char *dir, struct err *err)
{
    struct snapshot *snapshot = NULL;
    struct host_pack *pack = calloc(1, sizeof(*pack));
    if (!pack || snapshots_init(&pack->snapshots) != FAQD_OK) {
        free(pack);
        err_set(err, FAQD_ENOMEM, "out of memory");
        return NULL;
    }
    struct host_pack **grown = realloc(host->packs, (host->n_packs + 1) * sizeof(struct host_pack *));
    if (grown)
        host->packs = grown;
    pack->dir = strdup(dir);
    if (!grown || !pack->dir)
        err_set(err, FAQD_ENOMEM, "out of memory");
    else if (load(host, pack, err, &snapshot) == FAQD_OK) {
        publish(pack, snapshot);
        pack->loaded = (int64_t)time(NULL);
        return host->packs[host->n_packs++] = pack;
    }
    free_pack(pack);
    return NULL;
}

int host_add_pack(struct host *host, const char *name, const char *dir, struct err *err)
{
    struct host_pack *pack = NULL;
    for (size_t i = 0; i < host->n_packs && !pack; i++)
        pack = strcmp(host->packs[i]->dir, dir) == 0 ? host->packs[i] : NULL;
    struct host_name *grown = realloc(host->names, (host->n_names + 1) * sizeof(*grown));
    if (grown)
        host->names = grown;
    char *own = grown ? strdup(name) : NULL;
    if (!own)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    if (!pack)
        pack = new_pack(host, dir, err);
    if (!pack) {
        free(own);
        return err ? err->code : FAQD_EINVAL;
    }
    host->names[host->n_names++] = (struct host_name){own, pack};
    return FAQD_OK;
}

/* ---------------------------------------------------------------------------------------- begin and end ---- */

int host_start(struct host *host, const char *plugins_dir, const struct cache *cache, const char *pack_dir,
               struct err *err)
{
    struct err own = {0};
    memset(host, 0, sizeof(*host));
    heap_set();
    host->api = table;
    host->cache = cache;
    const char *slash = strrchr(pack_dir, '/');
    if (pthread_mutex_init(&host->status_lock, NULL) != 0)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    host->started = (int64_t)time(NULL);
    host->started_monotonic = (int64_t)now.tv_sec;
    int rc = statistics_new(&host->statistics);
    if (rc != FAQD_OK)
        err_set(&own, rc, "out of memory");
    if (rc == FAQD_OK)
        rc = plugins_list(plugins_dir, &host->plugins, &own);
    if (rc == FAQD_OK)
        rc = host_add_pack(host, slash ? slash + 1 : pack_dir, pack_dir, &own);
    if (rc != FAQD_OK)
        host_end(host);
    if (rc != FAQD_OK && err && !err->code)
        *err = own;
    return rc;
}

void host_reap(struct host *host)
{
    for (size_t i = 0; i < host->n_packs; i++)
        snapshots_reap(&host->packs[i]->snapshots);
}

int host_flush(struct host *host)
{
    return statistics_flush(host->statistics, (int64_t)time(NULL));
}

void host_stop(struct host *host)
{
    atomic_store(&host->stopping, 1);
}

void host_end(struct host *host)
{
    for (size_t i = 0; i < host->n_packs; i++)
        free_pack(host->packs[i]);
    for (size_t i = 0; i < host->n_names; i++)
        free(host->names[i].name);
    free(host->packs);
    free(host->names);
    for (size_t i = 0; i < host->n_health; i++) {
        free(host->health[i].name);
        json_decref(host->health[i].figures);
    }
    free(host->health);
    statistics_free(host->statistics);
    plugins_free(&host->plugins);
    pthread_mutex_destroy(&host->status_lock);
    host->packs = NULL;
    host->names = NULL;
    host->health = NULL;
    host->statistics = NULL;
    host->n_packs = host->n_names = host->n_health = 0;
}
