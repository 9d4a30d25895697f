/* SPDX-License-Identifier: MIT
 *
 * host_worker.c - what one thread of a connector needs to ask questions: the pack it asks, the snapshot that its last
 * answer points into, its working memory, and the last rendering.
 */
#include "host_private.h"

#include "explain.h"
#include "render.h"

#include <stdlib.h>
#include <string.h>

#define RENDERED_MAX ((size_t)256 * 1024)

struct faqd_worker *host_worker_new(const struct faqd_host *api)
{
    struct faqd_worker *worker = calloc(1, sizeof(*worker));
    if (!worker)
        return NULL;
    worker->host = host_of(api);
    worker->pack = host_find_pack(worker->host, NULL);
    worker->dispatch = dispatch_new();
    worker->counter = statistics_join(worker->host->statistics);
    str_init(&worker->rendered, RENDERED_MAX);
    if (!worker->dispatch || !worker->counter) {
        host_worker_free(worker);
        return NULL;
    }
    return worker;
}

static void release(struct faqd_worker *worker)
{
    if (worker->held)
        snapshots_release(&worker->held->snapshots, worker->snapshot);
}

void host_worker_free(struct faqd_worker *worker)
{
    if (!worker)
        return;
    dispatch_free(worker->dispatch);
    statistics_leave(worker->host->statistics, worker->counter);
    release(worker);
    str_free(&worker->rendered);
    free(worker);
}

int host_use_pack(struct faqd_worker *worker, const char *name)
{
    struct host_pack *pack = host_find_pack(worker->host, name);
    if (!pack)
        return FAQD_EINVAL;
    worker->pack = pack;
    return FAQD_OK;
}

/* Move on to the snapshot that is current now. The old one is let go last: its working memory is told from that of the
 * new one by the address. */
static void refresh(struct faqd_worker *worker)
{
    struct snapshot *current = snapshots_acquire(&worker->pack->snapshots);
    release(worker);
    worker->snapshot = current;
    worker->held = worker->pack;
}

int host_ask(struct faqd_worker *worker, const struct faqd_message *message, struct faqd_answer_view *out)
{
    refresh(worker);
    int rc = dispatch_ask(worker->dispatch, worker->snapshot, message, &worker->view);
    *out = worker->view;
    return rc;
}

int host_welcome(struct faqd_worker *worker, const char *lang, struct faqd_answer_view *out)
{
    refresh(worker);
    dispatch_welcome(worker->dispatch, worker->snapshot, lang, &worker->view);
    *out = worker->view;
    return FAQD_OK;
}

static const char *finish(struct faqd_worker *worker, int rc, size_t *len)
{
    if (rc != FAQD_OK || worker->rendered.error)
        return NULL;
    if (len)
        *len = worker->rendered.len;
    return str_text(&worker->rendered);
}

const char *host_render(struct faqd_worker *worker, enum faqd_format format, size_t *len)
{
    const struct answer *answer = &worker->dispatch->answer;
    struct str *out = &worker->rendered;
    if (!worker->snapshot)
        return NULL;
    const char *label = worker->snapshot->pack->fixed[FIXED_SOURCES][answer->lang];
    int rc = FAQD_OK;
    str_reset(out);
    if (format == FAQD_PLAIN) {
        render_plain(&worker->view, label, out);
    } else if (format == FAQD_HTML) {
        render_html(&worker->view, label, out);
    } else {
        rc = render_json(&worker->view, label, out);
    }
    return finish(worker, rc, len);
}

const char *host_explain(struct faqd_worker *worker, size_t *len)
{
    str_reset(&worker->rendered);
    if (!worker->snapshot) /* nothing was asked yet */
        return NULL;
    explain_write(worker->dispatch, &worker->rendered);
    return finish(worker, FAQD_OK, len);
}

static void list_topics(const struct pack *pack, enum lang lang,
                        void (*each)(void *user, const char *topic, const char *label), void *user)
{
    for (size_t i = 0; i < pack->n_intents; i++) {
        const struct intent *intent = &pack->intents[i];
        int seen = intent->safety || intent->outcome != FAQD_ANSWER;
        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(pack->intents[j].topic, intent->topic) == 0 && pack->intents[j].outcome == FAQD_ANSWER;
        if (!seen)
            each(user, intent->topic, intent->words[lang].label);
    }
}

/* Topics in the order of the content, each with the label of its first intent. The last answer stays: it may be another
 * pack's, or of an older load. */
void host_topics(struct faqd_worker *worker, const char *lang,
                 void (*each)(void *user, const char *topic, const char *label), void *user)
{
    struct snapshot *current = snapshots_acquire(&worker->pack->snapshots);
    int in = lang_find(lang);
    list_topics(current->pack, in >= 0 ? (enum lang)in : current->pack->default_lang, each, user);
    snapshots_release(&worker->pack->snapshots, current);
}
