/* SPDX-License-Identifier: MIT
 *
 * cmd_run.c - faqd run: the configured connectors. And faqd chat: the stdin connector alone.
 */
#include "options.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTORS_MAX 16

static int run_configured(struct options *o, struct host *host)
{
    struct run_connector list[CONNECTORS_MAX];
    char *texts[CONNECTORS_MAX];
    size_t n = 0;
    int status = 0;
    const char *name = NULL;
    json_t *settings = NULL;
    json_object_foreach(o->config.connectors, name, settings)
    {
        char *text = n < CONNECTORS_MAX ? config_connector(&o->config, name) : NULL;
        if (!text) {
            fputs("faqd: out of memory, or more than 16 connectors\n", stderr);
            status = EXIT_SOFTWARE;
            break;
        }
        texts[n] = text;
        list[n++] = (struct run_connector){name, text};
    }
    if (status == 0 && !n) {
        fputs("faqd run: no connectors are configured: name some under \"connectors\" in faqd.json (-c), or talk with "
              "\"faqd chat\"\n",
              stderr);
        status = EXIT_CONFIG;
    }
    if (status == 0)
        status = run_connectors(host, list, n);
    while (n)
        free(texts[--n]);
    return status;
}

static int print_config(struct options *o)
{
    struct err err = {0};
    struct str out;
    if (config_finish(&o->config, &err) != FAQD_OK)
        return complain(&err);
    str_init(&out, 65536);
    config_print(&o->config, &out);
    int failed = out.error || fputs(str_text(&out), stdout) < 0;
    str_free(&out);
    return failed ? EXIT_SOFTWARE : 0;
}

static void keep_statistics(const struct options *o, struct host *host)
{
    struct statistics_settings settings = {.folder = o->config.values[SETTING_STATE_DIR],
                                           .days = o->config.numbers[NUMBER_STATISTICS_DAYS],
                                           .misses = o->config.numbers[NUMBER_MISSES] != 0,
                                           .misses_days = o->config.numbers[NUMBER_MISSES_DAYS]};
    statistics_configure(host->statistics, &settings);
}

int cmd_run(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "cp", argc, argv);
    if (status == 0 && options.print_config) {
        status = print_config(&options);
        options_free(&options);
        return status;
    }
    run_block_signals();
    if (status == 0)
        status = start_all(&options, &host);
    if (status == 0) {
        keep_statistics(&options, &host);
        status = run_configured(&options, &host);
        host_end(&host);
    }
    options_free(&options);
    return status;
}

/* The stdin connector's settings: those of the file, with the command line's on top. */
static char *chat_settings(const struct options *o)
{
    json_t *settings = json_deep_copy(json_object_get(o->config.connectors, "stdin"));
    const char *lang = o->config.values[SETTING_LANG];
    char *text = NULL;
    if (!settings)
        settings = json_object();
    int bad = !settings;
    if (lang[0])
        bad |= json_object_set_new(settings, "lang", json_string(lang));
    if (o->json)
        bad |= json_object_set_new(settings, "json", json_true());
    if (o->plain)
        bad |= json_object_set_new(settings, "plain", json_true());
    if (o->color)
        bad |= json_object_set_new(settings, "color", json_string(o->color));
    if (!bad)
        text = json_dumps(settings, JSON_COMPACT);
    json_decref(settings);
    return text;
}

int cmd_chat(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "cljoP", argc, argv);
    if (status == 0 && options.n_args) {
        fputs("faqd chat: takes no questions; try faqd ask \"...\"\n", stderr);
        status = EXIT_USAGE;
    }
    run_block_signals();
    if (status == 0)
        status = start(&options, &host);
    if (status == 0) {
        char *text = chat_settings(&options);
        struct run_connector chat = {"stdin", text};
        if (!text)
            fputs("faqd: out of memory\n", stderr);
        status = text ? run_connectors(&host, &chat, 1) : EXIT_SOFTWARE;
        free(text);
        host_end(&host);
    }
    options_free(&options);
    return status;
}
