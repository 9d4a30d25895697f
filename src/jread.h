/* SPDX-License-Identifier: MIT
 *
 * jread.h - reading JSON files strictly: every complaint names the file and the place.
 *
 * A struct jread carries the file's name and the path of the value being looked at, e.g. intents[3].fr.patterns[0].
 * Enter a member or element before looking into it, leave with the mark that entering returned. Duplicate keys are
 * refused by the parser; unknown keys by jread_keys, with the nearest known one.
 */
#ifndef FAQD_JREAD_H
#define FAQD_JREAD_H

#include "arena.h"
#include "err.h"

#include <jansson.h>
#include <stdint.h>

struct jread {
    struct err *err;
    struct arena *tree; /* where the next file's values go, which are then never json_decref'd; NULL: see jread_file */
    int halves;         /* the next file is large: parse it on two processors; into an arena only */
    const char *file;   /* borrowed; the caller keeps it for as long as the jread */
    char path[ERR_PATH_MAX];
    uint64_t digest; /* of the bytes of all files read with it so far: tells one version of the content from another */
    uint64_t last;   /* of those of the last file alone */
};

/* Parse a file of at most `max` bytes; only regular files. NULL and an error, or a new reference. With an arena in
 * r->tree it is no reference: all of the tree goes with the arena, at a tenth of what it costs to give a pack's hundred
 * thousand values back one by one. */
json_t *jread_file(struct jread *r, const char *file, size_t max);

size_t jread_enter(struct jread *r, const char *member);
size_t jread_element(struct jread *r, size_t index);
void jread_leave(struct jread *r, size_t mark);

/* Set the error with file and path. Returns code. */
int jread_fail(struct jread *r, int code, const char *format, ...) FAQD_PRINTF(3, 4);

int jread_object(struct jread *r, const json_t *value);                                    /* must be one */
int jread_keys(struct jread *r, const json_t *object, const char *const *known, size_t n); /* nothing else */

/* A member's text: FAQD_OK and *out borrowed from the JSON. A missing one is an error if `needed`, else *out = NULL. */
int jread_text(struct jread *r, const json_t *object, const char *member, int needed, const char **out);
int jread_flag(struct jread *r, const json_t *object, const char *member, int *out); /* true/false; missing: 0 */
/* A member that must be an array (missing: NULL and FAQD_OK unless `needed`). */
int jread_array(struct jread *r, const json_t *object, const char *member, int needed, json_t **out);

#endif
