/* SPDX-License-Identifier: MIT
 *
 * cmd_explain.c - faqd explain QUESTION: why this answer. And faqd plugins: what is loaded.
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

static int explain(struct options *o, struct host *host)
{
    struct faqd_worker *worker = host->api.worker_new(&host->api);
    const char *text = NULL;
    const char *why = NULL;
    int failed = !worker;
    for (int i = 0; worker && !failed && i < o->n_args; i++) {
        struct faqd_message message = {.struct_size = sizeof(message),
                                       .text = o->args[i],
                                       .text_len = strlen(o->args[i]),
                                       .lang = o->config.values[SETTING_LANG]};
        struct faqd_answer_view view;
        host->api.ask(worker, &message, &view);
        text = host->api.render(worker, FAQD_PLAIN, NULL);
        failed = !text || printf("%s\n\n", text) < 0;
        why = failed ? NULL : host->api.explain(worker, NULL);
        failed = !why || fputs(why, stdout) < 0;
    }
    host->api.worker_free(worker);
    if (failed)
        fputs("faqd: out of memory, or cannot write\n", stderr);
    return failed ? EXIT_SOFTWARE : 0;
}

int cmd_explain(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "cl", argc, argv);
    if (status == 0 && !options.n_args) {
        fputs("faqd explain: which question? faqd explain \"...\"\n", stderr);
        status = EXIT_USAGE;
    }
    if (status == 0)
        status = start(&options, &host);
    if (status == 0) {
        status = explain(&options, &host);
        host_end(&host);
    }
    options_free(&options);
    return status;
}

int cmd_plugins(int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    struct plugins plugins = {0};
    int status = options_parse(&options, "c", argc, argv);
    if (status == 0 && (config_finish(&options.config, &err) != FAQD_OK ||
                        plugins_list(options.config.values[SETTING_PLUGINS_DIR], &plugins, &err) != FAQD_OK ||
                        plugins_open_all(&plugins, &err) != FAQD_OK))
        status = complain(&err);
    if (status == 0) {
        for (size_t i = 0; i < plugins.n; i++) {
            const struct faqd_plugin *d = plugins.items[i].descriptor;
            printf("%-9s %-14s %-8s ABI %u.%u  %s\n", plugin_kinds[d->kind], d->name, d->version, d->abi_major,
                   d->abi_minor, plugins.items[i].path);
        }
    }
    plugins_free(&plugins);
    options_free(&options);
    return status;
}
