/* SPDX-License-Identifier: MIT
 *
 * pack_intents.c - one file of intents: its statements, its table, its intents in both languages.
 */
#include "pack_private.h"

#include "array.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static int find_source(const struct pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->n_sources; i++)
        if (strcmp(pack->sources[i].id, id) == 0)
            return (int)i;
    return -1;
}

static int read_from(struct pack_reading *g, const json_t *value, struct statement *statement)
{
    const char *const *ids = NULL;
    int rc = pack_texts(g, value, "from", &ids, &statement->n_sources);
    if (rc == FAQD_OK && !statement->n_sources)
        return jread_fail(&g->r, FAQD_EINVAL, "\"from\" must name at least one source: no statement without one");
    uint16_t *sources = arena_array(&g->pack->arena, statement->n_sources, sizeof(*sources));
    if (rc == FAQD_OK && !sources)
        return pack_no_memory(g);
    for (size_t i = 0; rc == FAQD_OK && i < statement->n_sources; i++) {
        int source = find_source(g->pack, ids[i]);
        if (source < 0)
            rc = jread_fail(&g->r, FAQD_EINVAL, "pack.json has no source \"%.60s\"", ids[i]);
        for (size_t j = 0; rc == FAQD_OK && j < i; j++) /* also: an answer has room for each source once */
            if (sources[j] == source)
                rc = jread_fail(&g->r, FAQD_EINVAL, "\"from\" names the source \"%.60s\" twice", ids[i]);
        sources[i] = (uint16_t)source;
    }
    statement->sources = sources;
    return rc;
}

/* The gaps of both languages are the same ones. Each {name} is well-formed. */
static int check_gaps(struct pack_reading *g, const struct statement *statement)
{
    for (int lang = 0; lang < LANGS; lang++) {
        for (const char *s = statement->text[lang]; (s = strchr(s, '{')); s++) {
            char gap[72];
            size_t len = strcspn(s, "}");
            if (s[len] != '}' || len < 2 || len + 2 > sizeof(gap))
                return jread_fail(&g->r, FAQD_EINVAL, "a gap is {name}");
            memcpy(gap, s, len + 1);
            gap[len + 1] = '\0';
            if (!strstr(statement->text[1 - lang], gap))
                return jread_fail(&g->r, FAQD_EINVAL, "the gap %s is missing in \"%s\"", gap, lang_names[1 - lang]);
        }
    }
    return FAQD_OK;
}

static int read_statement(struct pack_reading *g, const char *id, const json_t *value)
{
    static const char *const keys[] = {"fr", "en", "from"};
    struct pack *pack = g->pack;
    struct statement statement = {.file = g->file};
    int rc = jread_keys(&g->r, value, keys, sizeof(keys) / sizeof(keys[0]));
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++) {
        const char *text = NULL;
        rc = jread_text(&g->r, value, lang_names[lang], 1, &text);
        if (rc == FAQD_OK && (!text[0] || !text_printable(text, strlen(text))))
            rc = jread_fail(&g->r, FAQD_EINVAL, "\"%s\" is empty, or has control characters or line breaks",
                            lang_names[lang]);
        if (rc == FAQD_OK && !(statement.text[lang] = pack_keep(g, text)))
            rc = FAQD_ENOMEM;
    }
    if (rc == FAQD_OK)
        rc = check_gaps(g, &statement);
    if (rc == FAQD_OK)
        rc = read_from(g, value, &statement);
    if (rc == FAQD_OK)
        rc = pack_enter_id(g, 's', id, (uint32_t)pack->n_statements);
    if (rc != FAQD_OK)
        return rc;
    if (!(statement.id = pack_keep(g, id)))
        return FAQD_ENOMEM;
    if (array_room((void **)&pack->statements, pack->n_statements, sizeof(statement)) != FAQD_OK)
        return pack_no_memory(g);
    pack->statements[pack->n_statements++] = statement;
    return FAQD_OK;
}

static int read_cell(struct pack_reading *g, const char *column, json_t *value, struct cell *cell)
{
    if (!(cell->column = pack_keep(g, column)))
        return FAQD_ENOMEM;
    if (json_is_integer(value)) {
        cell->number = (long)json_integer_value(value);
        cell->is_number = 1;
        return FAQD_OK;
    }
    if (json_is_array(value)) {
        json_t *row = json_pack("{s:O}", column, value); /* so that the path is built in one place */
        if (!row)
            return pack_no_memory(g);
        int rc = pack_texts(g, row, column, &cell->texts, &cell->n_texts);
        json_decref(row);
        return rc;
    }
    if (!json_is_string(value))
        return jread_fail(&g->r, FAQD_EINVAL, "\"%.60s\" must be a text, a list of texts or a whole number", column);
    const char **text = arena_array(&g->pack->arena, 1, sizeof(*text));
    if (!text)
        return pack_no_memory(g);
    cell->texts = text;
    cell->n_texts = 1;
    return (text[0] = pack_keep(g, json_string_value(value))) ? FAQD_OK : FAQD_ENOMEM;
}

/* Row names are unique in a module: {"r", module, name}. */
static int read_row(struct pack_reading *g, struct faqd_content *content, const char *name, json_t *value)
{
    int rc = jread_object(&g->r, value);
    uint64_t hash = table_hash(name, strlen(name));
    uint32_t other = table_get(&content->row_ids, hash);
    if (rc == FAQD_OK && other != TABLE_NONE)
        rc = jread_fail(&g->r, FAQD_EINVAL, "module \"%s\" has this row already, in %s", content->module,
                        g->pack->files[content->rows[other].file]);
    if (rc != FAQD_OK)
        return rc;
    struct cell *cells = arena_array(&g->pack->arena, json_object_size(value), sizeof(*cells));
    struct row row = {.name = pack_keep(g, name), .cells = cells, .file = g->file};
    if (!cells || !row.name)
        return pack_no_memory(g);
    const char *column = NULL;
    json_t *cell = NULL;
    json_object_foreach(value, column, cell)
    {
        rc = read_cell(g, column, cell, &cells[row.n_cells++]);
        if (rc != FAQD_OK)
            return rc;
    }
    if (array_room((void **)&content->rows, content->n_rows, sizeof(row)) != FAQD_OK ||
        table_put(&content->row_ids, hash, (uint32_t)content->n_rows) != FAQD_OK)
        return pack_no_memory(g);
    content->rows[content->n_rows++] = row;
    return FAQD_OK;
}

/* The content of the module that this file is for; its index. */
static int find_content(struct pack_reading *g, const json_t *root, uint32_t *out)
{
    struct pack *pack = g->pack;
    const char *module = NULL;
    int rc = jread_text(&g->r, root, "module", 1, &module);
    if (rc != FAQD_OK)
        return rc;
    for (*out = 0; *out < pack->n_contents; ++*out)
        if (strcmp(pack->contents[*out].module, module) == 0)
            return FAQD_OK;
    if (array_room((void **)&pack->contents, pack->n_contents, sizeof(*pack->contents)) != FAQD_OK)
        return pack_no_memory(g);
    struct faqd_content content = {.pack = pack, .module = pack_keep(g, module)};
    if (!content.module)
        return FAQD_ENOMEM;
    pack->contents[pack->n_contents++] = content;
    return FAQD_OK;
}

static int read_takes(struct pack_reading *g, const json_t *value, struct intent *intent)
{
    const char *const *types = NULL;
    int rc = pack_texts(g, value, "takes", &types, &intent->n_takes);
    if (rc == FAQD_OK && intent->n_takes > PACK_TAKES_MAX)
        rc = jread_fail(&g->r, FAQD_ELIMIT, "\"takes\" names more than %d types", PACK_TAKES_MAX);
    for (size_t i = 0; rc == FAQD_OK && i < intent->n_takes; i++) {
        intent->takes[i] = lexicon_find(g->pack->lexicon, types[i]);
        if (intent->takes[i] == SYMBOL_NONE || lexicon_symbol(g->pack->lexicon, intent->takes[i])->kind != SYMBOL_TYPE)
            rc = jread_fail(&g->r, FAQD_EINVAL, "\"takes\": the lexicon has no entity type \"%.60s\"", types[i]);
    }
    return rc;
}

static int read_outcome(struct pack_reading *g, const json_t *value, struct intent *intent)
{
    static const struct {
        const char *name;
        enum faqd_outcome outcome;
    } outcomes[] = {{"answer", FAQD_ANSWER},
                    {"undocumented", FAQD_UNDOCUMENTED},
                    {"smalltalk", FAQD_SMALLTALK},
                    {"emergency", FAQD_EMERGENCY}};
    const char *name = NULL;
    int rc = jread_text(&g->r, value, "outcome", 0, &name);
    if (rc != FAQD_OK || !name)
        return rc;
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        intent->outcome = outcomes[i].outcome;
        if (strcmp(outcomes[i].name, name) == 0)
            return FAQD_OK;
    }
    return jread_fail(&g->r, FAQD_EINVAL, "\"outcome\" is answer, undocumented, smalltalk or emergency");
}

/* What stands under "fr" or "en" of an intent. */
static int read_words(struct pack_reading *g, const json_t *value, uint32_t id, enum lang lang, const char *label)
{
    static const char *const keys[] = {"patterns", "ask", "not"};
    struct intent_words words = {.label = label};
    json_t *patterns = NULL;
    size_t mark = jread_enter(&g->r, lang_names[lang]);
    int rc = value ? jread_keys(&g->r, value, keys, 3) : jread_fail(&g->r, FAQD_EINVAL, "is missing");
    if (rc == FAQD_OK)
        rc = pack_texts(g, value, "ask", &words.ask, &words.n_ask);
    if (rc == FAQD_OK)
        rc = pack_texts(g, value, "not", &words.not_these, &words.n_not);
    if (rc == FAQD_OK)
        rc = jread_array(&g->r, value, "patterns", 1, &patterns);
    words.n_patterns = json_array_size(patterns);
    words.first_rule = g->pack->n_rules;
    g->pack->intents[id].words[lang] = words;
    if (rc == FAQD_OK) {
        size_t list = jread_enter(&g->r, "patterns");
        rc = pack_read_patterns(g, patterns, id, lang);
        jread_leave(&g->r, list);
    }
    jread_leave(&g->r, mark);
    return rc;
}

static int read_label(struct pack_reading *g, const json_t *value, const char *label[LANGS])
{
    const json_t *pair = json_object_get(value, "label");
    size_t mark = jread_enter(&g->r, "label");
    int rc = pair ? jread_keys(&g->r, pair, lang_names, LANGS) : jread_fail(&g->r, FAQD_EINVAL, "is missing");
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++) {
        const char *text = NULL;
        rc = jread_text(&g->r, pair, lang_names[lang], 1, &text);
        if (rc == FAQD_OK && (!text[0] || !text_printable(text, strlen(text))))
            rc = jread_fail(&g->r, FAQD_EINVAL, "\"%s\" is empty or not printable", lang_names[lang]);
        if (rc == FAQD_OK && !(label[lang] = pack_keep(g, text)))
            rc = FAQD_ENOMEM;
    }
    jread_leave(&g->r, mark);
    return rc;
}

static int read_intent(struct pack_reading *g, const json_t *value, uint32_t content, uint32_t place)
{
    static const char *const keys[] = {"id",    "topic", "label", "action", "say", "outcome",
                                       "takes", "bare",  "over",  "safety", "fr",  "en"};
    struct pack *pack = g->pack;
    struct intent intent = {.content = content, .file = g->file, .place = place};
    const char *id = NULL;
    const char *topic = NULL;
    const char *action = NULL;
    const char *label[LANGS] = {NULL, NULL};
    int rc = jread_keys(&g->r, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, value, "id", 1, &id);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, value, "topic", 1, &topic);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, value, "action", 0, &action);
    if (rc == FAQD_OK)
        rc = read_label(g, value, label);
    if (rc == FAQD_OK)
        rc = jread_flag(&g->r, value, "bare", &intent.bare);
    if (rc == FAQD_OK)
        rc = jread_flag(&g->r, value, "safety", &intent.safety);
    if (rc == FAQD_OK)
        rc = read_outcome(g, value, &intent);
    if (rc == FAQD_OK)
        rc = read_takes(g, value, &intent);
    if (rc == FAQD_OK)
        rc = pack_texts(g, value, "say", &intent.say, &intent.n_say);
    if (rc == FAQD_OK)
        rc = pack_texts(g, value, "over", &intent.over_names, &intent.n_over);
    if (rc == FAQD_OK)
        rc = pack_enter_id(g, 'i', id, (uint32_t)pack->n_intents);
    if (rc != FAQD_OK)
        return rc;
    intent.id = pack_keep(g, id);
    intent.topic = pack_keep(g, topic);
    intent.action = pack_keep(g, action ? action : "");
    if (!intent.id || !intent.topic || !intent.action)
        return FAQD_ENOMEM;
    if (array_room((void **)&pack->intents, pack->n_intents, sizeof(intent)) != FAQD_OK)
        return pack_no_memory(g);
    uint32_t at = (uint32_t)pack->n_intents;
    pack->intents[pack->n_intents++] = intent;
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++)
        rc = read_words(g, json_object_get(value, lang_names[lang]), at, (enum lang)lang, label[lang]);
    return rc;
}

int pack_read_file(struct pack_reading *g, const json_t *root)
{
    static const char *const keys[] = {"module", "table", "statements", "intents"};
    uint32_t content = 0;
    json_t *intents = NULL;
    const char *key = NULL;
    json_t *value = NULL;
    int rc = jread_keys(&g->r, root, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK)
        rc = find_content(g, root, &content);
    size_t mark = jread_enter(&g->r, "statements");
    if (rc == FAQD_OK && json_object_get(root, "statements"))
        rc = jread_object(&g->r, json_object_get(root, "statements"));
    json_object_foreach(json_object_get(root, "statements"), key, value)
    {
        size_t member = jread_enter(&g->r, key);
        if (rc == FAQD_OK)
            rc = read_statement(g, key, value);
        jread_leave(&g->r, member);
    }
    jread_leave(&g->r, mark);
    mark = jread_enter(&g->r, "table");
    if (rc == FAQD_OK && json_object_get(root, "table"))
        rc = jread_object(&g->r, json_object_get(root, "table"));
    json_object_foreach(json_object_get(root, "table"), key, value)
    {
        size_t member = jread_enter(&g->r, key);
        if (rc == FAQD_OK)
            rc = read_row(g, &g->pack->contents[content], key, value);
        jread_leave(&g->r, member);
    }
    jread_leave(&g->r, mark);
    if (rc == FAQD_OK)
        rc = jread_array(&g->r, root, "intents", 1, &intents);
    mark = jread_enter(&g->r, "intents");
    for (size_t i = 0; rc == FAQD_OK && i < json_array_size(intents); i++) {
        size_t element = jread_element(&g->r, i);
        rc = read_intent(g, json_array_get(intents, i), content, (uint32_t)i);
        jread_leave(&g->r, element);
    }
    jread_leave(&g->r, mark);
    return rc;
}

void pack_enter_intent(struct pack_reading *g, uint32_t id)
{
    const struct intent *intent = &g->pack->intents[id];
    snprintf(g->path, sizeof(g->path), "%s/%s", g->pack->dir, g->pack->files[intent->file]);
    g->r.file = g->path;
    jread_leave(&g->r, 0);
    jread_enter(&g->r, "intents");
    jread_element(&g->r, intent->place);
}

static int resolve_intent(struct pack_reading *g, uint32_t id)
{
    struct pack *pack = g->pack;
    struct intent *intent = &pack->intents[id];
    pack_enter_intent(g, id);
    uint32_t *over = arena_array(&pack->arena, intent->n_over, sizeof(*over));
    if (!over)
        return pack_no_memory(g);
    for (size_t i = 0; i < intent->n_over; i++) {
        over[i] = pack_intent(pack, intent->over_names[i]);
        if (over[i] == UINT32_MAX)
            return jread_fail(&g->r, FAQD_EINVAL, "\"over\": there is no intent \"%.60s\"", intent->over_names[i]);
    }
    intent->over = over;
    for (size_t i = 0; i < intent->n_say; i++)
        if (pack_statement(pack, intent->say[i]) == UINT32_MAX)
            return jread_fail(&g->r, FAQD_EINVAL, "\"say\": there is no statement \"%.60s\"", intent->say[i]);
    return FAQD_OK;
}

/* An intent on the way through the "over" lists. */
struct visit {
    uint32_t parent; /* UINT32_MAX: the walk began here */
    uint32_t next;   /* entry of "over" to look at next */
    enum { NOT_SEEN, ON_THE_WAY, DONE } state;
};

/* Walk from `root` along "over"; an intent that names one it comes from, or UINT32_MAX. */
static uint32_t find_cycle(const struct pack *pack, struct visit *visits, uint32_t root)
{
    uint32_t at = visits[root].state == NOT_SEEN ? root : UINT32_MAX;
    visits[root].parent = UINT32_MAX;
    while (at != UINT32_MAX) {
        struct visit *visit = &visits[at];
        visit->state = ON_THE_WAY;
        if (visit->next == pack->intents[at].n_over) {
            visit->state = DONE;
            at = visit->parent;
            continue;
        }
        uint32_t over = pack->intents[at].over[visit->next++];
        if (visits[over].state == ON_THE_WAY)
            return at;
        if (visits[over].state == NOT_SEEN) {
            visits[over].parent = at;
            at = over;
        }
    }
    return UINT32_MAX;
}

/* Intents that beat each other would leave none, or whichever came first. */
static int refuse_cycles(struct pack_reading *g)
{
    struct pack *pack = g->pack;
    struct visit *visits = calloc(pack->n_intents + 1, sizeof(*visits));
    if (!visits)
        return pack_no_memory(g);
    int rc = FAQD_OK;
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_intents; i++) {
        uint32_t id = find_cycle(pack, visits, i);
        if (id == UINT32_MAX)
            continue;
        const struct intent *intent = &pack->intents[id];
        pack_enter_intent(g, id);
        rc = jread_fail(&g->r, FAQD_EINVAL, "\"over\": \"%s\" in turn beats this intent",
                        intent->over_names[visits[id].next - 1]);
    }
    free(visits);
    return rc;
}

int pack_resolve(struct pack_reading *g)
{
    int rc = FAQD_OK;
    for (uint32_t i = 0; rc == FAQD_OK && i < g->pack->n_intents; i++)
        rc = resolve_intent(g, i);
    if (rc == FAQD_OK)
        rc = refuse_cycles(g);
    for (size_t i = 0; i < g->pack->n_contents; i++)
        g->pack->contents[i].pack = g->pack;
    return rc;
}
