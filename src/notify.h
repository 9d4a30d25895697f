/* SPDX-License-Identifier: MIT
 *
 * notify.h - telling a service manager how the daemon fares: the protocol of sd_notify(3), a datagram to the socket
 * that NOTIFY_SOCKET names. Without one, nothing is sent.
 */
#ifndef FAQD_NOTIFY_H
#define FAQD_NOTIFY_H

#include "faqd_plugin.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
    int fd; /* -1: nobody listens */
    struct sockaddr_un to;
    socklen_t to_len;
    int64_t watchdog_ms; /* a sign of life is due as often; 0: never. Half of what the manager waits */
};

void notify_open(struct notify *notify);
/* Lines such as "READY=1\nSTATUS=answering". What cannot be sent is lost: the manager's time-outs tell. */
void notify_send(const struct notify *notify, const char *format, ...) FAQD_PRINTF(2, 3);
void notify_close(struct notify *notify);

#endif
