/* SPDX-License-Identifier: MIT
 *
 * scale.h - engines that find which of many patterns match a question, for comparing them.
 *
 * All get the same patterns, as the pack writes them, and the same texts: a question's words, folded, with single
 * spaces, unknown words marked, just as faqd's own patterns see them. All are asked for every pattern that matches,
 * unless their name says otherwise.
 */
#ifndef FAQD_BENCH_SCALE_H
#define FAQD_BENCH_SCALE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SCALE_BATCH 16 /* questions that are made ready together, outside the time that is measured */

struct scale_text {
    const char *text; /* terminated */
    size_t len;
};

struct scale_pack {
    const char *folder;
    const char *plugins; /* the folder of the plugins beside the program */
    struct scale_text *patterns;
    size_t n_patterns;
    size_t pattern_bytes;         /* of all of them */
    struct scale_text *questions; /* as people type them */
    size_t n_questions;
    int slow_compile; /* an engine may take minutes to load */
};

struct engine {
    const char *name;
    const char *means; /* for people */
    /* The engine with all patterns; those that it refuses are set in refused[]. NULL: it cannot. Engines of the same
     * `load` share what it gives. */
    void *(*load)(const struct scale_pack *pack, uint8_t *refused);
    /* Make questions[first] .. [first + n) ready, n <= SCALE_BATCH. NULL: the texts are all it needs. */
    void (*ready)(void *state, const struct scale_text *questions, size_t n);
    /* Find what matches the question that was made ready as number `at`, whose folded text this is. How many. */
    size_t (*find)(void *state, const struct scale_text *text, size_t at);
    /* After find: set found[pattern] for each. NULL: it does not find all. */
    void (*tell)(void *state, uint8_t *found);
    double (*load_seconds)(void *state); /* if not what load took: of a load that was kept. May be NULL */
};

extern const struct engine engine_floor, engine_pcre;
extern const struct engine engine_index, engine_best, engine_all, engine_reading, engine_answer, engine_kept;
extern const struct engine engine_hyperscan, engine_re2;

/* What faqd's patterns see of a question; the caller frees. `state` is of one of faqd's engines. */
struct scale_text ours_folded(void *state, const struct scale_text *question);
/* The milliseconds of the worst message that hostile.h knows, and what it is; CPU time, median of three. */
double ours_worst_ms(void *state, const char **what);

#ifdef __cplusplus
}
#endif

#endif
