/* SPDX-License-Identifier: MIT
 *
 * lexicon_read.c - lexicon.json -> struct lexicon. Every complaint names the file and the JSON path.
 */
#include "lexicon_private.h"

#include "jread.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct jread *r;
    struct lexicon *lex;
};

static int no_memory(struct reading *g)
{
    return jread_fail(g->r, FAQD_ENOMEM, "out of memory");
}

static int valid_id(const char *id)
{
    size_t len = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len < 64 && id[len] == '\0';
}

/* Words and forms are folded: what a message is folded to could never match anything else. `signs`: that may stand
 * among the letters. */
static int folded(const char *text, const char *signs)
{
    const char *s = text;
    while ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || (*s && strchr(signs, *s)))
        s++;
    return text[0] != ' ' && s > text && !*s;
}

static int read_form(struct reading *g, const json_t *value, uint32_t symbol, enum lang lang)
{
    const char *form = json_string_value(value);
    const char *why = NULL;
    int rc = form && form[0] != ' ' ? lexicon_add_form(g->lex, form, symbol, lang, &why) : FAQD_EINVAL;
    if (rc == FAQD_ENOMEM)
        return no_memory(g);
    if (rc != FAQD_OK && (!form || !folded(form, " ?()|*")))
        return jread_fail(g->r, FAQD_EINVAL,
                          "must be a folded text: a-z, 0-9, single spaces, x?, (a|b), (a|b)?, a * at the end");
    if (rc != FAQD_OK)
        return jread_fail(g->r, rc, "\"%.80s\": %s", form,
                          why ? why : "a stem needs three letters, a phrase has at most 12 words");
    return FAQD_OK;
}

/* The forms of a symbol in one language. */
static int read_forms(struct reading *g, const json_t *object, uint32_t id, enum lang lang)
{
    struct str *texts = &g->lex->forms;
    json_t *list = NULL;
    int rc = jread_array(g->r, object, lang_names[lang], 0, &list);
    size_t n = json_array_size(list);
    g->lex->symbols[id].forms[lang] = (uint32_t)texts->len;
    g->lex->symbols[id].n_forms[lang] = (uint32_t)n;
    size_t mark = jread_enter(g->r, lang_names[lang]);
    for (size_t i = 0; rc == FAQD_OK && i < n; i++) {
        const json_t *value = json_array_get(list, i);
        size_t element = jread_element(g->r, i);
        rc = read_form(g, value, id, lang);
        if (rc == FAQD_OK)
            str_add(texts, json_string_value(value), json_string_length(value) + 1);
        jread_leave(g->r, element);
    }
    jread_leave(g->r, mark);
    return rc == FAQD_OK && texts->error ? no_memory(g) : rc;
}

/* A new symbol under its full name; an id of another one is refused. */
static int new_symbol(struct reading *g, enum symbol_kind kind, const char *full_name, const char *name, uint32_t *id)
{
    struct lexicon *lex = g->lex;
    if (!valid_id(name))
        return jread_fail(g->r, FAQD_EINVAL, "an id is [a-z0-9_]+, at most 63 of them");
    uint64_t hash = table_hash(full_name, strlen(full_name));
    if (table_get(&lex->names, hash) != TABLE_NONE)
        return jread_fail(g->r, FAQD_EINVAL, "there is a class or entity type of this name already");
    struct symbol symbol = {.kind = kind, .name = arena_text(lex->arena, name, strlen(name)), .topic = ""};
    int rc = symbol.name ? lexicon_add_symbol(lex, &symbol, id) : FAQD_ENOMEM;
    if (rc == FAQD_ELIMIT)
        return jread_fail(g->r, rc, "more than %d classes and entities", LEXICON_SYMBOLS_MAX);
    return rc == FAQD_OK && table_put(&lex->names, hash, *id) == FAQD_OK ? FAQD_OK : no_memory(g);
}

static int read_outside(struct reading *g, const json_t *value, uint32_t id)
{
    int outside = 0;
    int rc = jread_flag(g->r, value, "outside", &outside);
    g->lex->symbols[id].outside = outside != 0;
    return rc;
}

static int read_class(struct reading *g, const char *name, const json_t *value)
{
    static const char *const keys[] = {"outside", "fr", "en"};
    uint32_t id = 0;
    int rc = jread_keys(g->r, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK)
        rc = new_symbol(g, SYMBOL_CLASS, name, name, &id);
    if (rc == FAQD_OK)
        rc = read_outside(g, value, id);
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++)
        rc = read_forms(g, value, id, (enum lang)lang);
    return rc;
}

static int read_display(struct reading *g, const json_t *value, struct symbol *symbol)
{
    const json_t *names = json_object_get(value, "name");
    size_t mark = jread_enter(g->r, "name");
    int rc = jread_keys(g->r, names, lang_names, LANGS);
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++) {
        const char *text = NULL;
        rc = jread_text(g->r, names, lang_names[lang], 1, &text);
        if (rc == FAQD_OK && (!text[0] || !text_printable(text, strlen(text))))
            rc = jread_fail(g->r, FAQD_EINVAL, "\"%s\" is empty or not printable: a name is shown to people",
                            lang_names[lang]);
        if (rc == FAQD_OK && !(symbol->display[lang] = arena_text(g->lex->arena, text, strlen(text))))
            rc = no_memory(g);
    }
    jread_leave(g->r, mark);
    return rc;
}

static int read_entity(struct reading *g, uint32_t type, const char *name, const json_t *value)
{
    static const char *const keys[] = {"name", "topic", "outside", "fr", "en"};
    char full[160];
    uint32_t id = 0;
    const char *topic = NULL;
    snprintf(full, sizeof(full), "%s:%s", g->lex->symbols[type].name, name);
    int rc = jread_keys(g->r, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK)
        rc = new_symbol(g, SYMBOL_ENTITY, full, name, &id);
    if (rc != FAQD_OK)
        return rc;
    struct symbol *symbol = &g->lex->symbols[id];
    symbol->type = type;
    rc = read_outside(g, value, id);
    if (rc == FAQD_OK)
        rc = jread_text(g->r, value, "topic", 0, &topic);
    if (rc == FAQD_OK && topic && !(symbol->topic = arena_text(g->lex->arena, topic, strlen(topic))))
        rc = no_memory(g);
    if (rc == FAQD_OK)
        rc = read_display(g, value, symbol);
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++)
        rc = read_forms(g, value, id, (enum lang)lang);
    return rc;
}

typedef int member_fn(struct reading *g, uint32_t arg, const char *key, const json_t *value);

/* Call fn for every member of an object, with the path entered. */
static int each_member(struct reading *g, const json_t *object, member_fn *fn, uint32_t arg)
{
    int rc = jread_object(g->r, object);
    if (rc != FAQD_OK)
        return rc;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t mark = jread_enter(g->r, key);
        rc = fn(g, arg, key, value);
        jread_leave(g->r, mark);
        if (rc != FAQD_OK)
            break;
    }
    return rc;
}

static int class_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    return read_class(g, key, value);
}

static int entity_member(struct reading *g, uint32_t type, const char *key, const json_t *value)
{
    return read_entity(g, type, key, value);
}

static int type_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    uint32_t id = 0;
    int rc = new_symbol(g, SYMBOL_TYPE, key, key, &id);
    return rc == FAQD_OK ? each_member(g, value, entity_member, id) : rc;
}

/* A line of single words that get a role. */
static int read_line(struct reading *g, const char *line, uint32_t role)
{
    while (*line) {
        size_t len = strcspn(line, " ");
        if (len && lexicon_add_word(g->lex, line, len, role) != FAQD_OK)
            return no_memory(g);
        line += len + (line[len] == ' ');
    }
    return FAQD_OK;
}

/* A list of lines of words: a list of ten thousand texts would take longer to parse than all the rest. */
static int read_words(struct reading *g, const json_t *list, uint32_t role)
{
    if (!json_is_array(list))
        return jread_fail(g->r, FAQD_EINVAL, "must be a list [...]");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *line = json_string_value(json_array_get(list, i));
        size_t mark = jread_element(g->r, i);
        if (!line || !folded(line, " "))
            return jread_fail(g->r, FAQD_EINVAL, "must be folded words with spaces between: a-z, 0-9");
        int rc = read_line(g, line, role);
        if (rc != FAQD_OK)
            return rc;
        jread_leave(g->r, mark);
    }
    return FAQD_OK;
}

static int role_member(struct reading *g, uint32_t role, const char *key, const json_t *value)
{
    int lang = lang_find(key);
    if (lang < 0)
        return jread_fail(g->r, FAQD_EINVAL, "the languages are fr and en");
    return read_words(g, value, WORD_IN(role, lang));
}

static int other_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    (void)key;
    return read_words(g, value, WORD_OTHER);
}

static int ordinary_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    if (lang_find(key) < 0)
        return jread_fail(g->r, FAQD_EINVAL, "the languages are fr and en");
    return read_words(g, value, WORD_ORDINARY);
}

static int foreign_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    int lang = lang_find(key);
    if (lang < 0 || !json_is_array(value))
        return jread_fail(g->r, FAQD_EINVAL, "must be a list [...] for fr or en");
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = jread_element(g->r, i);
        int rc = read_form(g, json_array_get(value, i), SYMBOL_ID_FOREIGN, (enum lang)lang);
        if (rc != FAQD_OK)
            return rc;
        jread_leave(g->r, mark);
    }
    return FAQD_OK;
}

static int shorthand_word(struct reading *g, uint32_t lang, const char *key, const json_t *value)
{
    struct lexicon *lex = g->lex;
    const char *text = json_string_value(value);
    if (!text || !folded(text, " ") || !folded(key, ""))
        return jread_fail(g->r, FAQD_EINVAL, "shorthand is one folded word and the folded words that it stands for");
    uint32_t at = (uint32_t)(lex->shorthand[LANG_FR].used + lex->shorthand[LANG_EN].used);
    const char *copy = arena_text(lex->arena, text, strlen(text));
    const char **bigger = realloc(lex->expansions, (at + 1) * sizeof(*bigger));
    if (bigger)
        lex->expansions = bigger;
    if (!copy || !bigger || table_put(&lex->shorthand[lang], table_hash(key, strlen(key)), at) != FAQD_OK)
        return no_memory(g);
    lex->expansions[at] = copy;
    return FAQD_OK;
}

static int shorthand_member(struct reading *g, uint32_t arg, const char *key, const json_t *value)
{
    (void)arg;
    int lang = lang_find(key);
    if (lang < 0)
        return jread_fail(g->r, FAQD_EINVAL, "the languages are fr and en");
    return each_member(g, value, shorthand_word, (uint32_t)lang);
}

static int read_root(struct reading *g, const json_t *root)
{
    static const struct {
        const char *key;
        member_fn *fn;
        uint32_t arg;
    } parts[] = {
        {"classes", class_member, 0},
        {"entities", type_member, 0},
        {"function", role_member, WORD_FUNCTION},
        {"neutral", role_member, WORD_NEUTRAL},
        {"foreign", foreign_member, 0},
        {"shorthand", shorthand_member, 0},
        {"other_languages", other_member, 0},
        {"ordinary", ordinary_member, 0},
    };
    const char *keys[sizeof(parts) / sizeof(parts[0])];
    size_t n = sizeof(parts) / sizeof(parts[0]);
    for (size_t i = 0; i < n; i++)
        keys[i] = parts[i].key;
    int rc = jread_keys(g->r, root, keys, n);
    for (size_t i = 0; rc == FAQD_OK && i < n; i++) {
        const json_t *part = json_object_get(root, parts[i].key);
        size_t mark = jread_enter(g->r, parts[i].key);
        if (part)
            rc = each_member(g, part, parts[i].fn, parts[i].arg);
        jread_leave(g->r, mark);
    }
    return rc;
}

static int start(struct lexicon *lex)
{
    static const struct symbol fixed[SYMBOL_ID_FIRST] = {
        {.kind = SYMBOL_FOREIGN, .name = "another_subject", .topic = ""},
        {.kind = SYMBOL_UNKNOWN, .name = "unknown", .topic = ""},
        {.kind = SYMBOL_CONVERSATION, .name = "in_conversation", .topic = ""},
    };
    str_init(&lex->loading.words, UINT32_MAX / 2);
    str_init(&lex->forms, LEXICON_BYTES_MAX);
    for (uint32_t i = 0; i < SYMBOL_ID_FIRST; i++) {
        uint32_t id = 0;
        if (lexicon_add_symbol(lex, &fixed[i], &id) != FAQD_OK ||
            table_put(&lex->names, table_hash(fixed[i].name, strlen(fixed[i].name)), id) != FAQD_OK)
            return FAQD_ENOMEM;
    }
    return FAQD_OK;
}

int lexicon_read(struct jread *r, const json_t *root, struct arena *arena, struct lexicon **out)
{
    struct reading g = {.r = r, .lex = calloc(1, sizeof(*g.lex))};
    int rc = FAQD_ENOMEM;
    *out = NULL;
    if (g.lex && (g.lex->loading.phrases = phrases_builder_new()) && start(g.lex) == FAQD_OK) {
        g.lex->arena = arena;
        rc = read_root(&g, root);
    } else {
        no_memory(&g);
    }
    if (rc != FAQD_OK) {
        lexicon_free(g.lex);
        return rc;
    }
    *out = g.lex;
    return FAQD_OK;
}
