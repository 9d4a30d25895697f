/* SPDX-License-Identifier: MIT
 *
 * classifier_private.h - what learning and predicting share: which features a message has.
 */
#ifndef FAQD_CLASSIFIER_PRIVATE_H
#define FAQD_CLASSIFIER_PRIVATE_H

#include "classifier.h"

/* The number of a word's or a symbol's feature, TABLE_NONE for none. */
struct feature_source {
    uint32_t (*word)(void *user, const char *text, size_t len);
    uint32_t (*symbol)(void *user, uint32_t symbol);
    void *user;
};

void features_of_question(const struct question *q, const struct feature_source *source, feature_fn *each, void *user);

#endif
