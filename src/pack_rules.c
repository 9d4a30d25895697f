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
#include "require.h"

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
    static const char signs[] = "(|)";
    int depth = 0;
    for (s += strcspn(s, signs); s < end && (depth || *s != '|'); s += 1 + strcspn(s + 1, signs)) {
        depth += *s == '(';
        depth -= *s == ')';
    }
    return s;
}

/* Is the ')' that closes the '(' at the beginning the last sign? */
static int closes_at_end(const char *text, size_t len)
{
    size_t i = 0;
    for (int depth = 1; depth && i < len;) {
        i += 1 + strcspn(text + i + 1, "()");
        depth += text[i] == '(';
        depth -= text[i] == ')';
    }
    return i == len - 1;
}

/* Lists of the pack: behind each other in one array, so that a hundred thousand of them cost no more than their
 * numbers.
 */
static int keep_numbers(struct pack_reading *g, const uint32_t *numbers, size_t n, uint32_t *at)
{
    struct pack *pack = g->pack;
    *at = (uint32_t)pack->n_numbers;
    for (size_t i = 0; i < n; i++) {
        if (array_room((void **)&pack->numbers, pack->n_numbers, sizeof(*pack->numbers)) != FAQD_OK)
            return pack_no_memory(g);
        pack->numbers[pack->n_numbers++] = numbers[i];
    }
    return FAQD_OK;
}

/* Lists that a term has: its program, its needs. */
static int keep_needs(struct pack_reading *g, const uint32_t *sets, size_t n, struct term *term)
{
    uint32_t at = 0;
    int rc = keep_numbers(g, sets, n, &term->needs);
    return rc == FAQD_OK ? keep_numbers(g, &(uint32_t){0}, 1, &at) : rc;
}

/* The term is one of the set's needs. */
static int make_one_of(struct pack_reading *g, uint32_t set, struct term *term)
{
    if (set == TABLE_NONE)
        return pack_no_memory(g);
    term->kind = TERM_ONE_OF;
    term->at = set;
    return keep_needs(g, &set, 1, term);
}

/* Needs of a term, as far as they were read. */
struct one_of {
    struct pack_reading *g;
    enum lang lang;
    uint32_t needs[TERM_NEEDS_MAX];
    size_t n;
};

static int is_one_word(void *user, const char *phrase, size_t len, int stem)
{
    size_t *n = user;
    (void)phrase;
    (void)len;
    return stem || ++*n > TERM_NEEDS_MAX - 1 ? FAQD_DECLINED : FAQD_OK;
}

static int add_word(void *user, const char *phrase, size_t len, int stem)
{
    struct one_of *o = user;
    struct lexicon *lexicon = o->g->pack->lexicon;
    uint32_t word = lexicon_learn(lexicon, phrase, len, stem, o->lang) == FAQD_OK ? lexicon_number(lexicon, phrase, len)
                                                                                  : TABLE_NONE;
    if (word == TABLE_NONE || o->n == TERM_NEEDS_MAX)
        return FAQD_ENOMEM;
    o->needs[o->n++] = NEED(NEED_WORD, word);
    return FAQD_OK;
}

/* Plain words: each by itself if each is one word, else as a symbol of their own. */
static int add_words(struct one_of *o, const char *words, size_t len)
{
    char grouped[FORM_BYTES_MAX + 2];
    size_t n = o->n;
    uint32_t symbol = 0;
    form_group(words, len, grouped);
    if (!strchr(words, ' ') && form_expand(grouped, is_one_word, &n, NULL) == FAQD_OK)
        return form_expand(grouped, add_word, o, NULL) == FAQD_OK ? FAQD_OK : pack_no_memory(o->g);
    int rc = lexicon_phrase(o->g->pack->lexicon, words, o->lang, &symbol);
    if (rc == FAQD_ELIMIT)
        return jread_fail(&o->g->r, rc, "more than %d classes, entities and different words in patterns",
                          LEXICON_SYMBOLS_MAX);
    if (rc != FAQD_OK)
        return rc == FAQD_DECLINED ? rc : pack_no_memory(o->g);
    o->needs[o->n++] = NEED(NEED_NAMED, symbol);
    return FAQD_OK;
}

/* Read a term whose alternatives are {names} and plain words, "({a}|{b}|some words)", so that nothing need be searched
 * for. FAQD_DECLINED: it is anything else. */
static int read_one_of(struct pack_reading *g, const char *text, struct term *term)
{
    struct one_of o = {.g = g, .lang = (enum lang)term->lang};
    char words[FORM_BYTES_MAX];
    size_t words_len = 0;
    size_t len = strlen(text);
    if (len > 2 && text[0] == '(' && closes_at_end(text, len)) {
        text += 1;
        len -= 2;
    }
    for (const char *s = text, *end = text + len; s <= end;) {
        const char *stop = alternative(s, end);
        size_t part = (size_t)(stop - s);
        uint32_t symbol = named(g, s, part);
        if (symbol != SYMBOL_NONE && o.n < TERM_NEEDS_MAX - 1) {
            o.needs[o.n++] = NEED(NEED_NAMED, symbol);
        } else if (!part || memchr(s, '{', part) || words_len + part + 2 > sizeof(words)) {
            return FAQD_DECLINED;
        } else {
            if (words_len)
                words[words_len++] = '|';
            memcpy(words + words_len, s, part);
            words_len += part;
        }
        s = stop + 1;
    }
    words[words_len] = '\0';
    int rc = words_len ? add_words(&o, words, words_len) : FAQD_OK;
    return rc == FAQD_OK ? make_one_of(g, literals_set(&g->pack->literals, o.needs, o.n), term) : rc;
}

/* Write out one {name} at *s; *s is left behind it. Braces that hold no name are PCRE2's quantifiers. FAQD_EINVAL: the
 * lexicon has no such words; `name` says which. */
static int expand_name(const struct pack *pack, const char **s, enum lang lang, struct str *out, char name[160])
{
    size_t len = strcspn(*s + 1, "}");
    if ((*s)[1] < 'a' || (*s)[1] > 'z' || (*s)[1 + len] != '}' || len + 1 > 160) {
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
    uint32_t symbol = lexicon_find(pack->lexicon, name);
    if (symbol == SYMBOL_NONE || symbol == SYMBOL_ID_FOREIGN || symbol == SYMBOL_ID_CONVERSATION)
        return FAQD_EINVAL;
    return lexicon_expand(pack->lexicon, symbol, lang, out);
}

static int expand(const struct pack *pack, const char *text, enum lang lang, struct str *out, char name[160])
{
    int rc = FAQD_OK;
    for (const char *s = text; rc == FAQD_OK && *s;) {
        if (*s == '\\' && s[1]) {
            str_add(out, s, 2);
            s += 2;
        } else if (*s == '{') {
            rc = expand_name(pack, &s, lang, out, name);
        } else {
            str_addc(out, *s++);
        }
    }
    return out->error ? out->error : rc;
}

int pack_term_regex(const struct pack *pack, const char *text, enum lang lang, struct str *out)
{
    char name[160];
    return expand(pack, text, lang, out, name);
}

/* Why a term could not be written out. */
static int refuse_expansion(struct pack_reading *g, int rc, enum lang lang, const char *name)
{
    const struct lexicon *lexicon = g->pack->lexicon;
    uint32_t symbol = lexicon_find(lexicon, name);
    if (rc == FAQD_ENOMEM)
        return pack_no_memory(g);
    if (rc == FAQD_ELIMIT)
        return jread_fail(&g->r, rc, "too long with its word classes written out");
    if (symbol != SYMBOL_NONE && symbol != SYMBOL_ID_FOREIGN && symbol != SYMBOL_ID_CONVERSATION)
        return jread_fail(&g->r, rc, "{%s} has no words in \"%s\"", name, lang_names[lang]);
    const char *near = lexicon_nearest(lexicon, name);
    return jread_fail(&g->r, rc, "the lexicon has no class or entity {%s}%s%s%s", name, near ? "; did you mean {" : "",
                      near ? near : "", near ? "}?" : "");
}

int pack_keep_groups(struct pack_reading *g, const struct term_groups *groups, struct term *term)
{
    struct pack *pack = g->pack;
    term->groups = TERM_NO_GROUPS;
    if (!groups->n)
        return FAQD_OK;
    if (array_room((void **)&pack->groups, pack->n_groups, sizeof(*pack->groups)) != FAQD_OK)
        return pack_no_memory(g);
    term->groups = (uint32_t)pack->n_groups;
    pack->groups[pack->n_groups++] = *groups;
    return FAQD_OK;
}

/* What the text of a term that is PCRE2's plainly needs: one group, or none. */
struct needing {
    struct pack_reading *g;
    uint32_t needs[PROGRAM_NEEDS_MAX];
    uint32_t n;
};

static int need(struct needing *n, uint32_t need)
{
    if (n->n < PROGRAM_NEEDS_MAX)
        n->needs[n->n] = need;
    n->n++;
    return FAQD_OK;
}

static int need_word(void *user, const char *word, size_t len)
{
    struct needing *n = user;
    uint32_t number = lexicon_number(n->g->pack->lexicon, word, len);
    return number == TABLE_NONE ? FAQD_ENOMEM : need(n, NEED(NEED_WORD, number));
}

static int need_part(void *user, enum part_kind kind, const char *letters, size_t len)
{
    struct needing *n = user;
    uint32_t number = literals_part(&n->g->pack->literals, kind, letters, len);
    return number == TABLE_NONE ? FAQD_ENOMEM : need(n, NEED(NEED_PART, number));
}

static int need_symbol(void *user, uint32_t symbol)
{
    return need(user, NEED(NEED_SYMBOL, symbol));
}

static int read_needs(struct pack_reading *g, const char *text, struct term *term)
{
    struct needing n = {.g = g};
    struct require_sink sink = {need_word, need_part, need_symbol, &n};
    int rc = require_read(g->pack->lexicon, text, &sink);
    if (rc == FAQD_ENOMEM)
        return pack_no_memory(g);
    uint32_t set = 0; /* none */
    if (rc == FAQD_OK && n.n && n.n <= PROGRAM_NEEDS_MAX)
        set = literals_set(&g->pack->literals, n.needs, n.n);
    return set == TABLE_NONE ? pack_no_memory(g) : keep_needs(g, &set, set > 0, term);
}

/* What is no program is PCRE2's: written out here, compiled by pack_compile_patterns. */
static int make_pattern(struct pack_reading *g, const char *text, struct term *term)
{
    struct pack *pack = g->pack;
    struct term_pattern made = {0};
    struct str out;
    char name[160] = "";
    str_init(&out, EXPANDED_MAX);
    int rc = expand(pack, text, (enum lang)term->lang, &out, name);
    if (rc != FAQD_OK)
        rc = refuse_expansion(g, rc, (enum lang)term->lang, name);
    else if (!(made.expanded = pack_keep(g, str_text(&out))))
        rc = FAQD_ENOMEM;
    str_free(&out);
    if (rc != FAQD_OK)
        return rc;
    if (array_room((void **)&pack->patterns, pack->n_patterns, sizeof(made)) != FAQD_OK)
        return pack_no_memory(g);
    term->kind = TERM_PATTERN;
    term->at = (uint32_t)pack->n_patterns;
    pack->patterns[pack->n_patterns++] = made;
    return read_needs(g, text, term);
}

static int compile_program(struct pack_reading *g, const char *text, struct term *term)
{
    const struct program *program = NULL;
    struct term_groups groups = {0};
    int rc = program_compile(g->compiler, text, (enum lang)term->lang, &program);
    if (rc != FAQD_OK)
        return rc == FAQD_DECLINED ? rc : pack_no_memory(g);
    if (program->decided)
        return make_one_of(g, program->needs[0], term);
    term->kind = TERM_PROGRAM;
    groups.n = (uint32_t)program->n_groups;
    memcpy(groups.types, program->group_types, sizeof(groups.types));
    rc = keep_needs(g, program->needs, program->n_needs, term);
    if (rc == FAQD_OK)
        rc = keep_numbers(g, program->steps, program->n_steps, &term->at);
    return rc == FAQD_OK ? pack_keep_groups(g, &groups, term) : rc;
}

static int compile(struct pack_reading *g, const char *text, struct term *term)
{
    struct teaching teaching = {g, (enum lang)term->lang};
    int rc = compile_program(g, text, term);
    if (rc == FAQD_DECLINED)
        rc = make_pattern(g, text, term);
    if (rc == FAQD_OK && form_words(text, learn, &teaching) != FAQD_OK)
        rc = pack_no_memory(g);
    return rc;
}

/* The term of this text, made if it is new. `kept`: the same text where it stays, or NULL. */
static int find_term(struct pack_reading *g, const char *text, const char *kept, enum lang lang, uint32_t *out)
{
    struct pack *pack = g->pack;
    uint64_t hash = table_hash_next((uint64_t)lang + 1, table_hash_long(text, strlen(text)));
    *out = table_get(&g->term_ids, hash);
    if (*out != TABLE_NONE) {
        pack->terms[*out].shared = 1;
        return FAQD_OK;
    }
    if (array_room((void **)&pack->terms, pack->n_terms, sizeof(*pack->terms)) != FAQD_OK ||
        array_room((void **)&pack->term_texts, pack->n_terms, sizeof(*pack->term_texts)) != FAQD_OK)
        return pack_no_memory(g);
    struct term term = {
        .lang = (uint8_t)lang, .groups = TERM_NO_GROUPS, .wants_unknown = strstr(text, "{unknown}") != NULL};
    pack->term_texts[pack->n_terms] = kept ? kept : pack_keep(g, text);
    if (!pack->term_texts[pack->n_terms])
        return FAQD_ENOMEM;
    int rc = read_one_of(g, text, &term);
    if (rc == FAQD_DECLINED)
        rc = compile(g, text, &term);
    *out = (uint32_t)pack->n_terms;
    if (rc == FAQD_OK && table_put(&g->term_ids, hash, *out) != FAQD_OK)
        rc = pack_no_memory(g);
    if (rc == FAQD_OK)
        pack->terms[pack->n_terms++] = term;
    return rc;
}

/* A pattern being read. */
struct rule_reading {
    const char *text;
    struct rule rule;
    uint32_t with[RULE_TERMS_MAX];
    uint32_t without[RULE_TERMS_MAX];
};

/* One "&" part: text[0, len). */
static int read_term(struct pack_reading *g, const char *part, size_t len, struct rule_reading *reading)
{
    struct rule *rule = &reading->rule;
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
    const char *kept = strcmp(reading->text, text) == 0 ? reading->text : NULL;
    return find_term(g, text, kept, (enum lang)rule->lang, (negative ? reading->without : reading->with) + (*n)++);
}

static int read_pattern(struct pack_reading *g, struct rule_reading *reading)
{
    struct rule *rule = &reading->rule;
    int rc = FAQD_OK;
    for (const char *part = reading->text; rc == FAQD_OK && part;) {
        const char *next = strchr(part, '&');
        rc = read_term(g, part, next ? (size_t)(next - part) : strlen(part), reading);
        part = next ? next + 1 : NULL;
    }
    if (rc == FAQD_OK && !rule->n_with)
        rc = jread_fail(&g->r, FAQD_EINVAL, "needs a part that must be there, not only !parts");
    if (rc == FAQD_OK)
        rc = keep_numbers(g, reading->with, rule->n_with, &rule->terms);
    uint32_t at = 0;
    return rc == FAQD_OK ? keep_numbers(g, reading->without, rule->n_without, &at) : rc;
}

static int keep_rule(struct pack_reading *g, const struct rule_reading *reading)
{
    struct pack *pack = g->pack;
    if (array_room((void **)&pack->rules, pack->n_rules, sizeof(*pack->rules)) != FAQD_OK ||
        array_room((void **)&pack->rule_texts, pack->n_rules, sizeof(*pack->rule_texts)) != FAQD_OK)
        return pack_no_memory(g);
    pack->rule_texts[pack->n_rules] = reading->text;
    pack->rules[pack->n_rules++] = reading->rule;
    return FAQD_OK;
}

/* "\b" within quotes of JSON is a backspace, which no message holds. */
static int has_control(const char *text)
{
    for (const char *s = text; *s; s++)
        if ((unsigned char)*s < ' ')
            return 1;
    return 0;
}

int pack_read_patterns(struct pack_reading *g, const json_t *list, uint32_t intent, enum lang lang)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        size_t mark = jread_element(&g->r, i);
        struct rule_reading reading = {.rule = {.intent = intent, .lang = (uint8_t)lang}};
        if (!text || !text[0])
            rc = jread_fail(&g->r, FAQD_EINVAL, "must be a text in quotes that is not empty");
        else if (has_control(text))
            rc = jread_fail(&g->r, FAQD_EINVAL, "holds a control character: a backslash is written twice, \"\\\\b\"");
        else if (!(reading.text = pack_keep(g, text)))
            rc = FAQD_ENOMEM;
        if (rc == FAQD_OK)
            rc = read_pattern(g, &reading);
        if (rc == FAQD_OK)
            rc = keep_rule(g, &reading);
        jread_leave(&g->r, mark);
    }
    return rc;
}
