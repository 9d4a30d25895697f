/* SPDX-License-Identifier: MIT
 *
 * peer.c - finding the patterns of a question, beside what one would do without an index: every pattern of the pack in
 * turn, with PCRE2's JIT compiler.
 *
 * The peer gets the same patterns, each part with its word classes written out as pack_rules.c does, compiled once; the
 * same sentences of the same questions; and the same job: red flags in both languages, then the patterns of the
 * question's language, then of the other one where ours looks there too. A pattern's parts are tried until one fails.
 * The second peer is cleverer: it looks for each distinct part once a sentence.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "bench.h"

#include "form.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE 100 /* questions a round: the peer takes its time */
#define ROUNDS 9
#define TEXT_MAX ((size_t)1024 * 1024)
#define OPTIONS (PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP)

/* A term: one code, or of one that is a choice of classes one for each (all as one would be too large for PCRE2). */
struct part {
    pcre2_code *codes[TERM_NEEDS_MAX];
    size_t n;
};

struct peer {
    const struct pack *pack;
    struct part *parts; /* by term */
    size_t n_codes;
    size_t left_out; /* what cannot be compiled */
    pcre2_match_data *data;
    uint32_t stamp;
    uint32_t *stamps; /* of terms: looked for in this sentence, */
    uint8_t *there;   /* and found */
    int shared;       /* look for each term once a sentence */
    uint8_t *found;   /* by rule */
};

/* The peer's expression for one of a term's choices; nothing: it has no words in this language. */
static void write_out(const struct pack *pack, const struct term *term, uint32_t need, struct str *out)
{
    uint32_t symbol = NEED_ID(need);
    if (NEED_KIND(need) != NEED_NAMED) { /* its words as the author wrote them */
        str_adds(out, term_text(pack, term));
        return;
    }
    enum symbol_kind kind = lexicon_symbol(pack->lexicon, symbol)->kind;
    if (kind == SYMBOL_PHRASE)
        form_regex(term_text(pack, term), out);
    else if (kind == SYMBOL_UNKNOWN)
        str_adds(out, "_\\w+");
    else
        lexicon_expand(pack->lexicon, symbol, (enum lang)term->lang, out);
}

static pcre2_code *compile(const char *text)
{
    struct str whole;
    int error = 0;
    PCRE2_SIZE at = 0;
    str_init(&whole, TEXT_MAX);
    str_addf(&whole, "\\b(?:%s)\\b", text);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)str_text(&whole), whole.len, OPTIONS, &error, &at, NULL);
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    str_free(&whole);
    return code;
}

static void add_code(struct peer *peer, struct part *part, const char *text)
{
    if (!text[0])
        return;
    pcre2_code *code = compile(text);
    if (code)
        part->codes[part->n++] = code;
    peer->n_codes += code != NULL;
    peer->left_out += code == NULL;
}

static void compile_part(struct peer *peer, struct part *part, const struct term *term)
{
    struct str text;
    str_init(&text, TEXT_MAX);
    if (term->kind != TERM_ONE_OF &&
        pack_term_regex(peer->pack, term_text(peer->pack, term), (enum lang)term->lang, &text) == FAQD_OK)
        add_code(peer, part, str_text(&text));
    const uint32_t *set = term->kind == TERM_ONE_OF ? term_one_of(peer->pack, term) : &(uint32_t){0};
    for (uint32_t i = 1; i <= *set; i++) {
        str_reset(&text);
        write_out(peer->pack, term, set[i], &text);
        add_code(peer, part, str_text(&text));
        if (NEED_KIND(set[i]) != NEED_NAMED)
            break; /* the words come last, and all at once */
    }
    str_free(&text);
}

static void peer_new(struct peer *peer, const struct pack *pack)
{
    peer->pack = pack;
    peer->parts = bench_array(pack->n_terms, sizeof(*peer->parts));
    peer->stamps = bench_array(pack->n_terms, sizeof(*peer->stamps));
    peer->there = bench_array(pack->n_terms, 1);
    peer->found = bench_array(pack->n_rules, 1);
    peer->data = pcre2_match_data_create(PATTERN_GROUPS_MAX + 1, NULL);
    for (size_t i = 0; i < pack->n_terms; i++)
        compile_part(peer, &peer->parts[i], &pack->terms[i]);
}

static void peer_free(struct peer *peer)
{
    for (size_t i = 0; i < peer->pack->n_terms; i++)
        for (size_t k = 0; k < peer->parts[i].n; k++)
            pcre2_code_free(peer->parts[i].codes[k]);
    pcre2_match_data_free(peer->data);
    free(peer->parts);
    free(peer->stamps);
    free(peer->there);
    free(peer->found);
}

static int search(struct peer *peer, uint32_t term, const char *text, size_t len)
{
    const struct part *part = &peer->parts[term];
    int found = 0;
    if (peer->shared && peer->stamps[term] == peer->stamp)
        return peer->there[term];
    for (size_t i = 0; i < part->n && !found; i++)
        found = pcre2_match(part->codes[i], (PCRE2_SPTR)text, len, 0, 0, peer->data, NULL) >= 0;
    peer->stamps[term] = peer->stamp;
    peer->there[term] = (uint8_t)found;
    return found;
}

static int holds(struct peer *peer, const struct rule *rule, const char *text, size_t len)
{
    for (size_t i = 0; i < rule->n_with; i++)
        if (!search(peer, rule_with(peer->pack, rule)[i], text, len))
            return 0;
    for (size_t i = 0; i < rule->n_without; i++)
        if (search(peer, rule_without(peer->pack, rule)[i], text, len))
            return 0;
    return 1;
}

static size_t find_in(struct peer *peer, const struct question *q, const struct window *w, enum lang lang, int safety)
{
    size_t n = 0;
    peer->stamp++;
    for (size_t i = 0; i < peer->pack->n_rules; i++) {
        const struct rule *rule = &peer->pack->rules[i];
        if (rule->lang != (uint8_t)lang || peer->pack->intents[rule->intent].safety != safety)
            continue;
        if (holds(peer, rule, q->text + w->from, w->to - w->from)) {
            peer->found[i] = 1;
            n++;
        }
    }
    return n;
}

static size_t peer_find(struct peer *peer, const struct question *q, enum lang lang, int safety)
{
    size_t n = 0;
    struct window whole = question_whole(q);
    for (size_t i = 0; i < q->n_windows; i++)
        n += find_in(peer, q, &q->windows[i], lang, safety);
    if (whole.count && (safety || !n))
        n += find_in(peer, q, &whole, lang, safety);
    return n;
}

/* --------------------------------------------------------------------------------------------------- ours ---- */

enum finder { OURS, OURS_READING, IN_TURN, EACH_PART_ONCE, FINDERS };

static const char *const names[FINDERS] = {
    [OURS] = "faqd: finding",
    [OURS_READING] = "faqd: reading the question and finding",
    [IN_TURN] = "every pattern in turn, PCRE2 JIT",
    [EACH_PART_ONCE] = "every distinct part once, PCRE2 JIT",
};

struct comparing {
    struct bench *b;
    struct peer peer;
    struct question *questions; /* of the sample, read */
    const struct bench_question *asked[SAMPLE];
    int flagged[SAMPLE];   /* ours stops at a red flag */
    int elsewhere[SAMPLE]; /* ours looks in the other language too */
    size_t n;
    struct pattern_scratch *patterns;
    struct match_scratch *scratch;
    struct match match;
    struct question q;
};

static int ours_in(struct comparing *c, enum lang lang)
{
    match_question(c->scratch, c->b->snapshot->ordinary, lang, &c->match);
    return c->match.n_in_scope > 0;
}

static void ours(struct comparing *c, size_t i, const struct question *q)
{
    match_begin(c->scratch, q, 0);
    match_safety(c->scratch, c->b->snapshot->safety, &c->match);
    c->flagged[i] = c->match.n_in_scope > 0;
    c->elsewhere[i] = 0;
    if (c->flagged[i])
        return;
    c->elsewhere[i] = !ours_in(c, q->lang);
    if (c->elsewhere[i])
        ours_in(c, lang_other(q->lang));
}

static void theirs(struct comparing *c, size_t i)
{
    const struct question *q = &c->questions[i];
    peer_find(&c->peer, q, LANG_FR, 1);
    peer_find(&c->peer, q, LANG_EN, 1);
    if (c->flagged[i])
        return;
    peer_find(&c->peer, q, q->lang, 0);
    if (c->elsewhere[i])
        peer_find(&c->peer, q, lang_other(q->lang), 0);
}

static double one_round(struct comparing *c, enum finder finder)
{
    const struct bench *b = c->b;
    double from = bench_us();
    for (size_t i = 0; i < c->n; i++) {
        if (finder == OURS_READING)
            question_read(&c->q, b->pack->lexicon, c->asked[i]->text, c->asked[i]->len, -1, b->pack->default_lang);
        if (finder == OURS || finder == OURS_READING)
            ours(c, i, &c->questions[i]);
        c->peer.shared = finder == EACH_PART_ONCE;
        if (finder == IN_TURN || finder == EACH_PART_ONCE)
            theirs(c, i);
    }
    return (bench_us() - from) / (double)c->n;
}

/* ------------------------------------------------------------------------------------------------ comparing ---- */

/* On how many questions both find just the same patterns. */
static size_t agreements(struct comparing *c)
{
    size_t same = 0;
    uint8_t *mark = bench_array(c->b->pack->n_rules, 1);
    for (size_t i = 0; i < c->n; i++) {
        memset(mark, 0, c->b->pack->n_rules);
        memset(c->peer.found, 0, c->b->pack->n_rules);
        match_scratch_mark(c->scratch, mark);
        ours(c, i, &c->questions[i]);
        theirs(c, i);
        for (size_t r = 0; r < c->b->pack->n_rules; r++)
            if (c->b->pack->rules[r].only) /* which the peer does not know */
                mark[r] = c->peer.found[r] = 0;
        same += memcmp(mark, c->peer.found, c->b->pack->n_rules) == 0;
    }
    match_scratch_mark(c->scratch, NULL);
    free(mark);
    return same;
}

static void take_sample(struct comparing *c)
{
    const struct bench *b = c->b;
    c->n = b->n < SAMPLE ? b->n : SAMPLE;
    c->questions = bench_array(c->n, sizeof(*c->questions));
    for (size_t i = 0; i < c->n; i++) {
        c->asked[i] = &b->questions[i * (b->n / c->n)];
        question_read(&c->questions[i], b->pack->lexicon, c->asked[i]->text, c->asked[i]->len, -1,
                      b->pack->default_lang);
    }
}

static void print_finders(const struct comparing *c, double times[FINDERS][ROUNDS], size_t same, double load_ms)
{
    double base = bench_median(times[OURS], ROUNDS);
    printf("\n| finding the patterns of a question, µs, median of %d rounds of %zu questions | µs | ratio "
           "|\n|---|---|---|\n",
           ROUNDS, c->n);
    for (int finder = 0; finder < FINDERS; finder++) {
        double us = bench_median(times[finder], ROUNDS);
        printf("| %s | %.1f | %.1f |\n", names[finder], us, us / base);
    }
    printf("\nThe peer compiles %zu expressions of %zu patterns in %.0f ms (%zu are too large for it).\n",
           c->peer.n_codes, c->b->pack->n_rules, load_ms, c->peer.left_out);
    printf(
        "Both find the same patterns on %zu of %zu questions; on the others they differ because in faqd a long name\n"
        "hides its parts (\"peau d'orange\" is not \"peau\").\n",
        same, c->n);
}

void bench_peer(struct bench *b)
{
    struct comparing *c = bench_array(1, sizeof(*c));
    double times[FINDERS][ROUNDS];
    c->b = b;
    c->patterns = pattern_scratch_new();
    if (!c->patterns || match_scratch_new(b->pack, c->patterns, &c->scratch) != FAQD_OK)
        bench_die("bench", "out of memory");
    take_sample(c);
    double from = bench_us();
    peer_new(&c->peer, b->pack);
    double load_ms = (bench_us() - from) / 1e3;
    size_t same = agreements(c);
    for (int round = 0; round < ROUNDS; round++)
        for (int finder = 0; finder < FINDERS; finder++)
            times[finder][round] = one_round(c, (enum finder)finder);
    print_finders(c, times, same, load_ms);
    peer_free(&c->peer);
    match_scratch_free(c->scratch);
    pattern_scratch_free(c->patterns);
    free(c->questions);
    free(c);
}
