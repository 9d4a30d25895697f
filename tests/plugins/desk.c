/* SPDX-License-Identifier: MIT
 *
 * desk.c - a connector for the tests of `faqd run` and `faqd NAME`: it asks itself one question, counts it, votes, and
 * writes the status of the process into a file again and again until it is stopped.
 *
 * Settings: "status", the file; "health", reported as degraded if there; "refuse", to fail in open and check; "hang", to
 * never stop.
 */
#include "faqd_plugin.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAP_MS 20

struct desk {
    const struct faqd_host *host;
    char status[1024]; /* path */
    int degraded;
    int hang;
    atomic_int stop;
};

/* The text of a member, by looking for it: the settings come as compact JSON. */
static void text_of(const char *json, const char *member, char *out, size_t size)
{
    char key[64];
    snprintf(key, sizeof(key), "\"%s\":\"", member);
    const char *at = strstr(json, key);
    at = at ? at + strlen(key) : "";
    snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

static int desk_check(const struct faqd_host *host, const char *settings)
{
    (void)host;
    return strstr(settings, "\"refuse\"") ? FAQD_EINVAL : FAQD_OK;
}

static int desk_open(const struct faqd_host *host, const char *settings, void **instance)
{
    struct desk *d = calloc(1, sizeof(*d));
    char named[512];
    if (!d || desk_check(host, settings) != FAQD_OK) {
        free(d);
        return d ? FAQD_EINVAL : FAQD_ENOMEM;
    }
    d->host = host;
    text_of(settings, "status", named, sizeof(named));
    d->degraded = strstr(settings, "\"health\"") != NULL;
    d->hang = strstr(settings, "\"hang\"") != NULL;
    *instance = d;
    if (named[0] && host->path(host, named, d->status, sizeof(d->status)) != FAQD_OK)
        return FAQD_EINVAL;
    return FAQD_OK;
}

static void write_status(const struct desk *d, struct faqd_worker *worker)
{
    char draft[1100];
    size_t len = 0;
    const char *json = d->host->status(worker, &len);
    snprintf(draft, sizeof(draft), "%s.new", d->status);
    FILE *file = json && d->status[0] ? fopen(draft, "w") : NULL;
    if (!file)
        return;
    fwrite(json, 1, len, file);
    if (fclose(file) == 0)
        rename(draft, d->status);
}

static int desk_run(void *instance)
{
    struct desk *d = instance;
    struct faqd_worker *worker = d->host->worker_new(d->host);
    struct faqd_message message = {.struct_size = sizeof(message), .text = "bonjour", .text_len = 7};
    struct faqd_answer_view answer;
    struct timespec nap = {.tv_nsec = NAP_MS * 1000000};
    d->host->ask(worker, &message, &answer);
    d->host->count(worker, "desk");
    d->host->vote(d->host, "desk", answer.id, answer.lang, 1);
    if (d->degraded)
        d->host->health(d->host, "desk", 0, "the \"pen\" is lost");
    while (!atomic_load(&d->stop)) {
        write_status(d, worker);
        nanosleep(&nap, NULL);
    }
    while (d->hang)
        nanosleep(&nap, NULL);
    d->host->worker_free(worker);
    return FAQD_OK;
}

static void desk_stop(void *instance)
{
    atomic_store(&((struct desk *)instance)->stop, 1);
}

static int desk_command(const struct faqd_host *host, const char *settings, int argc, char **argv)
{
    char path[256];
    printf("%s\n", settings);
    for (int i = 0; i < argc; i++)
        printf("%d %s\n", i, argv[i]);
    if (argc > 0)
        printf("%d %s\n", host->path(host, argv[0], path, sizeof(path)), path);
    return argc;
}

static const struct faqd_connector ops = {
    .struct_size = sizeof(ops),
    .open = desk_open,
    .run = desk_run,
    .stop = desk_stop,
    .close = free,
    .check = desk_check,
    .command = desk_command,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_CONNECTOR, "desk", "1.0", &ops);
