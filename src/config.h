/* SPDX-License-Identifier: MIT
 *
 * config.h - what to run with: command line over environment (FAQD_*) over faqd.json over defaults.
 *
 * Every value remembers where it comes from. Relative paths in a file are taken from the file's folder. Unknown keys
 * are refused with the nearest known one.
 */
#ifndef FAQD_CONFIG_H
#define FAQD_CONFIG_H

#include "err.h"
#include "str.h"

#include <jansson.h>

enum setting {
    SETTING_PACK,
    SETTING_PACKS_DIR,
    SETTING_PLUGINS_DIR,
    SETTING_STATE_DIR,
    SETTING_CACHE_DIR,
    SETTING_LANG,
    SETTING_LOG_LEVEL,
    SETTING_LOG_FORMAT,
    SETTINGS
};

/* Settings that only the file has. Flags are 0 or 1. */
enum config_number { NUMBER_STATISTICS_DAYS, NUMBER_MISSES, NUMBER_MISSES_DAYS, NUMBERS };

/* A pack that connectors may ask for. */
struct config_pack {
    char *name;
    char *dir; /* worked out by config_finish */
};

struct config {
    char *values[SETTINGS];        /* owned; NULL: not set */
    const char *origins[SETTINGS]; /* "command line", "FAQD_PACK", the file, "default" */
    long numbers[NUMBERS];
    int in_file[NUMBERS];      /* 0: the default */
    char *file;                /* faqd.json that was read; NULL */
    char *folder;              /* of that file, worked out by config_finish; NULL */
    json_t *connectors;        /* object: name -> settings; NULL: none were configured */
    char *pack_dir;            /* of the default pack, worked out by config_finish */
    char *images_dir;          /* of images that came with the program, likewise; NULL: none */
    struct config_pack *packs; /* those of the member "packs" */
    size_t n_packs;
};

extern const char *const setting_keys[SETTINGS]; /* as faqd.json calls them */

/* Set a value unless a stronger one is there already: call in the order of strength. FAQD_OK or FAQD_ENOMEM. */
int config_set(struct config *config, enum setting setting, const char *value, const char *origin);
int config_environment(struct config *config);
int config_read(struct config *config, const char *file, struct err *err);
/* Defaults, and the checks that need all of it: language, level, that the pack's folder exists. */
int config_finish(struct config *config, struct err *err);
/* The folder of a pack that is named, or given by a path: *out is the caller's. After config_finish; errors tell the
 * origin of the name. */
int config_find_pack(const struct config *config, const char *pack, const char *origin, char **out, struct err *err);
void config_free(struct config *config);

/* The settings of one connector as JSON text for its open(); "{}" without. The caller frees. NULL: out of memory. */
char *config_connector(const struct config *config, const char *name);

/* Every value with its origin, one a line. */
void config_print(const struct config *config, struct str *out);

#endif
