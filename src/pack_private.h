/* SPDX-License-Identifier: MIT
 *
 * pack_private.h - what the files that read a pack share: pack.c, pack_meta.c, pack_intents.c, pack_rules.c,
 * pack_patterns.c, pack_examples.c.
 */
#ifndef FAQD_PACK_PRIVATE_H
#define FAQD_PACK_PRIVATE_H

#include "jread.h"
#include "pack.h"
#include "table.h"

struct pack_reading {
    struct jread r;
    struct pack *pack;
    uint32_t file;           /* index of the intent file being read */
    char path[ERR_FILE_MAX]; /* of an intent's file, for r.file when the files have been read */
    struct table term_ids;   /* hash of lang and text -> term */
    struct program_compiler *compiler;
    uint64_t lexicon_digest; /* of its file's bytes */
    struct jahead *ahead;    /* the intent files; NULL: they are not parsed ahead */
};

int pack_no_memory(struct pack_reading *g);
char *pack_keep(struct pack_reading *g, const char *text); /* a copy in the arena; NULL and an error set */

/* Ids of one namespace ('i' intents, 's' statements, 'r' rows): enter, refusing a second one; look up. */
int pack_enter_id(struct pack_reading *g, char space, const char *id, uint32_t value);
uint32_t pack_find_id(const struct pack *pack, char space, const char *id);

/* An array of texts, each kept. FAQD_OK with *out, *n. `member` may be missing. */
int pack_texts(struct pack_reading *g, const json_t *object, const char *member, const char *const **out, size_t *n);

int pack_read_meta(struct pack_reading *g, const json_t *root);     /* pack.json, before the lexicon */
int pack_read_anchors(struct pack_reading *g, const json_t *root);  /* pack.json, after it */
int pack_read_file(struct pack_reading *g, const json_t *root);     /* an intents file */
int pack_read_examples(struct pack_reading *g, const json_t *root); /* examples.json, after the intents */
int pack_read_patterns(struct pack_reading *g, const json_t *list, uint32_t intent, enum lang lang);
int pack_keep_groups(struct pack_reading *g, const struct term_groups *groups, struct term *term);
int pack_resolve(struct pack_reading *g); /* after the last file: intents named by others, statements said */
/* Then, too: the terms that are PCRE2's. It writes to nothing of the lexicon, nor to what the rules have in common. */
int pack_compile_patterns(struct pack_reading *g);
/* The place of complaints from here on, when the files have been read: this intent. */
void pack_enter_intent(struct pack_reading *g, uint32_t id);

#endif
