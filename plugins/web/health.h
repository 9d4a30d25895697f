/* SPDX-License-Identifier: MIT
 *
 * health.h - what an operator's tools ask: /livez (this process serves), /readyz (send me visitors).
 */
#ifndef FAQD_WEB_HEALTH_H
#define FAQD_WEB_HEALTH_H

#include <jansson.h>

struct conn;

/* The process as the host describes it (faqd(1)); a new reference, NULL: not known. */
json_t *health_status(struct conn *c);

/* Handlers of route.h. */
int health_live(struct conn *c);
int health_ready(struct conn *c);

#endif
