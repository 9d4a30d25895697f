/* SPDX-License-Identifier: MIT
 *
 * dialogue_choice.c - see dialogue_choice in dialogue.h.
 */
#include "dialogue_private.h"

#include "text.h"

#include <string.h>

/* Words for the numbers of choices; folded. */
static int number_word(const char *word, size_t len)
{
    static const struct {
        const char *word;
        int number;
    } words[] = {{"1", 1},      {"un", 1},        {"une", 1},      {"premier", 1}, {"premiere", 1}, {"one", 1},
                 {"first", 1},  {"1er", 1},       {"1ere", 1},     {"2", 2},       {"deux", 2},     {"deuxieme", 2},
                 {"second", 2}, {"seconde", 2},   {"two", 2},      {"2eme", 2},    {"2nd", 2},      {"3", 3},
                 {"trois", 3},  {"troisieme", 3}, {"three", 3},    {"third", 3},   {"3eme", 3},     {"3rd", 3},
                 {"last", -1},  {"dernier", -1},  {"derniere", -1}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return words[i].number;
    return 0;
}

/* The one number in a message of a few words; 0: none, or several. */
static int picked_number(const struct question *q)
{
    int number = 0;
    for (size_t i = 0; i < q->n_words; i++) {
        int n = number_word(q->words[i].text, q->words[i].len);
        if (n && number && n != number)
            return 0;
        if (n)
            number = n;
        else if (!(q->words[i].roles & ((WORD_FUNCTION | WORD_NEUTRAL) * LANG_BOTH)))
            return 0; /* "2 séances ?" is a question of its own */
    }
    return q->n_words <= 4 ? number : 0;
}

/* Do all words of the message stand in the label? */
static int in_label(const struct question *q, const char *label)
{
    char folded[256];
    char padded[260];
    size_t len = text_fold_words(label, strlen(label), folded, sizeof(folded));
    padded[0] = ' ';
    memcpy(padded + 1, folded, len);
    memcpy(padded + 1 + len, " ", 2);
    for (size_t i = 0; i < q->n_words; i++) {
        char word[68] = " ";
        size_t n = q->words[i].len < 64 ? q->words[i].len : 64;
        memcpy(word + 1, q->words[i].text, n);
        memcpy(word + 1 + n, " ", 2);
        if (!strstr(padded, word))
            return 0;
    }
    return q->n_words > 0;
}

int dialogue_choice(const struct pack *pack, const struct question *q, const struct conversation *c, enum lang lang,
                    struct plan *plan)
{
    if (!c->n_choices)
        return 0;
    int number = picked_number(q);
    size_t picked = number < 0 ? c->n_choices - 1 : (size_t)number - 1;
    if (!number) {
        size_t fitting = 0;
        for (size_t i = 0; i < c->n_choices; i++) {
            if (in_label(q, pack->intents[c->choices[i].intent].words[lang].label)) {
                picked = i;
                fitting++;
            }
        }
        if (fitting != 1)
            return 0;
    }
    if (picked >= c->n_choices)
        return 0;
    *plan = (struct plan){.kind = PLAN_ANSWER, .n_steps = 1, .reason = "the choice that was picked"};
    plan->steps[0].intent = c->choices[picked].intent;
    if (c->choices[picked].entity != SYMBOL_NONE)
        dialogue_add_slot(&plan->steps[0], (struct plan_slot){c->choices[picked].entity, 0, 1});
    return 1;
}
