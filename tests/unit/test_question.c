/* SPDX-License-Identifier: MIT
 *
 * test_question.c - from what people type to words: elisions and contractions, shorthand, stretched and misspelt words,
 * sentences and windows, negation, language.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pack *pack;
static struct question *q;

static int setup(void **state)
{
    (void)state;
    pack = load_pack(SMALL_PACK);
    q = calloc(1, sizeof(*q));
    return q ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    pack_free(pack);
    free(q);
    return 0;
}

static int read_bytes(const char *message, size_t len)
{
    return question_read(q, pack->lexicon, message, len, -1, LANG_FR);
}

static const char *read_text(const char *message)
{
    assert_int_equal(read_bytes(message, strlen(message)), FAQD_OK);
    return q->text;
}

static void elisions_split_and_contractions_join(void **state)
{
    (void)state;
    static const struct {
        const char *message, *text;
    } cases[] = {
        {"L'orange", "l orange"},
        {"l’orange", "l orange"},
        {"C'EST QUOI", "c est quoi"},
        {"qu'est-ce que j'ai", "qu est ce que j _ai"},
        {"aujourd'hui", "_aujourd _hui"},
        {"jusqu'à", "_jusqu a"},
        {"don't", "dont"},
        {"what's", "whats"},
        {"I'm", "im"},
        {"the heap's", "the heaps"},
        {"I'll put it", "i put it"}, /* never "ill" */
        {"'coffee'", "coffee"},
        {"rock'n'roll", "_rocknroll"},
        {"' '", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(read_text(cases[i].message), cases[i].text) != 0)
            fail_msg("\"%s\" reads \"%s\", not \"%s\"", cases[i].message, q->text, cases[i].text);
}

static void sentences_end(void **state)
{
    (void)state;
    assert_string_equal(read_text("Bonjour ! C'est quoi ? Merci."), "bonjour\nc est quoi\nmerci");
    assert_string_equal(read_text("bonjour... merci"), "bonjour\nmerci");
    assert_string_equal(read_text("bonjour…merci\nsalut;le"), "bonjour\nmerci\nsalut\nle");
    assert_string_equal(read_text("3.5 kg"), "3 5 _kg"); /* a point within is no end */
    assert_string_equal(read_text("!?!? ..."), "");
    assert_int_equal(q->n_windows, 0);
    read_text("Bonjour ! C'est quoi ?");
    assert_int_equal(q->n_windows, 2);
    assert_int_equal(q->words[0].sentence, 0);
    assert_int_equal(q->words[1].sentence, 1);
}

static const char *corrections(void)
{
    static char out[512];
    out[0] = '\0';
    for (size_t i = 0; i < q->n_corrections; i++) {
        size_t at = strlen(out);
        snprintf(out + at, sizeof(out) - at, "%s>%s,", q->corrections[i].from, q->corrections[i].to);
    }
    return out;
}

static void words_are_mended_and_remembered(void **state)
{
    (void)state;
    static const struct {
        const char *message, *text, *corrections;
    } cases[] = {
        {"koi", "quoi", "koi>quoi,"},
        {"jpeux mettre", "je peux mettre", "jpeux>je peux,"},
        {"wat is u", "what is you", "wat>what,u>you,"},
        {"compoooost", "compost", "compoooost>compost,"},
        {"coffeeeee", "coffee", "coffeeeee>coffee,"},
        {"lorange", "l orange", "lorange>l orange,"},
        {"dhiver", "d hiver", "dhiver>d hiver,"},
        {"compsot", "compost", "compsot>compost,"},
        {"cofee", "coffee", "cofee>coffee,"},
        {"frzbl", "_frzbl", ""},
        {"vaccinn", "vaccinn", ""}, /* a known beginning: nothing to mend */
        {"marc", "marc", ""},
        {"12 kg", "12 _kg", ""},
        {"ich", "_ich", ""}, /* a word of another language is not bent into ours */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        read_text(cases[i].message);
        if (strcmp(q->text, cases[i].text) != 0 || strcmp(corrections(), cases[i].corrections) != 0)
            fail_msg("\"%s\" reads \"%s\" (%s)", cases[i].message, q->text, corrections());
    }
}

/* So many words are measured against the vocabulary, and no more; the words of the vocabulary are known all the same.
 */
static void not_every_word_of_a_long_message_is_mended(void **state)
{
    (void)state;
    char message[QUESTION_BYTES_MAX] = "";
    for (int i = 0; i < QUESTION_MEASURED_MAX; i++)
        strcat(message, i ? "wgrqtzu " : "comopst ");
    strcat(message, "comopst compost");
    read_text(message);
    assert_int_equal(q->n_corrections, 1);
    assert_int_equal(strncmp(q->text, "compost _wgrqtzu ", 17), 0);
    assert_string_equal(q->text + q->text_len - 17, " _comopst compost");
}

static void words_know_their_bytes(void **state)
{
    (void)state;
    const char *message = "  L’œuf se\xcc\x81ve, koi?";
    read_text(message);
    assert_int_equal(q->n_words, 4);
    assert_int_equal(q->words[0].from, 2);
    assert_int_equal(q->words[0].to, 3);
    assert_memory_equal(message + q->words[1].from, "œuf", 4);
    assert_int_equal(q->words[1].to - q->words[1].from, 4);
    assert_memory_equal(message + q->words[3].from, "koi", 3);
    for (size_t i = 0; i < q->n_words; i++)
        assert_memory_equal(q->text + q->words[i].at + (q->words[i].roles & WORD_KNOWN ? 0 : 1), q->words[i].text,
                            q->words[i].len);
}

/* The same question in NFC, NFD, with a typographic apostrophe, in capitals and without accents is the same text. */
static void spellings_of_one_question(void **state)
{
    (void)state;
    static const char *const same[] = {"L'écorce d'orange, où ça ?",
                                       "L\xe2\x80\x99\xc3\xa9"
                                       "corce d\xe2\x80\x99orange, où ça ?",
                                       "L'e\xcc\x81"
                                       "corce d'orange, ou\xcc\x80 c\xcc\xa7"
                                       "a ?",
                                       "l'ecorce d'orange, ou ca ?", "L'ÉCORCE D'ORANGE, OÙ ÇA ?"};
    char first[200];
    strcpy(first, read_text(same[0]));
    for (size_t i = 1; i < sizeof(same) / sizeof(same[0]); i++)
        assert_string_equal(read_text(same[i]), first);
}

static void long_sentences_become_windows(void **state)
{
    (void)state;
    char message[QUESTION_BYTES_MAX];
    for (size_t words = 1; words <= 500; words += words < 150 ? 1 : 37) {
        size_t len = 0;
        for (size_t i = 0; i < words; i++)
            len += (size_t)snprintf(message + len, sizeof(message) - len, "w%zu ", i % 10);
        assert_int_equal(read_bytes(message, len), FAQD_OK);
        assert_int_equal(q->n_words, words);
        size_t end = 0;
        for (size_t w = 0; w < q->n_windows; w++) {
            const struct window *window = &q->windows[w];
            assert_in_range(window->count, 1, WINDOW_WORDS);
            /* whatever stands in WINDOW_OVERLAP + 1 words in a row stands in one window */
            assert_int_equal(window->first, w ? end - WINDOW_OVERLAP : 0);
            end = (size_t)window->first + window->count;
            assert_int_equal(window->from, q->words[window->first].at);
            assert_true(window->to <= q->text_len);
            assert_null(memchr(q->text + window->from, '\n', window->to - window->from));
        }
        assert_int_equal(end, words);
        struct window whole = question_whole(q);
        assert_int_equal(whole.count, 0); /* one sentence is a window already */
    }
    read_text("bonjour. compost. koi");
    struct window whole = question_whole(q);
    assert_int_equal(whole.count, 3);
    assert_int_equal(whole.from, 0);
    assert_int_equal(whole.to, q->text_len);
}

static void limits(void **state)
{
    (void)state;
    static char message[QUESTION_BYTES_MAX + 1];
    memset(message, 'a', sizeof(message));
    assert_int_equal(read_bytes(message, QUESTION_BYTES_MAX), FAQD_OK);
    assert_int_equal(q->n_words, 1);
    assert_int_equal(read_bytes(message, QUESTION_BYTES_MAX + 1), FAQD_ELIMIT);
    assert_int_equal(q->n_words, 0);
    assert_int_equal(q->n_hits, 0);
    for (size_t i = 0; i < QUESTION_BYTES_MAX; i++)
        message[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(read_bytes(message, QUESTION_WORDS_MAX * 2), FAQD_OK);
    assert_int_equal(q->n_words, QUESTION_WORDS_MAX);
    assert_int_equal(read_bytes(message, QUESTION_WORDS_MAX * 2 + 1), FAQD_ELIMIT); /* a word too many */
    for (size_t i = 0; i < QUESTION_BYTES_MAX; i++)
        message[i] = i % 2 ? '?' : 'a';
    assert_int_equal(read_bytes(message, QUESTION_WORDS_MAX * 2), FAQD_OK); /* all of them sentences */
    assert_int_equal(q->n_windows, QUESTION_WINDOWS_MAX);
    assert_int_equal(read_bytes("", 0), FAQD_OK);
    assert_int_equal(q->n_words, 0);
    assert_string_equal(q->text, "");
}

static const struct hit *hit_of(const char *symbol)
{
    uint32_t id = lexicon_find(pack->lexicon, symbol);
    for (size_t i = 0; i < q->n_hits; i++)
        if (q->hits[i].symbol == id && !q->hits[i].hidden)
            return &q->hits[i];
    return NULL;
}

static void the_longest_name_of_a_type_wins(void **state)
{
    (void)state;
    read_text("ecorce d'orange au compost");
    assert_null(hit_of("matter:orange"));
    read_text("orange peel in the compost");
    assert_non_null(hit_of("matter:orange_peel"));
    assert_null(hit_of("matter:orange"));
    read_text("orange and orange peel");
    assert_non_null(hit_of("matter:orange"));
    assert_int_equal(hit_of("matter:orange_peel")->count, 2);
}

static int negated(const char *message, const char *symbol)
{
    read_text(message);
    const struct hit *hit = hit_of(symbol);
    assert_non_null(hit);
    return hit->negated;
}

static void negation_reaches_what_it_negates(void **state)
{
    (void)state;
    assert_int_equal(negated("pas de viande", "matter:meat"), 1);
    assert_int_equal(negated("sans la viande", "matter:meat"), 1);
    assert_int_equal(negated("no meat", "matter:meat"), 1);
    assert_int_equal(negated("not in the garden", "place:garden"), 1);
    assert_int_equal(negated("la viande", "matter:meat"), 0);
    assert_int_equal(negated("pas. la viande", "matter:meat"), 0);       /* another sentence */
    assert_int_equal(negated("pas mettre la viande", "matter:meat"), 0); /* another word between */
    assert_int_equal(negated("viande pas", "matter:meat"), 0);
    assert_int_equal(negated("pas de viande, la viande", "matter:meat"), 1);
}

static void languages(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        enum lang lang;
        int third;
    } cases[] = {
        {"C'est quoi le compost ?", LANG_FR, 0},
        {"What is compost?", LANG_EN, 0},
        {"compost", LANG_FR, 0}, /* nothing tells: the likely one */
        {"wie ist das und wie lange dauert das", LANG_FR, 1},
        {"cuanto como para los", LANG_FR, 1},
        {"Что такое компост?", LANG_FR, 1},
        {"堆肥是什么？", LANG_FR, 1},
        {"ما هو السماد", LANG_FR, 1},
        {"can I put il in the compost", LANG_EN, 0}, /* a word of the other one changes nothing */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        read_text(cases[i].message);
        if (q->lang != cases[i].lang || q->third_language != cases[i].third)
            fail_msg("\"%s\": %s, third %d", cases[i].message, lang_names[q->lang], q->third_language);
        assert_true(q->lang_reason[0] != '\0');
    }
    question_read(q, pack->lexicon, "compost", 7, -1, LANG_EN);
    assert_int_equal(q->lang, LANG_EN);
    assert_int_equal(q->lang_sure, 0);
    question_read(q, pack->lexicon, "c'est quoi le compost", 21, LANG_EN, LANG_FR);
    assert_int_equal(q->lang, LANG_EN); /* as asked for */
    assert_int_equal(q->lang_sure, 1);
}

static void check_invariants(size_t len)
{
    assert_true(q->n_words <= QUESTION_WORDS_MAX && q->n_hits <= QUESTION_HITS_MAX);
    assert_int_equal(q->text[q->text_len], '\0');
    assert_int_equal(strspn(q->text, "abcdefghijklmnopqrstuvwxyz0123456789_ \n"), q->text_len);
    for (size_t i = 0; i < q->n_words; i++) {
        const struct word *word = &q->words[i];
        assert_true(word->len > 0 && word->from <= word->to && word->to <= len);
        assert_int_equal(strspn(word->text, "abcdefghijklmnopqrstuvwxyz0123456789"), word->len);
    }
    for (size_t i = 0; i < q->n_hits; i++) {
        assert_true((size_t)q->hits[i].word + q->hits[i].count <= q->n_words);
        assert_true(i == 0 || q->hits[i - 1].word <= q->hits[i].word);
    }
}

static void any_bytes_can_be_read(void **state)
{
    (void)state;
    static const char *const bits[] = {"compost ",
                                       "l'",
                                       "’",
                                       "\xff",
                                       "\xe2\x80\xae",
                                       "\xcc\x81",
                                       "koi ",
                                       ". ",
                                       "?",
                                       "\0",
                                       "é",
                                       "aaaa",
                                       "\xf0\x9f\x98\x80",
                                       "Ω",
                                       "9",
                                       "\xed\xa0\x80",
                                       "-",
                                       "\x1b[31m",
                                       "marc de cafe "};
    struct random r = {20};
    static char message[QUESTION_BYTES_MAX];
    for (int i = 0; i < 5000; i++) {
        size_t len = 0;
        size_t most = random_below(&r, i % 50 ? 120 : sizeof(message) - 20);
        while (len < most) {
            const char *bit = bits[random_below(&r, sizeof(bits) / sizeof(bits[0]))];
            size_t n = bit[0] ? strlen(bit) : 1;
            memcpy(message + len, bit, n);
            len += n;
        }
        if (read_bytes(message, len) == FAQD_OK)
            check_invariants(len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elisions_split_and_contractions_join),
        cmocka_unit_test(sentences_end),
        cmocka_unit_test(words_are_mended_and_remembered),
        cmocka_unit_test(not_every_word_of_a_long_message_is_mended),
        cmocka_unit_test(words_know_their_bytes),
        cmocka_unit_test(spellings_of_one_question),
        cmocka_unit_test(long_sentences_become_windows),
        cmocka_unit_test(limits),
        cmocka_unit_test(the_longest_name_of_a_type_wins),
        cmocka_unit_test(negation_reaches_what_it_negates),
        cmocka_unit_test(languages),
        cmocka_unit_test(any_bytes_can_be_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
