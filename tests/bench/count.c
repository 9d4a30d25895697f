/* SPDX-License-Identifier: MIT
 *
 * count.c - what valgrind counts instructions of: count load | count ask BUILD. It counts inside counted_load and
 * counted_ask alone (--toggle-collect); the first question of each kind is asked outside, so that nothing is done for
 * the first time. `ask` prints how many questions were counted.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACK "intents/mesotherapy"
#define EVERY 29 /* every so many-th question of the pack */

int counted_load(struct host *host, struct snapshot **out);
void counted_ask(struct dispatch *d, const struct snapshot *snapshot, const char *text);

__attribute__((noinline)) int counted_load(struct host *host, struct snapshot **out)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    int rc = snapshot_load(PACK, &host->plugins, &host->api, &err, out);
    if (rc != FAQD_OK)
        fprintf(stderr, "count: %s\n", err_line(&err, line, sizeof(line)));
    return rc;
}

static void ask(struct dispatch *d, const struct snapshot *snapshot, const char *text)
{
    struct faqd_answer_view view;
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = strlen(text)};
    dispatch_ask(d, snapshot, &message, &view);
}

__attribute__((noinline)) void counted_ask(struct dispatch *d, const struct snapshot *snapshot, const char *text)
{
    ask(d, snapshot, text);
}

static size_t ask_all(struct dispatch *d, const struct snapshot *snapshot, size_t every,
                      void (*how)(struct dispatch *d, const struct snapshot *snapshot, const char *text))
{
    size_t asked = 0;
    size_t n = 0;
    for (size_t i = 0; i < snapshot->pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &snapshot->pack->intents[i].words[lang];
            for (size_t q = 0; q < words->n_ask; q++)
                if (n++ % every == 0) {
                    how(d, snapshot, words->ask[q]);
                    asked++;
                }
        }
    return asked;
}

int main(int argc, char **argv)
{
    static struct host host;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    char plugins[4096];
    struct snapshot *snapshot = NULL;
    if (argc != 3)
        return 2;
    snprintf(plugins, sizeof(plugins), "%s/plugins", argv[2]);
    if (host_start(&host, plugins, PACK, &err) != FAQD_OK) {
        fprintf(stderr, "count: %s\n", err_line(&err, line, sizeof(line)));
        return 2;
    }
    if (strcmp(argv[1], "load") == 0) {
        if (counted_load(&host, &snapshot) != FAQD_OK)
            return 2;
        snapshot_free(snapshot);
        puts("1");
    } else {
        struct dispatch *d = dispatch_new();
        if (!d)
            return 2;
        ask_all(d, host.packs[0]->snapshots.current, EVERY, ask);
        printf("%zu\n", ask_all(d, host.packs[0]->snapshots.current, EVERY, counted_ask));
        dispatch_free(d);
    }
    host_end(&host);
    return 0;
}
