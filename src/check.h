/* SPDX-License-Identifier: MIT
 *
 * check.h - the pack's own tests and lints: the author's tool, and the gate of every reload of a running faqd.
 *
 * Asks every `ask` and `not` of every intent through the whole dispatcher, tries every pattern on adversarial texts,
 * and looks for content that no `ask` reaches. Errors are what a visitor would suffer from; warnings what an author
 * would want to know.
 */
#ifndef FAQD_CHECK_H
#define FAQD_CHECK_H

#include "dispatch.h"

enum check_level { CHECK_ERROR, CHECK_WARNING };

struct check_sink {
    void (*found)(void *user, enum check_level level, const char *file, const char *path, const char *text);
    void *user;
};

struct check_result {
    size_t errors;
    size_t warnings;
    size_t asked;
};

struct check_examples {
    size_t questions, answered; /* of examples.json; of them those that the intent answers that they stand under */
    size_t others, refused;     /* messages to others in it; of them those that nothing answers */
};

#define CHECK_SLOW_NS 2000000 /* 2 ms for one pattern on one text of a window's size */

/* FAQD_OK whatever was found; FAQD_ENOMEM. sink may be NULL. */
int check_snapshot(const struct snapshot *snapshot, const struct check_sink *sink, struct check_result *result);

/* How many of the pack's examples are answered as they say. They are what people wrote, of which some can only be
 * guessed: an author wants to know, and nothing is an error. FAQD_OK or FAQD_ENOMEM. */
int check_examples(const struct snapshot *snapshot, struct check_examples *examples);

#endif
