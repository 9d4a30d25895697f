/* SPDX-License-Identifier: MIT
 *
 * check.c - see check.h.
 */
#include "check.h"

#include "render.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct checking {
    const struct snapshot *snapshot;
    const struct pack *pack;
    const struct check_sink *sink;
    struct check_result *result;
    struct dispatch *dispatch;
    uint8_t *matched; /* by rule: an ask of its intent matched it */
    uint8_t *won;     /* by rule: it was the best one of its intent for an ask */
    uint8_t *said;    /* by statement: some ask brought it */
    int no_memory;
};

static void report(struct checking *c, enum check_level level, const struct intent *intent, const char *member,
                   const char *format, ...) FAQD_PRINTF(5, 6);

static void report(struct checking *c, enum check_level level, const struct intent *intent, const char *member,
                   const char *format, ...)
{
    char path[ERR_PATH_MAX];
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (level == CHECK_ERROR)
        c->result->errors++;
    else
        c->result->warnings++;
    if (!c->sink)
        return;
    snprintf(path, sizeof(path), "intents[%u] \"%s\".%s", intent->place, intent->id, member);
    c->sink->found(c->sink->user, level, pack_file(c->pack, intent->file), path, text);
}

/* ------------------------------------------------------------------------------------------- ask and not ---- */

static void mark_statements(struct checking *c)
{
    const struct answer *answer = &c->dispatch->answer;
    for (size_t i = 0; i < answer->n_blocks; i++)
        if (answer->blocks[i].statement)
            c->said[answer->blocks[i].statement - c->pack->statements] = 1;
}

static void mark_winner(struct checking *c, uint32_t intent)
{
    const struct match *match = c->pack->intents[intent].safety ? &c->dispatch->safety : &c->dispatch->match;
    for (size_t i = 0; i < match->n; i++)
        if (match->candidates[i].intent == intent)
            c->won[match->candidates[i].rule] = 1;
}

/* "a, b" of the intents of an answer. */
static const char *list_intents(const struct faqd_answer_view *view, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < view->n_intents && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? ", " : "", view->intents[i]);
    return out;
}

static int answers(const struct faqd_answer_view *view, const char *intent)
{
    for (size_t i = 0; i < view->n_intents; i++)
        if (strcmp(view->intents[i], intent) == 0)
            return 1;
    return 0;
}

static struct faqd_answer_view ask(struct checking *c, const char *question)
{
    struct faqd_message message = {.struct_size = sizeof(message), .text = question, .text_len = strlen(question)};
    struct faqd_answer_view view;
    int rc = dispatch_ask(c->dispatch, c->snapshot, &message, &view);
    c->no_memory |= rc == FAQD_ENOMEM;
    if (c->dispatch->scratch)
        match_scratch_mark(c->dispatch->scratch, c->matched);
    c->result->asked++;
    return view;
}

static void check_ask(struct checking *c, uint32_t id, enum lang lang, size_t number)
{
    const struct intent *intent = &c->pack->intents[id];
    const char *question = intent->words[lang].ask[number];
    struct faqd_answer_view view = ask(c, question);
    char member[64];
    char others[256];
    snprintf(member, sizeof(member), "%s.ask[%zu]", lang_names[lang], number);
    mark_statements(c);
    mark_winner(c, id);
    int missed = view.outcome == FAQD_UNKNOWN || view.outcome == FAQD_UNAVAILABLE;
    if (view.outcome == FAQD_CLARIFY)
        report(c, CHECK_ERROR, intent, member, "\"%s\" is asked back: a tie of %s", question,
               list_intents(&view, others, sizeof(others)));
    else if (missed || !view.n_intents)
        report(c, CHECK_ERROR, intent, member, "\"%s\" is not answered (%s)", question, outcome_names[view.outcome]);
    else if (strcmp(view.intents[0], intent->id) != 0)
        report(c, CHECK_ERROR, intent, member, "\"%s\" is answered by %s", question,
               list_intents(&view, others, sizeof(others)));
    else if (view.n_intents > 1)
        report(c, CHECK_WARNING, intent, member, "\"%s\" is answered by %s", question,
               list_intents(&view, others, sizeof(others)));
    if (strcmp(view.lang, lang_names[lang]) != 0)
        report(c, CHECK_WARNING, intent, member, "\"%s\" is taken for \"%s\" (%s)", question, view.lang,
               c->dispatch->q->lang_reason);
}

static void check_not(struct checking *c, uint32_t id, enum lang lang, size_t number)
{
    const struct intent *intent = &c->pack->intents[id];
    const char *question = intent->words[lang].not_these[number];
    struct faqd_answer_view view = ask(c, question);
    char member[64];
    snprintf(member, sizeof(member), "%s.not[%zu]", lang_names[lang], number);
    if (answers(&view, intent->id))
        report(c, CHECK_ERROR, intent, member, "\"%s\" is answered by this intent%s", question,
               view.outcome == FAQD_CLARIFY ? " (offered as a choice)" : "");
}

static void check_questions(struct checking *c)
{
    /* The first question makes the dispatch fit the pack; only then rules can be marked. */
    ask(c, "");
    for (uint32_t i = 0; i < c->pack->n_intents; i++) {
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &c->pack->intents[i].words[lang];
            if (!words->n_ask)
                report(c, CHECK_ERROR, &c->pack->intents[i], lang_names[lang], "has no \"ask\"");
            for (size_t n = 0; n < words->n_ask; n++)
                check_ask(c, i, (enum lang)lang, n);
            for (size_t n = 0; n < words->n_not; n++)
                check_not(c, i, (enum lang)lang, n);
        }
    }
}

/* ---------------------------------------------------------------------------------------------- patterns ---- */

static void rule_member(const struct pack *pack, const struct rule *rule, char *out, size_t size)
{
    snprintf(out, size, "%s.patterns[%zu]", lang_names[rule->lang], rule_number(pack, rule));
}

static void check_use(struct checking *c)
{
    char member[64];
    for (size_t i = 0; i < c->pack->n_rules; i++) {
        const struct rule *rule = &c->pack->rules[i];
        rule_member(c->pack, rule, member, sizeof(member));
        if (!c->matched[i] && rule_needs_conversation(c->pack, rule)) /* an `ask` begins one */
            continue;
        if (!c->matched[i])
            report(c, CHECK_WARNING, &c->pack->intents[rule->intent], member, "no question exercises \"%s\"",
                   rule_text(c->pack, rule));
        else if (!c->won[i])
            report(c, CHECK_WARNING, &c->pack->intents[rule->intent], member,
                   "\"%s\" matches, but another pattern is always better", rule_text(c->pack, rule));
    }
    for (size_t i = 0; i < c->pack->n_statements; i++) {
        const struct statement *statement = &c->pack->statements[i];
        char path[ERR_PATH_MAX];
        if (c->said[i])
            continue;
        c->result->warnings++;
        snprintf(path, sizeof(path), "statements.%s", statement->id);
        if (c->sink)
            c->sink->found(c->sink->user, CHECK_WARNING, pack_file(c->pack, statement->file), path,
                           "no \"ask\" brings this statement");
    }
}

static int64_t elapsed_ns(const struct pattern *pattern, struct pattern_scratch *scratch, const char *text, size_t len)
{
    struct timespec from;
    struct timespec to;
    struct pattern_span span;
    int64_t best = INT64_MAX;
    for (int round = 0; round < 3 && best > CHECK_SLOW_NS; round++) { /* the machine may be busy: the best counts */
        clock_gettime(CLOCK_MONOTONIC, &from);
        pattern_find(pattern, scratch, text, len, 0, &span, NULL);
        clock_gettime(CLOCK_MONOTONIC, &to);
        int64_t ns = (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec);
        best = ns < best ? ns : best;
    }
    return best;
}

/* A window's worth of a word, or of the words of a pattern, over and over. */
static size_t repeat(const char *piece, size_t len, char *out, size_t size)
{
    size_t at = 0;
    while (len && at + len + 1 < size) {
        memcpy(out + at, piece, len);
        at += len;
        out[at++] = ' ';
    }
    return at;
}

static size_t own_words(const char *text, char *out, size_t size)
{
    size_t at = 0;
    for (const char *s = text; *s && at + 2 < size; s++) {
        if (text_is_letter(*s))
            out[at++] = *s;
        else if (at && out[at - 1] != ' ')
            out[at++] = ' ';
    }
    return at && out[at - 1] == ' ' ? at - 1 : at;
}

static int64_t slowest(const struct term_pattern *term, struct pattern_scratch *scratch)
{
    char words[400];
    char text[600];
    int64_t worst = 0;
    const char *const pieces[] = {"a", "aaaaaaaaaaaaaaaa", "a b", words};
    size_t own = own_words(term->expanded, words, sizeof(words));
    for (size_t i = 0; i < 4; i++) {
        size_t len = repeat(pieces[i], i == 3 ? own : strlen(pieces[i]), text, sizeof(text));
        int64_t ns = elapsed_ns(term->pattern, scratch, text, len);
        worst = ns > worst ? ns : worst;
    }
    memset(text, 'a', sizeof(text));
    int64_t ns = elapsed_ns(term->pattern, scratch, text, sizeof(text));
    return ns > worst ? ns : worst;
}

static int uses(const struct pack *pack, const struct rule *rule, uint32_t term)
{
    for (size_t t = 0; t < (size_t)rule->n_with + rule->n_without; t++)
        if (rule_with(pack, rule)[t] == term) /* those without stand behind those with */
            return 1;
    return 0;
}

#define TERM_SHOWN_MAX 500 /* letters of a term, so that what is said about it is never cut off */

/* Report about a term at the first rule that uses it. */
static void report_term(struct checking *c, enum check_level level, uint32_t term, const char *what)
{
    char member[64];
    for (size_t i = 0; i < c->pack->n_rules; i++) {
        const struct rule *rule = &c->pack->rules[i];
        if (!uses(c->pack, rule, term))
            continue;
        rule_member(c->pack, rule, member, sizeof(member));
        const char *text = c->pack->term_texts[term];
        report(c, level, &c->pack->intents[rule->intent], member, "\"%.*s%s\" %s", TERM_SHOWN_MAX, text,
               strlen(text) > TERM_SHOWN_MAX ? "..." : "", what);
        return;
    }
}

static void report_always(struct checking *c, const struct rule *rule)
{
    char member[64];
    rule_member(c->pack, rule, member, sizeof(member));
    report(c, CHECK_WARNING, &c->pack->intents[rule->intent], member,
           "\"%s\" requires no word that can be read off it: it is tried on every question", rule_text(c->pack, rule));
}

/* A term that is PCRE2's; a program is bounded by its steps. */
static void check_pattern(struct checking *c, uint32_t id)
{
    char what[96];
    int64_t ns = slowest(&c->pack->patterns[c->pack->terms[id].at], c->dispatch->patterns);
    if (ns > CHECK_SLOW_NS) {
        snprintf(what, sizeof(what), "takes %.1f ms on a hostile text; %.0f are allowed", (double)ns / 1e6,
                 (double)CHECK_SLOW_NS / 1e6);
        report_term(c, CHECK_ERROR, id, what);
    } else {
        report_term(
            c, CHECK_WARNING, id,
            "is searched by PCRE2, which takes ten times as long as words do: put spaces into what is optional, "
            "\"(a )?b\", write gaps as words, \"(\\w+ ){0,3}\", and what must not be there as a term with \"!\"");
    }
}

static void check_terms(struct checking *c)
{
    for (uint32_t i = 0; i < c->pack->n_terms; i++)
        if (c->pack->terms[i].kind == TERM_PATTERN)
            check_pattern(c, i);
    for (int safety = 0; safety < 2; safety++) {
        for (int lang = 0; lang < LANGS; lang++) {
            size_t n = 0;
            const struct index *index = safety ? c->snapshot->safety : c->snapshot->ordinary;
            const uint32_t *always = index_always(index, (enum lang)lang, &n);
            for (size_t i = 0; i < n; i++)
                report_always(c, &c->pack->rules[index_listed(index)[always[i]].rule]);
        }
    }
}

int check_snapshot(const struct snapshot *snapshot, const struct check_sink *sink, struct check_result *result)
{
    struct checking c = {.snapshot = snapshot, .pack = snapshot->pack, .sink = sink, .result = result};
    int rc = FAQD_ENOMEM;
    *result = (struct check_result){0};
    c.dispatch = dispatch_new();
    c.matched = calloc(c.pack->n_rules + 1, 1);
    c.won = calloc(c.pack->n_rules + 1, 1);
    c.said = calloc(c.pack->n_statements + 1, 1);
    if (c.dispatch && c.matched && c.won && c.said) {
        check_questions(&c);
        check_use(&c);
        check_terms(&c);
        rc = c.no_memory ? FAQD_ENOMEM : FAQD_OK;
    }
    dispatch_free(c.dispatch);
    free(c.matched);
    free(c.won);
    free(c.said);
    return rc;
}

/* ---------------------------------------------------------------------------------------------- examples ---- */

static void count_examples(struct checking *c, const struct intent *intent, const struct intent_words *words,
                           struct check_examples *examples)
{
    for (size_t n = 0; n < words->n_examples; n++) {
        struct faqd_answer_view view = ask(c, words->examples[n]);
        examples->questions++;
        examples->answered += view.outcome != FAQD_CLARIFY && answers(&view, intent->id);
    }
}

int check_examples(const struct snapshot *snapshot, struct check_examples *examples)
{
    struct check_result asked = {0};
    struct checking c = {.snapshot = snapshot, .pack = snapshot->pack, .result = &asked, .dispatch = dispatch_new()};
    *examples = (struct check_examples){0};
    if (!c.dispatch)
        return FAQD_ENOMEM;
    for (uint32_t i = 0; i < c.pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++)
            count_examples(&c, &c.pack->intents[i], &c.pack->intents[i].words[lang], examples);
    for (int lang = 0; lang < LANGS; lang++) {
        for (size_t n = 0; n < c.pack->n_others[lang]; n++) {
            struct faqd_answer_view view = ask(&c, c.pack->others[lang][n]);
            examples->others++;
            examples->refused += view.outcome == FAQD_UNKNOWN;
        }
    }
    dispatch_free(c.dispatch);
    return c.no_memory ? FAQD_ENOMEM : FAQD_OK;
}
