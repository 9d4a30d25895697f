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

static const char magic[8] = "faqdimg";

/* The file's path, by the pack's name for people and by its place, so that two checkouts do not overwrite each other.
 */
static int name_file(char path[PATH_MAX], const char *folder, const char *dir, int slot)
{
    char place[PATH_MAX];
    if (!realpath(dir, place))
        return FAQD_DECLINED;
    const char *slash = strrchr(place, '/');
    unsigned mark = (unsigned)(table_hash(place, strlen(place)) >> 32);
    int len = snprintf(path, PATH_MAX, "%s/%.64s-%08x-%d.image", folder, slash ? slash + 1 : place, mark, slot);
    return len < PATH_MAX ? FAQD_OK : FAQD_DECLINED;
}

/* May only this user, or root, write to it? */
static int is_ours(const struct stat *st)
{
    return (st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Why a folder or an open file is not to be trusted; NULL: it is. */
static const char *distrust(const char *folder, int fd)
{
    struct stat st;
    if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return "there is no such folder";
    if (!is_ours(&st))
        return "others may write to its folder, or it is another user's; close it with: chmod go-w";
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
        return "it is no regular file of its own";
    return is_ours(&st) ? NULL : "it belongs to another user, or others may write to it";
}

/* The size that an open file of ours says it has, or why it is not for us. */
static const char *read_head(int fd, const struct cache_key *key, const struct image *image, struct image_head *head)
{
    struct stat st;
    if (read(fd, head, sizeof(*head)) != (ssize_t)sizeof(*head) || memcmp(head->magic, magic, sizeof(magic)) != 0)
        return "it is no image of faqd's";
    if (memcmp(head->key, key->words, sizeof(head->key)) != 0)
        return ""; /* of other content or another build: no failure */
    if (fstat(fd, &st) != 0 || head->base != image_base(image) || head->size < sizeof(*head) ||
        (uint64_t)st.st_size != head->size || (uintptr_t)head->root - head->base >= head->size)
        return "it is cut short or damaged";
    return NULL;
}

static const char *map(int fd, const struct cache_key *key, struct image *image)
{
    struct image_head head;
    uint64_t digest[2];
    const char *why = read_head(fd, key, image, &head);
    if (why)
        return why;
    if (image_map(image, fd, head.size) != FAQD_OK)
        return "its place in memory is taken";
    cache_digest(image_head(image), digest);
    if (memcmp(digest, head.digest, sizeof(digest)) != 0)
        return "it is damaged";
    madvise(image_head(image), head.size, MADV_DONTNEED); /* what was only looked at to check it */
    return NULL;
}

int cache_open(const char *folder, const char *dir, const struct cache_key *key, struct image *image)
{
    char path[PATH_MAX];
    if (image_slot(image) < 0 || name_file(path, folder, dir, image_slot(image)) != FAQD_OK)
        return FAQD_DECLINED;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return FAQD_DECLINED;
    const char *why = fd < 0 ? strerror(errno) : distrust(folder, fd);
    if (!why)
        why = map(fd, key, image);
    if (fd >= 0)
        close(fd);
    if (!why)
        return FAQD_OK;
    image_drop(image);
    if (why[0])
        log_event(FAQD_WARNING, "cache_refused", "%s: %s; the pack is read anew", path, why);
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
    memcpy(head.magic, magic, sizeof(magic));
    memcpy(head.key, key->words, sizeof(head.key));
    head.base = image_base(image);
    cache_digest(image_head(image), head.digest);
    if (write_all(fd, &head, sizeof(head)) != 0)
        return -1;
    return write_all(fd, image_head(image) + 1, head.size - sizeof(head));
}

int cache_save(const char *folder, const char *dir, const struct cache_key *key, struct image *image)
{
    char path[PATH_MAX];
    char beside[PATH_MAX + 16];
    int rc = FAQD_DECLINED;
    if (image_slot(image) < 0 || name_file(path, folder, dir, image_slot(image)) != FAQD_OK)
        return rc;
    snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
    const char *why = folder_make(folder) != 0 ? strerror(errno) : distrust(folder, -1);
    int fd = why ? -1 : mkostemp(beside, O_CLOEXEC);
    if (!why && (fd < 0 || write_image(fd, image, key) != 0 || fchmod(fd, 0400) != 0 || rename(beside, path) != 0))
        why = strerror(errno);
    if (!why)
        rc = image_map(image, fd, image_head(image)->size);
    else if (fd >= 0)
        unlink(beside);
    if (fd >= 0)
        close(fd);
    if (why)
        log_event(FAQD_WARNING, "cache_failed", "%s: %s; the pack is read from its files each time", path, why);
    return rc;
}
