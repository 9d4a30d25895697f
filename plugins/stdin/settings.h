/* SPDX-License-Identifier: MIT
 *
 * settings.h - the settings of the stdin connector.
 *
 *     {"lang": "fr" | "en" | "",          language of the answers; "": found out from each question
 *      "pack": "",                        which of the configured packs answers; "": the default one
 *      "json": false,                     one JSON object a line instead of text
 *      "color": "auto",                   "auto" | "always" | "never"
 *      "plain": false,                    no redrawing, no escape sequences: for screen readers
 *      "history": false,                  keep the questions in $XDG_STATE_HOME/faqd/history
 *      "prompt": "> "}                    up to 32 bytes
 *
 * All are optional; an unknown one is refused with the nearest known one.
 */
#ifndef STDIN_SETTINGS_H
#define STDIN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum color { COLOR_AUTO = 0, COLOR_ALWAYS, COLOR_NEVER };

enum { PROMPT_MAX = 32 };

struct settings {
    const char *lang;
    const char *pack;
    bool json;
    enum color color;
    bool plain;
    bool history;
    const char *prompt;
    json_t *root; /* owns the texts above */
};

/* Read `json` (NULL or "": the defaults). FAQD_OK; FAQD_EINVAL, FAQD_ENOMEM with one line for a person in `error`. */
int settings_parse(const char *json, struct settings *out, char *error, size_t error_size);
void settings_free(struct settings *s);

#endif
