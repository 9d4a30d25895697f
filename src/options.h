/* SPDX-License-Identifier: MIT
 *
 * options.h - the command line: common options, exit statuses, and what the commands share.
 */
#ifndef FAQD_OPTIONS_H
#define FAQD_OPTIONS_H

#include "config.h"
#include "host.h"

/* Exit statuses; the last two are those of sysexits.h. 130: ended by Ctrl-C. */
enum {
    EXIT_ANSWERED = 0,
    EXIT_NO_ANSWER = 1,
    EXIT_USAGE = 2,
    EXIT_SOFTWARE = 70,
    EXIT_CONFIG = 78,
    EXIT_INTERRUPT = 130
};

struct options {
    struct config config;
    int json;
    long days; /* that a report goes back */
    int print_config;
    int plain;
    const char *color;  /* NULL: auto */
    const char *into;   /* NULL: not given */
    struct cache cache; /* that the host uses; worked out by start */
    int help;
    char **args; /* what is left behind the options */
    int n_args;
};

/* Parse argv[1...] (argv[0] is the command's name). Which options a command knows: letters of "cljpoPDi" for
 * -c/--config, --lang, --json, --print-config, --plain, --color, --days, --into; --pack, --packs-dir, --plugins-dir,
 * --state-dir,
 * --log-level and --help are everybody's. 0, or an exit status after a message on stderr. */
int options_parse(struct options *options, const char *known, int argc, char **argv);
void options_free(struct options *options);

/* A pack as it may stand in an argument: a folder, or a name; what is a folder beside us is one. Into `out`, so that it
 * is what --pack takes; and in the place of --pack: 0, or an exit status after a message. */
void pack_argument(const char *argument, char *out, size_t size);
int options_set_pack(struct options *options, const char *argument);

/* Print an error as "faqd: ..." on stderr; the exit status for it. */
int complain(const struct err *err);

/* Begin: configuration finished, plugins open, the default pack loaded (with --into: from its files). 0, or an exit
 * status after a message. */
int start(struct options *options, struct host *host);
/* The same with every pack that the configuration names. */
int start_all(struct options *options, struct host *host);

/* The commands: each parses its own options and returns the exit status. */
int cmd_ask(int argc, char **argv);
int cmd_chat(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_plugins(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_misses(int argc, char **argv);
/* The commands of the connector argv[0]. *known 0: there is no such connector, and nothing was said. */
int cmd_connector(int argc, char **argv, int *known);
void list_connectors(struct str *out); /* " NAME" of each connector that has commands */

#endif
