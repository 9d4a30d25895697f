/* SPDX-License-Identifier: MIT
 *
 * matrix.c - the plugin: people ask in rooms and direct chats of Matrix, and get one answer each.
 *
 * Every account of the settings has a thread of its own (bot.h) and shares nothing with the others. run() waits for
 * them all; one that cannot go on (logged out by the server) does not stop the others.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"
#include "command.h"
#include "faqd_plugin.h"
#include "http.h"
#include "settings.h"

struct thread {
    struct bot *bot;
    pthread_t id;
    bool started;
    int result;
};

struct connector {
    struct accounts accounts;
    struct thread threads[ACCOUNTS_MAX];
};

static int parse(const struct faqd_host *host, const char *json, struct accounts *out)
{
    char error[256] = "out of memory";
    int rc = settings_parse(json, out, error, sizeof(error));
    if (rc != FAQD_OK)
        host->log(FAQD_ERROR, "matrix_settings", "%s", error);
    return rc;
}

static int matrix_check(const struct faqd_host *host, const char *settings_json)
{
    struct accounts accounts;
    int rc = parse(host, settings_json, &accounts);
    for (size_t i = 0; rc == FAQD_OK && i < accounts.n; i++)
        rc = command_check(host, &accounts.items[i]);
    if (rc == FAQD_OK)
        settings_free(&accounts);
    return rc;
}

static void matrix_close(void *instance)
{
    struct connector *c = instance;
    if (!c)
        return;
    for (size_t i = 0; i < c->accounts.n; i++)
        bot_free(c->threads[i].bot);
    settings_free(&c->accounts);
    free(c);
}

static int matrix_open(const struct faqd_host *host, const char *settings_json, void **instance)
{
    struct connector *c = calloc(1, sizeof(*c));
    if (!c)
        return FAQD_ENOMEM;
    int rc = parse(host, settings_json, &c->accounts);
    if (rc == FAQD_OK)
        rc = http_global();
    for (size_t i = 0; rc == FAQD_OK && i < c->accounts.n; i++)
        rc = bot_new(host, &c->accounts.items[i], &c->threads[i].bot);
    if (rc == FAQD_OK)
        *instance = c;
    else
        matrix_close(c);
    return rc;
}

static void *run_one(void *user)
{
    struct thread *t = user;
    t->result = bot_run(t->bot);
    return NULL;
}

static int matrix_run(void *instance)
{
    struct connector *c = instance;
    int rc = FAQD_OK;
    for (size_t i = 1; i < c->accounts.n; i++) {
        c->threads[i].started = pthread_create(&c->threads[i].id, NULL, run_one, &c->threads[i]) == 0;
        c->threads[i].result = c->threads[i].started ? FAQD_OK : FAQD_ENOMEM;
    }
    run_one(&c->threads[0]);
    for (size_t i = 0; i < c->accounts.n; i++) {
        if (c->threads[i].started)
            pthread_join(c->threads[i].id, NULL);
        if (rc == FAQD_OK)
            rc = c->threads[i].result;
    }
    return rc;
}

static void matrix_stop(void *instance)
{
    struct connector *c = instance;
    for (size_t i = 0; i < c->accounts.n; i++)
        bot_stop(c->threads[i].bot);
}

static int matrix_command(const struct faqd_host *host, const char *settings_json, int argc, char **argv)
{
    struct accounts accounts;
    if (argc < 1)
        return command_run(host, NULL, argc, argv); /* how it is used */
    if (parse(host, settings_json, &accounts) != FAQD_OK)
        return COMMAND_CONFIG;
    int status = http_global() == FAQD_OK ? command_run(host, &accounts, argc, argv) : COMMAND_SOFTWARE;
    settings_free(&accounts);
    return status;
}

static const struct faqd_connector ops = {
    .struct_size = sizeof(ops),
    .open = matrix_open,
    .run = matrix_run,
    .stop = matrix_stop,
    .close = matrix_close,
    .check = matrix_check,
    .command = matrix_command,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_CONNECTOR, "matrix", "1.0", &ops);
