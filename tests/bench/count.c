/* SPDX-License-Identifier: MIT
 *
 * count.c - what valgrind counts instructions of: count load BUILD | count ask BUILD.
 *
 * It counts inside counted_load, counted_ask and counted_render alone (--toggle-collect); every question is asked once
 * outside before, so that nothing is done for the first time. Prints how many were counted.
 */
#include "host.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACK "intents/mesotherapy"
#define EVERY 29 /* every so many-th question of the pack */

struct counting {
    struct host host;
    struct dispatch *dispatch;
    const struct snapshot *snapshot;
    struct faqd_answer_view view;
    struct str out;
};

int counted_load(struct counting *c, struct snapshot **out);
void counted_ask(struct counting *c, const char *text);
void counted_render(struct counting *c);

__attribute__((noinline)) int counted_load(struct counting *c, struct snapshot **out)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    int rc = snapshot_load(PACK, NULL, &c->host.plugins, &c->host.api, &err, out);
    if (rc != FAQD_OK)
        fprintf(stderr, "count: %s\n", err_line(&err, line, sizeof(line)));
    return rc;
}

static void ask(struct counting *c, const char *text)
{
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = strlen(text)};
    dispatch_ask(c->dispatch, c->snapshot, &message, &c->view);
}

static void render(struct counting *c)
{
    str_reset(&c->out);
    render_plain(&c->view, "Sources", &c->out);
    str_reset(&c->out);
    render_json(&c->view, "Sources", &c->out);
}

__attribute__((noinline)) void counted_ask(struct counting *c, const char *text)
{
    ask(c, text);
}

__attribute__((noinline)) void counted_render(struct counting *c)
{
    render(c);
}

static void ask_one(struct counting *c, const char *text, int counted)
{
    if (counted) {
        counted_ask(c, text);
        counted_render(c);
    } else {
        ask(c, text);
        render(c);
    }
}

static size_t ask_some(struct counting *c, int counted)
{
    size_t asked = 0;
    size_t n = 0;
    for (size_t i = 0; i < c->snapshot->pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &c->snapshot->pack->intents[i].words[lang];
            for (size_t q = 0; q < words->n_ask; q++)
                if (n++ % EVERY == 0) {
                    ask_one(c, words->ask[q], counted);
                    asked++;
                }
        }
    return asked;
}

static int count_ask(struct counting *c)
{
    c->dispatch = dispatch_new();
    c->snapshot = c->host.packs[0]->snapshots.current;
    str_init(&c->out, (size_t)1024 * 1024);
    if (!c->dispatch)
        return 2;
    ask_some(c, 0);
    printf("%zu\n", ask_some(c, 1));
    str_free(&c->out);
    dispatch_free(c->dispatch);
    return 0;
}

static int count_load(struct counting *c)
{
    struct snapshot *snapshot = NULL;
    if (counted_load(c, &snapshot) != FAQD_OK)
        return 2;
    snapshot_free(snapshot);
    puts("1");
    return 0;
}

int main(int argc, char **argv)
{
    static struct counting c;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    char plugins[4096];
    if (argc != 3)
        return 2;
    snprintf(plugins, sizeof(plugins), "%s/plugins", argv[2]);
    if (host_start(&c.host, plugins, NULL, PACK, &err) != FAQD_OK) {
        fprintf(stderr, "count: %s\n", err_line(&err, line, sizeof(line)));
        return 2;
    }
    int rc = strcmp(argv[1], "load") == 0 ? count_load(&c) : count_ask(&c);
    host_end(&c.host);
    return rc;
}
