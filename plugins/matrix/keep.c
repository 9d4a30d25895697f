/* SPDX-License-Identifier: MIT
 *
 * keep.c - see keep.h.
 */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "clock.h"
#include "outbox.h"

static void failed(struct bot *bot)
{
    if (!bot->store_broken)
        bot->host->log(FAQD_ERROR, "matrix_store_failed", "what happens cannot be stored; answers go on");
    bot->store_broken = true;
}

static bool begin(struct bot *bot)
{
    if (bot->in_transaction)
        return true;
    bot->in_transaction = bot->host->store_begin(bot->store) == FAQD_OK;
    if (!bot->in_transaction)
        failed(bot);
    else if (bot->unstored)
        outbox_store(bot);
    return bot->in_transaction;
}

void keep_put(struct bot *bot, const char *kind, const char *key, const void *value, size_t len, int64_t seconds)
{
    int64_t expires = seconds ? clock_wall() + seconds : 0;
    if (begin(bot) && bot->host->store_put(bot->store, kind, key, value, len, expires) != FAQD_OK)
        failed(bot);
}

void keep_json(struct bot *bot, const char *kind, const char *key, const json_t *value, int64_t seconds)
{
    char *text = json_dumps(value, JSON_COMPACT);
    if (text)
        keep_put(bot, kind, key, text, strlen(text), seconds);
    else
        failed(bot);
    free(text);
}

void keep_delete(struct bot *bot, const char *kind, const char *key)
{
    if (begin(bot) && bot->host->store_delete(bot->store, kind, key) < 0)
        failed(bot);
}

const char *keep_get(struct bot *bot, const char *kind, const char *key)
{
    const void *value = NULL;
    size_t len = 0;
    return bot->host->store_get(bot->store, kind, key, &value, &len) == FAQD_OK ? value : NULL;
}

json_t *keep_get_json(struct bot *bot, const char *kind, const char *key)
{
    const char *text = keep_get(bot, kind, key);
    return text ? json_loads(text, 0, NULL) : NULL;
}

bool keep_commit(struct bot *bot)
{
    if (!bot->in_transaction)
        return false;
    if (bot->batch_taken)
        fault_pass(&bot->fault, "batch_before_commit");
    if (bot->sent_taken)
        fault_pass(&bot->fault, "sent_before_commit");
    bool ok = rooms_save(&bot->rooms, bot->host, bot->store) == FAQD_OK;
    if (ok)
        ok = bot->host->store_commit(bot->store) == FAQD_OK;
    else
        bot->host->store_rollback(bot->store);
    bot->in_transaction = false;
    if (bot->batch_taken)
        fault_pass(&bot->fault, "batch_after_commit");
    if (bot->sent_taken)
        fault_pass(&bot->fault, "sent_after_commit");
    bot->batch_taken = bot->sent_taken = false;
    bot->unflushed |= ok;
    if (!ok)
        failed(bot);
    return ok;
}

bool keep_flush(struct bot *bot)
{
    if (!bot->unflushed)
        return !bot->store_broken;
    bot->unflushed = bot->host->store_flush(bot->store) != FAQD_OK;
    if (bot->unflushed) {
        failed(bot);
    } else if (bot->store_broken) {
        bot->store_broken = false;
        bot->host->log(FAQD_INFO, "matrix_store_healed", "storing works again");
    }
    return !bot->unflushed;
}
