/* SPDX-License-Identifier: MIT
 *
 * scope.c - see scope.h.
 *
 * Every word of the message counts, in every window:
 *   explained by the candidate                         fine
 *   part of a name of another subject                  against it (in an anchored message: in its own window only)
 *   function or neutral word of the language           fine
 *   part of a class or entity of ours                  fine
 *   anything else                                      against it in its own sentence, unless the message is
 *                                                      anchored, or is hinted at and the candidate explains enough
 * And a message that does not name our subject must not say more beside the question than in it, if two words that tell
 * are not in it: the more ordinary words the lexicon knows, the less their being known says.
 */
#include "match.h"

#include <string.h>

enum naming { NAMES_OURS, NAMES_RIVAL, NAMES_FOREIGN, NAMES_NOTHING, NAMINGS }; /* whose name it is */
struct word_reading {
    uint8_t longest[NAMINGS]; /* words of the longest such name over it; 0: none */
    uint8_t says;             /* what those say of the subject: SUBJECT_ANCHOR, SUBJECT_HINT, SUBJECT_HINT_ENTITY */
};

/* An entity of ours that shares the word with one that is not ("botox" as a substance and as a treatment) does not save
 * it: it is another subject until asked for. */
static enum naming whose(const struct hit *hit)
{
    if (hit->kind == SYMBOL_ENTITY)
        return hit->outside || (hit->subject & SUBJECT_RIVAL) ? NAMES_RIVAL : NAMES_OURS;
    if (hit->kind == SYMBOL_CLASS)
        return hit->outside ? NAMES_FOREIGN : NAMES_OURS;
    return hit->kind == SYMBOL_FOREIGN ? NAMES_FOREIGN : NAMES_NOTHING;
}

/* What one hit says of the words that it stands over. An anchor is one in whatever language. The longest name counts:
 * "orange peel" is ours though peels are not. */
static void read_hit(const struct hit *hit, enum lang lang, struct word_reading *words)
{
    int ours = (hit->langs & LANG_BIT(lang)) != 0;
    unsigned heard = !ours ? SUBJECT_ANCHOR : SUBJECT_ANCHOR | SUBJECT_HINT | (hit->outside ? 0 : SUBJECT_HINT_ENTITY);
    uint8_t says = (uint8_t)(hit->subject & heard);
    enum naming naming = ours ? whose(hit) : NAMES_NOTHING;
    for (struct word_reading *word = words + hit->word, *end = word + hit->count; word < end; word++) {
        word->says |= says;
        word->longest[naming] = word->longest[naming] < hit->count ? hit->count : word->longest[naming];
    }
}

/* What the lexicon's hits say of each word in one language. */
static void read_hits(const struct question *q, enum lang lang, struct word_reading *words)
{
    memset(words, 0, q->n_words * sizeof(*words));
    for (size_t i = 0; i < q->n_hits; i++)
        if (!q->hits[i].hidden)
            read_hit(&q->hits[i], lang, words);
}

/* Is it named so, and by no longer name of ours? */
static int is_named(const struct word_reading *word, enum naming naming)
{
    return word->longest[naming] && word->longest[naming] >= word->longest[NAMES_OURS];
}

static int is_function(const struct question *q, size_t word)
{
    return (q->words[word].roles & (WORD_FUNCTION * LANG_BOTH)) != 0;
}

static int speaks_against(const struct scope *scope, size_t word)
{
    return scope->status[word] == SCOPE_UNKNOWN || scope->status[word] == SCOPE_FOREIGN ||
           scope->status[word] == SCOPE_RIVAL;
}

/* "insulin injections", "une séance de cinéma": the word before a hint, or the next one that tells behind it, names
 * what it is a session of. */
static int hint_holds(const struct question *q, const struct scope *scope, size_t word)
{
    if (word > 0 && q->words[word - 1].sentence == q->words[word].sentence && speaks_against(scope, word - 1))
        return 0;
    size_t next = word + 1;
    while (next < q->n_words && next <= word + 3 && q->words[next].sentence == q->words[word].sentence &&
           is_function(q, next))
        next++;
    return next >= q->n_words || next > word + 3 || q->words[next].sentence != q->words[word].sentence ||
           !speaks_against(scope, next);
}

static void read_hints(const struct question *q, const struct word_reading *words, struct scope *scope)
{
    scope->hinted = 0;
    for (size_t word = 0; word < q->n_words; word++) {
        scope->hinted |= (words[word].says & SUBJECT_HINT_ENTITY) != 0;
        if (!(words[word].says & SUBJECT_HINT))
            continue;
        if (!hint_holds(q, scope, word)) { /* one that names something else speaks for the whole message */
            scope->hinted = 0;
            return;
        }
        scope->hinted = 1;
    }
}

void scope_read(const struct question *q, enum lang lang, struct scope *scope)
{
    struct word_reading words[QUESTION_WORDS_MAX];
    scope->anchored = scope->hinted = scope->tells = 0;
    scope->n_words = q->n_words;
    read_hits(q, lang, words);
    memset(scope->count, 0, sizeof(scope->count));
    for (size_t word = 0; word < q->n_words; word++) {
        uint32_t roles = q->words[word].roles;
        int anchor = (words[word].says & SUBJECT_ANCHOR) != 0;
        int rival = is_named(&words[word], NAMES_RIVAL);
        int function = (roles & WORD_IN(WORD_FUNCTION, lang)) != 0;
        int neutral = (roles & WORD_IN(WORD_NEUTRAL, lang)) != 0;
        enum scope_status status = SCOPE_UNKNOWN;
        if (rival || is_named(&words[word], NAMES_FOREIGN))
            status = function || neutral ? SCOPE_ODD : rival ? SCOPE_RIVAL : SCOPE_FOREIGN;
        else if (function || neutral || words[word].longest[NAMES_OURS])
            status = SCOPE_FINE;
        scope->status[word] = (uint8_t)status;
        scope->count[status]++;
        /* An anchor is in nearly every question: it tells intents apart no better than an article. */
        scope->weight[word] = function || anchor ? 1 : neutral ? 2 : 3;
        scope->tells += scope->weight[word] > 1 ? scope->weight[word] : 0;
        scope->anchored |= anchor;
    }
    if (!scope->anchored)
        read_hints(q, words, scope);
}

struct scope_window scope_window(const struct scope *scope, const struct window *window)
{
    struct scope_window words = {0, 0, 0, 0};
    for (size_t i = 0; i < window->count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        enum scope_status status = scope->status[window->first + i];
        words.rival |= status == SCOPE_RIVAL ? bit : 0;
        words.foreign |= status == SCOPE_FOREIGN ? bit : 0;
        words.odd |= status == SCOPE_ODD ? bit : 0;
        words.unknown |= status == SCOPE_UNKNOWN ? bit : 0;
    }
    return words;
}

static size_t count_bits(uint64_t words)
{
    return (size_t)__builtin_popcountll(words);
}

/* What the candidate accounts for. In an anchored message that is all it explains. Otherwise only what a term asked
 * for; and an intent for a thing merely named does not ask: "diabetes ?" out of the blue is not about us. */
static uint64_t accounted_for(const struct pack *pack, int anchored, int in_conversation, const struct candidate *c)
{
    if (anchored)
        return c->explained;
    return pack->intents[c->intent].bare && !in_conversation ? 0 : c->asked;
}

void scope_judge(const struct pack *pack, const struct scope *scope, const struct scope_window *words,
                 int in_conversation, struct candidate *c)
{
    uint64_t left = ~accounted_for(pack, scope->anchored, in_conversation, c);
    int story = (scope->anchored || scope->hinted) && c->score >= SCOPE_STORY_SCORE;
    c->verdict = IN_SCOPE;
    if (scope->anchored) {
        if ((words->rival | (story ? 0 : words->foreign)) & left)
            c->verdict = FOREIGN_WORD;
        return;
    }
    uint64_t against = words->rival | (story ? 0 : words->foreign | words->odd);
    size_t all = scope->count[SCOPE_RIVAL] + (story ? 0 : scope->count[SCOPE_FOREIGN] + scope->count[SCOPE_ODD]);
    if (all > count_bits(against) || (against & left))
        c->verdict = FOREIGN_WORD;
    else if (scope->hinted && c->score >= SCOPE_TELLING_SCORE)
        return;
    else if (words->unknown & left)
        c->verdict = UNKNOWN_WORD;
}

void scope_explained(const struct scope *scope, const struct match *match, uint8_t explained[QUESTION_WORDS_MAX])
{
    memset(explained, 0, scope->n_words);
    for (size_t i = 0; i < match->n; i++) {
        const struct candidate *c = &match->candidates[i];
        for (size_t w = 0; c->verdict == IN_SCOPE && w < c->window.count; w++)
            explained[c->window.first + w] |= (uint8_t)(c->explained >> w & 1);
    }
}

void scope_weigh(const struct scope *scope, struct match *match)
{
    uint8_t explained[QUESTION_WORDS_MAX];
    int weight = 0;
    if (scope->anchored)
        return;
    scope_explained(scope, match, explained);
    for (size_t w = 0; w < scope->n_words; w++)
        weight += explained[w] ? scope->weight[w] : 0;
    if (scope->tells - weight <= weight)
        return;
    for (size_t i = 0; i < match->n; i++) {
        struct candidate *c = &match->candidates[i];
        if (c->verdict == IN_SCOPE && c->score < SCOPE_TELLING_SCORE)
            c->verdict = MOSTLY_ELSE;
    }
}

size_t scope_culprit(const struct pack *pack, const struct question *q, const struct match *match,
                     const struct candidate *c)
{
    struct scope scope;
    scope_read(q, c->lang, &scope);
    uint64_t accounted = accounted_for(pack, scope.anchored, match->in_conversation, c);
    for (size_t word = 0; word < q->n_words; word++) {
        size_t at = word - c->window.first;
        int own = word >= c->window.first && at < c->window.count;
        enum scope_status status = scope.status[word];
        int foreign = status == SCOPE_RIVAL || status == SCOPE_FOREIGN || (status == SCOPE_ODD && !scope.anchored);
        int blamed = c->verdict == FOREIGN_WORD ? foreign : c->verdict == UNKNOWN_WORD && status == SCOPE_UNKNOWN;
        if (blamed && (own ? !(accounted >> at & 1) : !scope.anchored && c->verdict == FOREIGN_WORD))
            return word;
    }
    return (size_t)-1;
}
