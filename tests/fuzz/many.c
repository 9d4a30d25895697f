/* SPDX-License-Identifier: MIT
 *
 * many.c - fuzz target: packs of many patterns, and questions for them, made by a grammar from any bytes.
 *
 * The bytes are choices: how many patterns, of which pieces each is made (words that begin alike, choices, stems, gaps,
 * lookarounds, back-references, nested repeats, classes, parts joined by "&" and "!"), and which words the questions
 * are made of, up to the longest message. Words are few, so that a question meets many patterns. What must hold:
 *   - no message takes longer than a message may, whatever the pack;
 *   - every pattern all of whose parts stand in a sentence, when each is searched for as a plain regular expression, is
 *     found, and no other.
 */
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define INTENTS_MAX 100
#define PATTERNS_MAX 4 /* of an intent */
#define PARTS_MAX 3
#define PIECES_MAX 6
#define QUESTIONS_MAX 4
#define PART_BYTES_MAX 512

static const char *const words[] = {"aba", "abab", "ababa", "abba", "baba", "bab",
                                    "abc", "abcd", "cab",   "caba", "dada", "dadb"};
#define WORDS (sizeof(words) / sizeof(words[0]))

/* Classes of the lexicon, and what they are as a regular expression. */
static const struct {
    const char *name;
    const char *form;
    const char *regex;
} classes[] = {
    {"one", "dad(a|b)s?", "(?:dad(?:a|b)s?)"},
    {"stem", "abab*", "(?:abab\\w*)"},
};

/* The input, and when it is used up, numbers that follow from it: a few bytes make a large pack. */
struct bytes {
    const uint8_t *at;
    const uint8_t *end;
    uint32_t random;
};

static unsigned choose(struct bytes *b, unsigned n)
{
    b->random = b->random * 1664525u + 1013904223u;
    if (b->at == b->end)
        return (b->random >> 12) % n;
    b->random ^= *b->at;
    return *b->at++ % n;
}

struct part { /* as the pack has it, and as a plain regular expression */
    char text[PART_BYTES_MAX];
    char regex[PART_BYTES_MAX];
    struct pattern *plain; /* of regex */
    int negative;
};

struct made {
    struct part parts[PARTS_MAX];
    size_t n_parts;
};

struct trying {
    struct made rules[INTENTS_MAX * PATTERNS_MAX];
    size_t n_rules;
    size_t n_intents;
    struct snapshot *snapshot;
    struct pattern_scratch *patterns;
    struct match_scratch *scratch;
    uint8_t *mark;
};

static void add(struct part *part, const char *text)
{
    size_t len = strlen(part->text);
    size_t regex_len = strlen(part->regex);
    if (len + strlen(text) < sizeof(part->text) && regex_len + strlen(text) < sizeof(part->regex)) {
        strcpy(part->text + len, text);
        strcpy(part->regex + regex_len, text);
    }
}

static void add_class(struct part *part, unsigned at)
{
    size_t len = strlen(part->text);
    size_t regex_len = strlen(part->regex);
    if (len + 16 < sizeof(part->text) && regex_len + 32 < sizeof(part->regex)) {
        snprintf(part->text + len, 16, "{%s}", classes[at].name);
        snprintf(part->regex + regex_len, 32, "%s", classes[at].regex);
    }
}

/* One piece; %s is a word. */
static const char *const pieces[] = {
    "%s",
    "%ss?",
    "(%s|%s)",
    "%s\\w*",
    "(%s )?",
    "(\\w+ ){0,4}",
    ".*",
    "(?=.*\\b%s\\b)",
    "^",
    "$",
    "\\w*%s\\w*",
    "(\\w+ )*%s",
    "(?!%s )",
    "(?<=%s )",
    "\\d+",
    "[ab]+",
    "(%s( %s)?)+",
    "(\\w+ ?)+",
    "(?<kind>%s|%s) \\k<kind>",
    "(a|b|ab)*",
    "%s( \\w+){0,3}",
    "(%s |%s s? ?)?",
    "(?:%s|)",
    "\\b",
    "(?>%s|%s) ",
    "((%s|%s) ){2}",
    "(?:%s){1,3}",
    "\\W",
    "{gap}",
};

static void add_piece(struct bytes *b, struct part *part)
{
    char text[128];
    const char *piece = pieces[choose(b, sizeof(pieces) / sizeof(pieces[0]))];
    const char *one = words[choose(b, WORDS)];
    const char *two = words[choose(b, WORDS)];
    snprintf(text, sizeof(text), piece, one, two);
    if (strcmp(text, "{gap}") == 0) { /* which pack_rules.c writes out like this */
        strcat(part->text, strlen(part->text) + 8 < sizeof(part->text) ? "{gap}" : "");
        strcat(part->regex, strlen(part->regex) + 16 < sizeof(part->regex) ? "(?:\\w+ ){0,3}" : "");
    } else {
        add(part, text);
    }
}

static void fill_part(struct bytes *b, struct part *part, int first)
{
    unsigned kind = choose(b, 8);
    *part = (struct part){.negative = !first && kind == 7};
    if (kind == 6) {
        add_class(part, choose(b, 2));
        return;
    }
    for (unsigned n = choose(b, PIECES_MAX) + 1; n; n--) {
        add_piece(b, part);
        if (choose(b, 2))
            add(part, " ");
    }
    if (kind == 5)
        add_class(part, 0);
    size_t len = strlen(part->text); /* spaces around a part are not part of it */
    while (len && part->text[len - 1] == ' ') {
        part->text[--len] = '\0';
        part->regex[strlen(part->regex) - 1] = '\0';
    }
}

static void make_part(struct bytes *b, struct part *part, int first)
{
    struct err err = {0};
    fill_part(b, part, first);
    if (!part->text[0] || part->text[0] == ' ' || pattern_new(part->regex, &err, &part->plain) != FAQD_OK) {
        *part = (struct part){.text = "aba", .regex = "aba", .negative = part->negative}; /* or the pack is refused */
        FUZZ_CHECK(pattern_new(part->regex, &err, &part->plain) == FAQD_OK, "%s", err.text);
    }
}

static json_t *make_patterns(struct bytes *b, struct trying *t)
{
    json_t *list = json_array();
    for (unsigned n = choose(b, PATTERNS_MAX) + 1; n; n--) {
        struct made *rule = &t->rules[t->n_rules++];
        char text[PARTS_MAX * (PART_BYTES_MAX + 8)] = "";
        rule->n_parts = choose(b, 4) == 0 ? choose(b, PARTS_MAX) + 1 : 1;
        for (size_t i = 0; i < rule->n_parts; i++) {
            make_part(b, &rule->parts[i], i == 0);
            strcat(text, i ? " & " : "");
            strcat(text, rule->parts[i].negative ? "!" : "");
            strcat(text, rule->parts[i].text);
        }
        json_array_append_new(list, json_string(text));
    }
    return list;
}

static void write_json(const char *name, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    FUZZ_CHECK(text, "out of memory");
    fuzz_write(name, text, strlen(text));
    free(text);
    json_decref(value);
}

static void write_intents(struct bytes *b, struct trying *t)
{
    json_t *intents = json_array();
    t->n_intents = choose(b, INTENTS_MAX) + 1;
    for (size_t i = 0; i < t->n_intents; i++) {
        char id[32];
        snprintf(id, sizeof(id), "i%zu", i);
        json_array_append_new(intents,
                              json_pack("{s:s, s:s, s:{s:s, s:s}, s:[s], s:{s:o, s:[], s:[]}, s:{s:[], s:[], s:[]}}",
                                        "id", id, "topic", id, "label", "fr", "ce", "en", "it", "say", "said", "fr",
                                        "patterns", make_patterns(b, t), "ask", "not", "en", "patterns", "ask", "not"));
    }
    write_json("intents.json", json_pack("{s:s, s:{s:{s:s, s:s, s:[s]}}, s:o}", "module", "statements", "statements",
                                         "said", "fr", "oui", "en", "yes", "from", "G1", "intents", intents));
}

/* Once: the small pack's pack.json with names that our lexicon has, and a lexicon of our words. */
static void write_frame(void)
{
    static int done;
    size_t len = 0;
    if (done)
        return;
    char *bytes = fuzz_read(FUZZ_SMALL "/pack.json", &len);
    json_t *pack = json_loadb(bytes, len, 0, NULL);
    FUZZ_CHECK(pack, "the small pack is no JSON");
    json_object_set_new(pack, "anchors", json_pack("[s]", "one"));
    json_object_del(pack, "hints");
    json_object_del(pack, "rivals");
    write_json("pack.json", pack);
    write_json(
        "lexicon.json",
        json_pack("{s:{s:{s:[s], s:[s]}, s:{s:[s], s:[s]}, s:{s:[s], s:[s]}}, s:{s:{s:{s:{s:s, s:s}, s:[s], s:[s]}}}, "
                  "s:{s:[s,s], s:[s]}}",
                  "classes", "one", "fr", classes[0].form, "en", "ours", "stem", "fr", classes[1].form, "en", "stem",
                  "negation", "fr", "ne", "en", "not", "entities", "kind", "it", "name", "fr", "ce", "en", "it", "fr",
                  "zzyx", "en", "zzyy", "function", "fr", "le", "de", "en", "the"));
    free(bytes);
    done = 1;
}

/* A message of a few or very many words, of one kind again and again or of all kinds. */
static size_t make_question(struct bytes *b, char *out)
{
    static const char *const others[] = {"le", "de", "zzz", "7", "12", "ababc", "aba.", "abab?", "\n", "dadas"};
    unsigned repeat = choose(b, 16) == 15 ? 200 : choose(b, 4) + 1;
    char phrase[256] = "";
    size_t at = 0;
    for (unsigned n = choose(b, 24) + 1; n; n--) {
        unsigned word = choose(b, WORDS + sizeof(others) / sizeof(others[0]));
        strcat(phrase, word < WORDS ? words[word] : others[word - WORDS]);
        strcat(phrase, " ");
    }
    for (size_t len = strlen(phrase); repeat && at + len < QUESTION_BYTES_MAX; repeat--, at += len)
        memcpy(out + at, phrase, len);
    return at;
}

/* --------------------------------------------------------------------------------------- each part by itself ---- */

enum found { FOUND_NO, FOUND_YES, FOUND_UNKNOWN };

static enum found find_part(const struct trying *t, const struct part *part, const struct question *q,
                            const struct window *w)
{
    struct pattern_span span;
    enum pattern_result result =
        pattern_find(part->plain, t->patterns, q->text + w->from, w->to - w->from, 0, &span, NULL);
    return result == PATTERN_YES ? FOUND_YES : result == PATTERN_NO ? FOUND_NO : FOUND_UNKNOWN;
}

static enum found find_rule(const struct trying *t, const struct made *rule, const struct question *q,
                            const struct window *w)
{
    enum found all = FOUND_YES;
    for (size_t i = 0; i < rule->n_parts; i++) {
        enum found one = find_part(t, &rule->parts[i], q, w);
        if (one == (rule->parts[i].negative ? FOUND_YES : FOUND_NO))
            return FOUND_NO;
        all = one == FOUND_UNKNOWN ? one : all;
    }
    return all;
}

static void compare(const struct trying *t, const struct question *q)
{
    struct window whole = question_whole(q);
    for (size_t i = 0; i < t->n_rules; i++) {
        enum found some = FOUND_NO;
        for (size_t w = 0; w < q->n_windows && some != FOUND_YES; w++) {
            enum found one = find_rule(t, &t->rules[i], q, &q->windows[w]);
            some = one == FOUND_NO ? some : one;
        }
        FUZZ_CHECK(t->mark[i] || some != FOUND_YES, "pattern %zu, \"%s\"..., is in \"%.300s\" and was lost", i,
                   t->rules[i].parts[0].text, q->text);
        if (t->mark[i] && some == FOUND_NO && whole.count)
            some = find_rule(t, &t->rules[i], q, &whole);
        FUZZ_CHECK(!t->mark[i] || some != FOUND_NO, "pattern %zu, \"%s\"..., is not in \"%.300s\" and was found", i,
                   t->rules[i].parts[0].text, q->text);
    }
}

/* ------------------------------------------------------------------------------------------------------ asking ---- */

static void ask(struct trying *t, struct dispatch *d, const char *text, size_t len)
{
    static struct question q;
    static struct match match;
    struct faqd_answer_view view;
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = len};
    double from = fuzz_cpu_ms();
    dispatch_ask(d, t->snapshot, &message, &view);
    double ms = fuzz_cpu_ms() - from;
    FUZZ_CHECK(ms <= FUZZ_ASK_MS * FUZZ_SLOWDOWN, "it took %.1f ms: %.300s", ms, text);
    if (question_read(&q, t->snapshot->pack->lexicon, text, len, LANG_FR, LANG_FR) != FAQD_OK || q.n_words > 200)
        return;
    memset(t->mark, 0, t->n_rules);
    match_scratch_mark(t->scratch, t->mark);
    match_begin(t->scratch, &q, 0);
    match_question(t->scratch, t->snapshot->ordinary, LANG_FR, &match);
    if (!match.limits && !match.over_budget)
        compare(t, &q);
}

static void ask_all(struct trying *t, struct bytes *b)
{
    char text[QUESTION_BYTES_MAX + 1];
    struct dispatch *d = dispatch_new();
    t->patterns = pattern_scratch_new();
    t->mark = calloc(t->snapshot->pack->n_rules + 1, 1);
    FUZZ_CHECK(d && t->patterns && t->mark && match_scratch_new(t->snapshot->pack, t->patterns, &t->scratch) == FAQD_OK,
               "out of memory");
    FUZZ_CHECK(t->snapshot->pack->n_rules == t->n_rules, "the pack has %zu patterns, not %zu",
               t->snapshot->pack->n_rules, t->n_rules);
    for (unsigned n = choose(b, QUESTIONS_MAX) + 1; n; n--) {
        size_t len = make_question(b, text);
        text[len] = '\0';
        ask(t, d, text, len);
    }
    match_scratch_free(t->scratch);
    pattern_scratch_free(t->patterns);
    dispatch_free(d);
    free(t->mark);
}

FUZZ_BEGIN_WITH_HOST

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trying t;
    struct bytes b = {data, data + size, (uint32_t)size};
    struct host *host = fuzz_host();
    struct err err = {0};
    t = (struct trying){0};
    write_frame();
    write_intents(&b, &t);
    if (snapshot_load(fuzz_folder(), NULL, &host->plugins, &host->api, &err, &t.snapshot) != FAQD_OK) {
        FUZZ_CHECK(err.code < 0 && err.text[0], "refused without an error");
    } else {
        ask_all(&t, &b);
        snapshot_free(t.snapshot);
    }
    for (size_t i = 0; i < t.n_rules; i++)
        for (size_t p = 0; p < t.rules[i].n_parts; p++)
            pattern_free(t.rules[i].parts[p].plain);
    return 0;
}
