/* SPDX-License-Identifier: MIT
 *
 * program.c - see program.h.
 *
 * A regular expression goes letter by letter, a program word by word. So parts that stand for a short list of texts
 * ("seances?", "(le |la )?", "mal( de tete)?") are written out as that list, in the order in which PCRE2 would try
 * them, and lists that stand beside each other are joined until a word's edge lies between them. What is no list (gaps,
 * names of the lexicon, repetitions) must begin and end at words' edges. Each step knows whether it begins before a
 * word or behind one; a word that is continued by something that is not written out does not fit, and is declined.
 */
#include "program_private.h"

#include <stdlib.h>
#include <string.h>

struct program_compiler *program_compiler_new(struct lexicon *lexicon, struct literals *literals)
{
    struct program_compiler *c = calloc(1, sizeof(*c));
    if (c) {
        c->lexicon = lexicon;
        c->literals = literals;
    }
    return c;
}

void program_compiler_free(struct program_compiler *c)
{
    free(c);
}

void program_decline(struct program_compiler *c)
{
    if (c->rc == FAQD_OK)
        c->rc = FAQD_DECLINED;
}

size_t program_emit(struct program_compiler *c, uint32_t number)
{
    if (c->out.n_steps == PROGRAM_STEPS_MAX) {
        program_decline(c);
        return 0;
    }
    c->out.steps[c->out.n_steps] = number;
    return c->out.n_steps++;
}

/* Let the fork, skip, jump or lookahead at `at` lead to what comes next. */
void program_land(struct program_compiler *c, size_t at)
{
    c->out.steps[at] = STEP(STEP_OP(c->out.steps[at]), c->out.n_steps);
}

static uint32_t unless_no_memory(struct program_compiler *c, uint32_t number)
{
    if (number == TABLE_NONE)
        c->rc = FAQD_ENOMEM;
    return number;
}

uint32_t program_word(struct program_compiler *c, const char *word, size_t len)
{
    return unless_no_memory(c, lexicon_number(c->lexicon, word, len));
}

uint32_t program_part_need(struct program_compiler *c, enum part_kind kind, const char *letters, size_t len)
{
    return NEED(NEED_PART, unless_no_memory(c, literals_part(c->literals, kind, letters, len)));
}

uint32_t program_set(struct program_compiler *c, const uint32_t *needs, size_t n)
{
    uint32_t set = unless_no_memory(c, literals_set(c->literals, needs, n));
    if (set > STEP_OPERAND_MAX)
        program_decline(c);
    return set;
}

/* -------------------------------------------------------------------------------------------------- needs ---- */

void program_begin_group(struct program_compiler *c)
{
    if (c->n_groups == PROGRAM_NEEDS_MAX)
        program_decline(c);
    else
        c->groups[c->n_groups++] = (struct group){.from = (uint16_t)c->n_needs};
}

void program_add_need(struct program_compiler *c, uint32_t need, int weight)
{
    struct group *group = &c->groups[c->n_groups - 1];
    for (size_t i = 0; i < group->n; i++)
        if (c->needs[group->from + i] == need)
            return;
    if (c->n_needs == PROGRAM_NEEDS_MAX) {
        program_decline(c);
        return;
    }
    c->needs[c->n_needs++] = need;
    group->weight = !group->n || weight < group->weight ? weight : group->weight;
    group->n++;
}

/* Forget the groups from `mark` on. */
void program_drop_groups(struct program_compiler *c, size_t mark)
{
    if (c->n_groups > mark)
        c->n_needs = c->groups[mark].from;
    c->n_groups = mark;
}

/* Of the groups from `mark` on keep the one that says most, as a copy in *best with its members. 0: there is none. */
static int take_best(struct program_compiler *c, size_t mark, struct group *best, uint32_t *members)
{
    *best = (struct group){0};
    for (size_t i = mark; i < c->n_groups; i++)
        if (c->groups[i].weight > best->weight)
            *best = c->groups[i];
    memcpy(members, c->needs + best->from, best->n * sizeof(*members));
    program_drop_groups(c, mark);
    return best->n > 0;
}

int program_is_space(const struct program_compiler *c, const struct regex_node *n)
{
    return n->kind == REGEX_SIGNS && c->regex.text[n->from] == ' ';
}

int program_is_gap(const struct program_compiler *c, const struct regex_node *repeat)
{
    const struct regex_node *body = program_node(c, repeat->first);
    if (body->kind != REGEX_SEQUENCE || body->first == REGEX_NONE)
        return 0;
    const struct regex_node *words = program_node(c, body->first);
    if (words->kind != REGEX_REPEAT || words->min != 1 || words->max != REGEX_UNBOUNDED ||
        program_node(c, words->first)->kind != REGEX_WORD_SIGN || words->next == REGEX_NONE)
        return 0;
    const struct regex_node *space = program_node(c, words->next);
    return program_is_space(c, space) && space->next == REGEX_NONE;
}

/* --------------------------------------------------------------------------------------------------- tree ---- */

static int is_gap_name(const struct program_compiler *c, const struct regex_node *n)
{
    return n->len == 3 && memcmp(c->regex.text + n->from, "gap", 3) == 0;
}

/* Can it match without a word? */
static int may_be_empty(const struct program_compiler *c, uint16_t id)
{
    const struct regex_node *n = program_node(c, id);
    int empty = n->kind != REGEX_ALTERNATIVES;
    switch (n->kind) {
    case REGEX_SEQUENCE:
    case REGEX_GROUP:
    case REGEX_ALTERNATIVES:
        for (uint16_t child = n->first; child != REGEX_NONE; child = program_node(c, child)->next)
            empty = n->kind == REGEX_ALTERNATIVES ? empty | may_be_empty(c, child) : empty & may_be_empty(c, child);
        return empty;
    case REGEX_REPEAT: return n->min == 0 || may_be_empty(c, n->first);
    case REGEX_NAME: return is_gap_name(c, n);
    case REGEX_BOUNDARY:
    case REGEX_BEGIN:
    case REGEX_END:
    case REGEX_AHEAD:
    case REGEX_NOT_AHEAD: return 1;
    default: return 0;
    }
}

static enum place emit_gap(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    if (place != BEFORE)
        program_decline(c);
    program_emit(c, STEP(STEP_GAP, n->lazy));
    program_emit(c, (uint32_t)n->min << 16 | n->max);
    return BEFORE;
}

/* A repetition of what is no list: the least number of copies, then optional ones, or a loop. Only the first copy that
 * must be there is needed. */
static enum place emit_repeat(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    size_t forks[64];
    size_t n_forks = 0;
    if (n->min == 1 && n->max == 1)
        return program_emit_part(c, n->first, place);
    unsigned optional = n->max == REGEX_UNBOUNDED ? 1u : (unsigned)(n->max - n->min);
    if (n->min > 64 || optional > 64 || n->max == 0 || (n->max == REGEX_UNBOUNDED && may_be_empty(c, n->first))) {
        program_decline(c);
        return place;
    }
    for (unsigned i = 0; i < n->min + optional && c->rc == FAQD_OK; i++) {
        size_t mark = c->n_groups;
        size_t loop = c->out.n_steps;
        if (i >= n->min)
            forks[n_forks++] = program_emit(c, STEP(n->lazy ? STEP_SKIP : STEP_FORK, 0));
        int firm = c->firm;
        if (program_emit_part(c, n->first, place) != place)
            program_decline(c);
        c->firm = firm || i < n->min;
        if (i >= n->min && n->max == REGEX_UNBOUNDED)
            program_emit(c, STEP(STEP_JUMP, loop));
        if (i > 0 || n->min == 0)
            program_drop_groups(c, mark);
    }
    for (size_t i = 0; i < n_forks && c->rc == FAQD_OK; i++)
        program_land(c, forks[i]);
    c->edge = 0;
    return place;
}

/* X*+ and the like: once a way through it is found no other one is tried. Behind a word that way could end within the
 * next one, and no other would be tried: that cannot be said in words. */
static enum place emit_possessive(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    if (place != BEFORE)
        program_decline(c);
    size_t at = program_emit(c, STEP(STEP_ATOMIC, 0));
    c->ahead++;
    place = program_is_gap(c, n) ? emit_gap(c, n, place) : emit_repeat(c, n, place);
    c->ahead--;
    program_emit(c, STEP(STEP_MATCH, 0));
    if (c->rc == FAQD_OK)
        program_land(c, at);
    return place;
}

/* One alternative's steps; its best group goes into *all, or *none is set. */
struct choosing {
    enum place from, to; /* to: NOWHERE at first */
    uint32_t members[PROGRAM_NEEDS_MAX];
    size_t n_members;
    int weight;
    int none;
    size_t last_jump; /* chained through the operands; 0: none */
    int first;
};

static void choose_best(struct program_compiler *c, struct choosing *ch, size_t mark)
{
    struct group best;
    uint32_t members[PROGRAM_NEEDS_MAX];
    if (!take_best(c, mark, &best, members) || ch->n_members + best.n > PROGRAM_NEEDS_MAX) {
        ch->none = 1;
        return;
    }
    memcpy(ch->members + ch->n_members, members, best.n * sizeof(*members));
    ch->n_members += best.n;
    ch->weight = ch->weight && ch->weight < best.weight ? ch->weight : best.weight;
}

/* Write one alternative: a list of texts, or else the part `id`. */
static void emit_alternative(struct program_compiler *c, struct choosing *ch, const struct texts *texts, uint16_t id,
                             int last)
{
    size_t mark = c->n_groups;
    int firm = c->firm;
    size_t fork = last ? 0 : program_emit(c, STEP(STEP_FORK, 0));
    enum place to = texts ? texts_emit(c, texts, ch->from) : program_emit_part(c, id, ch->from);
    c->firm = firm;
    if (ch->to == NOWHERE)
        ch->to = to;
    if (ch->to != to)
        program_decline(c);
    if (c->rc != FAQD_OK)
        return;
    choose_best(c, ch, mark);
    if (!last) {
        ch->last_jump = program_emit(c, STEP(STEP_JUMP, ch->last_jump));
        program_land(c, fork);
    }
}

/* Alternatives that are lists and stand beside each other are one. */
static enum place emit_alternatives(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    struct choosing ch = {.from = place, .to = NOWHERE};
    for (uint16_t child = n->first; child != REGEX_NONE && c->rc == FAQD_OK;) {
        struct texts texts = {.n = 0};
        struct texts more;
        uint16_t next = child;
        while (next != REGEX_NONE && texts_list(c, next, &more) && texts_are_few(c, &more) &&
               texts.n + more.n <= TEXTS_MAX) {
            memcpy(texts.list + texts.n, more.list, more.n * sizeof(more.list[0]));
            texts.n += more.n;
            next = program_node(c, next)->next;
        }
        if (next == child)
            next = program_node(c, child)->next;
        emit_alternative(c, &ch, texts.n ? &texts : NULL, child, next == REGEX_NONE);
        child = next;
    }
    while (ch.last_jump && c->rc == FAQD_OK) {
        size_t previous = STEP_OPERAND(c->out.steps[ch.last_jump]);
        program_land(c, ch.last_jump);
        ch.last_jump = previous;
    }
    if (!ch.none && c->rc == FAQD_OK) {
        program_begin_group(c);
        for (size_t i = 0; i < ch.n_members && c->rc == FAQD_OK; i++)
            program_add_need(c, ch.members[i], ch.weight);
    }
    c->edge = 0;
    return ch.to;
}

/* {name}: a name of the symbol; {gap} and {unknown} are no symbols. */
static enum place emit_name(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    char name[160];
    const char *text = c->regex.text + n->from;
    if (place != BEFORE || n->len >= sizeof(name)) {
        program_decline(c);
        return place;
    }
    memcpy(name, text, n->len);
    name[n->len] = '\0';
    if (is_gap_name(c, n)) {
        program_emit(c, STEP(STEP_GAP, 0));
        program_emit(c, 3);
        return BEFORE;
    }
    uint32_t symbol = strcmp(name, "unknown") == 0 ? SYMBOL_ID_UNKNOWN : lexicon_find(c->lexicon, name);
    if (symbol == SYMBOL_NONE || symbol == SYMBOL_ID_FOREIGN || symbol == SYMBOL_ID_CONVERSATION ||
        (symbol != SYMBOL_ID_UNKNOWN && !lexicon_has_forms(c->lexicon, symbol, c->lang))) {
        program_decline(c);
        return place;
    }
    if (symbol == SYMBOL_ID_UNKNOWN)
        program_emit(c, STEP(STEP_UNKNOWN, 0));
    else
        program_emit(c, STEP(STEP_SYMBOL, symbol));
    program_begin_group(c);
    if (c->rc == FAQD_OK)
        program_add_need(c, NEED(NEED_SYMBOL, symbol), SYMBOL_WEIGHT);
    return BEHIND;
}

static enum place emit_group(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    const char *name = c->regex.text + n->from;
    size_t group = c->out.n_groups;
    uint32_t type = lexicon_find_n(c->lexicon, name, n->len);
    for (size_t i = 0; i < group; i++)
        if (c->names[i].len == n->len && memcmp(c->regex.text + c->names[i].from, name, n->len) == 0)
            program_decline(c);
    if (group == PROGRAM_GROUPS_MAX || c->ahead || type == SYMBOL_NONE ||
        lexicon_symbol(c->lexicon, type)->kind != SYMBOL_TYPE)
        program_decline(c);
    if (c->rc != FAQD_OK)
        return place;
    c->names[group] = (struct text){n->from, n->len};
    c->out.group_types[c->out.n_groups++] = type;
    program_emit(c, STEP(STEP_OPEN, group));
    place = program_emit_part(c, n->first, place);
    program_emit(c, STEP(STEP_CLOSE, group));
    return place;
}

/* (?=...) and (?!...). One that ends within a word is there just where the rest of that word may follow. */
static void emit_ahead(struct program_compiler *c, const struct regex_node *n, enum place place)
{
    const struct regex_node *body = program_node(c, n->first);
    size_t mark = c->n_groups;
    uint16_t last = REGEX_NONE;
    if (body->kind == REGEX_SEQUENCE)
        for (uint16_t child = body->first; child != REGEX_NONE; child = program_node(c, child)->next)
            last = child;
    if (last == REGEX_NONE || (place == BEHIND && !c->edge) || c->ahead == 3) {
        program_decline(c);
        return;
    }
    int open = program_node(c, last)->kind != REGEX_BOUNDARY && program_node(c, last)->kind != REGEX_END;
    size_t at = program_emit(c, STEP(n->kind == REGEX_AHEAD ? STEP_AHEAD : STEP_NOT_AHEAD, 0));
    int firm = c->firm;
    c->ahead++;
    program_emit_sequence(c, body, place, open);
    c->ahead--;
    c->firm = firm;
    program_emit(c, STEP(STEP_MATCH, 0));
    if (c->rc == FAQD_OK)
        program_land(c, at);
    if (n->kind == REGEX_NOT_AHEAD)
        program_drop_groups(c, mark);
}

/* Steps for a part that begins at `place`; where it ends. */
static enum place emit_kind(struct program_compiler *c, uint16_t id, enum place place)
{
    const struct regex_node *n = program_node(c, id);
    switch (n->kind) {
    case REGEX_SEQUENCE: return program_emit_sequence(c, n, place, 0);
    case REGEX_ALTERNATIVES: return emit_alternatives(c, n, place);
    case REGEX_REPEAT:
        return n->possessive          ? emit_possessive(c, n, place)
               : program_is_gap(c, n) ? emit_gap(c, n, place)
                                      : emit_repeat(c, n, place);
    case REGEX_NAME: return emit_name(c, n, place);
    case REGEX_GROUP: return emit_group(c, n, place);
    case REGEX_AHEAD:
    case REGEX_NOT_AHEAD: emit_ahead(c, n, place); return place;
    case REGEX_BOUNDARY: return place; /* both places are at a word's edge */
    case REGEX_BEGIN:
    case REGEX_END:
        if ((n->kind == REGEX_BEGIN) != (place == BEFORE))
            program_decline(c); /* it could never hold */
        program_emit(c, STEP(n->kind == REGEX_BEGIN ? STEP_BEGIN : STEP_END, 0));
        return place;
    default: program_decline(c); return place;
    }
}

enum place program_emit_part(struct program_compiler *c, uint16_t id, enum place place)
{
    int firm = c->firm;
    if (c->rc != FAQD_OK)
        return place;
    place = emit_kind(c, id, place);
    c->firm = firm || !may_be_empty(c, id) || program_node(c, id)->kind == REGEX_BEGIN;
    return place;
}

static int has_need(const struct program *program, uint32_t set)
{
    for (size_t i = 0; i < program->n_needs; i++)
        if (program->needs[i] == set)
            return 1;
    return 0;
}

static void write_needs(struct program_compiler *c)
{
    for (size_t i = 0; i < c->n_groups && c->rc == FAQD_OK; i++) {
        const struct group *group = &c->groups[i];
        uint32_t set = group->n ? program_set(c, c->needs + group->from, group->n) : 0;
        if (group->n && !has_need(&c->out, set))
            c->out.needs[c->out.n_needs++] = set;
    }
}

/* Is the whole a list of words, all of which its only group has? */
static int is_decided(struct program_compiler *c, uint16_t root)
{
    struct texts texts;
    c->n_letters = 0;
    return c->out.n_needs == 1 && !c->out.n_groups && texts_list(c, root, &texts) && texts_decided(c, &texts);
}

/* The classes of words that a match from step `pc` on may begin with. `left`: steps to follow at most. */
static uint64_t firsts(const struct program_compiler *c, size_t pc, unsigned *left)
{
    uint64_t classes = 0;
    while (*left && --*left) {
        uint32_t step = c->out.steps[pc];
        uint32_t operand = STEP_OPERAND(step);
        switch (STEP_OP(step)) {
        case STEP_WORD: return classes | (uint64_t)1 << WORD_CLASS(operand);
        case STEP_SET:
            for (size_t i = 1; i <= c->literals->sets[operand]; i++)
                classes |= (uint64_t)1 << WORD_CLASS(c->literals->sets[operand + i]);
            return classes;
        case STEP_FORK:
        case STEP_SKIP:
            classes |= firsts(c, operand, left);
            pc++;
            break;
        case STEP_JUMP:
        case STEP_AHEAD:
        case STEP_NOT_AHEAD: pc = operand; break;
        case STEP_OPEN:
        case STEP_BEGIN: pc++; break;
        default: return UINT64_MAX;
        }
    }
    return UINT64_MAX;
}

int program_compile(struct program_compiler *c, const char *text, enum lang lang, const struct program **out)
{
    uint16_t root = 0;
    unsigned left = 200;
    c->lang = lang;
    c->n_letters = c->n_needs = c->n_groups = 0;
    c->out.n_needs = c->out.n_groups = 0;
    c->out.decided = 0;
    c->out.n_steps = PROGRAM_HEAD;
    c->edge = c->ahead = c->firm = 0;
    c->rc = regex_read(&c->regex, text, &root);
    if (c->rc != FAQD_OK)
        return c->rc;
    if (may_be_empty(c, root)) /* it would match at every edge, without a word */
        return FAQD_DECLINED;
    if (program_emit_part(c, root, BEFORE) == NOWHERE)
        program_decline(c);
    program_emit(c, STEP(STEP_MATCH, 0));
    uint64_t classes = c->rc == FAQD_OK ? firsts(c, PROGRAM_HEAD, &left) : 0;
    c->out.steps[0] = (uint32_t)classes;
    c->out.steps[1] = (uint32_t)(classes >> 32);
    write_needs(c);
    c->out.decided = c->rc == FAQD_OK && is_decided(c, root);
    *out = &c->out;
    return c->rc;
}
