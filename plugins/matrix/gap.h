/* SPDX-License-Identifier: MIT
 *
 * gap.h - what a sync left out: when more was said in a room than an answer holds, the rest is fetched from /messages
 * before the batch is taken over.
 *
 * It is read backwards from where the timeline begins to where the last sync ended, so that of a very long gap the
 * newest part is got, and bounded: GAP_EVENTS events, those young enough to be answered, three tries. What cannot be
 * fetched, and that a gap was longer, is logged and passed over; one broken room must not hold up the others.
 */
#ifndef MATRIX_GAP_H
#define MATRIX_GAP_H

struct bot;

enum { GAP_EVENTS = 200 };

/* Start fetching for every room of bot->sync.batch that needs it; bot->sync.gaps counts down to 0. */
void gap_start(struct bot *bot);

#endif
