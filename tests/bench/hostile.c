/* SPDX-License-Identifier: MIT
 *
 * hostile.c - see hostile.h. Each kind of text is a function that fills it, or a piece that is repeated.
 */
#include "hostile.h"

#include "hostile_words.h"
#include "spell.h"

#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------------------------------------- the pack's words ----
 */

static void common_words(struct making *m, struct str *out)
{
    hostile_fill(m, out, 0, 150, 0);
}

static void commonest_word(struct making *m, struct str *out)
{
    hostile_fill(m, out, 0, 1, 0);
}

static void common_sentences(struct making *m, struct str *out)
{
    hostile_fill(m, out, 0, 150, WINDOW_WORDS);
}

static void common_short_sentences(struct making *m, struct str *out)
{
    hostile_fill(m, out, 0, 150, 3);
}

static void stop_words(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_FUNCTION), SIZE_MAX, 0);
}

static void neutral_words(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_NEUTRAL), SIZE_MAX, 0);
}

static void class_words(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_SUBJECT), SIZE_MAX, 0);
}

static void class_windows(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_SUBJECT), 400, WINDOW_WORDS);
}

static void class_sentences(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_SUBJECT), SIZE_MAX, 1);
}

static void foreign_words(struct making *m, struct str *out)
{
    hostile_fill(m, out, hostile_both(WORD_FOREIGN), SIZE_MAX, 0);
}

/* ------------------------------------------------------------------------------------ questions and names ---- */

static void questions(struct making *m, struct str *out, int safety, const char *between)
{
    for (size_t n = 0; n < 64; n++) /* the n-th question of each intent: all intents before any repeats */
        for (size_t i = 0; i < m->pack->n_intents; i++)
            for (int lang = 0; lang < LANGS; lang++) {
                const struct intent_words *words = &m->pack->intents[i].words[lang];
                const char *ask = n < words->n_ask ? words->ask[n] : NULL;
                if (ask && (!safety || m->pack->intents[i].safety) && hostile_add(out, ask, strlen(ask)))
                    hostile_add(out, between, strlen(between));
            }
}

static void many_questions(struct making *m, struct str *out)
{
    questions(m, out, 0, "\n");
}

static void one_sentence_of_questions(struct making *m, struct str *out)
{
    questions(m, out, 0, " ");
    for (size_t i = 0; i < out->len; i++)
        if (strchr("?!.;\n", out->data[i]))
            out->data[i] = ' ';
}

static void many_red_flags(struct making *m, struct str *out)
{
    questions(m, out, 1, " ");
}

/* The first word of a form, without what the form language has in it. */
static size_t first_word(const char *form)
{
    return strspn(form, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* A symbol that names the pack's subject: each pack has one. */
static uint32_t anchor_of(const struct lexicon *lexicon)
{
    uint32_t id = SYMBOL_ID_FIRST;
    while (id + 1 < lexicon_count(lexicon) && !(lexicon_symbol(lexicon, id)->subject & SUBJECT_ANCHOR))
        id++;
    return id;
}

/* What a gap of a pattern may lie between, as often as a sentence holds it, before each question. */
static void subject_and_question(struct making *m, struct str *out)
{
    uint32_t anchor = anchor_of(m->pack->lexicon);
    for (size_t i = 0; i < m->pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &m->pack->intents[i].words[lang];
            const char *form = lexicon_forms(m->pack->lexicon, anchor, (enum lang)lang);
            form = form ? form : "a";
            for (int times = 0; times < WINDOW_WORDS - 12; times++) {
                hostile_add(out, form, first_word(form));
                hostile_add(out, " ", 1);
            }
            if (words->n_ask)
                hostile_add(out, words->ask[0], strlen(words->ask[0]));
            hostile_add(out, ". ", 2);
        }
}

static void names(struct making *m, struct str *out, int whole)
{
    for (int lang = 0; lang < LANGS; lang++)
        for (uint32_t i = 0; i < lexicon_count(m->pack->lexicon); i++) {
            const struct symbol *symbol = lexicon_symbol(m->pack->lexicon, i);
            const char *form = lexicon_forms(m->pack->lexicon, i, (enum lang)lang);
            for (size_t f = 0; f < symbol->n_forms[lang] && f < 2; f++, form += strlen(form) + 1) {
                size_t len = whole ? strspn(form, "abcdefghijklmnopqrstuvwxyz0123456789 ") : first_word(form);
                if (symbol->kind == SYMBOL_ENTITY && len && hostile_add(out, form, len))
                    hostile_add(out, " ", 1);
            }
        }
}

static void entity_names(struct making *m, struct str *out)
{
    names(m, out, 1);
}

static void beginnings_of_names(struct making *m, struct str *out)
{
    names(m, out, 0);
    names(m, out, 0);
}

static void negated_names(struct making *m, struct str *out)
{
    for (size_t i = 0; i < m->n; i++) {
        if (!(m->words[i].roles & hostile_both(WORD_SUBJECT)))
            continue;
        hostile_add(out, "pas de ", 7);
        hostile_add(out, m->words[i].text, strlen(m->words[i].text));
        hostile_add(out, " ", 1);
    }
}

/* ----------------------------------------------------------------------------------------------- spelling ---- */

/* Long words of the pack with `wrong` letters replaced: near enough to be measured, too far to be mended. */
static void misspelt(struct making *m, struct str *out, size_t least, size_t wrong)
{
    for (size_t round = 0; round < 20; round++)
        for (size_t i = 0; i < m->n; i++) {
            char word[LETTERS_MAX];
            size_t len = strlen(m->words[i].text);
            if (len < least)
                continue;
            memcpy(word, m->words[i].text, len + 1);
            for (size_t w = 0; w < wrong; w++)
                word[1 + hostile_random(m) % (len - 1)] = (char)('a' + hostile_random(m) % 26);
            if (hostile_add(out, word, len))
                hostile_add(out, " ", 1);
        }
}

static void one_letter_wrong(struct making *m, struct str *out)
{
    misspelt(m, out, 5, 1);
}

static void three_letters_wrong(struct making *m, struct str *out)
{
    misspelt(m, out, 9, 3);
}

/* Long words of the pack with their letters in another order behind the first one: nothing but measuring tells that
 * they are far away. `first`: only words that begin with it; 0: all. */
static void anagrams(struct making *m, struct str *out, char first)
{
    for (size_t round = 0; round < 200 && out->len + LETTERS_MAX < FULL; round++)
        for (size_t i = 0; i < m->n; i++) {
            char word[LETTERS_MAX];
            size_t len = strlen(m->words[i].text);
            if (len < SPELL_TWO_FROM || (first && m->words[i].text[0] != first))
                continue;
            memcpy(word, m->words[i].text, len + 1);
            for (size_t left = len - 1; left > 1; left--) {
                size_t other = 1 + hostile_random(m) % left;
                char letter = word[left];
                word[left] = word[other];
                word[other] = letter;
            }
            if (hostile_add(out, word, len))
                hostile_add(out, " ", 1);
        }
}

static void long_anagrams(struct making *m, struct str *out)
{
    anagrams(m, out, 0);
}

/* All with the first letter that most long words have. */
static void anagrams_of_one_letter(struct making *m, struct str *out)
{
    size_t counts[256] = {0};
    char first = 'a';
    for (size_t i = 0; i < m->n; i++)
        if (strlen(m->words[i].text) >= SPELL_TWO_FROM)
            counts[(unsigned char)m->words[i].text[0]]++;
    for (char c = 'a'; c <= 'z'; c++)
        if (counts[(unsigned char)c] > counts[(unsigned char)first])
            first = c;
    anagrams(m, out, first);
}

/* Words of the length and the letters that the pack's words have most, all with the same first letter. */
static void common_letters(struct making *m, struct str *out)
{
    static const char letters[] = "aeiorstnlcm";
    while (out->len + 10 <= FULL) {
        char word[10] = "c";
        for (size_t i = 1; i < 9; i++)
            word[i] = letters[hostile_random(m) % (sizeof(letters) - 1)];
        word[9] = ' ';
        hostile_add(out, word, sizeof(word));
    }
}

static void random_words(struct making *m, struct str *out, size_t len)
{
    while (out->len + len + 1 <= FULL) {
        for (size_t i = 0; i < len; i++)
            str_addc(out, (char)('a' + hostile_random(m) % 26));
        str_addc(out, ' ');
    }
}

static void long_unknown_words(struct making *m, struct str *out)
{
    random_words(m, out, 31);
}

static void short_unknown_words(struct making *m, struct str *out)
{
    random_words(m, out, 5);
}

static void stretched_words(struct making *m, struct str *out)
{
    for (size_t i = 0; i < m->n; i++)
        for (const char *s = m->words[i].text; *s; s++)
            for (int times = 0; times < 4; times++)
                hostile_add(out, s[1] ? s : " ", 1);
}

/* ------------------------------------------------------------------------------------------------- letters ---- */

static void one_letter_words(struct making *m, struct str *out)
{
    (void)m;
    for (size_t i = 0; i < QUESTION_WORDS_MAX; i++) {
        str_addc(out, (char)('a' + i % 26));
        str_addc(out, ' ');
    }
}

static void all_fours(struct making *m, struct str *out)
{
    (void)m;
    for (size_t i = 0; i < FULL; i++)
        str_addc(out, (char)(i % 2 ? ' ' : "acdehlmnstux"[i / 2 % 12]));
}

static void broken_bytes(struct making *m, struct str *out)
{
    for (size_t i = 0; i < FULL; i++)
        str_addc(out, (char)(hostile_random(m) % 256));
}

static void zeros(struct making *m, struct str *out)
{
    (void)m;
    for (size_t i = 0; i < FULL; i++)
        str_addc(out, '\0');
}

static void just_too_long(struct making *m, struct str *out)
{
    common_words(m, out);
    while (out->len <= FULL)
        str_addc(out, 'a');
}

static void a_million(struct making *m, struct str *out)
{
    (void)m;
    for (size_t i = 0; i < 1000000; i++)
        str_addc(out, "meso "[i % 5]);
}

/* ---------------------------------------------------------------------------------------------------- all ---- */

static const struct {
    const char *name;
    void (*make)(struct making *m, struct str *out);
    const char *piece;
} kinds[] = {
    {"the 150 commonest words", common_words, NULL},
    {"the commonest word", commonest_word, NULL},
    {"common words, sentences of 64", common_sentences, NULL},
    {"common words, sentences of 3", common_short_sentences, NULL},
    {"function words", stop_words, NULL},
    {"neutral words", neutral_words, NULL},
    {"words of classes, one sentence", class_words, NULL},
    {"words of classes, sentences of 64", class_windows, NULL},
    {"words of classes, each a sentence", class_sentences, NULL},
    {"words of other subjects", foreign_words, NULL},
    {"questions of every intent", many_questions, NULL},
    {"questions as one sentence", one_sentence_of_questions, NULL},
    {"red flags", many_red_flags, NULL},
    {"the subject 52 times, then a question", subject_and_question, NULL},
    {"names of entities", entity_names, NULL},
    {"beginnings of names", beginnings_of_names, NULL},
    {"negated names", negated_names, NULL},
    {"words with one letter wrong", one_letter_wrong, NULL},
    {"words with three letters wrong", three_letters_wrong, NULL},
    {"anagrams of long words", long_anagrams, NULL},
    {"anagrams, all with one first letter", anagrams_of_one_letter, NULL},
    {"unknown words of common letters", common_letters, NULL},
    {"unknown words of 31 letters", long_unknown_words, NULL},
    {"unknown words of 5 letters", short_unknown_words, NULL},
    {"stretched words", stretched_words, NULL},
    {"words of one letter, 1024", one_letter_words, NULL},
    {"words of one letter, 2048", all_fours, NULL},
    {"random bytes", broken_bytes, NULL},
    {"zero bytes", zeros, NULL},
    {"one letter, 4096 times", NULL, "a"},
    {"a and spaces", NULL, "aaaa "},
    {"de la", NULL, "de la "},
    {"elisions", NULL, "l'd'qu'"},
    {"apostrophes", NULL, "'"},
    {"question marks", NULL, "?"},
    {"full stops", NULL, "a. "},
    {"digits", NULL, "1 2 3 12 "},
    {"combining marks", NULL, "e\xcc\x81"},
    {"zero-width letters", NULL, "\xe2\x80\x8b"},
    {"one letter that folds to 18", NULL, "\xef\xb7\xba"},
    {"ligatures", NULL, "\xef\xac\x83"},
    {"another script", NULL, "\xd0\xbc "},
    {"emoji", NULL, "\xf0\x9f\x92\x89 "},
    {"shorthand", NULL, "jai koi c u "},
    {"one byte too many", just_too_long, NULL},
    {"a million bytes", a_million, NULL},
};

size_t hostile_make(const struct pack *pack, struct hostile_text texts[HOSTILE_MAX])
{
    const size_t n = sizeof(kinds) / sizeof(kinds[0]);
    struct making m;
    memset(texts, 0, HOSTILE_MAX * sizeof(texts[0]));
    int bad = !hostile_words(&m, pack);
    for (size_t i = 0; !bad && i < n; i++) {
        struct str out;
        str_init(&out, (size_t)2 * 1024 * 1024);
        if (kinds[i].make)
            kinds[i].make(&m, &out);
        else
            hostile_repeat(&out, kinds[i].piece);
        bad = out.error || str_reserve(&out, 1) != FAQD_OK;
        texts[i] = (struct hostile_text){kinds[i].name, out.data, out.len}; /* taken over from the str */
    }
    free(m.words);
    if (bad)
        hostile_free(texts);
    return bad ? 0 : n;
}

void hostile_free(struct hostile_text texts[HOSTILE_MAX])
{
    for (size_t i = 0; i < HOSTILE_MAX; i++)
        free(texts[i].text);
    memset(texts, 0, HOSTILE_MAX * sizeof(texts[0]));
}
