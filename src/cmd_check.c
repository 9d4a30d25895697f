/* SPDX-License-Identifier: MIT
 *
 * cmd_check.c - faqd check [PACK | -c faqd.json]: test and lint without connecting anywhere.
 *
 * With a configuration every pack that it names is tested. Findings go to stdout, one a line: file: path: text. Exit
 * status 0: no errors; 78: errors.
 */
#include "options.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(void *user, enum check_level level, const char *file, const char *path, const char *text)
{
    const char *dir = user;
    printf("%s: %s/%s: %s: %s\n", level == CHECK_ERROR ? "error" : "warning", dir, file, path, text);
}

/* The configured connectors look at their settings. */
static int check_connectors(const struct options *o, struct host *host)
{
    int status = 0;
    const char *name = NULL;
    json_t *settings = NULL;
    json_object_foreach(o->config.connectors, name, settings)
    {
        const struct plugin *plugin = plugins_find(&host->plugins, FAQD_CONNECTOR, name);
        const struct faqd_connector *ops = plugin ? plugin->descriptor->ops : NULL;
        char *text = config_connector(&o->config, name);
        if (!ops || !text || (ops->check && ops->check(&host->api, text) != FAQD_OK)) {
            printf("error: %s: connectors.%s: %s\n", o->config.file, name,
                   !ops ? "there is no such connector" : "its settings were refused");
            status = EXIT_CONFIG;
        }
        free(text);
    }
    return status;
}

static void print_result(const struct snapshot *snapshot, const struct check_result *result,
                         const struct check_examples *examples)
{
    const struct pack *pack = snapshot->pack;
    printf("%s %s: %zu intents, %zu patterns, %zu statements; %zu questions asked, %zu errors, %zu warnings",
           pack->name, pack->version, pack->n_intents, pack->n_rules, pack->n_statements, result->asked, result->errors,
           result->warnings);
    if (pack->has_examples)
        printf("; %zu of %zu examples are answered as they say, %zu of %zu messages to others by nothing%s",
               examples->answered, examples->questions, examples->refused, examples->others,
               snapshot->classifier ? "" : "; too few to learn from");
    putchar('\n');
}

/* Test one pack. 0, or an exit status. */
static int check_pack(struct host_pack *pack)
{
    struct check_sink sink = {print, pack->dir};
    struct check_result result;
    struct check_examples examples;
    struct snapshot *snapshot = snapshots_acquire(&pack->snapshots);
    int rc = check_snapshot(snapshot, &sink, &result);
    if (rc == FAQD_OK)
        rc = check_examples(snapshot, &examples);
    if (rc == FAQD_OK)
        print_result(snapshot, &result, &examples);
    snapshots_release(&pack->snapshots, snapshot);
    if (rc != FAQD_OK)
        fputs("faqd: out of memory\n", stderr);
    return rc != FAQD_OK ? EXIT_SOFTWARE : result.errors ? EXIT_CONFIG : 0;
}

static int check(const struct options *o, struct host *host)
{
    int status = check_connectors(o, host);
    for (size_t i = 0; i < host->n_packs && status != EXIT_SOFTWARE; i++) {
        int found = check_pack(host->packs[i]);
        status = found ? found : status;
    }
    return status;
}

int cmd_check(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "c", argc, argv);
    if (status == 0 && options.n_args > 1) {
        fputs("faqd check: one pack at a time\n", stderr);
        status = EXIT_USAGE;
    }
    if (status == 0 && options.n_args)
        status = options_set_pack(&options, options.args[0]);
    if (status == 0)
        status = options.n_args ? start(&options, &host) : start_all(&options, &host);
    if (status == 0) {
        status = check(&options, &host);
        host_end(&host);
    }
    options_free(&options);
    return status;
}
