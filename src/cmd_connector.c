/* SPDX-License-Identifier: MIT
 *
 * cmd_connector.c - faqd NAME ARGUMENT...: what an operator does once by hand with a connector, like logging in.
 *
 * The options of faqd itself may stand anywhere before "--"; all else is the connector's.
 */
#include "options.h"

#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The connector, if it has commands. Fields behind struct_size are not there. */
static const struct faqd_connector *with_commands(const struct plugin *plugin)
{
    const struct faqd_connector *ops = plugin ? plugin->descriptor->ops : NULL;
    size_t needed = offsetof(struct faqd_connector, command) + sizeof(ops->command);
    return ops && ops->struct_size >= needed && ops->command ? ops : NULL;
}

static int run(const struct options *o, struct host *host, const char *name, int *known)
{
    const struct plugin *plugin = plugins_find(&host->plugins, FAQD_CONNECTOR, name);
    const struct faqd_connector *ops = with_commands(plugin);
    *known = plugin != NULL;
    if (!plugin)
        return EXIT_USAGE;
    if (!ops) {
        fprintf(stderr, "faqd: the connector \"%s\" has no commands; faqd run runs it\n", name);
        return EXIT_USAGE;
    }
    char *settings = config_connector(&o->config, name);
    int status = settings ? ops->command(&host->api, settings, o->n_args, o->args) : EXIT_SOFTWARE;
    free(settings);
    return status;
}

int cmd_connector(int argc, char **argv, int *known)
{
    struct options options;
    struct host host;
    *known = 1;
    int status = options_parse(&options, "c", argc, argv);
    if (status == 0)
        status = start_all(&options, &host);
    if (status == 0) {
        status = run(&options, &host, argv[0], known);
        host_end(&host);
    }
    options_free(&options);
    return status;
}

/* " matrix web" of those that have commands, "" if there are none or the plugins cannot be opened. */
void list_connectors(struct str *out)
{
    struct config config = {0};
    struct plugins plugins = {0};
    log_open(FAQD_ERROR, LOG_TEXT);
    if (config_environment(&config) == FAQD_OK && config_finish(&config, NULL) == FAQD_OK &&
        plugins_list(config.values[SETTING_PLUGINS_DIR], &plugins, NULL) == FAQD_OK &&
        plugins_open_all(&plugins, NULL) == FAQD_OK) {
        for (size_t i = 0; i < plugins.n; i++)
            if (plugins.items[i].descriptor->kind == FAQD_CONNECTOR && with_commands(&plugins.items[i]))
                str_addf(out, " %s", plugins.items[i].descriptor->name);
    }
    plugins_free(&plugins);
    config_free(&config);
}
