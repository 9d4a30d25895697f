/* SPDX-License-Identifier: MIT
 *
 * pack_rules.c - a pattern as an author writes it ("{how_many} (de )?{seance} & !{price}") becomes a rule over terms.
 *
 * Terms that say the same in the same language are one: a pack of some thousand patterns has a few hundred terms, each
 * compiled once and looked for at most once a window.
 */
#include "pack_private.h"

#include "array.h"
#include "form.h"

#include <stdio.h>
#include <string.h>

#define EXPANDED_MAX PATTERN_TEXT_MAX

struct teaching {
    struct pack_reading *g;
    enum lang lang;
};

static int learn(void *user, const char *word, size_t len, int stem)
{
    struct teaching *t = user;
    return lexicon_learn(t->g->pack->lexicon, word, len, stem, t->lang);
}

/* The symbol that an alternative "{name}" is; SYMBOL_NONE: it is something else, or unknown. */
static uint32_t named(const struct pack_reading *g, const char *text, size_t len)
{
    char name[160];
    if (len < 3 || len > sizeof(name) || text[0] != '{' || memchr(text, '}', len) != text + len - 1)
        return SYMBOL_NONE;
    memcpy(name, text + 1, len - 2);
    name[len - 2] = '\0';
    return lexicon_find(g->pack->lexicon, name);
}

/* The end of the alternative at s: a '|' outside all brackets, or the end of the text. */
static const char *alternative(const char *s, const char *end)
{
    int depth = 0;
    for (; s < end && (depth || *s != '|'); s++) {
        depth += *s == '(';
        depth -= *s == ')';
    }
    return s;
}

/* Is the ')' that closes the '(' at the beginning the last sign? */
static int closes_at_end(const char *text, size_t len)
{
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += text[i] == '(';
        depth -= text[i] == ')';
        if (!depth)
            return i == len - 1;
    }
    return 0;
}

/* Read a term whose alternatives are {names} and plain words, "({a}|{b}|some words)", as symbols, so that it needs no
 * regular expression; the words become a symbol of their own. FAQD_DECLINED: it is anything else. */
static int read_symbols(struct pack_reading *g, const char *text, struct term *term)
{
    char words[FORM_BYTES_MAX] = "";
    size_t words_len = 0;
    size_t n = 0;
    size_t len = strlen(text);
    if (len > 2 && text[0] == '(' && closes_at_end(text, len)) {
        text += 1;
        len -= 2;
    }
    for (const char *s = text, *end = text + len; s <= end;) {
        const char *stop = alternative(s, end);
        size_t part = (size_t)(stop - s);
        uint32_t symbol = named(g, s, part);
        if (symbol != SYMBOL_NONE && n < TERM_SYMBOLS_MAX - 1) {
            term->symbols[n++] = symbol;
        } else if (!part || memchr(s, '{', part) || words_len + part + 2 > sizeof(words)) {
            return FAQD_DECLINED;
        } else {
            words_len += (size_t)snprintf(words + words_len, sizeof(words) - words_len, "%s%.*s", words_len ? "|" : "",
                                          (int)part, s);
        }
        s = stop + 1;
    }
    if (words_len) {
        int rc = lexicon_phrase(g->pack->lexicon, words, term->lang, &term->symbols[n++]);
        if (rc != FAQD_OK)
            return rc;
    }
    term->n_symbols = n;
    return FAQD_OK;
}

/* Write out one {name} at *s; *s is left behind it. Braces that hold no name are PCRE2's quantifiers. */
static int expand_name(struct pack_reading *g, const char **s, enum lang lang, struct str *out)
{
    char name[160];
    size_t len = strcspn(*s + 1, "}");
    if ((*s)[1] < 'a' || (*s)[1] > 'z' || (*s)[1 + len] != '}' || len + 1 > sizeof(name)) {
        str_addc(out, *(*s)++);
        return FAQD_OK;
    }
    memcpy(name, *s + 1, len);
    name[len] = '\0';
    *s += len + 2;
    if (strcmp(name, "gap") == 0) {
        str_adds(out, "(?:\\w+ ){0,3}");
        return FAQD_OK;
    }
    if (strcmp(name, "unknown") == 0) {
        str_adds(out, "_\\w+");
        return FAQD_OK;
    }
    uint32_t symbol = lexicon_find(g->pack->lexicon, name);
    if (symbol == SYMBOL_NONE || symbol == SYMBOL_ID_FOREIGN || symbol == SYMBOL_ID_CONVERSATION) {
        const char *near = lexicon_nearest(g->pack->lexicon, name);
        return jread_fail(&g->r, FAQD_EINVAL, "the lexicon has no class or entity {%s}%s%s%s", name,
                          near ? "; did you mean {" : "", near ? near : "", near ? "}?" : "");
    }
    int rc = lexicon_expand(g->pack->lexicon, symbol, lang, out);
    return rc == FAQD_EINVAL ? jread_fail(&g->r, rc, "{%s} has no words in \"%s\"", name, lang_names[lang]) : FAQD_OK;
}

static int expand(struct pack_reading *g, const char *text, enum lang lang, struct str *out)
{
    int rc = FAQD_OK;
    for (const char *s = text; rc == FAQD_OK && *s;) {
        if (*s == '\\' && s[1]) {
            str_add(out, s, 2);
            s += 2;
        } else if (*s == '{') {
            rc = expand_name(g, &s, lang, out);
        } else {
            str_addc(out, *s++);
        }
    }
    if (rc == FAQD_OK && out->error)
        rc = jread_fail(&g->r, out->error,
                        out->error == FAQD_ENOMEM ? "out of memory" : "too long with its word classes written out");
    return rc;
}

/* The types whose slots the named groups are. */
static int read_groups(struct pack_reading *g, struct term *term)
{
    for (size_t i = 0; i < pattern_groups(term->pattern); i++) {
        const char *name = pattern_group_name(term->pattern, i);
        term->group_types[i] = lexicon_find(g->pack->lexicon, name);
        if (term->group_types[i] == SYMBOL_NONE ||
            lexicon_symbol(g->pack->lexicon, term->group_types[i])->kind != SYMBOL_TYPE)
            return jread_fail(&g->r, FAQD_EINVAL, "the named group (?<%.40s>...) is no entity type of the lexicon",
                              name);
    }
    return FAQD_OK;
}

static int compile(struct pack_reading *g, struct term *term)
{
    struct str out;
    struct err why = {0};
    str_init(&out, EXPANDED_MAX);
    int rc = expand(g, term->text, term->lang, &out);
    if (rc == FAQD_OK) {
        rc = pattern_new(str_text(&out), &why, &term->pattern);
        if (rc != FAQD_OK)
            jread_fail(&g->r, rc, "in \"%.120s\": %s", term->text, why.text);
    }
    if (rc == FAQD_OK && !(term->expanded = pack_keep(g, str_text(&out))))
        rc = FAQD_ENOMEM;
    str_free(&out);
    struct teaching teaching = {g, term->lang};
    if (rc == FAQD_OK && form_words(term->text, learn, &teaching) != FAQD_OK)
        rc = pack_no_memory(g);
    return rc == FAQD_OK ? read_groups(g, term) : rc;
}

/* The term of this text, made if it is new. */
static int find_term(struct pack_reading *g, const char *text, enum lang lang, uint32_t *out)
{
    struct pack *pack = g->pack;
    uint64_t hash = table_hash_next((uint64_t)lang + 1, table_hash(text, strlen(text)));
    *out = table_get(&g->term_ids, hash);
    if (*out != TABLE_NONE)
        return FAQD_OK;
    if (array_room((void **)&pack->terms, pack->n_terms, sizeof(*pack->terms)) != FAQD_OK)
        return pack_no_memory(g);
    struct term term = {.lang = lang, .text = pack_keep(g, text), .wants_unknown = strstr(text, "{unknown}") != NULL};
    if (!term.text)
        return FAQD_ENOMEM;
    int rc = read_symbols(g, text, &term);
    if (rc == FAQD_DECLINED)
        rc = compile(g, &term);
    else if (rc != FAQD_OK)
        return jread_fail(&g->r, rc, "out of memory, or too many patterns");
    *out = (uint32_t)pack->n_terms;
    if (rc == FAQD_OK && table_put(&g->term_ids, hash, *out) != FAQD_OK)
        rc = pack_no_memory(g);
    if (rc != FAQD_OK) {
        pattern_free(term.pattern);
        return rc;
    }
    pack->terms[pack->n_terms++] = term;
    return FAQD_OK;
}

/* One "&" part: text[0, len). */
static int read_term(struct pack_reading *g, const char *part, size_t len, struct rule *rule)
{
    char text[2048];
    int negative = 0;
    while (len && *part == ' ')
        part++, len--;
    while (len && part[len - 1] == ' ')
        len--;
    if (len && *part == '!') {
        negative = 1;
        part++, len--;
    }
    if (len == 6 && memcmp(part, "{only}", 6) == 0 && !negative) {
        rule->only = 1;
        return FAQD_OK;
    }
    if (!len || len >= sizeof(text))
        return jread_fail(&g->r, FAQD_EINVAL, "a part between & is empty, or longer than %zu bytes", sizeof(text) - 1);
    uint8_t *n = negative ? &rule->n_without : &rule->n_with;
    if (*n == RULE_TERMS_MAX)
        return jread_fail(&g->r, FAQD_ELIMIT, "more than %d parts of a kind", RULE_TERMS_MAX);
    memcpy(text, part, len);
    text[len] = '\0';
    return find_term(g, text, rule->lang, negative ? &rule->without[(*n)++] : &rule->with[(*n)++]);
}

static int read_pattern(struct pack_reading *g, const char *text, struct rule *rule)
{
    int rc = FAQD_OK;
    for (const char *part = text; rc == FAQD_OK && part;) {
        const char *next = strchr(part, '&');
        rc = read_term(g, part, next ? (size_t)(next - part) : strlen(part), rule);
        part = next ? next + 1 : NULL;
    }
    if (rc == FAQD_OK && !rule->n_with)
        rc = jread_fail(&g->r, FAQD_EINVAL, "needs a part that must be there, not only !parts");
    return rc;
}

int pack_read_patterns(struct pack_reading *g, const json_t *list, uint32_t intent, enum lang lang)
{
    struct pack *pack = g->pack;
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        size_t mark = jread_element(&g->r, i);
        struct rule rule = {.intent = intent, .number = (uint32_t)i, .lang = lang};
        if (!text || !text[0])
            rc = jread_fail(&g->r, FAQD_EINVAL, "must be a text in quotes that is not empty");
        if (rc == FAQD_OK)
            rc = read_pattern(g, text, &rule);
        if (rc == FAQD_OK && !(rule.text = pack_keep(g, text)))
            rc = FAQD_ENOMEM;
        if (rc == FAQD_OK && array_room((void **)&pack->rules, pack->n_rules, sizeof(rule)) != FAQD_OK)
            rc = pack_no_memory(g);
        if (rc == FAQD_OK)
            pack->rules[pack->n_rules++] = rule;
        jread_leave(&g->r, mark);
    }
    return rc;
}
