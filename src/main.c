/* SPDX-License-Identifier: MIT
 *
 * main.c - faqd: pick the command. No logic.
 */
#include "options.h"

#include "near.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifndef FAQD_VERSION
#define FAQD_VERSION "unversioned"
#endif

static const char help[] =
    "faqd answers questions from content that somebody has vetted, each answer with its source.\n"
    "\n"
    "  faqd chat [--lang fr] [--plain] [--color auto|always|never]   talk here\n"
    "  faqd ask [--json] [--lang fr] [QUESTION]...   one answer each; without questions, one a line from stdin\n"
    "  faqd run [-c faqd.json] [--print-config]      run the configured connectors; SIGHUP reloads the pack\n"
    "  faqd check [PACK | -c faqd.json]              test and lint a pack, or a configuration\n"
    "  faqd compile [PACK]... --into DIR             make packs ready, for the folder of images beside the program\n"
    "  faqd explain [--lang fr] QUESTION             why this answer\n"
    "  faqd plugins                                  what is loaded, and from where\n"
    "  faqd stats [--json] [--days N]                what was counted, by day, outcome, connector, answer\n"
    "  faqd misses [--json] [--days N]               what was asked in vain, if the configuration keeps it\n"
    "\n"
    "Everywhere: --pack NAME|DIR, --packs-dir DIR, --plugins-dir DIR, --state-dir DIR, --cache-dir DIR,\n"
    "--log-level error|warning|info|debug, --log-format text|json. Also as FAQD_PACK, FAQD_PACKS_DIR, "
    "FAQD_PLUGINS_DIR,\n"
    "FAQD_STATE_DIR, FAQD_CACHE_DIR, FAQD_LANG, FAQD_LOG_LEVEL, FAQD_LOG_FORMAT; see faqd(1).\n"
    "Exit status: 0 answered, 1 not answered, 2 usage, 70 out of memory, 78 configuration or content.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {{"ask", cmd_ask},         {"chat", cmd_chat},       {"check", cmd_check},
                {"compile", cmd_compile}, {"explain", cmd_explain}, {"misses", cmd_misses},
                {"plugins", cmd_plugins}, {"run", cmd_run},         {"stats", cmd_stats}};

/* What was printed is out only now: a full disk must not look like success. */
static int finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (status != EXIT_SOFTWARE)
        fprintf(stderr, "faqd: cannot write: %s\n", strerror(errno));
    return EXIT_SOFTWARE;
}

static int print_help(void)
{
    struct str connectors;
    str_init(&connectors, 4096);
    list_connectors(&connectors);
    fputs(help, stdout);
    if (connectors.len)
        printf("Connectors with commands of their own (faqd NAME tells which):%s\n", str_text(&connectors));
    str_free(&connectors);
    return finish(0);
}

static int unknown_command(const char *name, const char *const *names, size_t n)
{
    const char *near = near_name(name, names, n);
    fprintf(stderr, "faqd: there is no command \"%.60s\"%s%s%s; see faqd --help\n", name,
            near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return EXIT_USAGE;
}

/* 1 if help is asked for before "--". */
static int wants_help(int argc, char **argv)
{
    for (int a = 2; a < argc && strcmp(argv[a], "--") != 0; a++)
        if (strcmp(argv[a], "--help") == 0 || strcmp(argv[a], "-h") == 0)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };
    const char *names[COMMANDS];
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(name, names[i]) == 0)
            return wants_help(argc, argv) ? print_help() : finish(commands[i].run(argc - 1, argv + 1));
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return print_help();
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0)
        return finish(printf("faqd %s, plugin ABI %d.%d\n", FAQD_VERSION, FAQD_ABI_MAJOR, FAQD_ABI_MINOR) < 0);
    if (argc < 2) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    int known = 0;
    int status = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name)
                     ? cmd_connector(argc - 1, argv + 1, &known)
                     : EXIT_USAGE;
    return known ? finish(status) : unknown_command(name, names, COMMANDS);
}
