/* SPDX-License-Identifier: MIT
 *
 * test_reload_shipped.c - the shipped pack, broken at 2,000 random places: a reload that fails says where and leaves
 * the old content answering, one that gets through answers, and nothing ever crashes. Two processes share the work.
 */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 2, BREAKS = 2000, FILES_MAX = 32 };

static char *names[FILES_MAX];
static char *texts[FILES_MAX];
static size_t sizes[FILES_MAX];
static size_t n_files;
static size_t total;

static const char *const questions[] = {"C'est quoi la mésothérapie ?", "does it hurt?", "et les corticoïdes ?",
                                        "frzbl"};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

static void read_pack(void)
{
    DIR *folder = opendir(SHIPPED_PACK);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) && n_files < FILES_MAX;) {
        char path[600];
        if (!strstr(entry->d_name, ".json") || entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%.250s", SHIPPED_PACK, entry->d_name);
        names[n_files] = strdup(entry->d_name);
        texts[n_files] = read_file(path, &sizes[n_files]);
        total += sizes[n_files++];
    }
    closedir(folder);
}

/* The text with a random break at byte `at`; the caller frees. */
static char *broken(struct random *r, const char *text, size_t size, size_t at, size_t *len)
{
    char *out = malloc(size + 128);
    size_t piece = 1 + random_below(r, 40);
    if (at + piece > size)
        piece = size - at;
    memcpy(out, text, size);
    *len = size;
    switch (random_below(r, 6)) {
    case 0: /* cut off */ *len = at; break;
    case 1: /* another byte */ out[at] = (char)random_below(r, 256); break;
    case 2: /* a piece missing */
        memmove(out + at, out + at + piece, size - at - piece);
        *len = size - piece;
        break;
    case 3: /* a piece twice */
        memmove(out + at + piece, text + at, size - at);
        *len = size + piece;
        break;
    case 4: /* a bit flipped */ out[at] = (char)(out[at] ^ (1 << random_below(r, 8))); break;
    default: /* a sign of JSON or of a pattern where none was */
        memmove(out + at + 1, text + at, size - at);
        out[at] = "\"{}[],:\\()|?*!&^$"[random_below(r, 17)];
        *len = size + 1;
    }
    return out;
}

static char *answers_of(struct host *host, struct faqd_worker *worker)
{
    struct str all;
    str_init(&all, 100000);
    for (size_t i = 0; i < QUESTIONS; i++) {
        ask_text(host, worker, questions[i]);
        str_adds(&all, host->api.render(worker, FAQD_JSON, NULL));
    }
    return all.data;
}

/* One break: 0, or 1 after a line that says what went wrong. */
static int try_break(struct host *host, struct faqd_worker *worker, struct random *r, char **golden, size_t *taken)
{
    size_t f = 0;
    size_t at = random_below(r, total);
    while (at >= sizes[f])
        at -= sizes[f++];
    size_t len = 0;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    char path[600];
    char *text = broken(r, texts[f], sizes[f], at, &len);
    snprintf(path, sizeof(path), "%s/%s", host->packs[0]->dir, names[f]);
    write_file(path, text, len);
    free(text);
    int rc = host_reload(host, 0, &err);
    err_line(&err, line, sizeof(line));
    write_file(path, texts[f], sizes[f]);
    char *now = answers_of(host, worker);
    int bad = 0;
    if (rc == FAQD_OK) {
        ++*taken;
        bad = !now[0];
        free(*golden);
        *golden = now;
        now = NULL;
    } else {
        bad = err.code != rc || !err.file[0] || !err.text[0] || strcmp(now, *golden) != 0;
    }
    if (bad)
        fprintf(stderr, "%s broken at byte %zu: result %d, \"%s\", %s\n", names[f], at, rc, line,
                now && strcmp(now, *golden) != 0 ? "other answers" : "same answers");
    free(now);
    return bad;
}

static int share_of(int process, int breaks)
{
    struct host host;
    struct random r = {(uint64_t)process + 77};
    char dir[512];
    size_t taken = 0;
    int bad = 0;
    copy_folder(SHIPPED_PACK, temp_path("shipped%d", process));
    strcpy(dir, temp_path("shipped%d", process));
    start_host(&host, dir);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    char *golden = answers_of(&host, worker);
    for (int i = 0; i < breaks && !bad; i++)
        bad = try_break(&host, worker, &r, &golden, &taken);
    printf("%d breaks, of which %zu left a pack that passes its own tests\n", breaks, taken);
    free(golden);
    host.api.worker_free(worker);
    host_end(&host);
    fflush(stdout);
    return bad;
}

static void broken_at_random_places(void **state)
{
    (void)state;
    pid_t children[PROCESSES];
    int breaks = (sanitized() ? BREAKS / 10 : BREAKS) / PROCESSES;
    read_pack();
    plugins_folder(); /* made once, by the parent, who removes it */
    fflush(NULL);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(share_of(i, breaks));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        waitpid(children[i], &status, 0);
        assert_true(WIFEXITED(status)); /* no crash */
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    for (size_t i = 0; i < n_files; i++) {
        free(names[i]);
        free(texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_at_random_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
