/* SPDX-License-Identifier: MIT
 *
 * nosync.c - for LD_PRELOAD: a disk that takes what is written and then fails to keep it. Each fdatasync fails as long
 * as the file $NOSYNC is there.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int fdatasync(int fd)
{
    const char *file = getenv("NOSYNC");
    if (!file || access(file, F_OK) != 0)
        return (int)syscall(SYS_fdatasync, fd);
    errno = EIO;
    return -1;
}
