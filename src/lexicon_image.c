/* SPDX-License-Identifier: MIT
 *
 * lexicon_image.c - a finished lexicon copied into an image (image.h).
 */
#include "lexicon_private.h"

#include <string.h>

static void copy_symbols(struct image *image, struct lexicon *lex)
{
    lex->symbols = image_copy(image, lex->symbols, lex->n_symbols * sizeof(*lex->symbols));
    for (size_t i = 0; i < lex->n_symbols; i++) {
        struct symbol *symbol = &lex->symbols[i];
        symbol->name = image_text(image, symbol->name);
        symbol->topic = image_text(image, symbol->topic);
        for (int lang = 0; lang < LANGS; lang++)
            symbol->display[lang] = image_text(image, symbol->display[lang]);
    }
    lex->forms.data = image_copy(image, lex->forms.data, lex->forms.len);
}

static void copy_words(struct image *image, struct lexicon *lex)
{
    lex->roles = image_copy(image, lex->roles, lex->n_words * sizeof(*lex->roles));
    size_t n = lex->shorthand[LANG_FR].used + lex->shorthand[LANG_EN].used;
    lex->expansions = image_copy(image, lex->expansions, n * sizeof(*lex->expansions));
    for (size_t i = 0; i < n; i++)
        lex->expansions[i] = image_text(image, lex->expansions[i]);
}

struct lexicon *lexicon_copy(struct image *image, struct lexicon *lexicon)
{
    struct lexicon *lex = image_copy(image, lexicon, sizeof(*lexicon));
    struct table *tables[] = {&lex->names,        &lex->word_ids,           &lex->stems,
                              &lex->learnt_stems, &lex->shorthand[LANG_FR], &lex->shorthand[LANG_EN]};
    copy_symbols(image, lex);
    copy_words(image, lex);
    phrases_copy(image, &lex->phrases);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        image_table(image, tables[i]);
    lex->spell = spell_copy(image, lex->spell);
    if (lex != lexicon) { /* nobody needs them */
        lex->arena = NULL;
        memset(&lex->loading, 0, sizeof(lex->loading));
    }
    return lex;
}
