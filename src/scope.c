/* SPDX-License-Identifier: MIT
 *
 * scope.c - see scope.h.
 *
 * Every word of the message is looked at, in every window, and gets the mildest reading that holds:
 *   explained by the candidate                         fine
 *   part of a name of another subject                  against it (in an anchored message: in its own window only)
 *   function or neutral word of the language           fine
 *   part of a class or entity of ours                  fine
 *   anything else                                      against it, unless the message is anchored
 */
#include "scope.h"

#include <string.h>

static int is_anchor_symbol(const struct pack *pack, uint32_t symbol)
{
    for (size_t i = 0; i < pack->n_anchors; i++)
        if (pack->anchors[i] == symbol)
            return 1;
    return 0;
}

int scope_anchored(const struct pack *pack, const struct question *q)
{
    for (size_t i = 0; i < q->n_hits; i++)
        if (is_anchor_symbol(pack, q->hits[i].symbol))
            return 1;
    return 0;
}

static int covers(const struct hit *hit, size_t word)
{
    return word >= hit->word && word < (size_t)hit->word + hit->count;
}

int scope_is_anchor(const struct pack *pack, const struct question *q, size_t word)
{
    for (size_t i = 0; i < q->n_hits && q->hits[i].word <= word; i++)
        if (covers(&q->hits[i], word) && is_anchor_symbol(pack, q->hits[i].symbol))
            return 1;
    return 0;
}

static int is_rival(const struct pack *pack, const struct symbol *symbol)
{
    for (size_t i = 0; i < pack->n_rivals; i++)
        if (symbol->type == pack->rivals[i])
            return 1;
    return 0;
}

enum reading { OURS, FOREIGN, NOBODYS };

/* What the lexicon's hits say of a word, in the candidate's language. An entity of ours that shares the word with one
 * that is not ("botox" as a substance and as a treatment) does not save it: it is another subject until asked for. */
static enum reading read_hits(const struct pack *pack, const struct question *q, size_t word, enum lang lang)
{
    enum reading reading = NOBODYS;
    for (size_t i = 0; i < q->n_hits && q->hits[i].word <= word; i++) {
        const struct hit *hit = &q->hits[i];
        if (!covers(hit, word) || !(hit->langs & LANG_BIT(lang)))
            continue;
        const struct symbol *symbol = lexicon_symbol(pack->lexicon, hit->symbol);
        if (symbol->kind == SYMBOL_FOREIGN ||
            (symbol->kind == SYMBOL_ENTITY && (symbol->outside || is_rival(pack, symbol))))
            return FOREIGN;
        if (symbol->kind == SYMBOL_CLASS || symbol->kind == SYMBOL_ENTITY)
            reading = OURS;
    }
    return reading;
}

static void blame(struct candidate *c, enum verdict verdict, size_t word)
{
    if (c->verdict == IN_SCOPE || (verdict == FOREIGN_WORD && c->verdict != FOREIGN_WORD)) {
        c->verdict = verdict;
        c->culprit = (uint16_t)word;
    }
}

static void judge_word(const struct pack *pack, const struct question *q, int anchored, int own_window, size_t word,
                       struct candidate *c)
{
    uint32_t roles = q->words[word].roles;
    enum reading reading = read_hits(pack, q, word, c->lang);
    int harmless = (roles & WORD_IN(WORD_FUNCTION | WORD_NEUTRAL, c->lang)) != 0;
    if (reading == FOREIGN && (own_window || !anchored) && !(harmless && anchored))
        blame(c, FOREIGN_WORD, word);
    else if (anchored || reading == OURS || harmless)
        return;
    else
        blame(c, roles & WORD_KNOWN ? UNRELATED_WORD : UNKNOWN_WORD, word);
}

/* What the candidate accounts for. In an anchored message that is all it explains. Otherwise only what a term asked
 * for; and an intent for a thing merely named does not ask: "diabetes ?" out of the blue is not about us. */
static uint64_t accounted_for(const struct pack *pack, const struct match *match, const struct candidate *c)
{
    if (match->anchored)
        return c->explained;
    return pack->intents[c->intent].bare && !match->in_conversation ? 0 : c->asked;
}

void scope_judge(const struct pack *pack, const struct question *q, const struct match *match, struct candidate *c)
{
    uint64_t accounted = accounted_for(pack, match, c);
    c->verdict = IN_SCOPE;
    for (size_t word = 0; word < q->n_words; word++) {
        size_t in_window = word - c->window.first;
        int own_window = word >= c->window.first && in_window < c->window.count;
        if (own_window && accounted >> in_window & 1)
            continue;
        judge_word(pack, q, match->anchored, own_window, word, c);
    }
}
