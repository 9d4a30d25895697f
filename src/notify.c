/* SPDX-License-Identifier: MIT
 *
 * notify.c - see notify.h.
 */
#include "notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often the manager wants a sign of life, if it is ours that it wants. */
static int64_t watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC");
    const char *pid = getenv("WATCHDOG_PID");
    long long value = usec ? strtoll(usec, NULL, 10) : 0;
    if (value <= 0 || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    return value / 2000 ? (int64_t)(value / 2000) : 1;
}

void notify_open(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");
    *notify = (struct notify){.fd = -1, .to = {.sun_family = AF_UNIX}};
    size_t len = path ? strlen(path) : 0;
    if (!len || len >= sizeof(notify->to.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(notify->to.sun_path, path, len);
    notify->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (path[0] == '/'));
    if (path[0] == '@')
        notify->to.sun_path[0] = '\0'; /* an abstract socket */
    notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    notify->watchdog_ms = notify->fd >= 0 ? watchdog_ms() : 0;
}

void notify_send(const struct notify *notify, const char *format, ...)
{
    char text[1024];
    if (notify->fd < 0)
        return;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len > (int)sizeof(text) - 1)
        len = sizeof(text) - 1;
    if (len > 0)
        sendto(notify->fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&notify->to,
               notify->to_len);
}

void notify_close(struct notify *notify)
{
    if (notify->fd >= 0)
        close(notify->fd);
    notify->fd = -1;
}
