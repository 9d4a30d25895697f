/* SPDX-License-Identifier: MIT
 *
 * lexicon_private.h - the tables of a lexicon, for lexicon.c (look-ups) and lexicon_read.c (filling) alone.
 */
#ifndef FAQD_LEXICON_PRIVATE_H
#define FAQD_LEXICON_PRIVATE_H

#include "form.h"
#include "lexicon.h"
#include "spell.h"
#include "table.h"

#define STEM_MIN 3 /* letters that a stem must have */

struct lexicon_word {
    const char *text;
    uint16_t len;
    uint32_t roles;
};

struct lexicon_ref {      /* one symbol that an entry stands for */
    uint32_t symbol : 24; /* LEXICON_SYMBOLS_MAX is less */
    uint32_t langs : 2;
    uint32_t kind : 4; /* these three so that a hit needs no look at the symbol */
    uint32_t outside : 1;
    uint32_t type; /* of an entity; SYMBOL_NONE */
    uint32_t next;
    uint32_t order[LANGS]; /* of all names of a language, by when the form was read */
};

struct lexicon_entry { /* a phrase, the beginning of one, or a stem */
    uint32_t first_ref;
    int goes_on;
};

struct lexicon {
    struct arena *arena; /* borrowed: texts live there */
    struct symbol *symbols;
    size_t n_symbols;
    struct table names; /* hash of "class", "type" or "type:entity" -> symbol */

    struct lexicon_word *words;
    size_t n_words;
    struct table word_ids;

    struct lexicon_entry *entries;
    size_t n_entries;
    struct lexicon_ref *refs;
    size_t n_refs;
    uint32_t n_names;      /* that were entered, for their order */
    struct table phrases;  /* hash of words -> entry */
    struct table stems;    /* hash of letters -> entry */
    uint64_t stem_lengths; /* bit n: there is a stem of n letters */

    struct table learnt_stems; /* of pattern texts */
    uint64_t learnt_lengths;

    struct table shorthand[LANGS]; /* hash of word -> index into expansions */
    const char **expansions;

    struct spell *spell;
    uint64_t digest; /* of the file */
};

int lexicon_add_symbol(struct lexicon *lex, const struct symbol *symbol, uint32_t *id); /* FAQD_ELIMIT: too many */
int lexicon_add_word(struct lexicon *lex, const char *text, size_t len, uint32_t role);
/* Enter every phrase of a form. As form_visit; FAQD_EINVAL without *why: a stem or a phrase of a length not allowed. */
int lexicon_add_form(struct lexicon *lex, const char *form, uint32_t symbol, enum lang lang, const char **why);

#endif
