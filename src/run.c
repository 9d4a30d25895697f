/* SPDX-License-Identifier: MIT
 *
 * run.c - see run.h. A connector that ends tells the main thread with a signal of its own, so that there is one place
 * to wait at.
 */
#include "run.h"

#include "log.h"
#include "options.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIGNAL_ENDED SIGUSR2 /* a connector's thread is through */
#define TICK_SECONDS 1       /* how soon a retired snapshot is freed once nobody reads it */
#define FLUSH_SECONDS 5      /* how often what was counted is written */

struct running {
    const char *name;
    const struct faqd_connector *ops;
    void *instance;
    pthread_t thread;
    pthread_t main;
    int opened, started;
    atomic_int ended;
    int result;
};

static void waited_for(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGNAL_ENDED);
}

void run_block_signals(void)
{
    sigset_t set;
    waited_for(&set);
    sigaddset(&set, SIGPIPE); /* a reader that went away is an error of write, not the end of us */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *run_one(void *user)
{
    struct running *r = user;
    r->result = r->ops->run(r->instance);
    atomic_store(&r->ended, 1);
    pthread_kill(r->main, SIGNAL_ENDED);
    return NULL;
}

static int open_one(struct host *host, const struct run_connector *connector, struct running *r)
{
    const struct plugin *plugin = plugins_find(&host->plugins, FAQD_CONNECTOR, connector->name);
    r->name = connector->name;
    r->main = pthread_self();
    if (!plugin) {
        log_event(FAQD_ERROR, "connector_missing", "there is no connector \"%s\" among the plugins", connector->name);
        return EXIT_CONFIG;
    }
    r->ops = plugin->descriptor->ops;
    int rc = r->ops->open(&host->api, connector->settings, &r->instance);
    if (rc != FAQD_OK) {
        log_event(FAQD_ERROR, "connector_refused", "connector \"%s\" did not open", connector->name);
        return rc == FAQD_ENOMEM ? EXIT_SOFTWARE : EXIT_CONFIG;
    }
    r->opened = 1;
    host->api.health(&host->api, connector->name, 1, "open");
    return 0;
}

static const char *version_of(const struct host_pack *pack)
{
    return pack->snapshots.current->pack->version; /* changes only on this thread */
}

/* Pack by pack: one that is refused keeps its content, the others are new. */
static void reload(struct host *host)
{
    for (size_t i = 0; i < host->n_packs; i++) {
        struct err err = {0};
        char line[ERR_LINE_MAX];
        char before[80];
        snprintf(before, sizeof(before), "%s", version_of(host->packs[i]));
        const char *name = host->packs[i]->snapshots.current->pack->name;
        if (host_reload(host, i, &err) == FAQD_OK)
            log_event(FAQD_INFO, "reloaded", "the pack %s was loaded again: %s, before %s",
                      host->packs[i]->snapshots.current->pack->name, version_of(host->packs[i]), before);
        else
            log_event(FAQD_ERROR, "reload_failed", "%s; the content of %s that was there stays",
                      err_line(&err, line, sizeof(line)), name);
    }
}

static size_t still_running(struct running *list, size_t n)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++)
        left += list[i].started && !atomic_load(&list[i].ended);
    return left;
}

static void stop_all(struct host *host, struct running *list, size_t n)
{
    host_stop(host);
    for (size_t i = 0; i < n; i++)
        if (list[i].started)
            list[i].ops->stop(list[i].instance);
}

static int64_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

static void wait_for_end(struct host *host, struct running *list, size_t n)
{
    sigset_t set;
    waited_for(&set);
    int64_t flushed = seconds();
    while (still_running(list, n)) {
        struct timespec pause = {.tv_sec = TICK_SECONDS};
        int got = sigtimedwait(&set, NULL, &pause);
        if (got == SIGHUP)
            reload(host);
        else if (got == SIGTERM || got == SIGINT)
            stop_all(host, list, n);
        host_reap(host);
        if (seconds() - flushed < FLUSH_SECONDS)
            continue;
        host_flush(host);
        flushed = seconds();
    }
}

static int result_of(const struct running *list, size_t n)
{
    int status = 0;
    for (size_t i = 0; i < n; i++) {
        if (list[i].started && list[i].result == FAQD_DECLINED)
            status = status ? status : EXIT_INTERRUPT;
        else if (list[i].started && list[i].result != FAQD_OK) {
            log_event(FAQD_ERROR, "connector_failed", "connector \"%s\" ended with error %d", list[i].name,
                      list[i].result);
            status = EXIT_SOFTWARE;
        }
    }
    return status;
}

int run_connectors(struct host *host, const struct run_connector *connectors, size_t n)
{
    int status = 0;
    struct running *list = calloc(n + 1, sizeof(*list));
    if (!list)
        return EXIT_SOFTWARE;
    for (size_t i = 0; status == 0 && i < n; i++)
        status = open_one(host, &connectors[i], &list[i]);
    for (size_t i = 0; status == 0 && i < n; i++) {
        list[i].started = pthread_create(&list[i].thread, NULL, run_one, &list[i]) == 0;
        if (!list[i].started) {
            log_event(FAQD_ERROR, "thread_failed", "cannot start a thread for \"%s\"", list[i].name);
            status = EXIT_SOFTWARE;
            stop_all(host, list, n);
        }
    }
    atomic_store(&host->ready, status == 0);
    wait_for_end(host, list, n);
    for (size_t i = 0; i < n; i++)
        if (list[i].started)
            pthread_join(list[i].thread, NULL);
    if (status == 0)
        status = result_of(list, n);
    for (size_t i = 0; i < n; i++)
        if (list[i].opened)
            list[i].ops->close(list[i].instance);
    host_flush(host);
    free(list);
    return status;
}
