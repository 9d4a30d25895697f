/* SPDX-License-Identifier: MIT
 *
 * cmd_compile.c - faqd compile [PACK]... --into DIR: make the images of packs that a start maps (cache.h).
 *
 * The packs are loaded together, so that each gets a slot of its own and all can be mapped at once.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Write one pack's image. 0, or an exit status after a message. */
static int compile_pack(const struct host_pack *pack, const char *into)
{
    struct err err = {0};
    const struct snapshot *snapshot = pack->snapshots.current;
    if (!snapshot->has_key || image_slot(snapshot->image) < 0) {
        printf("%s: no image: it is small, or changes, or there is no place for it in this machine's memory\n",
               pack->dir);
        return 0;
    }
    if (cache_prebuild(into, pack->dir, &snapshot->key, snapshot->image, &err) != FAQD_OK) {
        complain(&err);
        return EXIT_SOFTWARE;
    }
    printf("%s: %llu bytes\n", pack->dir, (unsigned long long)image_head(snapshot->image)->size);
    return 0;
}

static const char *last_part(const char *dir)
{
    return strrchr(dir, '/') + 1; /* of an absolute path */
}

static int compile(const struct host *host, const char *into)
{
    int status = 0;
    for (size_t i = 0; i < host->n_packs; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(last_part(host->packs[i]->dir), last_part(host->packs[j]->dir)) == 0) {
                fprintf(stderr, "faqd compile: the images of %s and %s would have the same name\n", host->packs[j]->dir,
                        host->packs[i]->dir);
                return EXIT_USAGE;
            }
    for (size_t i = 0; i < host->n_packs && status == 0; i++)
        status = compile_pack(host->packs[i], into);
    return status;
}

/* Load the packs of the arguments behind the first. 0, or an exit status after a message; the host is ended then. */
static int add_packs(struct options *o, struct host *host)
{
    struct err err = {0};
    char pack[4096];
    for (int a = 1; a < o->n_args && !err.code; a++) {
        char *dir = NULL;
        pack_argument(o->args[a], pack, sizeof(pack));
        if (config_find_pack(&o->config, pack, "command line", &dir, &err) == FAQD_OK)
            host_add_pack(host, pack, dir, &err);
        free(dir);
    }
    if (!err.code)
        return 0;
    host_end(host);
    return complain(&err);
}

static int load(struct options *o, struct host *host)
{
    if (!o->n_args)
        return start_all(o, host);
    int status = options_set_pack(o, o->args[0]);
    if (status == 0)
        status = start(o, host);
    return status == 0 ? add_packs(o, host) : status;
}

int cmd_compile(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "ci", argc, argv);
    if (status == 0 && !options.into) {
        fputs("faqd compile: --into must name the folder of the images; see faqd --help\n", stderr);
        status = EXIT_USAGE;
    }
    if (status == 0)
        status = load(&options, &host);
    if (status == 0) {
        status = compile(&host, options.into);
        host_end(&host);
    }
    options_free(&options);
    return status;
}
