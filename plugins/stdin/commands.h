/* SPDX-License-Identifier: MIT
 *
 * commands.h - what a typed line is: a question or a command. Pure functions; chat_commands.c carries them out.
 */
#ifndef STDIN_COMMANDS_H
#define STDIN_COMMANDS_H

#include <stddef.h>

#include "strings.h"
#include "texts.h"

enum command {
    COMMAND_NONE = 0, /* a question */
    COMMAND_EMPTY,    /* nothing but spaces */
    COMMAND_HELP,
    COMMAND_LANG,
    COMMAND_TOPICS,
    COMMAND_SOURCES,
    COMMAND_WHY,
    COMMAND_FEEDBACK,
    COMMAND_CLEAR,
    COMMAND_QUIT,
    COMMAND_SUGGEST, /* ? */
    COMMAND_UNKNOWN,
};

enum { COMMAND_WORD_MAX = 32 };

struct command_line {
    enum command command;
    const char *rest; /* the question, or what stands behind the command; without spaces around it */
    size_t rest_len;
    char word[COMMAND_WORD_MAX + 1]; /* of COMMAND_UNKNOWN, with its slash; cut and in ASCII, fit to be shown */
    const char *near;                /* of COMMAND_UNKNOWN: the command that is most like it, or NULL */
};

/* A slash begins a command, two slashes a question that begins with one; a lone ? asks for suggestions. The French
 * names (/aide, /quitter) are understood too. `out` points into `line`. */
void command_parse(const char *line, size_t len, struct command_line *out);

/* The n-th command for /help and completion: its name with slash, its arguments, its help. 0 behind the last. */
struct command_help {
    const char *name;
    const char *arguments;
    enum text_id help;
};
int command_help(size_t n, struct command_help *out);

/* Add to `out` what the line `typed` (which begins with a slash) may be completed to. */
void command_complete(const char *typed, struct strings *out);

#endif
