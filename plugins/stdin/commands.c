/* SPDX-License-Identifier: MIT
 *
 * commands.c - the table of commands and the parser of commands.h.
 */
#include "commands.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "near.h"

static const struct {
    const char *name;
    const char *french;
    const char *arguments;
    const char *completions[4]; /* of the argument */
    enum command command;
    enum text_id help;
} command_table[] = {
    {"/help", "/aide", "", {NULL}, COMMAND_HELP, TEXT_HELP_HELP},
    {"/lang", "/langue", "fr|en|auto", {"fr", "en", "auto", NULL}, COMMAND_LANG, TEXT_HELP_LANG},
    {"/topics", "/sujets", "", {NULL}, COMMAND_TOPICS, TEXT_HELP_TOPICS},
    {"/sources", "/sources", "", {NULL}, COMMAND_SOURCES, TEXT_HELP_SOURCES},
    {"/why", "/pourquoi", "", {NULL}, COMMAND_WHY, TEXT_HELP_WHY},
    {"/feedback", "/avis", "+|-", {"+", "-", NULL}, COMMAND_FEEDBACK, TEXT_HELP_FEEDBACK},
    {"/clear", "/effacer", "", {NULL}, COMMAND_CLEAR, TEXT_HELP_CLEAR},
    {"/quit", "/quitter", "", {NULL}, COMMAND_QUIT, TEXT_HELP_QUIT},
};

enum { N_COMMANDS = sizeof(command_table) / sizeof(*command_table) };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *len)
{
    while (*len && is_space((*text)[0])) {
        (*text)++;
        (*len)--;
    }
    while (*len && is_space((*text)[*len - 1]))
        (*len)--;
}

static const char *nearest_command(const char *word)
{
    const char *names[2 * N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++) {
        names[i] = command_table[i].name;
        names[N_COMMANDS + i] = command_table[i].french;
    }
    return near_name(word, names, 2 * N_COMMANDS);
}

/* Copy the command's word so that it can be compared and shown: lower case, foreign bytes as '?'. */
static void copy_word(char *out, const char *word, size_t len)
{
    if (len > COMMAND_WORD_MAX)
        len = COMMAND_WORD_MAX;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)word[i];
        out[i] = c > 0x20 && c < 0x7F ? (char)tolower(c) : '?';
    }
    out[len] = '\0';
}

static void parse_slash(struct command_line *out)
{
    size_t word_len = 0;
    while (word_len < out->rest_len && !is_space(out->rest[word_len]))
        word_len++;
    copy_word(out->word, out->rest, word_len);
    out->rest += word_len;
    out->rest_len -= word_len;
    trim(&out->rest, &out->rest_len);

    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(out->word, command_table[i].name) == 0 || strcmp(out->word, command_table[i].french) == 0) {
            out->command = command_table[i].command;
            return;
        }
    out->command = COMMAND_UNKNOWN;
    out->near = nearest_command(out->word);
}

void command_parse(const char *line, size_t len, struct command_line *out)
{
    *out = (struct command_line){.rest = line, .rest_len = len};
    trim(&out->rest, &out->rest_len);
    if (out->rest_len == 0) {
        out->command = COMMAND_EMPTY;
    } else if (out->rest_len == 1 && out->rest[0] == '?') {
        out->command = COMMAND_SUGGEST;
    } else if (out->rest_len >= 2 && memcmp(out->rest, "//", 2) == 0) {
        out->rest++;
        out->rest_len--;
    } else if (out->rest[0] == '/') {
        parse_slash(out);
    }
}

int command_help(size_t n, struct command_help *out)
{
    if (n >= N_COMMANDS)
        return 0;
    *out = (struct command_help){command_table[n].name, command_table[n].arguments, command_table[n].help};
    return 1;
}

static void complete_argument(size_t command, const char *typed, size_t name_len, struct strings *out)
{
    const char *argument = typed + name_len + 1;
    for (const char *const *c = command_table[command].completions; *c; c++) {
        char whole[2 * COMMAND_WORD_MAX];
        if (strncasecmp(*c, argument, strlen(argument)) != 0)
            continue;
        snprintf(whole, sizeof(whole), "%s %s", command_table[command].name, *c);
        strings_add(out, whole);
    }
}

void command_complete(const char *typed, struct strings *out)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        size_t len = strlen(command_table[i].name);
        if (strncasecmp(command_table[i].name, typed, strlen(typed)) == 0)
            strings_add(out, command_table[i].name);
        else if (strncasecmp(command_table[i].name, typed, len) == 0 && typed[len] == ' ')
            complete_argument(i, typed, len, out);
    }
}
