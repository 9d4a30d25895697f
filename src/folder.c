/* SPDX-License-Identifier: MIT
 *
 * folder.c - see folder.h.
 */
#include "folder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int folder_make(const char *folder, mode_t mode)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s", folder) >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(path, mode) != 0 && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : -1;
}

int folder_can_be_made(const char *folder)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s", folder) >= sizeof(path))
        return 0;
    for (char *slash = path; access(path, F_OK) != 0 && (slash = strrchr(path, '/')) && slash != path;)
        *slash = '\0';
    return access(path, W_OK | X_OK) == 0;
}
