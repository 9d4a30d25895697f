/* SPDX-License-Identifier: MIT
 *
 * pack.c - fuzz target: any bytes as a pack.
 *
 * Input: pack.json, lexicon.json, one file of intents, questions, a line each, and examples.json, separated by lines
 * "%%". An empty part stands for that of the small test pack, without questions the pack's own tests and lints run, and
 * without examples there are none. What must hold:
 *   - the pack is refused with an error of one line that names one of its files, or the folder, or it is loaded;
 *   - what a loaded pack answers is one of its own texts, and can be printed (vetted.h);
 *   - an answer can be written as JSON.
 */
#include "check.h"
#include "fuzz.h"
#include "render.h"
#include "text.h"
#include "vetted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUESTIONS_MAX 8
#define NO_EXAMPLES "{\"intents\": {}, \"others\": {}}"

/* A part of the input, or the file of the small pack, as a file of ours. */
static void put_file(struct fuzz_part *rest, const char *name, const char *default_file)
{
    struct fuzz_part part = {NULL, 0};
    if (fuzz_part(rest, &part) && part.len) {
        fuzz_write(name, part.text, part.len);
        return;
    }
    char path[4096];
    size_t len = 0;
    snprintf(path, sizeof(path), FUZZ_SMALL "/%s", default_file);
    char *bytes = fuzz_read(path, &len);
    fuzz_write(name, bytes, len);
    free(bytes);
}

static void check_error(const struct err *err, int rc)
{
    char line[ERR_LINE_MAX];
    err_line(err, line, sizeof(line));
    FUZZ_CHECK(rc < 0 && err->code == rc && err->text[0], "refused with %d, and the error is %d \"%s\"", rc, err->code,
               err->text);
    FUZZ_CHECK(strncmp(err->file, fuzz_folder(), strlen(fuzz_folder())) == 0, "the error names no file: %s", line);
    for (const char *s = line; *s; s++)
        FUZZ_CHECK((unsigned char)*s >= ' ', "the error has a control character: %s", line);
}

static void check_rendering(const struct faqd_answer_view *view)
{
    struct str out;
    str_init(&out, (size_t)1024 * 1024);
    FUZZ_CHECK(render_json(view, "Sources", &out) == FAQD_OK, "the answer cannot be written as JSON");
    str_free(&out);
}

static void ask(struct dispatch *d, const struct snapshot *snapshot, const char *text, size_t len)
{
    struct faqd_answer_view view;
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = len};
    double from = fuzz_cpu_ms();
    int rc = dispatch_ask(d, snapshot, &message, &view);
    double ms = fuzz_cpu_ms() - from;
    FUZZ_CHECK(ms <= FUZZ_ASK_MS * FUZZ_SLOWDOWN, "it took %.1f ms: %.*s", ms, (int)len, text);
    FUZZ_CHECK(rc == FAQD_OK || rc == FAQD_ELIMIT, "the result is %d", rc);
    const char *why = vetted_answer(snapshot->pack, &view);
    FUZZ_CHECK(!why, "%s", why);
    check_rendering(&view);
}

static void ask_all(const struct snapshot *snapshot, struct fuzz_part *lines)
{
    struct fuzz_part line;
    struct faqd_answer_view view;
    struct dispatch *d = dispatch_new();
    FUZZ_CHECK(d, "out of memory");
    for (int i = 0; i < QUESTIONS_MAX && fuzz_line(lines, &line); i++)
        ask(d, snapshot, line.text, line.len);
    dispatch_welcome(d, snapshot, NULL, &view);
    for (size_t i = 0; i < view.n_blocks; i++)
        FUZZ_CHECK(text_printable(view.blocks[i].text, strlen(view.blocks[i].text)), "the welcome cannot be printed");
    check_rendering(&view);
    dispatch_free(d);
}

FUZZ_BEGIN_WITH_HOST

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part rest = {(const char *)data, size};
    struct fuzz_part questions = {NULL, 0};
    struct fuzz_part examples = {NULL, 0};
    struct host *host = fuzz_host();
    struct snapshot *snapshot = NULL;
    struct err err = {0};
    put_file(&rest, "pack.json", "pack.json");
    put_file(&rest, "lexicon.json", "lexicon.json");
    put_file(&rest, "intents.json", "general.json");
    int has_questions = fuzz_part(&rest, &questions);
    fuzz_part(&rest, &examples);
    fuzz_write("examples.json", examples.len ? examples.text : NO_EXAMPLES,
               examples.len ? examples.len : sizeof(NO_EXAMPLES) - 1);
    int rc = snapshot_load(fuzz_folder(), NULL, &host->plugins, &host->api, &err, &snapshot);
    if (rc != FAQD_OK) {
        check_error(&err, rc);
        return 0;
    }
    struct check_result result;
    struct check_examples counted;
    if (has_questions)
        ask_all(snapshot, &questions);
    else
        FUZZ_CHECK(check_snapshot(snapshot, NULL, &result) == FAQD_OK, "the pack's own tests could not run");
    FUZZ_CHECK(check_examples(snapshot, &counted) == FAQD_OK, "the examples could not be asked");
    snapshot_free(snapshot);
    return 0;
}
