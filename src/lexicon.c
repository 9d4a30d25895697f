/* SPDX-License-Identifier: MIT
 *
 * lexicon.c - see lexicon.h: the tables and their look-ups. lexicon_build.c fills them, with what
 * lexicon_read.c reads.
 *
 * Words are numbered; phrases.h finds names by these numbers. A stem is a word of a vocabulary of its own, looked up by
 * each beginning of a word whose length one has.
 */
#include "lexicon_private.h"

#include "near.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void lexicon_free(struct lexicon *lex)
{
    if (!lex)
        return;
    spell_free(lex->spell);
    free(lex->roles);
    str_free(&lex->forms);
    free(lex->symbols);
    free(lex->expansions);
    table_free(&lex->word_ids);
    table_free(&lex->stems);
    lexicon_end_loading(lex);
    phrases_free(&lex->phrases);
    table_free(&lex->learnt_stems);
    table_free(&lex->names);
    table_free(&lex->shorthand[LANG_FR]);
    table_free(&lex->shorthand[LANG_EN]);
    free(lex);
}

size_t lexicon_count(const struct lexicon *lex)
{
    return lex->n_symbols;
}

const struct symbol *lexicon_symbol(const struct lexicon *lex, uint32_t id)
{
    return &lex->symbols[id];
}

void lexicon_mark(struct lexicon *lex, uint32_t id, unsigned own, unsigned of_type)
{
    lex->symbols[id].subject |= own & 0xff;
    for (uint32_t i = id + 1; lex->symbols[id].kind == SYMBOL_TYPE && i < lex->n_symbols; i++)
        if (lex->symbols[i].kind == SYMBOL_ENTITY && lex->symbols[i].type == id)
            lex->symbols[i].subject |= of_type & 0xff;
}

uint32_t lexicon_find_n(const struct lexicon *lex, const char *name, size_t len)
{
    return table_get(&lex->names, table_hash(name, len));
}

uint32_t lexicon_find(const struct lexicon *lex, const char *name)
{
    return lexicon_find_n(lex, name, strlen(name));
}

uint32_t lexicon_entity(const struct lexicon *lex, const char *type, const char *entity)
{
    char name[160];
    size_t type_len = strlen(type);
    size_t entity_len = strlen(entity);
    if (type_len + entity_len + 2 > sizeof(name))
        return SYMBOL_NONE;
    memcpy(name, type, type_len);
    name[type_len] = ':';
    memcpy(name + type_len + 1, entity, entity_len + 1);
    return lexicon_find(lex, name);
}

const char *lexicon_nearest(const struct lexicon *lex, const char *name)
{
    const char *nearest = NULL;
    for (size_t i = SYMBOL_ID_FIRST; i < lex->n_symbols; i++) {
        const char *pair[] = {nearest, lex->symbols[i].name};
        if (lex->symbols[i].kind != SYMBOL_ENTITY)
            nearest = near_name(name, pair, 2);
    }
    return nearest;
}

int lexicon_has_forms(const struct lexicon *lex, uint32_t id, enum lang lang)
{
    int found = lex->symbols[id].n_forms[lang] > 0;
    for (uint32_t i = id + 1; !found && lex->symbols[id].kind == SYMBOL_TYPE && i < lex->n_symbols; i++)
        found = lex->symbols[i].kind == SYMBOL_ENTITY && lex->symbols[i].type == id && lex->symbols[i].n_forms[lang];
    return found;
}

const char *lexicon_forms(const struct lexicon *lex, uint32_t id, enum lang lang)
{
    const struct symbol *symbol = &lex->symbols[id];
    return symbol->n_forms[lang] ? lex->forms.data + symbol->forms[lang] : NULL;
}

int lexicon_expand(const struct lexicon *lex, uint32_t id, enum lang lang, struct str *out)
{
    size_t before = out->len;
    str_adds(out, "(?:");
    size_t head = out->len;
    for (uint32_t i = 0; i < lex->n_symbols; i++) {
        const struct symbol *symbol = &lex->symbols[i];
        if (i != id && !(symbol->kind == SYMBOL_ENTITY && symbol->type == id))
            continue;
        const char *form = lexicon_forms(lex, i, lang);
        for (size_t f = 0; form && f < symbol->n_forms[lang]; f++, form += strlen(form) + 1) {
            if (out->len > head)
                str_addc(out, '|');
            form_regex(form, out);
        }
    }
    if (out->len == head && !out->error) {
        out->len = before;
        out->data[before] = '\0';
        return FAQD_EINVAL;
    }
    str_addc(out, ')');
    return out->error;
}

size_t lexicon_words(const struct lexicon *lex)
{
    return lex->n_words;
}

/* The stems that a word begins with, the longest one first, as words. Returns how many. */
static size_t stems_of(const struct lexicon *lex, const char *word, size_t len, uint32_t stems[64])
{
    uint32_t found[64];
    size_t n = 0;
    uint64_t state = TABLE_HASH_START;
    for (size_t i = 0; i < len && lex->stem_lengths >> i > 1; i++) {
        state = table_hash_letter(state, word[i]);
        if (!(lex->stem_lengths >> (i + 1) & 1))
            continue;
        found[n] = table_get(&lex->stems, table_hash_end(state));
        n += found[n] != TABLE_NONE;
    }
    for (size_t i = 0; i < n; i++)
        stems[i] = found[n - 1 - i];
    return n;
}

static int has_learnt_stem(const struct lexicon *lex, const char *word, size_t len)
{
    uint64_t state = TABLE_HASH_START;
    for (size_t i = 0; i < len && lex->learnt_lengths >> i > 1; i++) {
        state = table_hash_letter(state, word[i]);
        if ((lex->learnt_lengths >> (i + 1) & 1) && table_get(&lex->learnt_stems, table_hash_end(state)) != TABLE_NONE)
            return 1;
    }
    return 0;
}

uint32_t lexicon_roles(const struct lexicon *lex, const char *word, size_t len, uint64_t hash, uint32_t *id)
{
    uint32_t stems[64];
    *id = table_get(&lex->word_ids, hash);
    uint32_t roles = *id == TABLE_NONE ? 0 : lex->roles[*id];
    if (stems_of(lex, word, len, stems))
        roles |= lex->roles[stems[0]] | WORD_STEMMED;
    if (!(roles & WORD_KNOWN) && has_learnt_stem(lex, word, len))
        roles |= WORD_PART * LANG_BOTH;
    return roles;
}

const char *lexicon_shorthand(const struct lexicon *lex, uint64_t hash, enum lang *lang)
{
    for (int i = 0; i < LANGS; i++) {
        uint32_t at = table_get(&lex->shorthand[i], hash);
        if (at != TABLE_NONE) {
            *lang = (enum lang)i;
            return lex->expansions[at];
        }
    }
    return NULL;
}

const char *lexicon_mend(const struct lexicon *lex, const char *word, size_t len)
{
    return spell_nearest(lex->spell, word, len);
}

/* The symbols whose names end with the words read so far. */
static void tell(const struct lexicon *lex, uint32_t state, uint32_t order, size_t count,
                 void (*each)(void *user, const struct lexicon_hit *hit), void *user)
{
    const struct phrases *phrases = &lex->phrases;
    for (uint32_t at = phrases->states[state].name; at < phrases->states[state + 1].name; at++) {
        const struct phrase_name *name = &phrases->names[at];
        const struct symbol *symbol = &lex->symbols[name->symbol];
        struct lexicon_hit hit = {.symbol = name->symbol,
                                  .type = symbol->kind == SYMBOL_ENTITY ? symbol->type : SYMBOL_NONE,
                                  .order = {order + name->order[LANG_FR], order + name->order[LANG_EN]},
                                  .count = (uint8_t)count,
                                  .langs = (uint8_t)name->langs,
                                  .kind = (uint8_t)symbol->kind,
                                  .outside = symbol->outside != 0,
                                  .subject = (uint8_t)symbol->subject};
        each(user, &hit);
    }
}

void lexicon_hits(const struct lexicon *lex, const uint32_t *ids, size_t n, const char *word, size_t len,
                  void (*each)(void *user, const struct lexicon_hit *hit), void *user)
{
    const struct phrase_edge *edge = phrases_first(&lex->phrases, ids[0]);
    uint32_t order = 0;
    for (size_t i = 1; edge; i++) {
        order += edge->order;
        tell(lex, edge->state, order, i, each, user);
        edge = i < n ? phrases_next(&lex->phrases, edge->state, ids[i]) : NULL;
    }
    uint32_t stems[64];
    size_t n_stems = word ? stems_of(lex, word, len, stems) : 0;
    for (size_t i = 0; i < n_stems; i++)
        if ((edge = phrases_first(&lex->phrases, stems[i])))
            tell(lex, edge->state, edge->order, 1, each, user);
}
