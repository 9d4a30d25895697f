/* SPDX-License-Identifier: MIT
 *
 * heap.c - the answer module of the small test pack. Small, but it uses all that the host offers a module: rows, texts,
 * lists and numbers of the table, statements with entities and numbers in their gaps, outcomes, topics, refusing bad
 * content, declining, and an instance that open() builds and close() frees.
 */
#include "faqd_plugin.h"

#include <stdlib.h>
#include <string.h>

#define NO_ROW ((size_t)-1)

struct heap {
    long few, many; /* the least and most months of a place */
};

static int is_place(const char *row)
{
    return strcmp(row, "balcony") == 0 || strcmp(row, "garden") == 0;
}

static int check_row(const struct faqd_host *host, const struct faqd_content *content, size_t row, struct heap *heap)
{
    const char *verdict = host->cell(content, row, "verdict", 0);
    const char *statement = NULL;
    long months = 0;
    int has_months = host->number(content, row, "months", &months);
    if (has_months && (months < 1 || months > 600))
        return host->refuse(content, row, "months", "%ld is no number of months", months);
    for (size_t n = 0; (statement = host->cell(content, row, "say", n)); n++)
        if (!host->has_statement(content, statement))
            return host->refuse(content, row, "say", "there is no statement \"%s\"", statement);
    if (is_place(host->row_name(content, row))) {
        if (!has_months)
            return host->refuse(content, row, "months", "a place needs it");
        heap->few = heap->few && heap->few < months ? heap->few : months;
        heap->many = heap->many > months ? heap->many : months;
        return FAQD_OK;
    }
    if (!verdict || (strcmp(verdict, "yes") != 0 && strcmp(verdict, "no") != 0))
        return host->refuse(content, row, "verdict", "must be yes or no");
    return FAQD_OK;
}

static int heap_open(const struct faqd_host *host, const struct faqd_content *content, void **instance)
{
    struct heap *heap = calloc(1, sizeof(*heap));
    if (!heap)
        return FAQD_ENOMEM;
    for (size_t row = 0; row < host->row_count(content); row++) {
        int rc = check_row(host, content, row, heap);
        if (rc != FAQD_OK) {
            free(heap);
            return rc;
        }
    }
    *instance = heap;
    return FAQD_OK;
}

static void heap_close(void *instance)
{
    free(instance);
}

/* One matter: yes with its hints, no with its reason, or nothing is said about it. */
static void may_one(const struct faqd_host *host, const struct faqd_content *content, const struct faqd_slot *slot,
                    struct faqd_reply *reply)
{
    struct faqd_gap gap = {.name = "matter", .type = slot->type, .entity = slot->entity};
    size_t row = host->find_row(content, slot->entity);
    const char *verdict = row == NO_ROW ? NULL : host->cell(content, row, "verdict", 0);
    const char *statement = NULL;
    if (slot->outside || !verdict) {
        host->say(reply, FAQD_PARAGRAPH, "not_said", &gap, 1);
        host->set_outcome(reply, FAQD_UNDOCUMENTED);
        return;
    }
    host->say(reply, FAQD_PARAGRAPH, strcmp(verdict, "yes") == 0 ? "may_go" : "may_not_go", &gap, 1);
    for (size_t n = 0; (statement = host->cell(content, row, "say", n)); n++)
        host->say(reply, FAQD_NOTICE, statement, NULL, 0);
    host->set_outcome(reply, FAQD_ANSWER);
}

static int may(const struct faqd_host *host, const struct faqd_content *content, const struct faqd_query *query,
               struct faqd_reply *reply)
{
    size_t told = 0;
    for (size_t i = 0; i < query->n_slots; i++) {
        if (strcmp(query->slots[i].type, "matter") != 0)
            continue;
        may_one(host, content, &query->slots[i], reply);
        told++;
    }
    return told ? FAQD_OK : FAQD_DECLINED;
}

static int all(const struct faqd_host *host, const struct faqd_content *content, struct faqd_reply *reply)
{
    int rc = host->say(reply, FAQD_PARAGRAPH, "all_intro", NULL, 0);
    for (size_t row = 0; row < host->row_count(content); row++) {
        const char *verdict = host->cell(content, row, "verdict", 0);
        struct faqd_gap gaps[] = {{.name = "matter", .type = "matter", .entity = host->row_name(content, row)},
                                  {.name = "months"}};
        if (!verdict || strcmp(verdict, "yes") != 0 || !host->number(content, row, "months", &gaps[1].number))
            continue;
        host->add_topic(reply, host->row_name(content, row));
        rc = host->say(reply, FAQD_ITEM, "all_item", gaps, 2);
    }
    return rc;
}

static int how_long(const struct heap *heap, const struct faqd_host *host, const struct faqd_content *content,
                    const struct faqd_query *query, struct faqd_reply *reply)
{
    if (!query->n_slots) {
        struct faqd_gap gaps[] = {{.name = "few", .number = heap->few}, {.name = "many", .number = heap->many}};
        return host->say(reply, FAQD_PARAGRAPH, "takes_any", gaps, 2);
    }
    const struct faqd_slot *slot = &query->slots[0];
    struct faqd_gap gaps[] = {{.name = "place", .type = slot->type, .entity = slot->entity}, {.name = "months"}};
    size_t row = host->find_row(content, slot->entity);
    if (row == NO_ROW || !host->number(content, row, "months", &gaps[1].number))
        return FAQD_DECLINED;
    return host->say(reply, FAQD_PARAGRAPH, "takes_months", gaps, 2);
}

static int heap_answer(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                       const struct faqd_query *query, struct faqd_reply *reply)
{
    if (strcmp(query->action, "may") == 0)
        return may(host, content, query, reply);
    if (strcmp(query->action, "all") == 0)
        return all(host, content, reply);
    return how_long(instance, host, content, query, reply);
}

static const struct faqd_module ops = {
    .struct_size = sizeof(ops), .open = heap_open, .answer = heap_answer, .close = heap_close};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "heap", "1.0", &ops);
