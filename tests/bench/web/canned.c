/* SPDX-License-Identifier: MIT
 *
 * canned.c - the website's connector alone: web.so with a host whose every answer is the same text. What it takes is
 * the HTTP stage: reading and checking the request, its JSON, the limits, the reply with its headers.
 *
 *     canned WEB.SO SETTINGS_JSON REPLY_BYTES     until SIGTERM; says where it listens on stderr
 */
#include "faqd_plugin.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLY_MAX 65536

struct faqd_worker {
    char text[REPLY_MAX];
    size_t len;
};

static size_t reply_bytes;

static void log_line(enum faqd_level level, const char *event, const char *format, ...)
{
    va_list args;
    (void)level;
    fprintf(stderr, "%s: ", event);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static struct faqd_worker *worker_new(const struct faqd_host *host)
{
    static const char head[] = "{\"id\":\"canned/answer\",\"lang\":\"en\",\"outcome\":\"answer\",\"text\":\"";
    struct faqd_worker *w = calloc(1, sizeof(*w));
    (void)host;
    if (!w)
        return NULL;
    w->len = reply_bytes;
    memset(w->text, 'x', reply_bytes);
    memcpy(w->text, head, sizeof(head) - 1);
    memcpy(w->text + reply_bytes - 2, "\"}", 2);
    return w;
}

static void worker_free(struct faqd_worker *w)
{
    free(w);
}

static int ask(struct faqd_worker *w, const struct faqd_message *message, struct faqd_answer_view *out)
{
    (void)w;
    (void)message;
    *out = (struct faqd_answer_view){.struct_size = sizeof(*out), .id = "canned/answer", .lang = "en"};
    return FAQD_OK;
}

static const char *render(struct faqd_worker *w, enum faqd_format format, size_t *len)
{
    (void)format;
    if (len)
        *len = w->len;
    return w->text;
}

static int use_pack(struct faqd_worker *w, const char *pack)
{
    (void)w;
    (void)pack;
    return FAQD_OK;
}

static void count(struct faqd_worker *w, const char *connector)
{
    (void)w;
    (void)connector;
}

static void *run(void *user)
{
    void **both = user;
    ((const struct faqd_connector *)both[0])->run(both[1]);
    return NULL;
}

int main(int argc, char **argv)
{
    static const struct faqd_host host = {.struct_size = sizeof(host),
                                          .abi_major = FAQD_ABI_MAJOR,
                                          .abi_minor = FAQD_ABI_MINOR,
                                          .log = log_line,
                                          .worker_new = worker_new,
                                          .worker_free = worker_free,
                                          .ask = ask,
                                          .render = render,
                                          .use_pack = use_pack,
                                          .count = count};
    void *so = argc == 4 ? dlopen(argv[1], RTLD_NOW) : NULL;
    const struct faqd_plugin *plugin = so ? dlsym(so, "faqd_plugin") : NULL;
    sigset_t set;
    int got = 0;
    if (!plugin) {
        fprintf(stderr, "usage: canned WEB.SO SETTINGS_JSON REPLY_BYTES %s\n", so || argc != 4 ? "" : dlerror());
        return 2;
    }
    reply_bytes = strtoul(argv[3], NULL, 10);
    if (reply_bytes < 128 || reply_bytes > REPLY_MAX)
        return 2;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    void *both[2] = {(void *)(size_t)plugin->ops, NULL};
    const struct faqd_connector *ops = plugin->ops;
    pthread_t thread;
    if (ops->open(&host, argv[2], &both[1]) != FAQD_OK || pthread_create(&thread, NULL, run, both) != 0)
        return 1;
    while (sigwait(&set, &got) == 0 && got != SIGTERM)
        ;
    ops->stop(both[1]);
    pthread_join(thread, NULL);
    ops->close(both[1]);
    return 0;
}
