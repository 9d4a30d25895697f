/* SPDX-License-Identifier: MIT
 *
 * test_vetted.c - only vetted text leaves: 100,000 random questions in random states, made of the pack's own words, its
 * own questions and noise, through the whole dispatcher. Every block of every answer is a statement of the pack with
 * nothing but names and numbers of its tables in the gaps, or a fixed sentence, or the label of a choice; and no answer
 * takes longer than 50 ms.
 */
#include "support.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOWEST_NS 50000000

enum { QUESTIONS = 100000, WORDS_MAX = 20000, ASKS_MAX = 10000 };

static struct host host;
static struct faqd_worker *worker;
static const struct pack *pack;
static const char *words[WORDS_MAX];
static size_t n_words;
static const char *asks[ASKS_MAX];
static size_t n_asks;
static unsigned long outcomes[FAQD_UNAVAILABLE + 1];
static int64_t slowest;

/* ------------------------------------------------------------------------------------------- what may leave ---- */

/* Is `text` (up to its end) `pattern` with its gaps filled? */
static int fits(const char *pattern, const char *text, enum lang lang);

static int gap_is_number(const char *rest, const char *text, enum lang lang)
{
    const char *s = text + (*text == '-');
    while (isdigit((unsigned char)*s))
        if (fits(rest, ++s, lang))
            return 1;
    return 0;
}

static int fits(const char *pattern, const char *text, enum lang lang)
{
    while (*pattern && *pattern != '{') {
        if (*pattern++ != *text++)
            return 0;
    }
    if (!*pattern)
        return *text == '\0';
    const char *rest = strchr(pattern, '}') + 1;
    if (gap_is_number(rest, text, lang))
        return 1;
    for (uint32_t i = 0; i < lexicon_count(pack->lexicon); i++) {
        const struct symbol *symbol = lexicon_symbol(pack->lexicon, i);
        size_t len = symbol->kind == SYMBOL_ENTITY ? strlen(symbol->display[lang]) : 0;
        if (len && strncmp(text, symbol->display[lang], len) == 0 && fits(rest, text + len, lang))
            return 1;
    }
    return 0;
}

static int is_statement(const char *text, enum lang lang)
{
    for (size_t i = 0; i < pack->n_statements; i++)
        if (fits(pack->statements[i].text[lang], text, lang))
            return 1;
    return 0;
}

static int is_fixed(const char *text, enum lang lang)
{
    for (size_t i = 0; i < FIXED_COUNT; i++)
        if (strcmp(pack->fixed[i][lang], text) == 0)
            return 1;
    return 0;
}

/* A label of an intent, alone or with an entity in brackets. */
static int is_choice(const char *text, enum lang lang)
{
    for (size_t i = 0; i < pack->n_intents; i++) {
        const char *label = pack->intents[i].words[lang].label;
        size_t len = strlen(label);
        if (strncmp(text, label, len) != 0)
            continue;
        if (!text[len] || (text[len] == ' ' && text[len + 1] == '(' && fits("{x})", text + len + 2, lang)))
            return 1;
    }
    return 0;
}

static void check_answer(const struct faqd_answer_view *view, const char *question)
{
    enum lang lang = (enum lang)lang_find(view->lang);
    assert_true(view->n_blocks > 0);
    for (size_t i = 0; i < view->n_blocks; i++) {
        const char *text = view->blocks[i].text;
        int vetted = view->blocks[i].kind == FAQD_CHOICE ? is_choice(text, lang)
                                                         : is_statement(text, lang) || is_fixed(text, lang);
        if (!vetted)
            fail_msg("\"%s\" got \"%s\", which nobody vetted", question, text);
        assert_true(text_printable(text, strlen(text)));
        for (size_t s = 0; s < view->blocks[i].n_sources; s++)
            assert_true(view->blocks[i].sources[s] < view->n_sources);
    }
    assert_true(strlen(view->state) <= 512);
    outcomes[view->outcome]++;
}

/* ------------------------------------------------------------------------------------------- questions ---- */

static void collect(void)
{
    pack = host.packs[0]->snapshots.current->pack;
    for (uint32_t i = 0; i < lexicon_count(pack->lexicon); i++) {
        const struct symbol *symbol = lexicon_symbol(pack->lexicon, i);
        for (int lang = 0; lang < LANGS; lang++) {
            const char *form = lexicon_forms(pack->lexicon, i, (enum lang)lang);
            for (size_t f = 0; f < symbol->n_forms[lang] && n_words < WORDS_MAX; f++, form += strlen(form) + 1)
                words[n_words++] = form;
        }
    }
    for (size_t i = 0; i < pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *w = &pack->intents[i].words[lang];
            for (size_t n = 0; n < w->n_ask && n_asks < ASKS_MAX; n++)
                asks[n_asks++] = w->ask[n];
            for (size_t n = 0; n < w->n_not && n_asks < ASKS_MAX; n++)
                asks[n_asks++] = w->not_these[n];
        }
    assert_true(n_words > 20 && n_asks > 20);
}

/* A form as it stands ("seances?"), without its signs. */
static size_t add_word(struct random *r, char *out)
{
    size_t len = 0;
    for (const char *s = words[random_below(r, n_words)]; *s && len < 60; s++)
        if (isalnum((unsigned char)*s) || *s == ' ')
            out[len++] = *s;
    return len;
}

static size_t add_noise(struct random *r, char *out)
{
    static const char *const noise[] = {"?",    ". ",  "'",  "’",   " pas ", " sans ",        "\xff", "\xe2\x80\xae",
                                        "{x}",  "12",  "%s", "xqz", "\n",    " et ",          "é",    "\xcc\x81",
                                        "not ", "<b>", "😀",  "-",   "l'",    "docteur Dupont"};
    const char *bit = noise[random_below(r, sizeof(noise) / sizeof(noise[0]))];
    memcpy(out, bit, strlen(bit));
    return strlen(bit);
}

static size_t make_question(struct random *r, char *out, size_t size)
{
    size_t len = 0;
    size_t parts = 1 + random_below(r, random_below(r, 50) ? 8 : 200);
    for (size_t i = 0; i < parts && len + 400 < size; i++) {
        size_t kind = random_below(r, 10);
        if (kind == 0) {
            const char *ask = asks[random_below(r, n_asks)];
            size_t n = strlen(ask) < 300 ? strlen(ask) : 300;
            memcpy(out + len, ask, n);
            len += n;
        } else if (kind < 3) {
            len += add_noise(r, out + len);
        } else {
            len += add_word(r, out + len);
        }
        out[len++] = ' ';
        if (random_below(r, 12) == 0) /* a typo */
            out[random_below(r, len)] = (char)('a' + random_below(r, 26));
    }
    out[len] = '\0';
    return len;
}

/* A state: none, that of the answer before, or one that names random things of the pack. */
static const char *make_state(struct random *r, char *state, size_t size)
{
    size_t kind = random_below(r, 4);
    if (kind == 0)
        return NULL;
    if (kind < 3)
        return state;
    size_t at = (size_t)snprintf(state, size, "1;l=%s;a=%zu", lang_names[random_below(r, 2)], random_below(r, 3));
    at += (size_t)snprintf(state + at, size - at, ";i=%s", pack->intents[random_below(r, pack->n_intents)].id);
    for (size_t n = random_below(r, 4); n > 0; n--) {
        const struct symbol *symbol =
            lexicon_symbol(pack->lexicon, (uint32_t)random_below(r, lexicon_count(pack->lexicon)));
        if (symbol->kind != SYMBOL_ENTITY)
            continue;
        const char *type = lexicon_symbol(pack->lexicon, symbol->type)->name;
        at += n % 2 ? (size_t)snprintf(state + at, size - at, ";e=%s:%s", type, symbol->name)
                    : (size_t)snprintf(state + at, size - at, ";c=%s+%s:%s",
                                       pack->intents[random_below(r, pack->n_intents)].id, type, symbol->name);
    }
    return state;
}

static void ask_many(const char *dir, int count, uint64_t seed)
{
    struct random r = {seed};
    static char question[QUESTION_BYTES_MAX + 1];
    char state[2048] = "";
    n_words = n_asks = 0;
    memset(outcomes, 0, sizeof(outcomes));
    slowest = 0;
    start_host(&host, dir);
    collect();
    worker = host.api.worker_new(&host.api);
    for (int i = 0; i < count; i++) {
        static const char *const langs[] = {"fr", "en", NULL, NULL, NULL};
        struct faqd_message message = {.struct_size = sizeof(message), .text = question};
        struct faqd_answer_view view;
        struct timespec from;
        struct timespec to;
        message.text_len = make_question(&r, question, sizeof(question));
        message.lang = langs[random_below(&r, 5)];
        message.state = make_state(&r, state, sizeof(state));
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        int rc = host.api.ask(worker, &message, &view);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        int64_t took = (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec);
        slowest = took > slowest ? took : slowest;
        if (took > SLOWEST_NS && !sanitized())
            fail_msg("%.1f ms for \"%s\"", (double)took / 1e6, question);
        if (rc != FAQD_OK && !sanitized())
            fail_msg("result %d for \"%s\"", rc, question);
        check_answer(&view, question);
        snprintf(state, sizeof(state), "%s", view.state);
        if (i % 100 == 0) {
            assert_non_null(host.api.render(worker, FAQD_JSON, NULL));
            assert_non_null(host.api.explain(worker, NULL));
        }
    }
    print_message(
        "%s: %d questions, slowest %.2f ms; answer %lu, clarify %lu, emergency %lu, smalltalk %lu, undocumented "
        "%lu, unknown %lu, unavailable %lu\n",
        dir, count, (double)slowest / 1e6, outcomes[0], outcomes[1], outcomes[2], outcomes[3], outcomes[4], outcomes[5],
        outcomes[6]);
    for (int i = FAQD_ANSWER; i < FAQD_UNAVAILABLE; i++)
        assert_true(outcomes[i] > 0); /* or the test would not show much */
    host.api.worker_free(worker);
    host_end(&host);
}

static void the_shipped_pack(void **state)
{
    (void)state;
    ask_many(SHIPPED_PACK, sanitized() ? QUESTIONS / 20 : QUESTIONS, 1001);
}

static void the_small_pack(void **state)
{
    (void)state;
    ask_many(SMALL_PACK, sanitized() ? QUESTIONS / 20 : QUESTIONS, 1002);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_pack),
        cmocka_unit_test(the_small_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
