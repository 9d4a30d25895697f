/* SPDX-License-Identifier: MIT
 *
 * web.c - the plugin: a website's visitors, as a connector of faqd. See web.h for how it is made.
 *
 * open reads the settings, opens the sockets and everything else that can fail; run starts the threads and waits for
 * them; stop lets them finish what has been asked and end.
 */
#include "web.h"

#include "route.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#define ADMIN_CONNECTIONS 16 /* more than the settings say, so that a full house can still be looked into */
#define THREADS_MAX 64
#define VISITORS 16384  /* addresses: 384 KiB, of which only what is in use is ever touched */
#define KEYS 8192       /* a busy site has that many questions in some minutes */
#define KEYS_PER_HOUR 4 /* a key that comes again within a quarter of an hour is a repetition */

static int complain(const struct faqd_host *host, const char *event, const char *text)
{
    host->log(FAQD_ERROR, event, "%s", text);
    return FAQD_EINVAL;
}

static int check_places(const struct settings *s, char *error, size_t error_size)
{
    int rc = listen_check(s->listen, error, error_size);
    if (rc == FAQD_OK && s->admin)
        rc = listen_check(s->admin, error, error_size);
    return rc;
}

static int web_check(const struct faqd_host *host, const char *settings_json)
{
    struct settings settings;
    char error[512] = "out of memory";
    int rc = web_settings_parse(settings_json, &settings, error, sizeof(error));
    if (rc != FAQD_OK)
        return complain(host, "web_settings", error);
    rc = check_places(&settings, error, sizeof(error));
    web_settings_free(&settings);
    return rc == FAQD_OK ? rc : complain(host, "web_settings", error);
}

static int check_pack(const struct web *web, const char *pack, char *error, size_t error_size)
{
    if (WEB_HOST_HAS(web->host, use_pack) && web->host->use_pack(web->loops[0].worker, pack) == FAQD_OK)
        return FAQD_OK;
    snprintf(error, error_size, "there is no pack \"%.60s\": name it under \"packs\"", pack);
    return FAQD_EINVAL;
}

/* Every pack that the settings name must be there. */
static int check_packs(const struct web *web, char *error, size_t error_size)
{
    const struct settings *s = &web->settings;
    int rc = s->pack ? check_pack(web, s->pack, error, error_size) : FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < s->n_sites; i++)
        rc = check_pack(web, s->sites[i].pack, error, error_size);
    return rc;
}

static unsigned threads_of(const struct settings *s)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return s->threads ? (unsigned)s->threads : n < THREADS_MAX ? (unsigned)n : THREADS_MAX;
}

static int open_loops(struct web *web, char *error, size_t error_size)
{
    size_t threads = threads_of(&web->settings), admin = web->settings.admin != NULL;
    int rc = FAQD_OK;
    snprintf(error, error_size, "out of memory or file descriptors");
    web->loops = calloc(threads + admin, sizeof(*web->loops));
    if (!web->loops)
        return FAQD_ENOMEM;
    for (size_t i = 0; rc == FAQD_OK && i < threads + admin; i++) {
        int own = i == threads;
        rc = loop_open(&web->loops[i], web, own ? route_admin : route_public, own ? &web->admin : &web->listener,
                       (size_t)web->settings.connections + (own ? ADMIN_CONNECTIONS : 0));
        web->n_loops++;
    }
    return rc == FAQD_OK ? check_packs(web, error, error_size) : rc;
}

static int open_all(struct web *web, char *error, size_t error_size)
{
    const struct settings *s = &web->settings;
    int rc = assets_open(&web->assets);
    if (rc == FAQD_OK)
        rc = pages_open(web, error, error_size);
    web->visitors = limit_new(VISITORS, 60 * (unsigned)s->rate_per_minute, (unsigned)s->rate_burst,
                              (unsigned)s->connections_per_address);
    web->keys = limit_new(KEYS, KEYS_PER_HOUR, 1, 0);
    if (rc == FAQD_OK && (!web->visitors || !web->keys)) {
        snprintf(error, error_size, "out of memory");
        rc = FAQD_ENOMEM;
    }
    if (rc == FAQD_OK)
        rc = listen_open(s->listen, &web->listener, error, error_size);
    if (rc == FAQD_OK && s->admin)
        rc = listen_open(s->admin, &web->admin, error, error_size);
    return rc == FAQD_OK ? open_loops(web, error, error_size) : rc;
}

static void web_close(void *instance)
{
    struct web *web = instance;
    if (!web)
        return;
    for (size_t i = 0; i < web->n_loops; i++)
        loop_close(&web->loops[i]);
    free(web->loops);
    listen_close(&web->listener);
    listen_close(&web->admin);
    limit_free(web->keys);
    limit_free(web->visitors);
    pages_close(&web->pages);
    web_settings_free(&web->settings);
    free(web);
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* A core would hold what visitors wrote: no cores, and no other process of this user may look into this one. (The
 * search for leaks that AddressSanitizer makes at the end is such a process.) */
static void keep_to_ourselves(void)
{
    struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int web_open(const struct faqd_host *host, const char *settings_json, void **instance)
{
    char error[512] = "out of memory";
    struct web *web = calloc(1, sizeof(*web));
    if (!web)
        return FAQD_ENOMEM;
    web->host = host;
    web->listener.fd = web->admin.fd = -1;
    keep_to_ourselves();
    int rc = web_settings_parse(settings_json, &web->settings, error, sizeof(error));
    if (rc == FAQD_OK)
        rc = open_all(web, error, sizeof(error));
    if (rc != FAQD_OK) {
        complain(host, "web_settings", error);
        web_close(web);
        return rc;
    }
    host->log(FAQD_INFO, "web_listening", "%s", web->listener.shown);
    if (web->settings.admin)
        host->log(FAQD_INFO, "web_admin", "%s", web->admin.shown);
    if (!web->listener.tcp && !web_settings_trusts(&web->settings, &(struct address){.local = 1}))
        host->log(
            FAQD_WARNING, "web_proxy",
            "the proxy at the unix socket is not among \"proxies\" (\"unix\"): all visitors count as one address");
    *instance = web;
    return FAQD_OK;
}

static void *thread(void *loop)
{
    loop_run(loop);
    return NULL;
}

static void report(const struct web *web, int ok, const char *text)
{
    if (WEB_HOST_HAS(web->host, health))
        web->host->health(web->host, WEB_NAME, ok, text);
}

static void web_stop(void *instance)
{
    struct web *web = instance;
    atomic_store(&web->stopping, 1);
    report(web, 0, "stopping");
    for (size_t i = 0; i < web->n_loops; i++)
        loop_wake(&web->loops[i]);
}

static int web_run(void *instance)
{
    struct web *web = instance;
    int rc = FAQD_OK;
    report(web, 1, web->listener.shown);
    for (size_t i = 0; i < web->n_loops; i++) {
        web->loops[i].started = pthread_create(&web->loops[i].thread, NULL, thread, &web->loops[i]) == 0;
        if (web->loops[i].started)
            continue;
        web->host->log(FAQD_ERROR, "thread_failed", "cannot start a thread of the web server");
        rc = FAQD_EIO;
        web_stop(web);
    }
    for (size_t i = 0; i < web->n_loops; i++)
        if (web->loops[i].started)
            pthread_join(web->loops[i].thread, NULL);
    return rc;
}

static const struct faqd_connector ops = {
    .struct_size = sizeof(ops),
    .open = web_open,
    .run = web_run,
    .stop = web_stop,
    .close = web_close,
    .check = web_check,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_CONNECTOR, WEB_NAME, "1.0", &ops);
