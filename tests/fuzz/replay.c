/* SPDX-License-Identifier: MIT
 *
 * replay.c - try the files of a corpus, one after the other, without libFuzzer: TARGET FILE-OR-FOLDER...
 *
 * Every input is copied into memory of just its size, so that a sanitizer sees a read behind its end.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static size_t tried;
static double slowest;
static char slowest_name[256];

static void try_file(const char *path)
{
    size_t len = 0;
    char *bytes = fuzz_read(path, &len);
    uint8_t *input = malloc(len ? len : 1);
    if (!input)
        exit(2);
    memcpy(input, bytes, len);
    free(bytes);
    fprintf(stderr, "%s\n", path); /* so that a crash is named; the tests show it only on failure */
    double from = fuzz_cpu_ms();
    LLVMFuzzerTestOneInput(input, len);
    double ms = fuzz_cpu_ms() - from;
    free(input);
    tried++;
    if (ms > slowest) {
        slowest = ms;
        snprintf(slowest_name, sizeof(slowest_name), "%s", path);
    }
}

static int by_alphabet(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void try_folder(const char *folder)
{
    struct dirent **names = NULL;
    char path[4096];
    int n = scandir(folder, &names, NULL, by_alphabet);
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
            try_file(path);
        }
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    struct stat st;
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        if (stat(argv[i], &st) != 0) {
            fprintf(stderr, "%s: there is no such file\n", argv[i]);
            return 2;
        }
        if (S_ISDIR(st.st_mode))
            try_folder(argv[i]);
        else
            try_file(argv[i]);
    }
    printf("%zu inputs, the slowest took %.1f ms of CPU: %s\n", tried, slowest, slowest_name);
    return tried ? 0 : 2;
}
