/* SPDX-License-Identifier: MIT
 *
 * stdin.c - the plugin: a chat on the terminal, or over a pipe, as a connector of faqd.
 *
 * open reads the settings (settings.h), run is the chat (chat.h) in its own thread, stop ends its waiting from any
 * thread. Input is fd 0, output fd 1, prompts and hints go to fd 2.
 *
 * What run returns: FAQD_OK at the end of the input, after /quit, Ctrl-D or stop, or when nobody reads the answers any
 * more; FAQD_DECLINED after Ctrl-C twice (main makes that exit status 130); FAQD_EIO if reading or writing failed;
 * FAQD_ENOMEM.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chat.h"
#include "faqd_plugin.h"
#include "settings.h"
#include "wake.h"

struct connector {
    const struct faqd_host *host;
    struct settings settings;
    struct wake wake;
};

static int parse(const struct faqd_host *host, const char *json, struct settings *out)
{
    char error[256] = "out of memory";
    int rc = settings_parse(json, out, error, sizeof(error));
    if (rc != FAQD_OK)
        host->log(FAQD_ERROR, "stdin_settings", "%s", error);
    return rc;
}

/* Is the pack among those that are configured? */
static int find_pack(const struct faqd_host *host, const char *pack)
{
    if (pack[0] == '\0')
        return FAQD_OK;
    struct faqd_worker *worker = host->worker_new(host);
    if (!worker)
        return FAQD_ENOMEM;
    int rc = host->use_pack(worker, pack);
    if (rc != FAQD_OK)
        host->log(FAQD_ERROR, "stdin_settings", "setting \"pack\": there is no pack \"%s\" in the configuration", pack);
    host->worker_free(worker);
    return rc;
}

static int read_settings(const struct faqd_host *host, const char *json, struct settings *out)
{
    int rc = parse(host, json, out);
    if (rc != FAQD_OK)
        return rc;
    rc = find_pack(host, out->pack);
    if (rc != FAQD_OK)
        settings_free(out);
    return rc;
}

static int stdin_check(const struct faqd_host *host, const char *settings_json)
{
    struct settings settings;
    int rc = read_settings(host, settings_json, &settings);
    if (rc == FAQD_OK)
        settings_free(&settings);
    return rc;
}

static int stdin_open(const struct faqd_host *host, const char *settings_json, void **instance)
{
    struct connector *c = calloc(1, sizeof(*c));
    if (!c)
        return FAQD_ENOMEM;
    c->host = host;
    int rc = read_settings(host, settings_json, &c->settings);
    if (rc == FAQD_OK)
        rc = wake_init(&c->wake);
    if (rc != FAQD_OK) {
        settings_free(&c->settings);
        free(c);
        return rc;
    }
    *instance = c;
    return FAQD_OK;
}

/* Writing to a pipe that nobody reads must not kill the process: SIGPIPE goes to the writing thread, so it is enough
 * to block it here, and to take away a pending one before it is unblocked again. */
static int run_without_sigpipe(struct connector *c)
{
    sigset_t pipe_signal, former;
    struct timespec at_once = {0};

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &former);
    int rc = chat_run(c->host, &c->settings, &c->wake);
    if (!sigismember(&former, SIGPIPE)) {
        sigtimedwait(&pipe_signal, NULL, &at_once);
        pthread_sigmask(SIG_SETMASK, &former, NULL);
    }
    return rc;
}

static int stdin_run(void *instance)
{
    struct connector *c = instance;
    int rc = run_without_sigpipe(c);
    if (rc != FAQD_EIO)
        return rc;
    if (c->wake.error == EPIPE) /* a reader that has enough (`| head`) is an end, not an error */
        return FAQD_OK;
    c->host->log(FAQD_ERROR, "stdin_io", "%s", strerror(c->wake.error));
    return rc;
}

static void stdin_stop(void *instance)
{
    struct connector *c = instance;
    wake_post(&c->wake, WAKE_STOP);
}

static void stdin_close(void *instance)
{
    struct connector *c = instance;
    if (!c)
        return;
    settings_free(&c->settings);
    wake_close(&c->wake);
    free(c);
}

static const struct faqd_connector ops = {
    .struct_size = sizeof(ops),
    .open = stdin_open,
    .run = stdin_run,
    .stop = stdin_stop,
    .close = stdin_close,
    .check = stdin_check,
};

FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_CONNECTOR, "stdin", "1.0", &ops);
