/* SPDX-License-Identifier: MIT
 *
 * fuzz.h - what the fuzz targets share: saying what is wrong, the shipped pack, a folder for files, the clock.
 *
 * A target is one file with LLVMFuzzerTestOneInput. Built by clang with -fsanitize=fuzzer it looks for inputs; linked
 * with replay.c it is a plain program that tries the files of a corpus. Both run in the project's top folder, with the
 * plugins in ../plugins beside the program.
 */
#ifndef FAQD_FUZZ_H
#define FAQD_FUZZ_H

#include "host.h"

#include <stddef.h>
#include <stdint.h>

#define FUZZ_PACK "intents/mesotherapy"
#define FUZZ_SMALL "tests/packs/small" /* a pack of a few intents, for targets that load one for every input */
#define FUZZ_SEPARATOR "%%"            /* a line of its own between the parts of an input */

/* CPU milliseconds that one message may take; sanitizers slow a program down, but by far less than this factor. */
#define FUZZ_ASK_MS 50.0
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||               \
    __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define FUZZ_SLOWDOWN 20.0
#else
#define FUZZ_SLOWDOWN 1.0
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv); /* a target may have it: what must be there before the first input */

/* Say what is wrong and abort: that is a finding. */
void fuzz_fail(const char *file, int line, const char *format, ...) FAQD_PRINTF(3, 4) __attribute__((noreturn));
#define FUZZ_CHECK(condition, ...)                                                                                     \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fuzz_fail(__FILE__, __LINE__, __VA_ARGS__);                                                                \
    } while (0)

/* The host with the shipped pack, made at the first call. */
struct host *fuzz_host(void);
/* A target that asks it makes it before the first input, which would be slow otherwise. */
#define FUZZ_BEGIN_WITH_HOST                                                                                           \
    int LLVMFuzzerInitialize(int *argc, char ***argv)                                                                  \
    {                                                                                                                  \
        (void)argc;                                                                                                    \
        (void)argv;                                                                                                    \
        fuzz_host();                                                                                                   \
        return 0;                                                                                                      \
    }
struct snapshot *fuzz_snapshot(void); /* its snapshot, never released */

/* A folder of this process for files, removed at exit; and a file in it. */
const char *fuzz_folder(void);
void fuzz_write(const char *name, const void *bytes, size_t len);

/* The whole of a file, terminated; the caller frees. */
char *fuzz_read(const char *path, size_t *len);

/* CPU time of this thread in milliseconds. */
double fuzz_cpu_ms(void);

/* A part of an input. fuzz_part takes the bytes up to the next separator line off *rest; 0: nothing is left. */
struct fuzz_part {
    const char *text; /* not terminated */
    size_t len;
};
int fuzz_part(struct fuzz_part *rest, struct fuzz_part *part);
/* Likewise the bytes up to the next line feed. */
int fuzz_line(struct fuzz_part *rest, struct fuzz_part *line);
/* A terminated copy that ends at the first NUL; the caller frees. */
char *fuzz_string(const struct fuzz_part *part);

#endif
