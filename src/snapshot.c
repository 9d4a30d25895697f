/* SPDX-License-Identifier: MIT
 *
 * snapshot.c - see snapshot.h. Taking the current snapshot and counting its reader is one step under the lock: with an
 * atomic load and a later increment the last reader of an old snapshot could free it in between.
 */
#include "snapshot.h"

#include "heap.h"

#include <stdlib.h>
#include <string.h>

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

/* What an image holds. */
struct content {
    struct pack *pack;
    struct index *ordinary;
    struct index *safety;
    struct classifier *classifier;
};

static void *copy_content(struct image *image, void *user)
{
    struct content *copy = image_copy(image, user, sizeof(*copy));
    copy->ordinary = index_copy(image, copy->ordinary);
    copy->safety = index_copy(image, copy->safety);
    copy->classifier = classifier_copy(image, copy->classifier);
    copy->pack = pack_copy(image, copy->pack);
    return copy;
}

/* The pack that uses an image. `loaded`: as pack_from_image. */
static int use_image(struct snapshot *snapshot, struct pack *loaded, const char *dir, struct err *err)
{
    const struct content *content = image_root(snapshot->image);
    snapshot->ordinary = content->ordinary;
    snapshot->safety = content->safety;
    snapshot->classifier = content->classifier;
    return pack_from_image(content->pack, loaded, dir, err, &snapshot->pack);
}

/* Read the pack's files into the image. */
static int build(struct snapshot *snapshot, const char *dir, struct err *err)
{
    struct content content = {NULL, NULL, NULL, NULL};
    int rc = pack_load(dir, err, &content.pack);
    if (rc != FAQD_OK)
        return rc;
    rc = index_new(content.pack, 0, &content.ordinary);
    if (rc == FAQD_OK)
        rc = index_new(content.pack, 1, &content.safety);
    if (rc == FAQD_OK && classifier_new(content.pack, &content.classifier) == FAQD_ENOMEM)
        rc = FAQD_ENOMEM;
    heap_trim(); /* what reading left over, before all of the rest is there twice */
    if (rc == FAQD_OK)
        rc = image_fill(snapshot->image, copy_content, &content);
    if (rc == FAQD_OK)
        rc = use_image(snapshot, content.pack, dir, err);
    index_free(content.ordinary);
    index_free(content.safety);
    classifier_free(content.classifier);
    pack_free(content.pack);
    return rc == FAQD_OK ? rc : err_set(err, rc, "out of memory");
}

/* The pack by its image, from the cache or made now. The files may change while they are read: what is kept is kept
 * under a key that they had before and after. */
static int get_pack(struct snapshot *snapshot, const char *dir, const struct cache *cache, struct err *err)
{
    struct cache_key after;
    snapshot->has_key = cache && cache_key(dir, &snapshot->key) == FAQD_OK;
    if (snapshot->has_key && cache_open(cache, dir, &snapshot->key, snapshot->image) == FAQD_OK)
        return use_image(snapshot, NULL, dir, err);
    int rc = build(snapshot, dir, err);
    snapshot->has_key = rc == FAQD_OK && snapshot->has_key && cache_key(dir, &after) == FAQD_OK &&
                        memcmp(&snapshot->key, &after, sizeof(after)) == 0;
    if (snapshot->has_key && cache_save(cache, dir, &snapshot->key, snapshot->image) == FAQD_ENOMEM)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    return rc;
}

static int get_content(struct snapshot *snapshot, const char *dir, const struct cache *cache, struct err *err)
{
    if (image_new(&snapshot->image) != FAQD_OK)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    int rc = get_pack(snapshot, dir, cache, err);
    if (rc != FAQD_OK)
        return rc;
    snapshot->modules = calloc(snapshot->pack->n_contents + 1, sizeof(*snapshot->modules));
    return snapshot->modules ? FAQD_OK : err_set(err, FAQD_ENOMEM, "out of memory");
}

int snapshot_load(const char *dir, const struct cache *cache, struct plugins *plugins, const struct faqd_host *host,
                  struct err *err, struct snapshot **out)
{
    *out = NULL;
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    snapshot->host = host;
    int rc = get_content(snapshot, dir, cache, err);
    for (size_t i = 0; rc == FAQD_OK && i < snapshot->pack->n_contents; i++)
        rc = open_module(snapshot, i, plugins, err);
    if (rc != FAQD_OK) {
        snapshot_free(snapshot);
        return rc;
    }
    *out = snapshot;
    return FAQD_OK;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (size_t i = 0; snapshot->modules && i < snapshot->pack->n_contents; i++)
        if (snapshot->modules[i].ops && snapshot->modules[i].ops->close)
            snapshot->modules[i].ops->close(snapshot->modules[i].instance);
    free(snapshot->modules);
    pack_free(snapshot->pack);
    image_free(snapshot->image);
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
