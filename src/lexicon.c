/* SPDX-License-Identifier: MIT
 *
 * lexicon.c - see lexicon.h: the tables and their look-ups. lexicon_read.c fills them from JSON.
 *
 * Every form is expanded into phrases, and every phrase is entered under the hash of its words, each of its beginnings
 * too (marked as going on), so that reading a question is one table look-up a word and most words end it at once.
 */
#include "lexicon_private.h"

#include "array.h"
#include "near.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const lang_names[LANGS] = {"fr", "en"};

int lang_find(const char *name)
{
    for (int i = 0; i < LANGS; i++)
        if (name && strcmp(name, lang_names[i]) == 0)
            return i;
    return -1;
}

int lexicon_add_word(struct lexicon *lex, const char *text, size_t len, uint32_t role)
{
    uint64_t hash = table_hash(text, len);
    uint32_t at = table_get(&lex->word_ids, hash);
    if (at == TABLE_NONE) {
        at = (uint32_t)lex->n_words;
        if (array_room((void **)&lex->words, lex->n_words, sizeof(*lex->words)) != FAQD_OK)
            return FAQD_ENOMEM;
        const char *copy = arena_text(lex->arena, text, len);
        if (!copy || table_put(&lex->word_ids, hash, at) != FAQD_OK)
            return FAQD_ENOMEM;
        lex->words[lex->n_words++] = (struct lexicon_word){.text = copy, .len = (uint16_t)len};
    }
    lex->words[at].roles |= role;
    return FAQD_OK;
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

/* The entry that `table` has under `hash`, made if it is new. */
static int find_entry(struct lexicon *lex, struct table *table, uint64_t hash, uint32_t *entry)
{
    *entry = table_get(table, hash);
    if (*entry != TABLE_NONE)
        return FAQD_OK;
    if (array_room((void **)&lex->entries, lex->n_entries, sizeof(*lex->entries)) != FAQD_OK)
        return FAQD_ENOMEM;
    *entry = (uint32_t)lex->n_entries;
    if (table_put(table, hash, *entry) != FAQD_OK)
        return FAQD_ENOMEM;
    lex->entries[lex->n_entries++] = (struct lexicon_entry){.first_ref = TABLE_NONE};
    return FAQD_OK;
}

/* Hang (symbol, lang) on an entry. */
static int add_ref(struct lexicon *lex, uint32_t entry, uint32_t symbol, enum lang lang)
{
    for (uint32_t ref = lex->entries[entry].first_ref; ref != TABLE_NONE; ref = lex->refs[ref].next) {
        if (lex->refs[ref].symbol == symbol) {
            if (!(lex->refs[ref].langs & LANG_BIT(lang)))
                lex->refs[ref].order[lang] = lex->n_names++;
            lex->refs[ref].langs = (lex->refs[ref].langs | LANG_BIT(lang)) & 3u;
            return FAQD_OK;
        }
    }
    if (array_room((void **)&lex->refs, lex->n_refs, sizeof(*lex->refs)) != FAQD_OK)
        return FAQD_ENOMEM;
    const struct symbol *s = &lex->symbols[symbol];
    lex->refs[lex->n_refs] = (struct lexicon_ref){.symbol = symbol & 0xffffff,
                                                  .langs = LANG_BIT(lang) & 3,
                                                  .kind = s->kind & 15,
                                                  .outside = s->outside != 0,
                                                  .type = s->kind == SYMBOL_ENTITY ? s->type : SYMBOL_NONE,
                                                  .next = lex->entries[entry].first_ref};
    lex->refs[lex->n_refs].order[lang] = lex->n_names++;
    lex->entries[entry].first_ref = (uint32_t)lex->n_refs++;
    return FAQD_OK;
}

/* The symbol whose phrases are being entered. The trail notes the entry of the words so far, and the last word. */
struct entering {
    struct lexicon *lex;
    uint32_t symbol;
    enum lang lang;
};

static int enter_word(void *user, struct form_trail *trail, const char *word, size_t len)
{
    struct entering *e = user;
    struct lexicon *lex = e->lex;
    uint64_t hash = table_hash(word, len);
    uint32_t id = table_get(&lex->word_ids, hash);
    uint32_t role = e->symbol == SYMBOL_ID_FOREIGN ? 0 : WORD_IN(WORD_PART, e->lang);
    if (trail->words == LEXICON_PHRASE_WORDS)
        return FAQD_EINVAL;
    if (id == TABLE_NONE) {
        if (lexicon_add_word(lex, word, len, 0) != FAQD_OK)
            return FAQD_ENOMEM;
        id = (uint32_t)lex->n_words - 1;
    }
    if (trail->words) {
        lex->entries[trail->notes[0]].goes_on = 1;
        lex->words[trail->notes[1]].roles |= role;
        lex->words[id].roles |= role;
    }
    trail->hash = table_hash_next(trail->hash, hash);
    trail->notes[1] = id;
    return find_entry(lex, &lex->phrases, trail->hash, &trail->notes[0]);
}

static int enter_phrase(void *user, const struct form_trail *trail, const char *phrase, size_t len, int stem)
{
    struct entering *e = user;
    struct lexicon *lex = e->lex;
    uint32_t entry = trail->notes[0];
    if (stem) {
        if (len < STEM_MIN)
            return FAQD_EINVAL;
        lex->stem_lengths |= len < 64 ? (uint64_t)1 << len : 0;
        if (find_entry(lex, &lex->stems, table_hash(phrase, len), &entry) != FAQD_OK)
            return FAQD_ENOMEM;
    } else if (trail->words == 1) {
        uint32_t role = e->symbol == SYMBOL_ID_FOREIGN                  ? WORD_FOREIGN
                        : lex->symbols[e->symbol].kind == SYMBOL_PHRASE ? WORD_PART
                                                                        : WORD_SUBJECT;
        lex->words[trail->notes[1]].roles |= WORD_IN(role, e->lang);
    }
    return add_ref(lex, entry, e->symbol, e->lang);
}

int lexicon_add_form(struct lexicon *lex, const char *form, uint32_t symbol, enum lang lang, const char **why)
{
    struct entering entering = {lex, symbol, lang};
    struct form_visitor visitor = {enter_word, enter_phrase, &entering};
    return form_visit(form, &visitor, why);
}

void lexicon_free(struct lexicon *lex)
{
    if (!lex)
        return;
    spell_free(lex->spell);
    free(lex->words);
    free(lex->entries);
    free(lex->refs);
    free(lex->symbols);
    free(lex->expansions);
    table_free(&lex->word_ids);
    table_free(&lex->phrases);
    table_free(&lex->stems);
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

int lexicon_expand(const struct lexicon *lex, uint32_t id, enum lang lang, struct str *out)
{
    size_t before = out->len;
    str_adds(out, "(?:");
    size_t head = out->len;
    for (uint32_t i = 0; i < lex->n_symbols; i++) {
        const struct symbol *symbol = &lex->symbols[i];
        if (i != id && !(symbol->kind == SYMBOL_ENTITY && symbol->type == id))
            continue;
        for (size_t f = 0; f < symbol->n_forms[lang]; f++) {
            if (out->len > head)
                str_addc(out, '|');
            form_regex(symbol->forms[lang][f], out);
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

static int accept(void *user, const char *phrase, size_t len, int stem)
{
    size_t *n = user;
    (void)phrase;
    return (stem && len < STEM_MIN) || ++*n > LEXICON_PHRASES_MAX ? FAQD_DECLINED : FAQD_OK;
}

int lexicon_phrase(struct lexicon *lex, const char *form, enum lang lang, uint32_t *symbol)
{
    char grouped[FORM_BYTES_MAX];
    size_t n = 0;
    if ((size_t)snprintf(grouped, sizeof(grouped), "(%s)", form) >= sizeof(grouped) || strchr(form, '*') ||
        form_expand(grouped, accept, &n, NULL) != FAQD_OK)
        return FAQD_DECLINED;
    struct symbol phrase = {.kind = SYMBOL_PHRASE, .name = "words", .topic = ""};
    int rc = lexicon_add_symbol(lex, &phrase, symbol);
    return rc == FAQD_OK ? lexicon_add_form(lex, grouped, *symbol, lang, NULL) : rc;
}

int lexicon_ready(struct lexicon *lex)
{
    struct spell_word *words = calloc(lex->n_words + 1, sizeof(*words));
    if (!words)
        return FAQD_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < lex->n_words; i++) {
        const struct lexicon_word *word = &lex->words[i];
        int subject = (word->roles & (WORD_IN(WORD_SUBJECT, LANG_FR) | WORD_IN(WORD_SUBJECT, LANG_EN) |
                                      WORD_IN(WORD_PART, LANG_FR) | WORD_IN(WORD_PART, LANG_EN))) != 0;
        if (word->roles & WORD_KNOWN)
            words[n++] = (struct spell_word){.text = word->text, .len = word->len, .subject = (uint16_t)subject};
    }
    int rc = spell_new(words, n, &lex->spell);
    free(words);
    return rc;
}

/* Is there a stem among `lengths` in `table` that the word begins with? Its entry, or TABLE_NONE. */
static uint32_t stem_of(const struct table *table, uint64_t lengths, const char *word, size_t len)
{
    for (size_t n = len < 63 ? len : 63; n >= STEM_MIN; n--) {
        if (!(lengths >> n & 1))
            continue;
        uint32_t entry = table_get(table, table_hash(word, n));
        if (entry != TABLE_NONE)
            return entry;
    }
    return TABLE_NONE;
}

uint32_t lexicon_roles(const struct lexicon *lex, const char *word, size_t len, uint64_t hash)
{
    uint32_t at = table_get(&lex->word_ids, hash);
    uint32_t roles = at == TABLE_NONE ? 0 : lex->words[at].roles;
    uint32_t entry = stem_of(&lex->stems, lex->stem_lengths, word, len);
    if (entry != TABLE_NONE) {
        for (uint32_t ref = lex->entries[entry].first_ref; ref != TABLE_NONE; ref = lex->refs[ref].next) {
            uint32_t role = lex->refs[ref].symbol == SYMBOL_ID_FOREIGN ? WORD_FOREIGN : WORD_SUBJECT;
            roles |= role * lex->refs[ref].langs;
        }
    }
    if (!(roles & WORD_KNOWN) && stem_of(&lex->learnt_stems, lex->learnt_lengths, word, len) != TABLE_NONE)
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
    const struct spell_word *nearest = spell_nearest(lex->spell, word, len);
    return nearest ? nearest->text : NULL;
}

static void each_ref(const struct lexicon *lex, uint32_t entry, size_t count,
                     void (*each)(void *user, const struct lexicon_hit *hit), void *user)
{
    for (uint32_t at = lex->entries[entry].first_ref; at != TABLE_NONE; at = lex->refs[at].next) {
        const struct lexicon_ref *ref = &lex->refs[at];
        struct lexicon_hit hit = {.symbol = ref->symbol,
                                  .type = ref->type,
                                  .order = {ref->order[LANG_FR], ref->order[LANG_EN]},
                                  .count = (uint8_t)count,
                                  .langs = ref->langs,
                                  .kind = ref->kind,
                                  .outside = ref->outside};
        each(user, &hit);
    }
}

void lexicon_hits(const struct lexicon *lex, const uint64_t *hashes, const char *const *words, const uint16_t *lens,
                  size_t n, void (*each)(void *user, const struct lexicon_hit *hit), void *user)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i++) {
        hash = table_hash_next(hash, hashes[i]);
        uint32_t entry = table_get(&lex->phrases, hash);
        if (entry == TABLE_NONE)
            break;
        each_ref(lex, entry, i + 1, each, user);
        if (!lex->entries[entry].goes_on)
            break;
    }
    for (size_t len = lens[0] < 63 ? lens[0] : 63; len >= STEM_MIN; len--) {
        if (!(lex->stem_lengths >> len & 1))
            continue;
        uint32_t entry = table_get(&lex->stems, table_hash(words[0], len));
        if (entry != TABLE_NONE)
            each_ref(lex, entry, 1, each, user);
    }
}
