/* SPDX-License-Identifier: MIT
 *
 * scope.h - is the question about our subject at all? Words that name another subject count against a match.
 */
#ifndef FAQD_SCOPE_H
#define FAQD_SCOPE_H

#include "match.h"

/* Does some word of the message name the pack's subject? */
int scope_anchored(const struct pack *pack, const struct question *q);

/* Does this word? */
int scope_is_anchor(const struct pack *pack, const struct question *q, size_t word);

/* Set the candidate's verdict: IN_SCOPE, or which word (culprit) speaks against it. */
void scope_judge(const struct pack *pack, const struct question *q, const struct match *match,
                 struct candidate *candidate);

#endif
