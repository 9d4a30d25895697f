/* SPDX-License-Identifier: MIT
 *
 * explain.c - see explain.h. Reads what the dispatch left; decides nothing.
 */
#include "explain.h"

#include "render.h"

#include <string.h>

#define RIVALS_SHOWN 8

static void words_of(const struct question *q, const struct window *window, uint64_t words, struct str *out)
{
    int any = 0;
    for (size_t i = 0; i < window->count; i++) {
        if (!(words >> i & 1))
            continue;
        const struct word *word = &q->words[window->first + i];
        str_addf(out, "%s%.*s", any ? " " : "", (int)word->len, word->text);
        any = 1;
    }
    if (!any)
        str_adds(out, "(none)");
}

static void reading(const struct dispatch *d, struct str *out)
{
    const struct question *q = d->q;
    str_addf(out, "language: %s (%s)\n", lang_names[q->lang], q->lang_reason);
    for (size_t i = 0; i < q->n_windows; i++) {
        const struct window *w = &q->windows[i];
        str_addf(out, "read: %.*s\n", (int)(w->to - w->from), q->text + w->from);
    }
    for (size_t i = 0; i < q->n_corrections; i++)
        str_addf(out, "set right: %s -> %s\n", q->corrections[i].from, q->corrections[i].to);
    const struct scope *scope = d->match.scope ? d->match.scope : d->safety.scope;
    if (!scope)
        return;
    str_addf(out, "names our subject: %s\n", scope->anchored ? "yes" : scope->hinted ? "no, but hints at it" : "no");
}

static void entities(const struct dispatch *d, struct str *out)
{
    const struct lexicon *lexicon = d->snapshot->pack->lexicon;
    for (size_t i = 0; i < d->q->n_hits; i++) {
        const struct hit *hit = &d->q->hits[i];
        const struct symbol *symbol = lexicon_symbol(lexicon, hit->symbol);
        if (symbol->kind != SYMBOL_ENTITY || hit->hidden || !(hit->langs & LANG_BIT(d->q->lang)))
            continue;
        str_addf(out, "entity: %s:%s%s%s, from \"", lexicon_symbol(lexicon, symbol->type)->name, symbol->name,
                 hit->negated ? ", negated" : "", symbol->outside ? ", of which no source speaks" : "");
        for (size_t w = hit->word; w < (size_t)hit->word + hit->count; w++)
            str_addf(out, "%s%.*s", w > hit->word ? " " : "", (int)d->q->words[w].len, d->q->words[w].text);
        str_adds(out, "\"\n");
    }
}

static void culprit(const struct dispatch *d, const struct candidate *c, struct str *out)
{
    size_t word = scope_culprit(d->snapshot->pack, d->q, &d->match, c);
    str_addf(out, "; lost: the message %s", verdict_names[c->verdict]);
    if (word != (size_t)-1)
        str_addf(out, ", \"%.*s\"", (int)d->q->words[word].len, d->q->words[word].text);
}

static void candidate(const struct dispatch *d, const struct candidate *c, struct str *out)
{
    const struct pack *pack = d->snapshot->pack;
    const struct rule *rule = &pack->rules[c->rule];
    const struct intent *intent = &pack->intents[c->intent];
    str_addf(out, "  %s, score %d: explains \"", intent->id, c->score);
    words_of(d->q, &c->window, c->explained, out);
    str_addf(out, "\" by %s intents[%u].%s.patterns[%zu] \"%s\"", pack_file(pack, intent->file), intent->place,
             lang_names[rule->lang], rule_number(pack, rule), rule_text(pack, rule));
    if (c->verdict == BEATEN)
        str_addf(out, "; lost: \"over\" of %s names it", pack->intents[c->beaten_by].id);
    else if (c->verdict != IN_SCOPE)
        culprit(d, c, out);
    str_addc(out, '\n');
}

static void decision(const struct dispatch *d, struct str *out)
{
    const struct pack *pack = d->snapshot->pack;
    str_addf(out, "outcome: %s", outcome_names[d->answer.outcome]);
    if (d->plan.reason)
        str_addf(out, ", because %s", d->plan.reason);
    str_addc(out, '\n');
    for (size_t i = 0; i < d->plan.n_steps; i++) {
        const struct plan_step *step = &d->plan.steps[i];
        str_addf(out, "%s: %s", d->plan.kind == PLAN_CLARIFY ? "offers" : "answers", pack->intents[step->intent].id);
        for (size_t s = 0; s < step->n_slots; s++) {
            const struct symbol *entity = lexicon_symbol(pack->lexicon, step->slots[s].entity);
            str_addf(out, "%s %s:%s%s%s", s ? "," : " with", lexicon_symbol(pack->lexicon, entity->type)->name,
                     entity->name, step->slots[s].negated ? " (negated)" : "",
                     step->slots[s].carried ? " (from before)" : "");
        }
        str_addc(out, '\n');
    }
}

/* ---------------------------------------------------------------------------------------------- examples ---- */

#define WORDS_SHOWN 4

struct weighing { /* what each word of the message says, by its features and those of names that it is part of */
    const struct dispatch *d;
    float for_best[QUESTION_WORDS_MAX];
    float ours[QUESTION_WORDS_MAX];
};

static void weigh(void *user, uint32_t feature, size_t word, size_t count)
{
    struct weighing *w = user;
    const struct classifier *classifier = w->d->snapshot->classifier;
    const struct prediction *p = w->d->prediction;
    const struct feature *f = &classifier->features[feature];
    if (feature == TABLE_NONE)
        return;
    for (size_t i = word; i < word + count; i++) {
        w->for_best[i] += classifier_prefers(classifier, feature, p->best, p->second) / (float)count;
        w->ours[i] += f->weight * f->ours / (float)count;
    }
}

/* The words that say most, in the order of the message; sign -1: most against. */
static void telling_words(const struct question *q, const float *says, float sign, struct str *out)
{
    float least = 0;
    for (int shown = 0; shown < WORDS_SHOWN; shown++) { /* the WORDS_SHOWN-th largest */
        float next = 0;
        for (size_t i = 0; i < q->n_words; i++)
            if (sign * says[i] > next && (shown == 0 || sign * says[i] < least))
                next = sign * says[i];
        least = next > 0 ? next : least;
    }
    int any = 0;
    for (size_t i = 0; i < q->n_words; i++) {
        if (!(sign * says[i] > 0) || sign * says[i] < least)
            continue;
        str_addf(out, "%s\"%.*s\"", any ? ", " : ", by ", (int)q->words[i].len, q->words[i].text);
        any = 1;
    }
}

static void examples(const struct dispatch *d, struct str *out)
{
    const struct intent *intents = d->snapshot->pack->intents;
    const struct prediction *p = d->prediction;
    struct weighing w = {.d = d};
    classifier_features(d->snapshot->classifier, d->q, weigh, &w);
    str_addf(out, "the examples speak for %s before %s", intents[p->best].id, intents[p->second].id);
    telling_words(d->q, w.for_best, 1, out);
    str_addf(out, "\nthe examples speak for %s subject", p->ours > 0 ? "our" : "another");
    telling_words(d->q, w.ours, p->ours > 0 ? 1 : -1, out);
    str_addc(out, '\n');
}

void explain_write(const struct dispatch *d, struct str *out)
{
    const struct match *match = d->safety.n ? &d->safety : &d->match;
    reading(d, out);
    entities(d, out);
    decision(d, out);
    if (match->n)
        str_adds(out, "candidates, best first:\n");
    for (size_t i = 0; i < match->n && i < RIVALS_SHOWN; i++)
        candidate(d, &match->candidates[i], out);
    if (match->n > RIVALS_SHOWN)
        str_addf(out, "  and %zu more\n", match->n - RIVALS_SHOWN);
    if (d->predicted)
        examples(d, out);
    str_addf(out, "searches: %u, ended by a limit: %u\n", d->safety.searches + d->match.searches,
             d->safety.limits + d->match.limits);
}
