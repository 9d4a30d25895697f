/* SPDX-License-Identifier: MIT
 *
 * lexicon_private.h - the tables of a lexicon, for lexicon.c (look-ups), lexicon_build.c and lexicon_read.c (filling)
 * and lexicon_image.c alone.
 */
#ifndef FAQD_LEXICON_PRIVATE_H
#define FAQD_LEXICON_PRIVATE_H

#include "lexicon.h"
#include "phrases.h"
#include "spell.h"
#include "table.h"

#define STEM_MIN 3 /* letters that a stem must have */

struct lexicon_word { /* while loading */
    uint32_t text;    /* in the loading's words */
    uint16_t len;     /* 0: it is a stem */
    uint16_t roles;
};

struct lexicon_loading { /* what nobody needs once the lexicon is ready */
    struct str words;    /* texts, one behind the other */
    struct lexicon_word *known;
    struct phrases_builder *phrases;
    struct form_graph graph; /* of the last form */
};

/* lexicon_image.c copies each pointer in here that is used after loading. */
struct lexicon {
    struct arena *arena; /* borrowed: texts live there */
    struct symbol *symbols;
    size_t n_symbols;
    struct table names; /* hash of "class", "type" or "type:entity" -> symbol */

    struct str forms; /* of all symbols, each terminated */

    struct table word_ids;
    struct table stems;
    uint16_t *roles; /* of each word and stem */
    size_t n_words;
    struct phrases phrases;
    uint64_t stem_lengths; /* bit n: there is a stem of n letters */

    struct table learnt_stems; /* of pattern texts */
    uint64_t learnt_lengths;

    struct table shorthand[LANGS]; /* hash of word -> index into expansions */
    const char **expansions;

    struct spell *spell;

    struct lexicon_loading loading;
};

int lexicon_add_symbol(struct lexicon *lex, const struct symbol *symbol, uint32_t *id); /* FAQD_ELIMIT: too many */
int lexicon_add_word(struct lexicon *lex, const char *text, size_t len, uint32_t role);
/* Enter a form. As form_graph_read; FAQD_EINVAL without *why: a stem or a phrase of a length not allowed. */
int lexicon_add_form(struct lexicon *lex, const char *form, uint32_t symbol, enum lang lang, const char **why);

#endif
