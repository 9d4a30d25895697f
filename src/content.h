/* SPDX-License-Identifier: MIT
 *
 * content.h - the functions through which a module reads its part of the pack and builds its reply; host.c puts them
 * into the table that plugins get. What they do is documented in faqd_plugin.h.
 */
#ifndef FAQD_CONTENT_H
#define FAQD_CONTENT_H

#include "answer.h"

size_t content_row_count(const struct faqd_content *content);
const char *content_row_name(const struct faqd_content *content, size_t row);
size_t content_find_row(const struct faqd_content *content, const char *name);
const char *content_cell(const struct faqd_content *content, size_t row, const char *column, size_t n);
int content_number(const struct faqd_content *content, size_t row, const char *column, long *out);
int content_has_statement(const struct faqd_content *content, const char *statement);
int content_refuse(const struct faqd_content *content, size_t row, const char *column, const char *format, ...)
    FAQD_PRINTF(4, 5);

int reply_say(struct faqd_reply *reply, enum faqd_block_kind kind, const char *statement, const struct faqd_gap *gaps,
              size_t n_gaps);
int reply_set_outcome(struct faqd_reply *reply, enum faqd_outcome outcome);
int reply_add_topic(struct faqd_reply *reply, const char *topic);

#endif
