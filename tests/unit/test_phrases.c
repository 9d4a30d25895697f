/* SPDX-License-Identifier: MIT
 *
 * test_phrases.c - the automaton of all forms says of every phrase what writing all phrases out says.
 */
#include "support.h"

#include "phrases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS = 24, WORDS = 4096, PHRASES = FORMS * FORM_PHRASES_MAX, TEXT = 80 };

/* All phrases, one by one: what phrases.h does not do. */
static struct written {
    char text[TEXT];
    uint32_t symbol, order;
    enum lang lang;
} * written;
static size_t n_written;
static uint32_t n_orders;

static char words[WORDS][TEXT]; /* numbered as they come */
static size_t n_words;

static int number(void *user, const char *word, size_t len, int stem, uint32_t *out)
{
    (void)user;
    char text[TEXT];
    snprintf(text, sizeof(text), "%.*s%s", (int)len, word, stem ? "*" : "");
    for (*out = 0; *out < n_words; ++*out)
        if (strcmp(words[*out], text) == 0)
            return FAQD_OK;
    assert_true(n_words < WORDS);
    strcpy(words[n_words++], text);
    return FAQD_OK;
}

struct writing {
    uint32_t symbol;
    enum lang lang;
};

static int write_down(void *user, const char *phrase, size_t len, int stem)
{
    const struct writing *w = user;
    char text[TEXT];
    assert_true(len + 2 < sizeof(text));
    snprintf(text, sizeof(text), "%.*s%s", (int)len, phrase, stem ? "*" : "");
    uint32_t order = n_orders++;
    for (size_t i = 0; i < n_written; i++)
        if (written[i].symbol == w->symbol && written[i].lang == w->lang && strcmp(written[i].text, text) == 0)
            return FAQD_OK; /* only the first one counts */
    struct written *to = &written[n_written++];
    *to = (struct written){.symbol = w->symbol, .lang = w->lang, .order = order};
    strcpy(to->text, text);
    return FAQD_OK;
}

/* --- random forms: of two letters, so that they have much in common --- */

static void append(char *form, const char *text)
{
    if (strlen(form) + strlen(text) < 60)
        strcat(form, text);
}

static void random_form(struct random *r, int depth, char *form)
{
    static const char *const plain[] = {"a", "b", "a?", "b?", " ", " ", " ?", "ab"};
    for (size_t n = random_below(r, 5) + 1; n > 0; n--) {
        if (depth == 0 || random_below(r, 3)) {
            append(form, plain[random_below(r, sizeof(plain) / sizeof(plain[0]))]);
            continue;
        }
        append(form, "(");
        for (size_t alternatives = random_below(r, 3) + 1; alternatives > 0; alternatives--) {
            random_form(r, depth - 1, form);
            append(form, alternatives > 1 ? "|" : "");
        }
        append(form, random_below(r, 3) ? ")" : ")?");
    }
}

static const struct written *find(const char *text, uint32_t symbol, enum lang lang)
{
    for (size_t i = 0; i < n_written; i++)
        if (written[i].symbol == symbol && written[i].lang == lang && strcmp(written[i].text, text) == 0)
            return &written[i];
    return NULL;
}

static size_t count_names(const char *text, uint32_t symbols)
{
    size_t n = 0;
    for (uint32_t symbol = 0; symbol < symbols; symbol++)
        n += find(text, symbol, LANG_FR) || find(text, symbol, LANG_EN);
    return n;
}

static void check_state(const struct phrases *p, const char *text, uint32_t state, uint32_t order, uint32_t symbols)
{
    uint32_t first = p->states[state].name;
    uint32_t end = p->states[state + 1].name;
    assert_int_equal(end - first, count_names(text, symbols));
    uint32_t last = UINT32_MAX;
    for (uint32_t i = first; i < end; i++) {
        const struct phrase_name *name = &p->names[i];
        uint32_t least = UINT32_MAX;
        for (int lang = 0; lang < LANGS; lang++) {
            const struct written *is = find(text, name->symbol, (enum lang)lang);
            assert_int_equal(is != NULL, name->langs >> lang & 1);
            if (is && is->order != order + name->order[lang])
                fail_msg("\"%s\" comes as %u, not %u", text, order + name->order[lang], is->order);
            least = is && is->order < least ? is->order : least;
        }
        assert_true(least < last); /* the last one in front */
        last = least;
    }
}

/* Go through all that the automaton accepts, each path of it; returns how many phrases. */
static size_t check_paths(const struct phrases *p, const struct phrase_edge *edge, const char *before, uint32_t order,
                          uint32_t symbols)
{
    char text[TEXT];
    snprintf(text, sizeof(text), "%s%s%s", before, before[0] ? " " : "", words[edge->word]);
    check_state(p, text, edge->state, order + edge->order, symbols);
    size_t n = p->states[edge->state].name < p->states[edge->state + 1].name;
    uint32_t last = p->states[edge->state + 1].edge;
    for (uint32_t at = p->states[edge->state].edge; at < last; at++) {
        assert_true(at + 1 == last || p->edges[at].word < p->edges[at + 1].word);
        assert_ptr_equal(phrases_next(p, edge->state, p->edges[at].word), &p->edges[at]);
        n += check_paths(p, &p->edges[at], text, order + edge->order, symbols);
    }
    return n;
}

static size_t different_texts(void)
{
    size_t n = 0;
    for (size_t i = 0; i < n_written; i++) {
        size_t same = 0;
        while (strcmp(written[same].text, written[i].text) != 0)
            same++;
        n += same == i;
    }
    return n;
}

static size_t taken; /* forms that are some */

static void one_automaton(struct random *r, uint32_t symbols, size_t forms)
{
    struct phrases_builder *builder = phrases_builder_new();
    struct form_graph graph = {0};
    struct phrases phrases = {0};
    n_written = n_words = n_orders = 0;
    for (size_t i = 0; i < forms; i++) {
        char form[100] = "";
        const char *why = NULL;
        struct writing w = {(uint32_t)random_below(r, symbols), (enum lang)random_below(r, LANGS)};
        if (random_below(r, 4)) /* or many would stand for nothing */
            append(form, random_below(r, 2) ? "a" : "b ");
        random_form(r, 2, form);
        if (!random_below(r, 6))
            append(form, "*");
        size_t before = n_written;
        uint32_t orders = n_orders;
        int rc = form_graph_read(&graph, form, number, NULL, &why);
        assert_int_equal(form_expand(form, write_down, &w, &why) == FAQD_OK, rc == FAQD_OK);
        if (rc != FAQD_OK) {
            n_written = before;
            n_orders = orders;
            continue;
        }
        assert_int_equal(graph.phrases, n_orders - orders);
        assert_int_equal(phrases_add(builder, &graph, w.symbol, w.lang), FAQD_OK);
        taken++;
    }
    assert_int_equal(phrases_seal(builder, &phrases), FAQD_OK);
    size_t n = 0;
    for (uint32_t word = 0; word < n_words; word++) {
        const struct phrase_edge *edge = phrases_first(&phrases, word);
        n += edge ? check_paths(&phrases, edge, "", 0, symbols) : 0;
        assert_true(!edge || !phrases_next(&phrases, edge->state, (uint32_t)n_words));
    }
    assert_int_equal(n, different_texts());
    assert_null(phrases_first(&phrases, (uint32_t)n_words));
    assert_null(phrases_first(&phrases, UINT32_MAX));
    phrases_free(&phrases);
    form_graph_free(&graph);
    phrases_builder_free(builder);
}

static void says_what_all_phrases_written_out_say(void **state)
{
    (void)state;
    struct random r = {0x70687261736573};
    written = calloc(PHRASES, sizeof(*written));
    assert_non_null(written);
    for (size_t round = 0; round < 2000; round++)
        one_automaton(&r, 1 + (uint32_t)random_below(&r, 4), random_below(&r, FORMS / 4));
    one_automaton(&r, 1, 0);
    assert_in_range(taken, 2000, SIZE_MAX);
    free(written);
}

/* A form of a thousand phrases costs as many edges as it has words. */
static void is_as_small_as_its_form(void **state)
{
    (void)state;
    struct phrases_builder *builder = phrases_builder_new();
    struct form_graph graph = {0};
    struct phrases phrases = {0};
    const char *form = "(a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b)";
    n_words = 0;
    assert_int_equal(form_graph_read(&graph, form, number, NULL, NULL), FAQD_OK);
    assert_int_equal(graph.phrases, 1024);
    assert_int_equal(graph.words, 10);
    assert_int_equal(graph.n_ways, 20);
    for (int again = 0; again < 3; again++) /* the same once more costs nothing */
        assert_int_equal(phrases_add(builder, &graph, 5, LANG_FR), FAQD_OK);
    assert_int_equal(phrases_seal(builder, &phrases), FAQD_OK);
    assert_int_equal(phrases.n_edges, 20);
    assert_int_equal(phrases.n_names, 1);
    phrases_free(&phrases);
    form_graph_free(&graph);
    phrases_builder_free(builder);
    phrases_builder_free(NULL);
}

/* Spaces that the phrases of a form do not show, but a regular expression would. */
static void spaces_at_ends_are_told(void **state)
{
    static const struct {
        const char *form;
        int loose;
    } forms[] = {{"a", 0},      {"(a|b) (c )?d", 0},  {"a( b)?", 0},  {"(a |b )?c", 0},
                 {"a (b)?", 1}, {"(a|b) (c |d)?", 1}, {"( a)? b", 1}, {"a (b)? c", 1},
                 {"a ?b", 0},   {"a b ?", 1}};
    struct form_graph graph = {0};
    (void)state;
    n_words = 0;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        assert_int_equal(form_graph_read(&graph, forms[i].form, number, NULL, NULL), FAQD_OK);
        if (graph.loose != forms[i].loose)
            fail_msg("\"%s\": %d", forms[i].form, graph.loose);
    }
    form_graph_free(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_all_phrases_written_out_say),
        cmocka_unit_test(is_as_small_as_its_form),
        cmocka_unit_test(spaces_at_ends_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
