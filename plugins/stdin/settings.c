/* SPDX-License-Identifier: MIT
 *
 * settings.c - the table of the settings of settings.h.
 */
#include "settings.h"

#include <string.h>

#include "../settings_table.h"
#include "clean.h"
#include "faqd_plugin.h"

/* What a terminal would obey must not be printed before each question. */
static int read_prompt(const struct settings_reader *r, const char *name, json_t *value, void *settings)
{
    const char *prompt = json_string_value(value);
    size_t len = json_string_length(value);
    if (!prompt || len > PROMPT_MAX)
        return setting_refuse(r, name, "must be a text of at most 32 bytes");
    for (size_t at = 0; at < len;)
        if (!clean_allows(clean_next(prompt, len, &at)))
            return setting_refuse(r, name, "must not contain control characters");
    ((struct settings *)settings)->prompt = prompt;
    return FAQD_OK;
}

#define AT(member) .offset = offsetof(struct settings, member)

static const char *const langs[] = {"fr", "en", "", NULL}, *const colors[] = {"auto", "always", "never", NULL};

static const struct setting table[] = {
    {"lang", SETTING_TEXT, AT(lang), .text = "", .words = langs},
    {"pack", SETTING_TEXT, AT(pack), .text = ""},
    {"json", SETTING_FLAG, AT(json)},
    {"color", SETTING_WORD, AT(color), .words = colors},
    {"plain", SETTING_FLAG, AT(plain)},
    {"history", SETTING_FLAG, AT(history)},
    {"prompt", SETTING_OWN, .read = read_prompt},
};

enum { N_SETTINGS = sizeof(table) / sizeof(*table) };

int settings_parse(const char *json, struct settings *out, char *error, size_t error_size)
{
    const struct settings_reader r = {error, error_size, ""};
    *out = (struct settings){.prompt = "> "};
    return settings_take(&r, json, table, N_SETTINGS, out, &out->root);
}

void settings_free(struct settings *s)
{
    json_decref(s->root);
    s->root = NULL;
}
