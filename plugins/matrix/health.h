/* SPDX-License-Identifier: MIT
 *
 * health.h - how the account fares, for readiness and metrics: when the last sync was, what waits, what was refused.
 */
#ifndef MATRIX_HEALTH_H
#define MATRIX_HEALTH_H

#include <stdint.h>

struct bot;

void health_report(struct bot *bot, int64_t now);

#endif
