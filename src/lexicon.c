/* SPDX-License-Identifier: MIT
 *
 * lexicon.c - see lexicon.h: the tables and their look-ups. lexicon_read.c fills them from JSON.
 *
 * Words are numbered; phrases.h finds names by these numbers. A stem is a word of a vocabulary of its own, looked up by
 * each beginning of a word whose length one has.
 */
#include "lexicon_private.h"

#include "array.h"
#include "near.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A new word, in one of the vocabularies. Without its text (len is 0) nothing is mended towards it. */
static int new_word(struct lexicon *lex, struct table *table, uint64_t hash, const char *text, size_t len)
{
    struct lexicon_loading *l = &lex->loading;
    struct lexicon_word word = {.text = (uint32_t)l->words.len, .len = (uint16_t)len};
    str_add(&l->words, text, len);
    if (l->words.error || array_room((void **)&l->known, lex->n_words, sizeof(*l->known)) != FAQD_OK ||
        table_put(table, hash, (uint32_t)lex->n_words) != FAQD_OK)
        return FAQD_ENOMEM;
    l->known[lex->n_words++] = word;
    return FAQD_OK;
}

int lexicon_add_word(struct lexicon *lex, const char *text, size_t len, uint32_t role)
{
    uint64_t hash = table_hash(text, len);
    uint32_t at = table_get(&lex->word_ids, hash);
    if (at == TABLE_NONE) {
        at = (uint32_t)lex->n_words;
        if (new_word(lex, &lex->word_ids, hash, text, len) != FAQD_OK)
            return FAQD_ENOMEM;
    }
    lex->loading.known[at].roles = (uint16_t)(lex->loading.known[at].roles | role);
    return FAQD_OK;
}

uint32_t lexicon_number(struct lexicon *lex, const char *word, size_t len)
{
    uint64_t hash = table_hash(word, len);
    uint32_t number = table_get(&lex->word_ids, hash);
    if (number != TABLE_NONE)
        return number;
    return lexicon_add_word(lex, word, len, 0) == FAQD_OK ? (uint32_t)lex->n_words - 1 : TABLE_NONE;
}

int lexicon_add_symbol(struct lexicon *lex, const struct symbol *symbol, uint32_t *id)
{
    if (lex->n_symbols >= LEXICON_SYMBOLS_MAX)
        return FAQD_ELIMIT;
    if (array_room((void **)&lex->symbols, lex->n_symbols, sizeof(*lex->symbols)) != FAQD_OK)
        return FAQD_ENOMEM;
    *id = (uint32_t)lex->n_symbols;
    lex->symbols[lex->n_symbols++] = *symbol;
    return FAQD_OK;
}

/* The number of a word of a form, made known if it is new. */
static int number_word(void *user, const char *word, size_t len, int stem, uint32_t *out)
{
    struct lexicon *lex = user;
    struct table *table = stem ? &lex->stems : &lex->word_ids;
    uint64_t hash = table_hash(word, len);
    if (stem && len < STEM_MIN)
        return FAQD_EINVAL;
    if (stem)
        lex->stem_lengths |= len < 64 ? (uint64_t)1 << len : 0;
    *out = table_get(table, hash);
    if (*out != TABLE_NONE)
        return FAQD_OK;
    *out = (uint32_t)lex->n_words;
    return new_word(lex, table, hash, word, stem ? 0 : len);
}

/* The roles of the words of the form that was read last: what a word is alone, and in longer phrases. */
static void give_roles(struct lexicon *lex, uint32_t symbol, enum lang lang)
{
    const struct form_graph *graph = &lex->loading.graph;
    int foreign = symbol == SYMBOL_ID_FOREIGN;
    int phrase = lex->symbols[symbol].kind == SYMBOL_PHRASE;
    uint16_t alone = (uint16_t)WORD_IN(foreign ? WORD_FOREIGN : phrase ? WORD_PART : WORD_SUBJECT, lang);
    uint16_t part = (uint16_t)(foreign ? 0 : WORD_IN(WORD_PART, lang));
    for (uint32_t at = 0; at < graph->n_ways; at++) {
        const struct form_way *way = &graph->ways[at];
        if (way->word == FORM_NO_WORD)
            continue;
        uint16_t *roles = &lex->loading.known[way->word].roles;
        if (at >= graph->firsts[1])
            *roles |= part;
        else if (way->to == FORM_END)
            *roles |= alone;
        else
            for (uint32_t on = graph->firsts[way->to]; on < graph->firsts[way->to + 1]; on++)
                *roles |= graph->ways[on].word == FORM_NO_WORD ? alone : part;
    }
}

static int add_graph(struct lexicon *lex, uint32_t symbol, enum lang lang)
{
    give_roles(lex, symbol, lang);
    return phrases_add(lex->loading.phrases, &lex->loading.graph, symbol, lang);
}

int lexicon_add_form(struct lexicon *lex, const char *form, uint32_t symbol, enum lang lang, const char **why)
{
    int rc = form_graph_read(&lex->loading.graph, form, number_word, lex, why);
    if (rc == FAQD_OK && lex->loading.graph.words > LEXICON_PHRASE_WORDS)
        rc = FAQD_EINVAL;
    return rc == FAQD_OK ? add_graph(lex, symbol, lang) : rc;
}

static void end_loading(struct lexicon *lex)
{
    struct lexicon_loading *l = &lex->loading;
    phrases_builder_free(l->phrases);
    form_graph_free(&l->graph);
    str_free(&l->words);
    free(l->known);
    *l = (struct lexicon_loading){0};
}

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
    end_loading(lex);
    phrases_free(&lex->phrases);
    table_free(&lex->learnt_stems);
    table_free(&lex->names);
    table_free(&lex->shorthand[LANG_FR]);
    table_free(&lex->shorthand[LANG_EN]);
    free(lex);
}

uint64_t lexicon_digest(const struct lexicon *lex)
{
    return lex->digest;
}

size_t lexicon_count(const struct lexicon *lex)
{
    return lex->n_symbols;
}

const struct symbol *lexicon_symbol(const struct lexicon *lex, uint32_t id)
{
    return &lex->symbols[id];
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
        for (size_t f = 0; f < symbol->n_forms[lang]; f++, form += strlen(form) + 1) {
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

int lexicon_learn(struct lexicon *lex, const char *word, size_t len, int stem, enum lang lang)
{
    if (stem && len >= STEM_MIN) {
        lex->learnt_lengths |= len < 64 ? (uint64_t)1 << len : 0;
        return table_put(&lex->learnt_stems, table_hash(word, len), 1);
    }
    return lexicon_add_word(lex, word, len, WORD_IN(WORD_PART, lang));
}

int lexicon_phrase(struct lexicon *lex, const char *form, enum lang lang, uint32_t *symbol)
{
    char grouped[FORM_BYTES_MAX];
    if ((size_t)snprintf(grouped, sizeof(grouped), "(%s)", form) >= sizeof(grouped) || strchr(form, '*'))
        return FAQD_DECLINED;
    int rc = form_graph_read(&lex->loading.graph, grouped, number_word, lex, NULL);
    if (rc == FAQD_ENOMEM)
        return rc;
    if (rc != FAQD_OK || lex->loading.graph.phrases > LEXICON_PHRASES_MAX ||
        lex->loading.graph.words > LEXICON_PHRASE_WORDS)
        return FAQD_DECLINED;
    struct symbol phrase = {.kind = SYMBOL_PHRASE, .name = "words", .topic = ""};
    rc = lexicon_add_symbol(lex, &phrase, symbol);
    return rc == FAQD_OK ? add_graph(lex, *symbol, lang) : rc;
}

static int make_roles(struct lexicon *lex)
{
    lex->roles = malloc((lex->n_words + 1) * sizeof(*lex->roles));
    for (size_t i = 0; lex->roles && i < lex->n_words; i++)
        lex->roles[i] = lex->loading.known[i].roles;
    return lex->roles ? FAQD_OK : FAQD_ENOMEM;
}

static int make_spelling(struct lexicon *lex)
{
    const char *texts = str_text(&lex->loading.words);
    struct spell_word *words = malloc((lex->n_words + 1) * sizeof(*words));
    if (!words)
        return FAQD_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < lex->n_words; i++) {
        const struct lexicon_word *word = &lex->loading.known[i];
        int subject = (word->roles & (WORD_SUBJECT | WORD_PART) * LANG_BOTH) != 0;
        if ((word->roles & WORD_KNOWN) && word->len)
            words[n++] = (struct spell_word){texts + word->text, word->len, (uint16_t)subject};
    }
    int rc = spell_new(words, n, &lex->spell);
    free(words);
    return rc;
}

int lexicon_ready(struct lexicon *lex)
{
    int rc = phrases_seal(lex->loading.phrases, &lex->phrases);
    if (rc == FAQD_OK)
        rc = make_roles(lex);
    if (rc == FAQD_OK)
        rc = make_spelling(lex);
    end_loading(lex);
    return rc;
}

size_t lexicon_words(const struct lexicon *lex)
{
    return lex->n_words;
}

const char *lexicon_text(const struct lexicon *lex, uint32_t number, size_t *len)
{
    *len = lex->loading.known[number].len;
    return lex->loading.words.data + lex->loading.known[number].text;
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
                                  .outside = symbol->outside != 0};
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
