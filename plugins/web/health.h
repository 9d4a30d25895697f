/* SPDX-License-Identifier: MIT
 *
 * health.h - what an operator's tools ask: /livez (this process serves), /readyz (send me visitors), /metrics.
 */
#ifndef FAQD_WEB_HEALTH_H
#define FAQD_WEB_HEALTH_H

struct conn;

/* Handlers of route.h. */
int health_live(struct conn *c);
int health_ready(struct conn *c);
int health_metrics(struct conn *c);

#endif
