/* SPDX-License-Identifier: MIT
 *
 * settings_table.h - the settings of a connector as a table: names, types, bounds and defaults of the members of its
 * own struct. Shared by the connectors, each of which links its own copy.
 *
 * A connector calls settings_take; one with several objects of settings calls settings_load for the JSON text, then
 * settings_defaults and settings_read for each. Texts and lists are borrowed from the JSON, which the connector keeps
 * for as long as its settings. What is wrong is told in one line for
 * a person: which setting, and what it must be; for an unknown one the nearest known one.
 */
#ifndef FAQD_SETTINGS_TABLE_H
#define FAQD_SETTINGS_TABLE_H

#include <stddef.h>

#include <jansson.h>

enum setting_type {
    SETTING_TEXT,   /* const char *: at most `high` bytes (0: SETTING_TEXT_MAX), or one of `words` */
    SETTING_WORD,   /* an enum that begins at 0: the place of the text among `words` */
    SETTING_FLAG,   /* bool */
    SETTING_NUMBER, /* long, from `low` to `high` */
    SETTING_TEXTS,  /* json_t *: a list of texts; NULL by default */
    SETTING_OWN,    /* read by `read`; its default is the connector's affair */
};

#define SETTING_TEXT_MAX 1024

/* Where to tell what is wrong, and of which part of the settings. */
struct settings_reader {
    char *error;
    size_t size;
    const char *where; /* "", or "invites." and the like */
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;            /* of the member */
    long low, high;           /* bounds */
    const char *text;         /* default of a TEXT; NULL is one, too */
    long number;              /* default of a WORD, FLAG or NUMBER */
    const char *const *words; /* NULL-terminated; NULL: any text */
    /* FAQD_OK, or what setting_refuse returned */
    int (*read)(const struct settings_reader *r, const char *name, json_t *value, void *settings);
};

/* Parse `json` (NULL or "": {}), which must be an object; *root belongs to the caller (json_decref). FAQD_OK;
 * FAQD_EINVAL, FAQD_ENOMEM: then *root is NULL. */
int settings_load(const struct settings_reader *r, const char *json, json_t **root);

void settings_defaults(const struct setting *table, size_t n, void *settings);

/* Set what `object` gives; the first that is wrong ends it. FAQD_OK, FAQD_EINVAL. */
int settings_read(const struct settings_reader *r, const struct setting *table, size_t n, json_t *object,
                  void *settings);

/* All three, for settings that are one object. *root belongs to the caller; with another result than FAQD_OK it is
 * NULL, and of `settings` nothing is left to free. */
int settings_take(const struct settings_reader *r, const char *json, const struct setting *table, size_t n,
                  void *settings, json_t **root);

/* Tell that setting `name` is wrong: `why` goes on after the name ("must be true or false"). Returns FAQD_EINVAL. */
int setting_refuse(const struct settings_reader *r, const char *name, const char *why);

#endif
