/* SPDX-License-Identifier: MIT
 *
 * lexicon_build.c - see lexicon.h: a lexicon learns words and forms, until it is made ready for reading.
 */
#include "lexicon_private.h"

#include "array.h"

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

void lexicon_end_loading(struct lexicon *lex)
{
    struct lexicon_loading *l = &lex->loading;
    phrases_builder_free(l->phrases);
    form_graph_free(&l->graph);
    str_free(&l->words);
    free(l->known);
    *l = (struct lexicon_loading){0};
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
    size_t len = strlen(form);
    if (len + 3 > sizeof(grouped) || strchr(form, '*'))
        return FAQD_DECLINED;
    form_group(form, len, grouped);
    int rc = form_graph_read(&lex->loading.graph, grouped, number_word, lex, NULL);
    if (rc == FAQD_ENOMEM)
        return rc;
    if (rc != FAQD_OK || lex->loading.graph.loose || lex->loading.graph.phrases > LEXICON_PHRASES_MAX ||
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
    return rc;
}

const char *lexicon_text(const struct lexicon *lex, uint32_t number, size_t *len)
{
    *len = lex->loading.known[number].len;
    return lex->loading.words.data + lex->loading.known[number].text;
}
