/* SPDX-License-Identifier: MIT
 *
 * cmd_ask.c - faqd ask: one answer to each question, a conversation each.
 *
 * Questions are arguments, or the lines of stdin; then each answer is flushed before the next line is read. Lines of
 * any length are read in bounded memory: what a message cannot hold is skipped, and the answer says that it is too
 * long.
 */
#include "options.h"

#include "render.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_MAX ((size_t)512 * 1024)
#define LINE_MAX_BYTES                                                                                                 \
    (QUESTION_BYTES_MAX + 1) /* one more than is answered, so that the dispatcher sees the excess                      \
                              */

struct asking {
    struct host *host;
    struct faqd_worker *worker;
    const char *lang;
    int json;
    enum faqd_outcome last;
};

/* Answer one question on stdout. 0, or an exit status. */
static int answer(struct asking *a, const char *question, size_t len)
{
    struct faqd_message message = {.struct_size = sizeof(message), .text = question, .text_len = len, .lang = a->lang};
    struct faqd_answer_view view;
    a->host->api.ask(a->worker, &message, &view);
    a->last = view.outcome;
    const char *text = a->host->api.render(a->worker, a->json ? FAQD_JSON : FAQD_PLAIN, NULL);
    struct str out;
    str_init(&out, OUT_MAX);
    if (text && a->json)
        render_question(question, len, text, &out);
    else if (text)
        str_adds(&out, text);
    str_addc(&out, '\n');
    int rc = text ? out.error : FAQD_ENOMEM;
    if (rc == FAQD_OK && (fwrite(str_text(&out), 1, out.len, stdout) != out.len || fflush(stdout) != 0)) {
        fprintf(stderr, "faqd: cannot write: %s\n", strerror(errno));
        rc = FAQD_EIO;
    } else if (rc != FAQD_OK) {
        fputs("faqd: out of memory\n", stderr);
    }
    str_free(&out);
    return rc == FAQD_OK ? 0 : EXIT_SOFTWARE;
}

/* Read a line, keeping at most `size` bytes of it. Its length; -1: end of input. */
static long read_line(FILE *in, char *line, size_t size)
{
    size_t len = 0;
    int c = 0;
    int any = 0;
    while ((c = getc_unlocked(in)) != EOF && c != '\n') {
        any = 1;
        if (len < size)
            line[len++] = (char)c;
    }
    if (c == EOF && !any)
        return -1;
    return (long)(len && line[len - 1] == '\r' ? len - 1 : len);
}

static int answer_lines(struct asking *a)
{
    static char line[LINE_MAX_BYTES];
    int rc = 0;
    for (int first = 1; rc == 0; first = 0) {
        long len = read_line(stdin, line, sizeof(line));
        if (len < 0)
            break;
        if (!first && !a->json)
            putchar('\n'); /* a blank line between answers */
        rc = answer(a, line, (size_t)len);
    }
    if (rc == 0 && ferror(stdin)) {
        fprintf(stderr, "faqd: cannot read: %s\n", strerror(errno));
        rc = EXIT_SOFTWARE;
    }
    return rc;
}

static int ask_all(struct options *o, struct host *host)
{
    struct asking a = {.host = host, .json = o->json, .lang = o->config.values[SETTING_LANG]};
    a.worker = host->api.worker_new(&host->api);
    if (!a.worker) {
        fputs("faqd: out of memory\n", stderr);
        return EXIT_SOFTWARE;
    }
    int status = 0;
    for (int i = 0; status == 0 && i < o->n_args; i++)
        status = answer(&a, o->args[i], strlen(o->args[i]));
    if (!o->n_args)
        status = answer_lines(&a);
    if (status == 0 && o->n_args == 1)
        status = a.last == FAQD_ANSWER || a.last == FAQD_EMERGENCY || a.last == FAQD_SMALLTALK ? EXIT_ANSWERED
                                                                                               : EXIT_NO_ANSWER;
    host->api.worker_free(a.worker);
    return status;
}

int cmd_ask(int argc, char **argv)
{
    struct options options;
    struct host host;
    int status = options_parse(&options, "clj", argc, argv);
    if (status == 0)
        status = start(&options, &host);
    if (status == 0) {
        status = ask_all(&options, &host);
        host_end(&host);
    }
    options_free(&options);
    return status;
}
