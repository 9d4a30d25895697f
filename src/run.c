/* SPDX-License-Identifier: MIT
 *
 * run.c - see run.h. A connector that ends tells the main thread with a signal of its own, so that there is one place
 * to wait at.
 */
#include "run.h"

#include "log.h"
#include "notify.h"
#include "options.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SIGNAL_ENDED SIGUSR2 /* a connector's thread is through */
#define TICK_MS 1000         /* how soon a retired snapshot is freed once nobody reads it */
#define FLUSH_MS 5000        /* how often what was counted is written */
#define STOP_MS 5000         /* how long connectors may take to stop; the process then ends without them */

struct running {
    const char *name;
    const struct faqd_connector *ops;
    void *instance;
    pthread_t thread;
    pthread_t main;
    int opened, started;
    atomic_int ended;
    int result;
    int reported; /* its end is in the log */
};

/* A run, on the main thread. */
struct run {
    struct host *host;
    struct running *list;
    size_t n;
    struct notify notify;
    int64_t flushed, alive; /* when what was counted was written, when the manager had its last sign of life */
    int64_t stopped;        /* when connectors were told to stop; 0: they were not. All in ms of the monotonic clock */
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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the service manager shows: which content answers. */
static void say_ready(const struct run *run, int refused)
{
    struct str status;
    str_init(&status, 800);
    for (size_t i = 0; i < run->host->n_packs; i++)
        str_addf(&status, "%s%s %s", i ? ", " : "answering with ", run->host->packs[i]->snapshots.current->pack->name,
                 version_of(run->host->packs[i]));
    notify_send(&run->notify, "READY=1\nSTATUS=%s%s", str_text(&status),
                refused ? "; the last reload failed, see the log" : "");
    str_free(&status);
}

static void sign_of_life(struct run *run)
{
    if (run->notify.watchdog_ms)
        notify_send(&run->notify, "WATCHDOG=1");
    run->alive = now_ms();
}

/* Pack by pack: one that is refused keeps its content, the others are new. */
static void reload(struct run *run)
{
    struct host *host = run->host;
    int refused = 0;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    notify_send(&run->notify, "RELOADING=1\nMONOTONIC_USEC=%lld",
                (long long)now.tv_sec * 1000000 + (long long)now.tv_nsec / 1000);
    for (size_t i = 0; i < host->n_packs; i++) {
        struct err err = {0};
        char line[ERR_LINE_MAX];
        char before[80];
        snprintf(before, sizeof(before), "%s", version_of(host->packs[i]));
        int rc = host_reload(host, i, &err);
        const char *name = host->packs[i]->snapshots.current->pack->name;
        if (rc == FAQD_OK)
            log_event(FAQD_INFO, "reloaded", "the pack %s was loaded again: %s, before %s", name,
                      version_of(host->packs[i]), before);
        else
            log_event(FAQD_ERROR, "reload_failed", "%s; the content of %s that was there stays",
                      err_line(&err, line, sizeof(line)), name);
        refused |= rc != FAQD_OK;
        sign_of_life(run);
    }
    say_ready(run, refused);
}

static size_t still_running(const struct run *run)
{
    size_t left = 0;
    for (size_t i = 0; i < run->n; i++)
        left += run->list[i].started && !atomic_load(&run->list[i].ended);
    return left;
}

static void stop_all(struct run *run)
{
    host_stop(run->host);
    notify_send(&run->notify, "STOPPING=1\nSTATUS=stopping");
    if (!run->stopped)
        run->stopped = now_ms();
    for (size_t i = 0; i < run->n; i++)
        if (run->list[i].started)
            run->list[i].ops->stop(run->list[i].instance);
}

/* A connector that failed is said at once: the others may go on for months. */
static void report_ended(struct run *run)
{
    for (size_t i = 0; i < run->n; i++) {
        struct running *r = &run->list[i];
        if (!r->started || r->reported || !atomic_load(&r->ended))
            continue;
        r->reported = 1;
        if (r->result >= 0)
            continue;
        log_event(FAQD_ERROR, "connector_failed", "connector \"%s\" ended with error %d", r->name, r->result);
        run->host->api.health(&run->host->api, r->name, 0, "it ended with an error");
    }
}

/* A connector that does not stop must not keep the service from ending: what was counted is written, then all of it
 * goes, as if it had been killed, which connectors must stand anyway. */
static void give_up(struct run *run)
{
    for (size_t i = 0; i < run->n; i++)
        if (run->list[i].started && !atomic_load(&run->list[i].ended))
            log_event(FAQD_ERROR, "connector_stuck", "connector \"%s\" did not stop within %d s", run->list[i].name,
                      STOP_MS / 1000);
    host_flush(run->host);
    _exit(EXIT_SOFTWARE);
}

/* What is due now and then. */
static void tend(struct run *run)
{
    int64_t now = now_ms();
    report_ended(run);
    host_reap(run->host);
    if (run->notify.watchdog_ms && now - run->alive >= run->notify.watchdog_ms)
        sign_of_life(run);
    if (now - run->flushed >= FLUSH_MS) {
        host_flush(run->host);
        run->flushed = now;
    }
    if (run->stopped && now - run->stopped >= STOP_MS && still_running(run))
        give_up(run);
}

static void wait_for_end(struct run *run)
{
    sigset_t set;
    int64_t tick = run->notify.watchdog_ms && run->notify.watchdog_ms < TICK_MS ? run->notify.watchdog_ms : TICK_MS;
    struct timespec pause = {.tv_sec = (time_t)(tick / 1000), .tv_nsec = (long)(tick % 1000) * 1000000};
    waited_for(&set);
    run->flushed = run->alive = now_ms();
    while (still_running(run)) {
        int got = sigtimedwait(&set, NULL, &pause);
        if (got == SIGHUP)
            reload(run);
        else if (got == SIGTERM || got == SIGINT)
            stop_all(run);
        tend(run);
    }
    report_ended(run);
}

static int result_of(const struct run *run)
{
    int status = 0;
    for (size_t i = 0; i < run->n; i++) {
        const struct running *r = &run->list[i];
        if (r->started && r->result == FAQD_DECLINED)
            status = status ? status : EXIT_INTERRUPT;
        else if (r->started && r->result != FAQD_OK)
            status = EXIT_SOFTWARE;
    }
    return status;
}

/* Open all, then start all. 0, or an exit status. */
static int start_connectors(struct run *run, const struct run_connector *connectors)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < run->n; i++)
        status = open_one(run->host, &connectors[i], &run->list[i]);
    for (size_t i = 0; status == 0 && i < run->n; i++) {
        struct running *r = &run->list[i];
        r->started = pthread_create(&r->thread, NULL, run_one, r) == 0;
        if (!r->started) {
            log_event(FAQD_ERROR, "thread_failed", "cannot start a thread for \"%s\"", r->name);
            status = EXIT_SOFTWARE;
            stop_all(run);
        }
    }
    return status;
}

int run_connectors(struct host *host, const struct run_connector *connectors, size_t n)
{
    struct run run = {.host = host, .list = calloc(n + 1, sizeof(*run.list)), .n = n};
    if (!run.list) {
        fputs("faqd: out of memory\n", stderr);
        return EXIT_SOFTWARE;
    }
    notify_open(&run.notify);
    int status = start_connectors(&run, connectors);
    atomic_store(&host->ready, status == 0);
    if (status == 0)
        say_ready(&run, 0);
    wait_for_end(&run);
    for (size_t i = 0; i < n; i++)
        if (run.list[i].started)
            pthread_join(run.list[i].thread, NULL);
    if (status == 0)
        status = result_of(&run);
    for (size_t i = 0; i < n; i++)
        if (run.list[i].opened)
            run.list[i].ops->close(run.list[i].instance);
    host_flush(host);
    notify_close(&run.notify);
    free(run.list);
    return status;
}
