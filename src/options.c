/* SPDX-License-Identifier: MIT
 *
 * options.c - see options.h.
 */
#include "options.h"

#include "folder.h"
#include "log.h"
#include "near.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_PACK = 256, OPT_PACKS_DIR, OPT_PLUGINS_DIR, OPT_STATE_DIR, OPT_CACHE_DIR, OPT_LOG_LEVEL, OPT_LOG_FORMAT };

static const struct option table[] = {
    {"config", required_argument, NULL, 'c'},
    {"lang", required_argument, NULL, 'l'},
    {"json", no_argument, NULL, 'j'},
    {"print-config", no_argument, NULL, 'p'},
    {"plain", no_argument, NULL, 'o'},
    {"color", required_argument, NULL, 'P'},
    {"days", required_argument, NULL, 'D'},
    {"into", required_argument, NULL, 'i'},
    {"pack", required_argument, NULL, OPT_PACK},
    {"packs-dir", required_argument, NULL, OPT_PACKS_DIR},
    {"plugins-dir", required_argument, NULL, OPT_PLUGINS_DIR},
    {"state-dir", required_argument, NULL, OPT_STATE_DIR},
    {"cache-dir", required_argument, NULL, OPT_CACHE_DIR},
    {"log-level", required_argument, NULL, OPT_LOG_LEVEL},
    {"log-format", required_argument, NULL, OPT_LOG_FORMAT},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char command_line[] = "command line";
static const struct err no_memory = {.code = FAQD_ENOMEM, .text = "out of memory"};

static int usage(const char *command, const char *what)
{
    fprintf(stderr, "faqd %s: %s; see faqd --help\n", command, what);
    return EXIT_USAGE;
}

static int knows(const char *known, int option)
{
    return option >= 256 || option == 'h' || (option != '?' && option != ':' && strchr(known, option));
}

/* Refuse an option, naming the one of this command that was most likely meant. */
static int unknown(const char *command, const char *known, const char *culprit)
{
    const char *names[sizeof(table) / sizeof(table[0])] = {NULL};
    char name[40];
    char what[200];
    const char *text = culprit + strspn(culprit, "-");
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
    for (size_t i = 0; table[i].name; i++)
        names[i] = knows(known, table[i].val) ? table[i].name : NULL;
    const char *near = near_name(name, names, sizeof(names) / sizeof(names[0]));
    snprintf(what, sizeof(what), "unknown option \"%.100s\"%s%s%s", culprit, near ? "; did you mean \"--" : "",
             near ? near : "", near ? "\"?" : "");
    return usage(command, what);
}

/* --days: a number of days that a file can go back. */
static int take_days(struct options *o, const char *value)
{
    char *end = NULL;
    o->days = strtol(value, &end, 10);
    return end != value && !*end && o->days >= 1 && o->days <= 3660 ? FAQD_OK : FAQD_EINVAL;
}

/* Take one option. */
static int take(struct options *o, int option, const char *value, const char **file)
{
    switch (option) {
    case 'c': *file = value; return FAQD_OK;
    case 'l': return config_set(&o->config, SETTING_LANG, value, command_line);
    case 'j': o->json = 1; return FAQD_OK;
    case 'p': o->print_config = 1; return FAQD_OK;
    case 'o': o->plain = 1; return FAQD_OK;
    case 'P': o->color = value; return FAQD_OK;
    case 'D': return take_days(o, value);
    case 'i': o->into = value; return FAQD_OK;
    case OPT_PACK: return config_set(&o->config, SETTING_PACK, value, command_line);
    case OPT_PACKS_DIR: return config_set(&o->config, SETTING_PACKS_DIR, value, command_line);
    case OPT_PLUGINS_DIR: return config_set(&o->config, SETTING_PLUGINS_DIR, value, command_line);
    case OPT_STATE_DIR: return config_set(&o->config, SETTING_STATE_DIR, value, command_line);
    case OPT_CACHE_DIR: return config_set(&o->config, SETTING_CACHE_DIR, value, command_line);
    case OPT_LOG_LEVEL: return config_set(&o->config, SETTING_LOG_LEVEL, value, command_line);
    case OPT_LOG_FORMAT: return config_set(&o->config, SETTING_LOG_FORMAT, value, command_line);
    default: o->help = 1; return FAQD_OK;
    }
}

static int read_config(struct options *o, const char *file)
{
    struct err err = {0};
    if (config_environment(&o->config) != FAQD_OK)
        err_set(&err, FAQD_ENOMEM, "out of memory");
    else if (file)
        config_read(&o->config, file, &err);
    return err.code ? complain(&err) : 0;
}

int options_parse(struct options *o, const char *known, int argc, char **argv)
{
    const char *file = NULL;
    int option = 0;
    *o = (struct options){.days = 30};
    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, ":c:h", table, NULL)) != -1) {
        char what[200];
        const char *culprit = optind > 1 ? argv[optind - 1] : "";
        if (option == ':') {
            snprintf(what, sizeof(what), "\"%.100s\" needs a value", culprit);
            return usage(argv[0], what);
        }
        if (!knows(known, option))
            return unknown(argv[0], known, culprit);
        int rc = take(o, option, optarg, &file);
        if (rc == FAQD_EINVAL)
            return usage(argv[0], "\"--days\" must be a whole number from 1 to 3660");
        if (rc != FAQD_OK)
            return complain(&no_memory);
    }
    o->args = argv + optind;
    o->n_args = argc - optind;
    return o->help ? 0 : read_config(o, file);
}

void options_free(struct options *o)
{
    config_free(&o->config);
}

void pack_argument(const char *argument, char *out, size_t size)
{
    snprintf(out, size, "%s/pack.json", argument);
    int here = !strchr(argument, '/') && access(out, R_OK) == 0;
    snprintf(out, size, "%s%s", here ? "./" : "", argument);
}

int options_set_pack(struct options *o, const char *argument)
{
    char pack[4096];
    pack_argument(argument, pack, sizeof(pack));
    free(o->config.values[SETTING_PACK]);
    o->config.values[SETTING_PACK] = NULL;
    return config_set(&o->config, SETTING_PACK, pack, command_line) == FAQD_OK ? 0 : complain(&no_memory);
}

int complain(const struct err *err)
{
    char line[ERR_LINE_MAX];
    fprintf(stderr, "faqd: %s\n", err_line(err, line, sizeof(line)));
    return err->code == FAQD_ENOMEM ? EXIT_SOFTWARE : EXIT_CONFIG;
}

static enum faqd_level level_of(const char *name)
{
    return name[0] == 'e' ? FAQD_ERROR : name[0] == 'w' ? FAQD_WARNING : name[0] == 'i' ? FAQD_INFO : FAQD_DEBUG;
}

/* The folder of the cache, or NULL. That nothing can be kept is told only to who named a folder: system users often
 * have a home that is not there. */
static const char *cache_folder(const struct config *config)
{
    const char *folder = config->values[SETTING_CACHE_DIR];
    if (!folder || !folder[0])
        return NULL;
    if (strcmp(config->origins[SETTING_CACHE_DIR], "default") == 0 && !folder_can_be_made(folder))
        return NULL;
    return folder;
}

int start(struct options *o, struct host *host)
{
    struct err err = {0};
    if (config_finish(&o->config, &err) != FAQD_OK)
        return complain(&err);
    log_open(level_of(o->config.values[SETTING_LOG_LEVEL]),
             o->config.values[SETTING_LOG_FORMAT][0] == 'j' ? LOG_JSON : LOG_TEXT);
    if (!o->into) /* what is compiled is read from its files */
        o->cache = (struct cache){cache_folder(&o->config), o->config.images_dir};
    if (host_start(host, o->config.values[SETTING_PLUGINS_DIR], &o->cache, o->config.pack_dir, &err) != FAQD_OK)
        return complain(&err);
    host->state_dir = o->config.values[SETTING_STATE_DIR];
    host->config_dir = o->config.folder;
    return 0;
}

int start_all(struct options *o, struct host *host)
{
    struct err err = {0};
    int status = start(o, host);
    for (size_t i = 0; status == 0 && i < o->config.n_packs; i++) {
        if (host_add_pack(host, o->config.packs[i].name, o->config.packs[i].dir, &err) == FAQD_OK)
            continue;
        status = complain(&err);
        host_end(host);
    }
    return status;
}
