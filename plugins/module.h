/* SPDX-License-Identifier: MIT
 *
 * module.h - what answer modules do alike: the table of their content, looked over once by open() so that answer() need
 * not doubt it, and the slots of a question. Each module links its own copy; nothing is kept, any thread may call.
 */
#ifndef FAQD_MODULE_H
#define FAQD_MODULE_H

#include "faqd_plugin.h"

/* Each string of the cell must name a statement. FAQD_OK (also for a row without that cell), or what host->refuse
 * returned. */
int module_check_statements(const struct faqd_host *host, const struct faqd_content *content, size_t row,
                            const char *column);

/* The row whose name is `prefix` and `name` together ("effect_" "bruise"); FAQD_NO_ROW: none. */
size_t module_row(const struct faqd_host *host, const struct faqd_content *content, const char *prefix,
                  const char *name);

/* Is the slot of this type, and asked about? What the question itself names counts; what came up earlier in the
 * conversation does only if the question names nothing of its type. */
int module_is_asked(const struct faqd_query *query, const struct faqd_slot *slot, const char *type);

#endif
