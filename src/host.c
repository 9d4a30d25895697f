/* SPDX-License-Identifier: MIT
 *
 * host.c - see host.h.
 */
#include "host_private.h"

#include "check.h"
#include "content.h"
#include "entries.h"
#include "explain.h"
#include "log.h"
#include "render.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define RENDERED_MAX ((size_t)256 * 1024)

struct faqd_worker {
    struct host *host;
    struct snapshot *snapshot; /* held until the next message: the last answer points into it */
    struct dispatch *dispatch;
    struct faqd_answer_view view;
    struct str rendered;
};

static struct faqd_worker *worker_new(const struct faqd_host *api)
{
    struct faqd_worker *worker = calloc(1, sizeof(*worker));
    if (!worker)
        return NULL;
    worker->host = host_of(api);
    worker->dispatch = dispatch_new();
    str_init(&worker->rendered, RENDERED_MAX);
    if (!worker->dispatch) {
        free(worker);
        return NULL;
    }
    return worker;
}

static void worker_free(struct faqd_worker *worker)
{
    if (!worker)
        return;
    dispatch_free(worker->dispatch);
    snapshots_release(&worker->host->snapshots, worker->snapshot);
    str_free(&worker->rendered);
    free(worker);
}

/* Move on to the snapshot that is current now. */
static void refresh(struct faqd_worker *worker)
{
    struct snapshot *current = snapshots_acquire(&worker->host->snapshots);
    snapshots_release(&worker->host->snapshots, worker->snapshot);
    worker->snapshot = current;
}

static int ask(struct faqd_worker *worker, const struct faqd_message *message, struct faqd_answer_view *out)
{
    refresh(worker);
    int rc = dispatch_ask(worker->dispatch, worker->snapshot, message, &worker->view);
    *out = worker->view;
    return rc;
}

static int welcome(struct faqd_worker *worker, const char *lang, struct faqd_answer_view *out)
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

static const char *render(struct faqd_worker *worker, enum faqd_format format, size_t *len)
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

static const char *explain(struct faqd_worker *worker, size_t *len)
{
    str_reset(&worker->rendered);
    if (!worker->dispatch->snapshot) /* nothing was asked yet, though topics() may have taken a snapshot */
        return NULL;
    explain_write(worker->dispatch, &worker->rendered);
    return finish(worker, FAQD_OK, len);
}

/* Topics in the order of the content, each with the label of its first intent. */
static void topics(struct faqd_worker *worker, const char *lang,
                   void (*each)(void *user, const char *topic, const char *label), void *user)
{
    if (!worker->snapshot)
        refresh(worker);
    const struct pack *pack = worker->snapshot->pack;
    int in = lang_find(lang) >= 0 ? lang_find(lang) : (int)pack->default_lang;
    for (size_t i = 0; i < pack->n_intents; i++) {
        const struct intent *intent = &pack->intents[i];
        int seen = intent->safety || intent->outcome != FAQD_ANSWER;
        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(pack->intents[j].topic, intent->topic) == 0 && pack->intents[j].outcome == FAQD_ANSWER;
        if (!seen)
            each(user, intent->topic, intent->words[in].label);
    }
}

static int stopping(const struct faqd_host *api)
{
    return atomic_load(&host_of(api)->stopping);
}

static const struct faqd_host table = {
    .struct_size = sizeof(table),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .log = log_event,
    .row_count = content_row_count,
    .row_name = content_row_name,
    .find_row = content_find_row,
    .cell = content_cell,
    .number = content_number,
    .has_statement = content_has_statement,
    .refuse = content_refuse,
    .say = reply_say,
    .set_outcome = reply_set_outcome,
    .add_topic = reply_add_topic,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .ask = ask,
    .welcome = welcome,
    .render = render,
    .explain = explain,
    .topics = topics,
    .stopping = stopping,
    .path = host_path,
    .store_open = host_store_open,
    .store_close = entries_close,
    .store_begin = entries_begin,
    .store_commit = entries_commit,
    .store_rollback = entries_rollback,
    .store_put = entries_put,
    .store_get = entries_get,
    .store_delete = entries_delete,
    .store_each = entries_each,
    .store_purge = entries_purge,
};

/* Make it the current one. It was read through JSON trees several times the size of its files: what they took goes
 * back to the system, or the process would keep it for good. */
static void publish(struct host *host, struct snapshot *snapshot)
{
    snapshots_publish(&host->snapshots, snapshot);
    malloc_trim(0);
}

/* The first error that the pack's own tests find becomes the reload's. */
static void take_finding(void *user, enum check_level level, const char *file, const char *path, const char *text)
{
    if (level != CHECK_ERROR)
        return;
    err_set(user, FAQD_EINVAL, "%s", text);
    err_where(user, file, path);
}

int host_reload(struct host *host, struct err *err)
{
    struct snapshot *snapshot = NULL;
    struct err finding = {0}; /* out of memory, a check finds answers missing: then that is not the error */
    struct check_sink sink = {take_finding, &finding};
    struct check_result result = {0};
    int rc = snapshot_load(host->pack_dir, &host->plugins, &host->api, err, &snapshot);
    if (rc == FAQD_OK && check_snapshot(snapshot, &sink, &result) != FAQD_OK)
        rc = err_set(err, FAQD_ENOMEM, "out of memory");
    if (rc == FAQD_OK && result.errors) {
        rc = FAQD_EINVAL;
        if (err && !err->code)
            *err = finding;
    }
    if (rc == FAQD_OK)
        publish(host, snapshot);
    else
        snapshot_free(snapshot);
    snapshots_reap(&host->snapshots);
    return rc;
}

int host_start(struct host *host, const char *plugins_dir, const char *pack_dir, struct err *err)
{
    memset(host, 0, sizeof(*host));
    host->api = table;
    host->pack_dir = pack_dir;
    if (snapshots_init(&host->snapshots) != FAQD_OK)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    int rc = plugins_open(plugins_dir, &host->plugins, err);
    struct snapshot *snapshot = NULL;
    if (rc == FAQD_OK)
        rc = snapshot_load(pack_dir, &host->plugins, &host->api, err, &snapshot);
    if (rc == FAQD_OK)
        publish(host, snapshot);
    else
        host_end(host);
    return rc;
}

void host_stop(struct host *host)
{
    atomic_store(&host->stopping, 1);
}

void host_end(struct host *host)
{
    snapshots_end(&host->snapshots);
    plugins_free(&host->plugins);
}
