/* SPDX-License-Identifier: MIT
 *
 * cache_expire.c - see cache_private.h. The time of a file's content says when it was used last: that of its last
 * reading is not kept on every file system. A process that has a deleted file mapped goes on with it.
 */
#include "cache_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY ((time_t)24 * 60 * 60)

void cache_touch(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && time(NULL) - st.st_mtime > DAY)
        utimensat(AT_FDCWD, path, NULL, 0); /* where it fails nothing can be deleted either */
}

/* Is it an image, this user's and old? The name alone does not tell: the folder may hold other things, too. */
static int is_old(int folder, const char *name)
{
    struct stat st;
    char magic[sizeof(CACHE_MAGIC)] = "";
    if (!strstr(name, ".image"))
        return 0;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int old = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
              time(NULL) - st.st_mtime > CACHE_DAYS * DAY && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
              memcmp(magic, CACHE_MAGIC, sizeof(magic)) == 0;
    if (fd >= 0)
        close(fd);
    return old;
}

void cache_expire(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (is_old(dirfd(dir), entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}
