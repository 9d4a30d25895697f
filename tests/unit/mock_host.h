/* SPDX-License-Identifier: MIT
 *
 * mock_host.h - a host for connectors under test: no pack, no matching, just answers that a test can foresee.
 *
 * What it answers depends on words in the message:
 *
 *   choose      a clarify with three choices and the state "choosing"; in that state "1" to "3" get "Picked N."
 *   urgent      an emergency: two alerts
 *   grave       an emergency without an alert among its blocks
 *   evil        an answer full of escape sequences, controls and bidirectional overrides
 *   sources     paragraphs, a list, two sources (the second without address)
 *   seence      an answer with a correction
 *   nothing     unknown
 *   crash       no answer: abort()
 *   norender    an answer that render() and explain() have no memory for
 *   idle        (alone) "Idle for N s."
 *   (else)      "You said N bytes in LANG, state STATE, soon: TEXT", or "late" if a turn was more than 30 s ago; the
 *               state counts the turns: "turn1", ...
 *
 * More than 4096 bytes are answered `unavailable`. It is for one thread at a time.
 */
#ifndef MOCK_HOST_H
#define MOCK_HOST_H

#include "faqd_plugin.h"

const struct faqd_host *mock_host(void);

/* All records of the log so far, a line each: "event: text". */
const char *mock_log(void);

/* Empty the log; have the next `failures` calls of worker_new return NULL. */
void mock_reset(int failures);

/* The workers that are not freed. */
int mock_workers(void);

#endif
