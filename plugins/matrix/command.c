/* SPDX-License-Identifier: MIT
 *
 * command.c - see command.h.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bot.h"
#include "keep.h"
#include "secret.h"

static int usage(void)
{
    fputs("usage: faqd matrix login | logout | status [-c faqd.json] [ACCOUNT]\n", stderr);
    return COMMAND_USAGE;
}

static const struct settings *choose(const struct accounts *accounts, const char *name)
{
    for (size_t i = 0; i < accounts->n; i++)
        if (name ? strcmp(accounts->items[i].account, name) == 0 : accounts->n == 1)
            return &accounts->items[i];
    fputs(name ? "faqd matrix: there is no such account\n" : "faqd matrix: there are several accounts: name one\n",
          stderr);
    return NULL;
}

static int login(struct bot *bot)
{
    char password[SECRET_MAX];
    int rc = FAQD_OK;
    if (bot->settings->token_file[0]) {
        rc = session_start(bot);
    } else {
        rc = bot->settings->password_file[0]
                 ? secret_read(bot->host, bot->settings->password_file, password, sizeof(password))
                 : secret_ask("Password: ", password, sizeof(password));
        if (rc == FAQD_OK)
            rc = session_login(bot, password);
        else
            fputs("faqd matrix login: no password\n", stderr);
        explicit_bzero(password, sizeof(password));
    }
    if (rc != FAQD_OK)
        return COMMAND_CONFIG;
    printf("Logged in as %s, device %s, at %s\n", bot->session.user_id,
           bot->session.device_id ? bot->session.device_id : "-", bot->session.base);
    return 0;
}

static int logout(struct bot *bot)
{
    int rc = session_logout(bot);
    puts(rc == FAQD_OK ? "Logged out" : "Forgotten here; the server could not be asked");
    return 0;
}

static int count(void *user, const char *key, const void *value, size_t len)
{
    (void)key;
    (void)value;
    (void)len;
    ++*(size_t *)user;
    return 0;
}

static int status(struct bot *bot)
{
    size_t pending = 0;
    size_t rooms = 0;
    const struct session *s = &bot->session;
    bot->host->store_each(bot->store, "out", count, &pending);
    bot->host->store_each(bot->store, "room", count, &rooms);
    printf("account:  %s\nuser:     %s\ndevice:   %s\nserver:   %s\nsession:  %s\nsynced:   %s\nrooms:    %zu\nto "
           "send:  %zu\n",
           bot->settings->account, s->user_id ? s->user_id : "-", s->device_id ? s->device_id : "-",
           s->base ? s->base : "-",
           s->ended   ? "ended by the server"
           : s->token ? "yes"
                      : "none",
           keep_get(bot, "sync", "since") ? "yes" : "never", rooms, pending);
    return 0;
}

int command_run(const struct faqd_host *host, const struct accounts *accounts, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct bot *bot);
    } commands[] = {{"login", login}, {"logout", logout}, {"status", status}};
    int result = -1;
    for (size_t i = 0; argc >= 1 && argc <= 2 && i < sizeof(commands) / sizeof(*commands); i++) {
        struct bot *bot = NULL;
        if (strcmp(argv[0], commands[i].name) != 0)
            continue;
        const struct settings *settings = choose(accounts, argc > 1 ? argv[1] : NULL);
        if (!settings)
            return COMMAND_USAGE;
        if (bot_new(host, settings, &bot) != FAQD_OK || session_load(bot) != FAQD_OK)
            result = COMMAND_CONFIG;
        else
            result = commands[i].run(bot);
        bot_free(bot);
    }
    return result < 0 ? usage() : result;
}

static int check_file(const struct faqd_host *host, const char *named)
{
    char secret[SECRET_MAX];
    int rc = named[0] ? secret_read(host, named, secret, sizeof(secret)) : FAQD_OK;
    explicit_bzero(secret, sizeof(secret));
    return rc;
}

int command_check(const struct faqd_host *host, const struct settings *settings)
{
    char path[4096];
    int rc = check_file(host, settings->password_file);
    if (rc == FAQD_OK)
        rc = check_file(host, settings->token_file);
    if (rc == FAQD_OK && settings->ca_file[0] &&
        (host->path(host, settings->ca_file, path, sizeof(path)) != FAQD_OK || access(path, R_OK) != 0)) {
        host->log(FAQD_ERROR, "matrix_settings", "\"ca_file\": cannot read \"%.200s\"", settings->ca_file);
        rc = FAQD_EINVAL;
    }
    return rc;
}
