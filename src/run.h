/* SPDX-License-Identifier: MIT
 *
 * run.h - run connectors until they end or a signal says so.
 *
 * The main thread opens each connector, gives it a thread, and waits for signals: SIGTERM and SIGINT stop, SIGHUP
 * reloads the packs (any error keeps a pack as it was). All threads have these signals blocked, so that only the main
 * thread takes them; nothing runs in a signal handler. A service manager is told when all connectors are open, which
 * content answers, of reloads and of the end, and gets its signs of life (notify.h). A connector that does not stop within
 * five seconds ends with the process.
 */
#ifndef FAQD_RUN_H
#define FAQD_RUN_H

#include "host.h"

struct run_connector {
    const char *name;
    const char *settings; /* JSON text, borrowed */
};

/* Block the signals that run_connectors waits for. Before any thread starts. */
void run_block_signals(void);

/* 0: all ended well; 130: one ended with FAQD_DECLINED (Ctrl-C); another exit status after a message. */
int run_connectors(struct host *host, const struct run_connector *connectors, size_t n);

#endif
