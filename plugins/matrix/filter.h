/* SPDX-License-Identifier: MIT
 *
 * filter.h - what the server is asked to leave out of its answers: everything that no decision of ours needs. Pure.
 */
#ifndef MATRIX_FILTER_H
#define MATRIX_FILTER_H

#include <jansson.h>
#include <stdbool.h>

/* The filter of /sync (a new value; NULL: no memory); `small`: with short timelines, for answers that were too large.
 */
json_t *filter_sync(bool small);

/* The filter of /messages. */
json_t *filter_messages(void);

#endif
