/* SPDX-License-Identifier: MIT
 *
 * host_count.c - counting answers and votes. A vote's id comes from outside: only one that an answer of a pack can have
 * is taken, so that no free text ever gets into the statistics.
 */
#include "host_private.h"

#include <string.h>

/* The words that were read: no text of the pack's own marks in it. */
static void count_miss(struct faqd_worker *worker, const struct faqd_answer_view *view)
{
    const struct question *q = worker->dispatch->q;
    char text[STATISTICS_MISS_MAX * 2]; /* more than is kept, so that a word that is cut is seen */
    size_t len = 0;
    for (size_t i = 0; i < q->text_len && len < sizeof(text); i++)
        if (q->text[i] != '_')
            text[len++] = q->text[i] == '\n' ? ' ' : q->text[i];
    statistics_miss(worker->counter, view->lang, view->outcome, view->pack, text, len);
}

void host_count(struct faqd_worker *worker, const char *connector)
{
    const struct faqd_answer_view *view = &worker->view;
    if (!view->id || !connector)
        return;
    statistics_count(worker->counter, connector, view->lang, view->outcome, view->id);
    if ((view->outcome == FAQD_UNKNOWN || view->outcome == FAQD_UNDOCUMENTED) &&
        statistics_wants_misses(worker->host->statistics))
        count_miss(worker, view);
}

static int has_entity(const struct lexicon *lexicon, const char *name)
{
    for (size_t i = 0; i < lexicon_count(lexicon); i++) {
        const struct symbol *symbol = lexicon_symbol(lexicon, (uint32_t)i);
        if (symbol->kind == SYMBOL_ENTITY && strcmp(symbol->name, name) == 0)
            return 1;
    }
    return 0;
}

/* What follows the pack's name in an id: dispatch.c writes it. */
static int can_say(const struct pack *pack, const char *rest)
{
    static const char *const own[] = {"clarify", "undocumented", "unknown", "unavailable", "welcome"};
    char intent[ANSWER_ID_MAX];
    size_t len = strcspn(rest, "/");
    if (len >= sizeof(intent))
        return 0;
    memcpy(intent, rest, len);
    intent[len] = '\0';
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (strcmp(rest, own[i]) == 0)
            return 1;
    return pack_intent(pack, intent) != UINT32_MAX && (!rest[len] || has_entity(pack->lexicon, rest + len + 1));
}

static int can_answer(const struct host *host, const char *id)
{
    int can = 0;
    for (size_t i = 0; i < host->n_packs && !can; i++) {
        struct snapshot *snapshot = snapshots_acquire(&host->packs[i]->snapshots);
        size_t len = strlen(snapshot->pack->name);
        can = strncmp(id, snapshot->pack->name, len) == 0 && id[len] == '/' && can_say(snapshot->pack, id + len + 1);
        snapshots_release(&host->packs[i]->snapshots, snapshot);
    }
    return can;
}

static int add_votes(const struct faqd_host *api, const char *connector, const char *id, const char *lang, int vote,
                     int n)
{
    struct host *host = host_of(api);
    int in = lang_find(lang);
    if (!connector || !id || in < 0 || (vote != 1 && vote != -1) || !can_answer(host, id))
        return FAQD_EINVAL;
    return statistics_vote(host->statistics, connector, lang_names[in], id, vote, n);
}

int host_vote(const struct faqd_host *api, const char *connector, const char *id, const char *lang, int vote)
{
    return add_votes(api, connector, id, lang, vote, 1);
}

int host_unvote(const struct faqd_host *api, const char *connector, const char *id, const char *lang, int vote)
{
    return add_votes(api, connector, id, lang, vote, -1);
}
