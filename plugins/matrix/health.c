/* SPDX-License-Identifier: MIT
 *
 * health.c - see health.h.
 */
#include "health.h"

#include <stdio.h>
#include <string.h>

#include "bot.h"

/* What is wrong; NULL: nothing. */
static const char *trouble(const struct bot *bot, int64_t now)
{
    long poll_ms = (bot->settings->poll_seconds + bot->settings->request_seconds) * 1000;
    if (!bot->ready)
        return "not logged in yet";
    if (bot->locked)
        return "the account is locked";
    if (bot->suspended)
        return "the account is suspended";
    if (bot->resources)
        return "the server is over its limits";
    if (bot->store_broken)
        return "the store takes nothing";
    if (bot->gate.failures)
        return "the server does not answer";
    if (bot->sync.retry.failures)
        return "the server's answers are no use";
    if (!bot->figures.last_sync || now - bot->figures.last_sync > 3 * poll_ms)
        return "no sync for too long";
    return NULL;
}

static void figures(const struct bot *bot, int64_t age)
{
    const struct {
        const char *name;
        int64_t value;
    } all[] = {{"sync_age_seconds", age},
               {"rooms", (int64_t)bot->rooms.n},
               {"waiting", (int64_t)bot->pending},
               {"sent", (int64_t)bot->figures.answers},
               {"throttled", (int64_t)bot->pacing.refusals},
               {"encrypted", (int64_t)bot->figures.unreadable},
               {"stale", (int64_t)bot->figures.stale},
               {"limited", (int64_t)bot->figures.limited}};
    for (size_t i = age >= 0 ? 0 : 1; i < sizeof(all) / sizeof(*all); i++)
        bot->host->figure(bot->host, bot->name, all[i].name, all[i].value);
}

void health_report(struct bot *bot, int64_t now)
{
    char text[200];
    const char *wrong = trouble(bot, now);
    int64_t age = bot->figures.last_sync ? (now - bot->figures.last_sync) / 1000 : -1;
    snprintf(text, sizeof(text),
             "%s%slast sync %lld s ago, %zu rooms, %zu to send, %lu sent, %lu throttled, %lu encrypted, %lu too old, "
             "%lu limited",
             wrong ? wrong : "", wrong ? "; " : "", (long long)age, bot->rooms.n, bot->pending, bot->figures.answers,
             bot->pacing.refusals, bot->figures.unreadable, bot->figures.stale, bot->figures.limited);
    bot->host->health(bot->host, bot->name, !wrong, text);
    figures(bot, age);
}
