/* SPDX-License-Identifier: MIT
 *
 * cache.c - see cache.h. Files are looked at through the open descriptor, and written beside their place and renamed:
 * what is mapped is what was checked, whatever happens to the name meanwhile.
 */
#include "cache_private.h"

#include "faqd_plugin.h"
#include "folder.h"
#include "log.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 4096u /* bytes written at once */

#define NO_SLOT (-1) /* in a name: prebuilt, the file's head says where it belongs */

/* The path of a pack's file in a folder. The own one has the place in its name, so that two checkouts do not overwrite
 * each other's; a prebuilt one is made before its pack is where it will be. */
static int name_file(char path[PATH_MAX], const char *folder, const char *dir, int slot)
{
    char place[PATH_MAX];
    if (!realpath(dir, place))
        return FAQD_DECLINED;
    const char *slash = strrchr(place, '/');
    const char *name = slash ? slash + 1 : place;
    unsigned mark = (unsigned)(table_hash(place, strlen(place)) >> 32);
    int len = slot == NO_SLOT ? snprintf(path, PATH_MAX, "%s/%.64s.image", folder, name)
                              : snprintf(path, PATH_MAX, "%s/%.64s-%08x-%d.image", folder, name, mark, slot);
    return len < PATH_MAX ? FAQD_OK : FAQD_DECLINED;
}

/* May only this user, or root, write to it? */
static int is_ours(const struct stat *st)
{
    return (st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Why a folder is not to be trusted; NULL: it is. */
static const char *distrust_folder(const char *folder)
{
    struct stat st;
    if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return "there is no such folder";
    return is_ours(&st) ? NULL : "others may write to its folder, or it is another user's; close it with: chmod go-w";
}

static const char *distrust_file(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
        return "it is no regular file of its own";
    return is_ours(&st) ? NULL : "it belongs to another user, or others may write to it";
}

/* What the head of an open file of ours says, or why it is not for us. */
static const char *read_head(int fd, const struct cache_key *key, struct image_head *head)
{
    struct stat st;
    if (read(fd, head, sizeof(*head)) != (ssize_t)sizeof(*head) ||
        memcmp(head->magic, CACHE_MAGIC, sizeof(head->magic)) != 0)
        return "it is no image of faqd's";
    if (memcmp(head->key, key->words, sizeof(head->key)) != 0)
        return ""; /* of other content or another build: no failure */
    if (fstat(fd, &st) != 0 || head->size < sizeof(*head) || (uint64_t)st.st_size != head->size ||
        (uintptr_t)head->root - head->base >= head->size)
        return "it is cut short or damaged";
    return NULL;
}

static const char *map(int fd, const struct cache_key *key, struct image *image)
{
    struct image_head head;
    uint64_t digest[2];
    const char *why = read_head(fd, key, &head);
    if (why)
        return why;
    int rc = image_move(image, head.base);
    if (rc != FAQD_OK)
        return rc == FAQD_DECLINED ? "" : "it is cut short or damaged"; /* another pack is there: no failure either */
    if (image_map(image, fd, head.size) != FAQD_OK)
        return "its place in memory is taken";
    cache_digest(image_head(image), digest);
    if (memcmp(digest, head.digest, sizeof(digest)) != 0)
        return "it is damaged";
    madvise(image_head(image), head.size, MADV_DONTNEED); /* what was only looked at to check it */
    return NULL;
}

/* Map a file, or say why not ("": there is none for us). An own one that is refused goes: while there is a prebuilt one
 * nothing would take its place, and it would be refused each time. */
static const char *use_file(const char *folder, const char *path, int own, const struct cache_key *key,
                            struct image *image)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int error = errno;
    if (fd < 0 && error == ENOENT)
        return "";
    const char *why = distrust_folder(folder);
    int closed = !why;
    if (!why)
        why = fd < 0 ? strerror(error) : distrust_file(fd);
    if (!why)
        why = map(fd, key, image);
    if (fd >= 0)
        close(fd);
    if (own && closed && why && why[0])
        unlink(path);
    if (own && !why)
        cache_touch(path);
    return why;
}

int cache_open(const struct cache *cache, const char *dir, const struct cache_key *key, struct image *image)
{
    char path[PATH_MAX];
    for (int own = 1; own >= 0 && image_slot(image) >= 0; own--) {
        const char *folder = own ? cache->own : cache->prebuilt;
        if (!folder || name_file(path, folder, dir, own ? image_slot(image) : NO_SLOT) != FAQD_OK)
            continue;
        const char *why = use_file(folder, path, own, key, image);
        if (!why) {
            log_event(FAQD_DEBUG, "cache_used", "%s", path);
            return FAQD_OK;
        }
        image_drop(image);
        if (why[0])
            log_event(FAQD_WARNING, "cache_refused", "%s: %s; it is not used", path, why);
    }
    return FAQD_DECLINED;
}

/* -------------------------------------------------------------------------------------------------- saving ---- */

/* Page by page: what is written at once Linux caches as one large piece, which from 6.18 on it maps as a whole when a
 * byte of it is read. Questions need a part of an image, and only that is to be in the process's memory. */
static int write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t put = write(fd, at, size < PIECE ? size : PIECE);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        at += put;
        size -= (size_t)put;
    }
    return 0;
}

/* Write the head as the file has it, then the rest. Not synced: a digest tells a file that a power failure cut. */
static int write_image(int fd, const struct image *image, const struct cache_key *key)
{
    struct image_head head = *image_head(image);
    memcpy(head.magic, CACHE_MAGIC, sizeof(head.magic));
    memcpy(head.key, key->words, sizeof(head.key));
    head.base = image_base(image);
    cache_digest(image_head(image), head.digest);
    if (write_all(fd, &head, sizeof(head)) != 0)
        return -1;
    return write_all(fd, image_head(image) + 1, head.size - sizeof(head));
}

/* Write the file beside its place in the folder, then put it there. The open descriptor, or -1 and why not. */
static int put_file(const char *folder, const char *path, mode_t mode, const struct cache_key *key,
                    const struct image *image, const char **why)
{
    char beside[PATH_MAX + 16];
    *why = distrust_folder(folder);
    if (*why)
        return -1;
    snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd >= 0 && write_image(fd, image, key) == 0 && fchmod(fd, mode) == 0 && rename(beside, path) == 0)
        return fd;
    *why = strerror(errno);
    if (fd >= 0) {
        unlink(beside);
        close(fd);
    }
    return -1;
}

int cache_save(const struct cache *cache, const char *dir, const struct cache_key *key, struct image *image)
{
    char path[PATH_MAX];
    const char *why = NULL;
    if (!cache->own || image_slot(image) < 0 || name_file(path, cache->own, dir, image_slot(image)) != FAQD_OK)
        return FAQD_DECLINED;
    int fd = -1;
    if (folder_make(cache->own, 0700) != 0)
        why = strerror(errno);
    else
        fd = put_file(cache->own, path, 0400, key, image, &why);
    if (fd < 0) {
        log_event(FAQD_WARNING, "cache_failed", "%s: %s; the pack is read from its files each time", path, why);
        return FAQD_DECLINED;
    }
    int rc = image_map(image, fd, image_head(image)->size);
    close(fd);
    cache_expire(cache->own);
    return rc;
}

int cache_prebuild(const char *folder, const char *dir, const struct cache_key *key, const struct image *image,
                   struct err *err)
{
    char path[PATH_MAX];
    const char *why = NULL;
    if (name_file(path, folder, dir, NO_SLOT) != FAQD_OK)
        return err_set(err, FAQD_EIO, "no file in %.300s can be named after %.100s", folder, dir);
    int fd = -1;
    if (folder_make(folder, 0755) != 0)
        why = strerror(errno);
    else
        fd = put_file(folder, path, 0444, key, image, &why);
    if (fd >= 0)
        return close(fd) == 0 ? FAQD_OK : err_set(err, FAQD_EIO, "%s", strerror(errno));
    err_set(err, FAQD_EIO, "cannot be written: %s", why);
    err_where(err, path, NULL);
    return FAQD_EIO;
}
