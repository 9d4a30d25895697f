/* SPDX-License-Identifier: MIT
 *
 * snapshot.c - see snapshot.h. Taking the current snapshot and counting its reader is one step under the lock: with an
 * atomic load and a later increment the last reader of an old snapshot could free it in between.
 */
#include "snapshot.h"

#include <stdlib.h>

static int open_module(struct snapshot *snapshot, size_t i, struct plugins *plugins, struct err *err)
{
    struct faqd_content *content = &snapshot->pack->contents[i];
    const struct plugin *plugin = plugins_find(plugins, FAQD_MODULE, content->module);
    if (!plugin) {
        err_set(err, FAQD_EINVAL, "the pack needs the module \"%s\", and no plugin of that name was loaded",
                content->module);
        err_where(err, snapshot->pack->dir, NULL);
        return FAQD_EINVAL;
    }
    snapshot->modules[i].ops = plugin->descriptor->ops;
    if (!snapshot->modules[i].ops->open)
        return FAQD_OK;
    content->err = err;
    int rc = snapshot->modules[i].ops->open(snapshot->host, content, &snapshot->modules[i].instance);
    content->err = NULL;
    if (rc != FAQD_OK) {
        err_set(err, rc, rc == FAQD_ENOMEM ? "out of memory" : "module \"%s\" refused its content", content->module);
        err_where(err, snapshot->pack->dir, NULL);
    }
    return rc;
}

int snapshot_load(const char *dir, struct plugins *plugins, const struct faqd_host *host, struct err *err,
                  struct snapshot **out)
{
    *out = NULL;
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    snapshot->host = host;
    int rc = pack_load(dir, err, &snapshot->pack);
    if (rc != FAQD_OK)
        goto fail;
    rc = FAQD_ENOMEM;
    snapshot->modules = calloc(snapshot->pack->n_contents + 1, sizeof(*snapshot->modules));
    if (!snapshot->modules || index_new(snapshot->pack, 0, &snapshot->ordinary) != FAQD_OK ||
        index_new(snapshot->pack, 1, &snapshot->safety) != FAQD_OK) {
        err_set(err, rc, "out of memory");
        goto fail;
    }
    for (size_t i = 0; i < snapshot->pack->n_contents; i++) {
        rc = open_module(snapshot, i, plugins, err);
        if (rc != FAQD_OK)
            goto fail;
    }
    *out = snapshot;
    return FAQD_OK;

fail:
    snapshot_free(snapshot);
    return rc;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (size_t i = 0; snapshot->modules && i < snapshot->pack->n_contents; i++)
        if (snapshot->modules[i].ops && snapshot->modules[i].ops->close)
            snapshot->modules[i].ops->close(snapshot->modules[i].instance);
    free(snapshot->modules);
    index_free(snapshot->ordinary);
    index_free(snapshot->safety);
    pack_free(snapshot->pack);
    free(snapshot);
}

int snapshots_init(struct snapshots *snapshots)
{
    snapshots->current = snapshots->retired = NULL;
    return pthread_mutex_init(&snapshots->lock, NULL) == 0 ? FAQD_OK : FAQD_ENOMEM;
}

void snapshots_publish(struct snapshots *snapshots, struct snapshot *snapshot)
{
    pthread_mutex_lock(&snapshots->lock);
    struct snapshot *old = snapshots->current;
    snapshots->current = snapshot;
    if (old) {
        old->next = snapshots->retired;
        snapshots->retired = old;
    }
    pthread_mutex_unlock(&snapshots->lock);
}

struct snapshot *snapshots_acquire(struct snapshots *snapshots)
{
    pthread_mutex_lock(&snapshots->lock);
    struct snapshot *snapshot = snapshots->current;
    if (snapshot)
        snapshot->readers++;
    pthread_mutex_unlock(&snapshots->lock);
    return snapshot;
}

void snapshots_release(struct snapshots *snapshots, struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    pthread_mutex_lock(&snapshots->lock);
    snapshot->readers--;
    pthread_mutex_unlock(&snapshots->lock);
}

size_t snapshots_reap(struct snapshots *snapshots)
{
    struct snapshot *unread = NULL;
    size_t left = 0;
    pthread_mutex_lock(&snapshots->lock);
    for (struct snapshot **at = &snapshots->retired; *at;) {
        struct snapshot *snapshot = *at;
        if (snapshot->readers) {
            at = &snapshot->next;
            left++;
        } else {
            *at = snapshot->next;
            snapshot->next = unread;
            unread = snapshot;
        }
    }
    pthread_mutex_unlock(&snapshots->lock);
    while (unread) {
        struct snapshot *next = unread->next;
        snapshot_free(unread);
        unread = next;
    }
    return left;
}

void snapshots_end(struct snapshots *snapshots)
{
    snapshots_publish(snapshots, NULL);
    snapshots_reap(snapshots);
    pthread_mutex_destroy(&snapshots->lock);
}
