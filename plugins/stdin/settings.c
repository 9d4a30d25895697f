/* SPDX-License-Identifier: MIT
 *
 * settings.c - reads the JSON of settings.h. One setter a key; the table is the list of known keys.
 */
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "clean.h"
#include "faqd_plugin.h"
#include "nearest.h"

static const char *set_flag(bool *flag, const json_t *value)
{
    if (!json_is_boolean(value))
        return "must be true or false";
    *flag = json_is_true(value);
    return NULL;
}

static const char *set_lang(struct settings *s, const json_t *value)
{
    const char *lang = json_string_value(value);
    if (!lang || (strcmp(lang, "") != 0 && strcmp(lang, "fr") != 0 && strcmp(lang, "en") != 0))
        return "must be \"fr\", \"en\" or \"\" (found out from the question)";
    memcpy(s->lang, lang, strlen(lang) + 1);
    return NULL;
}

static const char *set_pack(struct settings *s, const json_t *value)
{
    const char *name = json_string_value(value);
    if (!name || strlen(name) > PACK_NAME_MAX)
        return "must be the name of a pack, at most 64 bytes";
    memcpy(s->pack, name, strlen(name) + 1);
    return NULL;
}

static const char *set_json(struct settings *s, const json_t *value)
{
    return set_flag(&s->json, value);
}

static const char *set_color(struct settings *s, const json_t *value)
{
    static const char *const names[] = {"auto", "always", "never"};
    static const enum color colors[] = {COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER};
    const char *name = json_string_value(value);
    for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(name, names[i]) == 0) {
            s->color = colors[i];
            return NULL;
        }
    return "must be \"auto\", \"always\" or \"never\"";
}

static const char *set_plain(struct settings *s, const json_t *value)
{
    return set_flag(&s->plain, value);
}

static const char *set_history(struct settings *s, const json_t *value)
{
    return set_flag(&s->history, value);
}

static const char *set_prompt(struct settings *s, const json_t *value)
{
    const char *prompt = json_string_value(value);
    size_t len = json_string_length(value);
    if (!prompt || len > PROMPT_MAX)
        return "must be a text of at most 32 bytes";
    for (size_t at = 0; at < len;)
        if (!clean_allows(clean_next(prompt, len, &at)))
            return "must not contain control characters";
    memcpy(s->prompt, prompt, len);
    s->prompt[len] = '\0';
    return NULL;
}

static const struct {
    const char *name;
    const char *(*set)(struct settings *s, const json_t *value); /* NULL, or what is wrong */
} setting_keys[] = {
    {"lang", set_lang},   {"pack", set_pack},       {"json", set_json},     {"color", set_color},
    {"plain", set_plain}, {"history", set_history}, {"prompt", set_prompt},
};

enum { N_KEYS = sizeof(setting_keys) / sizeof(*setting_keys) };

static int unknown_key(const char *name, char *error, size_t error_size)
{
    const char *names[N_KEYS];
    for (size_t i = 0; i < N_KEYS; i++)
        names[i] = setting_keys[i].name;
    const char *like = nearest(name, names, N_KEYS);
    if (like)
        snprintf(error, error_size, "unknown setting \"%s\": did you mean \"%s\"?", name, like);
    else
        snprintf(error, error_size, "unknown setting \"%s\": known are lang, pack, json, color, plain, history, prompt",
                 name);
    return FAQD_EINVAL;
}

static int set_one(struct settings *s, const char *name, const json_t *value, char *error, size_t size)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(name, setting_keys[i].name) != 0)
            continue;
        const char *wrong = setting_keys[i].set(s, value);
        if (!wrong)
            return FAQD_OK;
        snprintf(error, size, "setting \"%s\" %s", name, wrong);
        return FAQD_EINVAL;
    }
    return unknown_key(name, error, size);
}

int settings_parse(const char *json, struct settings *out, char *error, size_t error_size)
{
    *out = (struct settings){.prompt = "> "};
    if (!json || json[0] == '\0')
        return FAQD_OK;

    json_error_t at;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &at);
    if (!root) {
        snprintf(error, error_size, "settings: line %d, column %d: %s", at.line, at.column, at.text);
        return json_error_code(&at) == json_error_out_of_memory ? FAQD_ENOMEM : FAQD_EINVAL;
    }
    int rc = FAQD_OK;
    if (!json_is_object(root)) {
        snprintf(error, error_size, "settings must be a JSON object");
        rc = FAQD_EINVAL;
    }
    for (void *it = json_object_iter(root); it && rc == FAQD_OK; it = json_object_iter_next(root, it))
        rc = set_one(out, json_object_iter_key(it), json_object_iter_value(it), error, error_size);
    json_decref(root);
    return rc;
}
