/* SPDX-License-Identifier: MIT
 *
 * metrics.h - /metrics on the operator's listener: OpenMetrics text in base units, with few labels and nothing about a
 * visitor. What the server's threads counted (traffic.h), and the process as the host describes it.
 */
#ifndef FAQD_WEB_METRICS_H
#define FAQD_WEB_METRICS_H

struct conn;

int metrics_send(struct conn *c); /* a handler of route.h */

#endif
