/* SPDX-License-Identifier: MIT
 *
 * explain.h - why the last message got its answer, for a person who cannot program: what was read, what was set right,
 * which words carried the match, which rivals lost and why.
 */
#ifndef FAQD_EXPLAIN_H
#define FAQD_EXPLAIN_H

#include "dispatch.h"
#include "str.h"

void explain_write(const struct dispatch *d, struct str *out);

#endif
