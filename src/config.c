/* SPDX-License-Identifier: MIT
 *
 * config.c - see config.h.
 */
#include "config_private.h"

#include "lexicon.h"
#include "near.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_BYTES_MAX ((size_t)1024 * 1024)

const char *const setting_keys[SETTINGS] = {"pack",      "packs_dir", "plugins_dir", "state_dir",
                                            "cache_dir", "lang",      "log_level",   "log_format"};
static const char *const variables[SETTINGS] = {"FAQD_PACK",      "FAQD_PACKS_DIR", "FAQD_PLUGINS_DIR",
                                                "FAQD_STATE_DIR", "FAQD_CACHE_DIR", "FAQD_LANG",
                                                "FAQD_LOG_LEVEL", "FAQD_LOG_FORMAT"};

static const char *const number_keys[NUMBERS] = {"statistics_days", "misses", "misses_days"};
static const struct {
    long fallback, least, most; /* both 0 and 1: a flag */
} number_limits[NUMBERS] = {{400, 0, 3660}, {0, 0, 1}, {30, 1, 366}};

int config_set(struct config *config, enum setting setting, const char *value, const char *origin)
{
    if (!value || config->values[setting])
        return FAQD_OK;
    config->values[setting] = strdup(value);
    config->origins[setting] = origin;
    return config->values[setting] ? FAQD_OK : FAQD_ENOMEM;
}

int config_environment(struct config *config)
{
    int rc = FAQD_OK;
    for (int i = 0; rc == FAQD_OK && i < SETTINGS; i++) {
        const char *value = getenv(variables[i]);
        if (value && (value[0] || i == SETTING_CACHE_DIR)) /* an empty one: no cache */
            rc = config_set(config, (enum setting)i, value, variables[i]);
    }
    return rc;
}

static int is_path(enum setting setting, const char *value)
{
    return setting == SETTING_PACKS_DIR || setting == SETTING_PLUGINS_DIR || setting == SETTING_STATE_DIR ||
           (setting == SETTING_CACHE_DIR && value[0]) || (setting == SETTING_PACK && strchr(value, '/'));
}

int config_path(const struct config *config, const char *value, char *out, size_t size)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", config->file);
    int absolute = value[0] == '/';
    int len = snprintf(out, size, "%s%s%s", absolute ? "" : dirname(folder), absolute ? "" : "/", value);
    return (size_t)len < size ? FAQD_OK : FAQD_ELIMIT;
}

static int set_from_file(struct config *config, enum setting setting, const char *value)
{
    char path[PATH_MAX];
    if (!is_path(setting, value))
        return config_set(config, setting, value, config->file);
    int rc = config_path(config, value, path, sizeof(path));
    return rc == FAQD_OK ? config_set(config, setting, path, config->file) : rc;
}

static int is_flag(int number)
{
    return number_limits[number].most == 1;
}

static int read_number(struct config *config, struct jread *r, const json_t *root, int number)
{
    const json_t *value = json_object_get(root, number_keys[number]);
    long most = number_limits[number].most;
    if (!value)
        return FAQD_OK;
    if (is_flag(number) && !json_is_boolean(value))
        return jread_fail(r, FAQD_EINVAL, "\"%s\" must be true or false", number_keys[number]);
    json_int_t got = json_is_true(value) ? 1 : json_integer_value(value);
    if (!is_flag(number) && (!json_is_integer(value) || got < number_limits[number].least || got > most))
        return jread_fail(r, FAQD_EINVAL, "\"%s\" must be a whole number from %ld to %ld", number_keys[number],
                          number_limits[number].least, most);
    config->numbers[number] = (long)got;
    config->in_file[number] = 1;
    return FAQD_OK;
}

static int read_root(struct config *config, struct jread *r, const json_t *root)
{
    static const char *const parts[] = {"packs", "connectors"};
    const char *keys[SETTINGS + NUMBERS + 2];
    memcpy(keys, setting_keys, sizeof(setting_keys));
    memcpy(keys + SETTINGS, number_keys, sizeof(number_keys));
    memcpy(keys + SETTINGS + NUMBERS, parts, sizeof(parts));
    int rc = jread_keys(r, root, keys, SETTINGS + NUMBERS + 2);
    for (int i = 0; rc == FAQD_OK && i < NUMBERS; i++)
        rc = read_number(config, r, root, i);
    for (int i = 0; rc == FAQD_OK && i < SETTINGS; i++) {
        const char *value = NULL;
        rc = jread_text(r, root, setting_keys[i], 0, &value);
        if (rc == FAQD_OK && value && set_from_file(config, (enum setting)i, value) != FAQD_OK)
            rc = jread_fail(r, FAQD_ENOMEM, "out of memory, or the path is too long");
    }
    if (rc == FAQD_OK)
        rc = config_read_packs(config, r, json_object_get(root, "packs"));
    json_t *connectors = json_object_get(root, "connectors");
    size_t mark = jread_enter(r, "connectors");
    const char *name = NULL;
    json_t *settings = NULL;
    if (rc == FAQD_OK && connectors)
        rc = jread_object(r, connectors);
    json_object_foreach(connectors, name, settings)
    {
        size_t member = jread_enter(r, name);
        if (rc == FAQD_OK)
            rc = jread_object(r, settings);
        jread_leave(r, member);
    }
    jread_leave(r, mark);
    if (rc == FAQD_OK)
        config->connectors = json_incref(connectors);
    return rc;
}

int config_read(struct config *config, const char *file, struct err *err)
{
    struct jread r = {.err = err};
    config->file = strdup(file);
    if (!config->file)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    json_t *root = jread_file(&r, config->file, CONFIG_BYTES_MAX);
    if (!root)
        return err ? err->code : FAQD_EINVAL;
    int rc = read_root(config, &r, root);
    json_decref(root);
    return rc;
}

/* The first of two folders, seen from the program's own, that exists: the build tree's, or the installed one. */
static int beside_program(const char *const *places, size_t n, char *out, size_t size)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (len <= 0)
        return 0;
    program[len] = '\0';
    const char *folder = dirname(program);
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        if ((size_t)snprintf(out, size, "%s/%s", folder, places[i]) < size && stat(out, &st) == 0 &&
            S_ISDIR(st.st_mode))
            return 1;
    }
    return 0;
}

/* A folder of the program's own: systemd's, the user's of the XDG base directories, or none without a home. */
struct own_folder {
    enum setting setting;
    const char *systemd; /* the variables */
    const char *xdg;
    const char *home; /* below $HOME */
};

static int set_own_folder(struct config *config, const struct own_folder *own)
{
    char path[PATH_MAX];
    const char *given = getenv(own->systemd); /* a list, if the unit names several */
    const char *base = getenv(own->xdg);      /* counts only if it is absolute, says its specification */
    const char *home = getenv("HOME");
    if (given && given[0] == '/') {
        snprintf(path, sizeof(path), "%.*s", (int)strcspn(given, ":"), given);
        return config_set(config, own->setting, path, own->systemd);
    }
    if (base && base[0] == '/') {
        snprintf(path, sizeof(path), "%s/faqd", base);
        return config_set(config, own->setting, path, own->xdg);
    }
    if (!home || home[0] != '/')
        return FAQD_OK;
    snprintf(path, sizeof(path), "%s/%s/faqd", home, own->home);
    return config_set(config, own->setting, path, "default");
}

static int set_own_folders(struct config *config)
{
    static const struct own_folder state = {SETTING_STATE_DIR, "STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state"};
    static const struct own_folder cache = {SETTING_CACHE_DIR, "CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache"};
    int rc = set_own_folder(config, &state);
    return rc == FAQD_OK ? set_own_folder(config, &cache) : rc;
}

static int set_folder(struct config *config)
{
    char *copy = config->file ? strdup(config->file) : NULL;
    config->folder = copy ? strdup(dirname(copy)) : NULL;
    free(copy);
    return config->file && !config->folder ? FAQD_ENOMEM : FAQD_OK;
}

static int set_defaults(struct config *config)
{
    static const char *const plugin_places[] = {"plugins", "../lib/faqd/plugins"};
    static const char *const pack_places[] = {"../intents", "../share/faqd/intents"};
    static const char *const image_places[] = {"images", "../lib/faqd/images"};
    char path[PATH_MAX + 64];
    for (int i = 0; i < NUMBERS; i++)
        if (!config->in_file[i])
            config->numbers[i] = number_limits[i].fallback;
    int named = config->n_packs > 0; /* the first of them, unless "pack" says another */
    int rc = config_set(config, SETTING_PACK, named ? config->packs[0].name : "mesotherapy",
                        named ? config->file : "default");
    if (rc == FAQD_OK && beside_program(plugin_places, 2, path, sizeof(path)))
        rc = config_set(config, SETTING_PLUGINS_DIR, path, "default");
    if (rc == FAQD_OK && beside_program(pack_places, 2, path, sizeof(path)))
        rc = config_set(config, SETTING_PACKS_DIR, path, "default");
    if (rc == FAQD_OK && beside_program(image_places, 2, path, sizeof(path)))
        rc = (config->images_dir = strdup(path)) ? FAQD_OK : FAQD_ENOMEM;
    if (rc == FAQD_OK)
        rc = config_set(config, SETTING_LANG, "", "default");
    if (rc == FAQD_OK)
        rc = config_set(config, SETTING_LOG_LEVEL, "info", "default");
    if (rc == FAQD_OK)
        rc = config_set(config, SETTING_LOG_FORMAT, "text", "default");
    if (rc == FAQD_OK)
        rc = set_own_folders(config);
    return rc == FAQD_OK ? set_folder(config) : rc;
}

/* What is wrong with a value, said with where it came from. */
static int refuse(const struct config *config, enum setting setting, struct err *err, const char *expected)
{
    return err_set(err, FAQD_EINVAL, "%s is \"%.100s\" (%s); it must be %s", setting_keys[setting],
                   config->values[setting], config->origins[setting], expected);
}

int config_finish(struct config *config, struct err *err)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    if (set_defaults(config) != FAQD_OK)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    const char *lang = config->values[SETTING_LANG];
    if (lang[0] && lang_find(lang) < 0)
        return refuse(config, SETTING_LANG, err, "\"fr\" or \"en\"");
    size_t level = 0;
    while (level < 4 && strcmp(levels[level], config->values[SETTING_LOG_LEVEL]) != 0)
        level++;
    if (level == 4)
        return refuse(config, SETTING_LOG_LEVEL, err, "error, warning, info or debug");
    const char *format = config->values[SETTING_LOG_FORMAT];
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
        return refuse(config, SETTING_LOG_FORMAT, err, "text or json");
    if (!config->values[SETTING_PLUGINS_DIR])
        return err_set(err, FAQD_EINVAL,
                       "no folder of plugins was found beside the program: name one with --plugins-dir");
    return config_find_packs(config, err);
}

void config_free(struct config *config)
{
    for (int i = 0; i < SETTINGS; i++)
        free(config->values[i]);
    free(config->file);
    free(config->folder);
    free(config->pack_dir);
    free(config->images_dir);
    for (size_t i = 0; i < config->n_packs; i++) {
        free(config->packs[i].name);
        free(config->packs[i].dir);
    }
    free(config->packs);
    json_decref(config->connectors);
    *config = (struct config){0};
}

char *config_connector(const struct config *config, const char *name)
{
    const json_t *settings = json_object_get(config->connectors, name);
    return settings ? json_dumps(settings, JSON_COMPACT) : strdup("{}");
}

void config_print(const struct config *config, struct str *out)
{
    for (int i = 0; i < SETTINGS; i++)
        str_addf(out, "%s = \"%s\" (%s)\n", setting_keys[i], config->values[i] ? config->values[i] : "",
                 config->origins[i] ? config->origins[i] : "not set");
    for (int i = 0; i < NUMBERS; i++) {
        const char *origin = config->in_file[i] ? config->file : "default";
        if (is_flag(i))
            str_addf(out, "%s = %s (%s)\n", number_keys[i], config->numbers[i] ? "true" : "false", origin);
        else
            str_addf(out, "%s = %ld (%s)\n", number_keys[i], config->numbers[i], origin);
    }
    for (size_t i = 0; i < config->n_packs; i++)
        str_addf(out, "packs.%s = \"%s\" (%s)\n", config->packs[i].name, config->packs[i].dir, config->file);
    const char *name = NULL;
    json_t *settings = NULL;
    json_object_foreach(config->connectors, name, settings) str_addf(out, "connectors.%s (%s)\n", name, config->file);
}
