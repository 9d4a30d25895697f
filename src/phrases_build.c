/* SPDX-License-Identifier: MIT
 *
 * phrases_build.c - see phrases.h. Sealing is the subset construction: a state stands for the places in forms where one
 * may be after the words that lead to it, worked out in the order in which states are met.
 */
#include "phrases.h"

#include "array.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

/* A place of a form, or a name alone: where a phrase ends. */
#define NAME_BIT 0x80000000u
#define NAME_OF(symbol, lang) (NAME_BIT | (symbol) << 1 | (uint32_t)(lang))

struct way {
    uint32_t word; /* FORM_NO_WORD: the phrase ends here; `to` is a name */
    uint32_t to;
    uint32_t order;
};

struct phrases_builder {
    struct way *ways; /* of all places; those of place i from places[i] on */
    size_t n_ways;
    uint32_t *places;
    size_t n_places;
    struct table known; /* hash of a place's ways -> the place: forms that end alike share how they end */
    struct way *starts; /* the ways from the beginnings of all forms */
    size_t n_starts;
    uint32_t order; /* phrases so far */
    uint32_t words; /* the highest word of a start, and one */
    uint32_t names; /* the highest name without its bit, and one */
};

struct phrases_builder *phrases_builder_new(void)
{
    return calloc(1, sizeof(struct phrases_builder));
}

void phrases_builder_free(struct phrases_builder *builder)
{
    if (!builder)
        return;
    free(builder->ways);
    free(builder->places);
    free(builder->starts);
    table_free(&builder->known);
    free(builder);
}

static int add_way(struct way **ways, size_t *n, struct way way)
{
    if (array_room((void **)ways, *n, sizeof(**ways)) != FAQD_OK)
        return FAQD_ENOMEM;
    (*ways)[(*n)++] = way;
    return FAQD_OK;
}

static uint64_t hash_numbers(uint64_t hash, uint32_t a, uint32_t b)
{
    return table_hash_next(hash, (uint64_t)a << 32 | b);
}

/* The place with the ways that were added behind `first`: a new one, or one that was there already. */
static int find_place(struct phrases_builder *b, size_t first, uint32_t *place)
{
    uint64_t hash = 0;
    for (size_t at = first; at < b->n_ways; at++)
        hash = hash_numbers(hash_numbers(hash, b->ways[at].word, b->ways[at].to), b->ways[at].order, 0);
    *place = table_get(&b->known, hash);
    if (*place != TABLE_NONE) {
        b->n_ways = first;
        return FAQD_OK;
    }
    if (array_room((void **)&b->places, b->n_places, sizeof(*b->places)) != FAQD_OK)
        return FAQD_ENOMEM;
    *place = (uint32_t)b->n_places;
    b->places[b->n_places++] = (uint32_t)first;
    return table_put(&b->known, hash, *place);
}

/* The ways from a form's place i; `places` are those behind it. */
static int add_ways(struct phrases_builder *b, const struct form_graph *graph, size_t i, uint32_t name,
                    const uint32_t *places)
{
    int rc = FAQD_OK;
    for (uint32_t at = graph->firsts[i]; rc == FAQD_OK && at < graph->firsts[i + 1]; at++) {
        const struct form_way *from = &graph->ways[at];
        struct way way = {from->word, from->to == FORM_END ? name : places[from->to], from->before};
        if (i) {
            rc = add_way(&b->ways, &b->n_ways, way);
        } else {
            way.order += b->order;
            b->words = way.word >= b->words ? way.word + 1 : b->words;
            rc = add_way(&b->starts, &b->n_starts, way);
        }
    }
    return rc;
}

int phrases_add(struct phrases_builder *b, const struct form_graph *graph, uint32_t symbol, enum lang lang)
{
    uint32_t name = NAME_OF(symbol, lang);
    uint32_t places[FORM_BYTES_MAX];
    int rc = FAQD_OK;
    for (size_t i = graph->n_places; rc == FAQD_OK && i-- > 0;) {
        size_t first = b->n_ways;
        rc = add_ways(b, graph, i, name, places);
        if (rc == FAQD_OK && i)
            rc = find_place(b, first, &places[i]);
    }
    b->order += graph->phrases;
    b->names = (name & ~NAME_BIT) >= b->names ? (name & ~NAME_BIT) + 1 : b->names;
    return rc;
}

/* --- sealing --- */

struct member {     /* of a state's set */
    uint32_t place; /* or a name */
    uint32_t order; /* of the phrases that come through it, by the words up to here */
};

struct sealing {
    const struct phrases_builder *b;
    struct phrases *out;
    uint32_t *states;       /* of a place: the state that is it alone; PHRASES_NONE */
    uint32_t *ends;         /* of a name, likewise */
    struct table sets;      /* hash of several members -> the state that is they */
    struct member *members; /* of all states, in their order */
    size_t n_members;
    uint32_t *first_members; /* of each state */
    struct way *items;       /* what leads on from the state at hand */
    size_t n_items;
    size_t room; /* for items */
};

static int no_room(void **items, size_t count, size_t size)
{
    return array_room(items, count, size) != FAQD_OK;
}

/* A new state: no edges or names yet, its members are still to be added. PHRASES_NONE: no memory. */
static uint32_t new_state(struct sealing *s)
{
    struct phrases *out = s->out;
    if (no_room((void **)&s->first_members, out->n_states, sizeof(*s->first_members)))
        return PHRASES_NONE;
    s->first_members[out->n_states] = (uint32_t)s->n_members;
    return (uint32_t)out->n_states++;
}

static int add_member(struct sealing *s, uint32_t place, uint32_t order)
{
    if (no_room((void **)&s->members, s->n_members, sizeof(*s->members)))
        return FAQD_ENOMEM;
    s->members[s->n_members++] = (struct member){place, order};
    return FAQD_OK;
}

/* The state of a place, or a name, alone: one for all that lead there. */
static uint32_t state_of(struct sealing *s, uint32_t place)
{
    uint32_t *known = place & NAME_BIT ? &s->ends[place & ~NAME_BIT] : &s->states[place];
    if (*known == PHRASES_NONE) {
        uint32_t state = new_state(s);
        if (state == PHRASES_NONE || add_member(s, place, 0) != FAQD_OK)
            return PHRASES_NONE;
        *known = state;
    }
    return *known;
}

/* By word, then by place: those of one place with the first one of its form in front. Names come last. */
static int before(const struct way *a, const struct way *b)
{
    if (a->word != b->word)
        return a->word < b->word;
    return a->to != b->to ? a->to < b->to : a->order < b->order;
}

/* Shell's: most states have a few ways, the words that many forms begin with some hundred. */
static void sort(struct way *items, size_t n)
{
    size_t gap = 1;
    while (gap < n / 3)
        gap = gap * 3 + 1;
    for (; gap; gap /= 3)
        for (size_t i = gap; i < n; i++) {
            struct way item = items[i];
            size_t to = i;
            for (; to >= gap && before(&item, &items[to - gap]); to -= gap)
                items[to] = items[to - gap];
            items[to] = item;
        }
}

/* The state of several places: one for all that lead to just these, at the same distances in order from the first. */
static uint32_t state_of_all(struct sealing *s, const struct way *ways, size_t n, uint32_t least)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ways[i].to != ways[i - 1].to)
            hash = hash_numbers(hash, ways[i].to, ways[i].order - least);
    uint32_t state = table_get(&s->sets, hash);
    if (state != TABLE_NONE)
        return state;
    state = new_state(s);
    if (state == PHRASES_NONE || table_put(&s->sets, hash, state) != FAQD_OK)
        return PHRASES_NONE;
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || ways[i].to != ways[i - 1].to) && add_member(s, ways[i].to, ways[i].order - least) != FAQD_OK)
            return PHRASES_NONE;
    return state;
}

/* The edge for all ways over one word. */
static int add_edge(struct sealing *s, const struct way *ways, size_t n)
{
    struct phrases *out = s->out;
    if (no_room((void **)&out->edges, out->n_edges, sizeof(*out->edges)))
        return FAQD_ENOMEM;
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        least = ways[i].order < least ? ways[i].order : least;
    int one = ways[0].to == ways[n - 1].to;
    uint32_t state = one ? state_of(s, ways[0].to) : state_of_all(s, ways, n, least);
    out->edges[out->n_edges++] = (struct phrase_edge){ways[0].word, state, least};
    return state == PHRASES_NONE ? FAQD_ENOMEM : FAQD_OK;
}

static uint32_t first_order(const struct phrase_name *name)
{
    uint32_t fr = name->langs & LANG_BIT(LANG_FR) ? name->order[LANG_FR] : UINT32_MAX;
    uint32_t en = name->langs & LANG_BIT(LANG_EN) ? name->order[LANG_EN] : UINT32_MAX;
    return fr < en ? fr : en;
}

/* The names of the state at hand: one for each symbol, the last one that the lexicon has in front. */
static int add_names(struct sealing *s, const struct way *ways, size_t n)
{
    struct phrases *out = s->out;
    size_t first = out->n_names;
    for (size_t i = 0; i < n; i++) {
        uint32_t symbol = (ways[i].to & ~NAME_BIT) >> 1;
        uint32_t lang = ways[i].to & 1;
        if (i && ways[i].to == ways[i - 1].to)
            continue;
        if (i == 0 || (ways[i - 1].to & ~NAME_BIT) >> 1 != symbol) {
            if (no_room((void **)&out->names, out->n_names, sizeof(*out->names)))
                return FAQD_ENOMEM;
            out->names[out->n_names++] = (struct phrase_name){.symbol = symbol & 0x3fffffff};
        }
        struct phrase_name *name = &out->names[out->n_names - 1];
        name->langs = (name->langs | LANG_BIT(lang)) & 3u;
        name->order[lang] = ways[i].order;
    }
    for (size_t i = first + 1; i < out->n_names; i++) {
        struct phrase_name name = out->names[i];
        size_t to = i;
        for (; to > first && first_order(&name) > first_order(&out->names[to - 1]); to--)
            out->names[to] = out->names[to - 1];
        out->names[to] = name;
    }
    return FAQD_OK;
}

static int add_item(struct sealing *s, struct way way, uint32_t order)
{
    if (array_refill((void **)&s->items, &s->room, s->n_items, sizeof(*s->items)) != FAQD_OK)
        return FAQD_ENOMEM;
    way.order += order;
    s->items[s->n_items++] = way;
    return FAQD_OK;
}

/* What leads on from a state: the ways of its places, and the names among its members. */
static int collect(struct sealing *s, uint32_t state)
{
    const struct phrases_builder *b = s->b;
    size_t end = state + 1 < s->out->n_states ? s->first_members[state + 1] : s->n_members;
    int rc = FAQD_OK;
    s->n_items = 0;
    for (size_t i = s->first_members[state]; i < end; i++) {
        struct member member = s->members[i];
        if (member.place & NAME_BIT) {
            rc = add_item(s, (struct way){FORM_NO_WORD, member.place, 0}, member.order);
        } else {
            size_t last = member.place + 1 < b->n_places ? b->places[member.place + 1] : b->n_ways;
            for (size_t at = b->places[member.place]; rc == FAQD_OK && at < last; at++)
                rc = add_item(s, b->ways[at], member.order);
        }
        if (rc != FAQD_OK)
            return rc;
    }
    return FAQD_OK;
}

/* Edges and names of what was collected and sorted. */
static int add_all(struct sealing *s)
{
    int rc = FAQD_OK;
    for (size_t from = 0, to = 0; rc == FAQD_OK && from < s->n_items; from = to) {
        for (to = from + 1; to < s->n_items && s->items[to].word == s->items[from].word;)
            to++;
        rc = s->items[from].word == FORM_NO_WORD ? add_names(s, s->items + from, to - from)
                                                 : add_edge(s, s->items + from, to - from);
    }
    return rc;
}

static int add_state(struct sealing *s, uint32_t state)
{
    struct phrases *out = s->out;
    if (no_room((void **)&out->states, state, sizeof(*out->states)))
        return FAQD_ENOMEM;
    out->states[state] = (struct phrase_state){(uint32_t)out->n_edges, (uint32_t)out->n_names};
    int rc = collect(s, state);
    sort(s->items, s->n_items);
    return rc == FAQD_OK ? add_all(s) : rc;
}

/* The edges from the beginning, which come first, word by word: too many to sort. `heads` and `next` chain the starts
 * of each word. */
static int add_starts(struct sealing *s, uint32_t *heads, uint32_t *next)
{
    const struct phrases_builder *b = s->b;
    int rc = FAQD_OK;
    memset(heads, 0xff, b->words * sizeof(*heads)); /* PHRASES_NONE */
    for (uint32_t i = 0; i < b->n_starts; i++) {
        next[i] = heads[b->starts[i].word];
        heads[b->starts[i].word] = i;
    }
    for (uint32_t word = 0; rc == FAQD_OK && word < b->words; word++) {
        uint32_t at = heads[word];
        if (at == PHRASES_NONE)
            continue;
        sparse_add(s->out->first, word);
        for (s->n_items = 0; rc == FAQD_OK && at != PHRASES_NONE; at = next[at])
            rc = add_item(s, b->starts[at], 0);
        sort(s->items, s->n_items);
        if (rc == FAQD_OK)
            rc = add_all(s);
    }
    return rc;
}

static int make_starts(struct sealing *s)
{
    uint32_t *heads = malloc((s->b->words + (size_t)1) * sizeof(*heads));
    uint32_t *next = malloc((s->b->n_starts + 1) * sizeof(*next));
    s->out->first = calloc(sparse_blocks(s->b->words), sizeof(*s->out->first));
    s->out->n_words = s->out->first ? s->b->words : 0;
    int rc = heads && next && s->out->first ? add_starts(s, heads, next) : FAQD_ENOMEM;
    if (rc == FAQD_OK)
        sparse_seal(s->out->first, s->b->words);
    free(heads);
    free(next);
    return rc;
}

static uint32_t *no_states(size_t n)
{
    uint32_t *states = malloc((n + 1) * sizeof(*states));
    if (states)
        memset(states, 0xff, n * sizeof(*states)); /* PHRASES_NONE */
    return states;
}

/* Give back what an array grew too large by. */
static void fit(void **items, size_t count, size_t size)
{
    void *smaller = count ? realloc(*items, count * size) : NULL;
    if (smaller)
        *items = smaller;
}

int phrases_seal(const struct phrases_builder *builder, struct phrases *out)
{
    struct sealing s = {.b = builder, .out = out};
    s.states = no_states(builder->n_places);
    s.ends = no_states(builder->names);
    int rc = s.states && s.ends ? make_starts(&s) : FAQD_ENOMEM;
    uint32_t state = 0;
    for (; rc == FAQD_OK && state < out->n_states; state++)
        rc = add_state(&s, state);
    if (rc == FAQD_OK && no_room((void **)&out->states, state, sizeof(*out->states)))
        rc = FAQD_ENOMEM;
    if (rc == FAQD_OK) {
        out->states[state] = (struct phrase_state){(uint32_t)out->n_edges, (uint32_t)out->n_names};
        fit((void **)&out->states, state + (size_t)1, sizeof(*out->states));
        fit((void **)&out->edges, out->n_edges, sizeof(*out->edges));
        fit((void **)&out->names, out->n_names, sizeof(*out->names));
    }
    free(s.states);
    free(s.ends);
    table_free(&s.sets);
    free(s.members);
    free(s.first_members);
    free(s.items);
    return rc;
}
