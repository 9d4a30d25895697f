/* SPDX-License-Identifier: MIT
 *
 * content.c - see content.h.
 */
#include "content.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t content_row_count(const struct faqd_content *content)
{
    return content->n_rows;
}

const char *content_row_name(const struct faqd_content *content, size_t row)
{
    return row < content->n_rows ? content->rows[row].name : NULL;
}

size_t content_find_row(const struct faqd_content *content, const char *name)
{
    uint32_t row = name ? table_get(&content->row_ids, table_hash(name, strlen(name))) : TABLE_NONE;
    return row == TABLE_NONE ? FAQD_NO_ROW : row;
}

static const struct cell *find_cell(const struct faqd_content *content, size_t row, const char *column)
{
    if (row >= content->n_rows || !column)
        return NULL;
    const struct row *r = &content->rows[row];
    for (size_t i = 0; i < r->n_cells; i++)
        if (strcmp(r->cells[i].column, column) == 0)
            return &r->cells[i];
    return NULL;
}

const char *content_cell(const struct faqd_content *content, size_t row, const char *column, size_t n)
{
    const struct cell *cell = find_cell(content, row, column);
    return cell && n < cell->n_texts ? cell->texts[n] : NULL;
}

int content_number(const struct faqd_content *content, size_t row, const char *column, long *out)
{
    const struct cell *cell = find_cell(content, row, column);
    if (!cell || !cell->is_number)
        return 0;
    *out = cell->number;
    return 1;
}

int content_has_statement(const struct faqd_content *content, const char *statement)
{
    return statement && pack_statement(content->pack, statement) != UINT32_MAX;
}

int content_refuse(const struct faqd_content *content, size_t row, const char *column, const char *format, ...)
{
    struct err *err = content->err;
    if (!err || err->code)
        return FAQD_EINVAL;
    char text[ERR_TEXT_MAX];
    char path[ERR_PATH_MAX];
    char file[ERR_FILE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    int in_row = row < content->n_rows;
    snprintf(path, sizeof(path), "table%s%s%s%s", in_row ? "." : "", in_row ? content->rows[row].name : "",
             column ? "." : "", column ? column : "");
    snprintf(file, sizeof(file), "%s/%s", content->pack->dir,
             in_row ? pack_file(content->pack, content->rows[row].file) : "");
    err_set(err, FAQD_EINVAL, "module \"%s\": %s", content->module, text);
    err_where(err, file, path);
    return FAQD_EINVAL;
}

int reply_say(struct faqd_reply *reply, enum faqd_block_kind kind, const char *statement, const struct faqd_gap *gaps,
              size_t n_gaps)
{
    if (kind > FAQD_ALERT || !statement)
        return reply->answer->error ? reply->answer->error : (reply->answer->error = FAQD_EINVAL);
    if (reply->alert && kind == FAQD_PARAGRAPH) {
        kind = FAQD_ALERT;
        reply->alert = 0;
    }
    return answer_say(reply->answer, kind, statement, gaps, n_gaps);
}

int reply_set_outcome(struct faqd_reply *reply, enum faqd_outcome outcome)
{
    if (outcome > FAQD_UNKNOWN || outcome == FAQD_CLARIFY)
        return reply->answer->error ? reply->answer->error : (reply->answer->error = FAQD_EINVAL);
    reply->outcome = outcome;
    return reply->answer->error;
}

int reply_add_topic(struct faqd_reply *reply, const char *topic)
{
    const char *kept = topic ? answer_keep(reply->answer, topic) : NULL;
    if (kept)
        answer_topic(reply->answer, kept);
    return reply->answer->error;
}
