/* SPDX-License-Identifier: MIT
 *
 * settings_table.c - see settings_table.h.
 */
#include "settings_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "faqd_plugin.h"
#include "near.h"

#define TABLE_MAX 64 /* settings of one table that are compared with an unknown one */

int setting_refuse(const struct settings_reader *r, const char *name, const char *why)
{
    snprintf(r->error, r->size, "setting \"%s%.80s\" %s", r->where, name, why);
    return FAQD_EINVAL;
}

static int refuse_unknown(const struct settings_reader *r, const struct setting *table, size_t n, const char *name)
{
    const char *names[TABLE_MAX];
    size_t n_names = n < TABLE_MAX ? n : TABLE_MAX;
    for (size_t i = 0; i < n_names; i++)
        names[i] = table[i].name;
    const char *like = near_name(name, names, n_names);
    snprintf(r->error, r->size, "unknown setting \"%s%.80s\"%s%s%s", r->where, name, like ? ": did you mean \"" : "",
             like ? like : "; faqd.json(5) describes the known ones", like ? "\"?" : "");
    return FAQD_EINVAL;
}

int settings_load(const struct settings_reader *r, const char *json, json_t **root)
{
    json_error_t at;
    *root = json_loads(json && json[0] ? json : "{}", JSON_REJECT_DUPLICATES, &at);
    if (!*root) {
        snprintf(r->error, r->size, "settings: line %d, column %d: %s", at.line, at.column, at.text);
        return json_error_code(&at) == json_error_out_of_memory ? FAQD_ENOMEM : FAQD_EINVAL;
    }
    if (json_is_object(*root))
        return FAQD_OK;
    snprintf(r->error, r->size, "settings must be a JSON object");
    json_decref(*root);
    *root = NULL;
    return FAQD_EINVAL;
}

/* The place of `text` among the words; -1: none of them. */
static int place_of(const char *text, const char *const *words)
{
    for (int i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    return -1;
}

static int refuse_word(const struct settings_reader *r, const struct setting *key)
{
    char why[160];
    size_t at = (size_t)snprintf(why, sizeof(why), "must be");
    for (size_t i = 0; key->words[i] && at < sizeof(why); i++)
        at += (size_t)snprintf(why + at, sizeof(why) - at, "%s \"%s\"",
                               i == 0              ? ""
                               : key->words[i + 1] ? ","
                                                   : " or",
                               key->words[i]);
    return setting_refuse(r, key->name, why);
}

static int refuse_long(const struct settings_reader *r, const struct setting *key, long most)
{
    char why[80];
    snprintf(why, sizeof(why), "must be a text of at most %ld bytes", most);
    return setting_refuse(r, key->name, why);
}

static int set_text(const struct settings_reader *r, const struct setting *key, const json_t *value, const char **out)
{
    const char *text = json_string_value(value);
    long most = key->high ? key->high : SETTING_TEXT_MAX;
    if (key->words && place_of(text, key->words) < 0)
        return refuse_word(r, key);
    if (!text || json_string_length(value) > (size_t)most)
        return refuse_long(r, key, most);
    *out = text;
    return FAQD_OK;
}

static int set_word(const struct settings_reader *r, const struct setting *key, const json_t *value, void *out)
{
    int place = place_of(json_string_value(value), key->words);
    if (place < 0)
        return refuse_word(r, key);
    memcpy(out, &place, sizeof(place)); /* an enum is as wide as an int */
    return FAQD_OK;
}

static int set_flag(const struct settings_reader *r, const struct setting *key, const json_t *value, bool *out)
{
    if (!json_is_boolean(value))
        return setting_refuse(r, key->name, "must be true or false");
    *out = json_is_true(value);
    return FAQD_OK;
}

static int set_number(const struct settings_reader *r, const struct setting *key, const json_t *value, long *out)
{
    char why[80];
    json_int_t n = json_integer_value(value);
    if (json_is_integer(value) && n >= key->low && n <= key->high) {
        *out = (long)n;
        return FAQD_OK;
    }
    snprintf(why, sizeof(why), "must be a whole number from %ld to %ld", key->low, key->high);
    return setting_refuse(r, key->name, why);
}

static int set_texts(const struct settings_reader *r, const struct setting *key, json_t *value, json_t **out)
{
    bool texts = json_is_array(value);
    for (size_t i = 0; i < json_array_size(value); i++)
        texts = texts && json_is_string(json_array_get(value, i));
    if (!texts)
        return setting_refuse(r, key->name, "must be a list of texts");
    *out = value;
    return FAQD_OK;
}

static int set(const struct settings_reader *r, const struct setting *key, json_t *value, void *settings)
{
    void *member = (char *)settings + key->offset;
    switch (key->type) {
    case SETTING_TEXT: return set_text(r, key, value, member);
    case SETTING_WORD: return set_word(r, key, value, member);
    case SETTING_FLAG: return set_flag(r, key, value, member);
    case SETTING_NUMBER: return set_number(r, key, value, member);
    case SETTING_TEXTS: return set_texts(r, key, value, member);
    case SETTING_OWN: break;
    }
    return key->read(r, key->name, value, settings);
}

static void set_default(const struct setting *key, void *settings)
{
    void *member = (char *)settings + key->offset;
    int place = (int)key->number;
    switch (key->type) {
    case SETTING_TEXT: *(const char **)member = key->text; break;
    case SETTING_WORD: memcpy(member, &place, sizeof(place)); break;
    case SETTING_FLAG: *(bool *)member = key->number != 0; break;
    case SETTING_NUMBER: *(long *)member = key->number; break;
    case SETTING_TEXTS: *(json_t **)member = NULL; break;
    case SETTING_OWN: break;
    }
}

void settings_defaults(const struct setting *table, size_t n, void *settings)
{
    for (size_t i = 0; i < n; i++)
        set_default(&table[i], settings);
}

int settings_read(const struct settings_reader *r, const struct setting *table, size_t n, json_t *object,
                  void *settings)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (i < n && strcmp(name, table[i].name) != 0)
            i++;
        int rc = i < n ? set(r, &table[i], value, settings) : refuse_unknown(r, table, n, name);
        if (rc != FAQD_OK)
            return rc;
    }
    return FAQD_OK;
}

int settings_take(const struct settings_reader *r, const char *json, const struct setting *table, size_t n,
                  void *settings, json_t **root)
{
    settings_defaults(table, n, settings);
    int rc = settings_load(r, json, root);
    if (rc == FAQD_OK)
        rc = settings_read(r, table, n, *root, settings);
    if (rc != FAQD_OK) {
        json_decref(*root);
        *root = NULL;
    }
    return rc;
}
