/* SPDX-License-Identifier: MIT
 *
 * question_words.c - see question_words.h.
 *
 * A word is set right only when it is in no vocabulary as it stands and no ordinary word of the language either, and
 * only towards the pack's own: shorthand first, then stretched letters ("sooo"), a forgotten elision ("lacide"), then
 * one or two edits. What changes is remembered.
 */
#include "question_words.h"

#include "spell.h"
#include "table.h"
#include "text.h"

#include <string.h>

#define RAW_WORD_MAX 64 /* letters; the rest of a longer one is dropped: nothing that long is in a vocabulary */

struct reader {
    struct question *q;
    const struct lexicon *lexicon;
    char raw[RAW_WORD_MAX]; /* the word being read */
    size_t raw_len;
    size_t from, to; /* its bytes */
    int split;       /* it came off a neighbour by elision: "c" of "c'est" is no shorthand */
    uint16_t sentence;
    int sentence_open; /* has words */
    int full;
    unsigned measured; /* words, against the vocabulary */
};

static const char *keep(struct question *q, const char *text, size_t len)
{
    if (len + 1 > sizeof(q->spare) - q->spare_len)
        return NULL;
    char *copy = q->spare + q->spare_len;
    memcpy(copy, text, len);
    copy[len] = '\0';
    q->spare_len += len + 1;
    return copy;
}

struct looked_up { /* a word, in the lexicon */
    uint32_t roles;
    uint32_t id;
};

static struct looked_up look_up(const struct reader *r, const char *text, size_t len)
{
    struct looked_up word;
    word.roles = lexicon_roles(r->lexicon, text, len, table_hash(text, len), &word.id);
    if (text[0] >= '0' && text[0] <= '9') /* numbers and measures name no subject */
        word.roles |= WORD_NEUTRAL * LANG_BOTH;
    return word;
}

static void push(struct reader *r, const char *text, size_t len, struct looked_up word)
{
    struct question *q = r->q;
    const char *copy = q->n_words < QUESTION_WORDS_MAX ? keep(q, text, len) : NULL;
    if (!copy) {
        r->full = 1;
        return;
    }
    q->words[q->n_words++] = (struct word){.text = copy,
                                           .len = (uint16_t)len,
                                           .sentence = r->sentence,
                                           .roles = word.roles,
                                           .id = word.id,
                                           .from = (uint16_t)r->from,
                                           .to = (uint16_t)r->to};
    r->sentence_open = 1;
}

static void remember(struct reader *r, const char *from, size_t from_len, const char *to)
{
    struct question *q = r->q;
    if (q->n_corrections == QUESTION_CORRECTIONS_MAX)
        return;
    const char *kept_from = keep(q, from, from_len);
    const char *kept_to = keep(q, to, strlen(to));
    if (kept_from && kept_to)
        q->corrections[q->n_corrections++] = (struct correction){.from = kept_from, .to = kept_to};
}

/* Push the words of a text with single spaces. */
static void push_all(struct reader *r, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, " ");
        push(r, text, len, look_up(r, text, len));
        text += len + (text[len] == ' ');
    }
}

static int shorthand(struct reader *r)
{
    enum lang lang;
    const char *meant = r->split ? NULL : lexicon_shorthand(r->lexicon, table_hash(r->raw, r->raw_len), &lang);
    if (!meant)
        return 0;
    remember(r, r->raw, r->raw_len, meant);
    push_all(r, meant);
    return 1;
}

/* Runs of three letters and more become `runs`. Returns the length, 0 if there is no such run. */
static size_t squeeze(const struct reader *r, char *out, size_t runs)
{
    size_t len = 0;
    int squeezed = 0;
    for (size_t i = 0; i < r->raw_len;) {
        size_t n = 1;
        while (i + n < r->raw_len && r->raw[i + n] == r->raw[i])
            n++;
        size_t take = n >= 3 ? runs : n;
        squeezed |= n >= 3;
        memset(out + len, r->raw[i], take);
        len += take;
        i += n;
    }
    return squeezed ? len : 0;
}

static int stretched(struct reader *r)
{
    char text[RAW_WORD_MAX + 1];
    for (size_t runs = 1; runs <= 2; runs++) {
        size_t len = squeeze(r, text, runs);
        if (!len)
            return 0;
        text[len] = '\0';
        if (look_up(r, text, len).roles & WORD_KNOWN) {
            remember(r, r->raw, r->raw_len, text);
            push_all(r, text);
            return 1;
        }
    }
    return 0;
}

/* "lacide" -> "l acide", "quon" -> "qu on": a known word that begins with a vowel behind an elided one. */
static int elided(struct reader *r)
{
    size_t head = r->raw_len > 4 && r->raw[0] == 'q' && r->raw[1] == 'u' ? 2 : 1;
    if (r->raw_len < head + 4 && head == 1)
        return 0;
    if (head == 1 && !strchr("ldjmtsnc", r->raw[0]))
        return 0;
    const char *rest = r->raw + head;
    size_t rest_len = r->raw_len - head;
    if (!strchr("aeiouyh", rest[0]) || !(look_up(r, rest, rest_len).roles & (WORD_KNOWN & ~(WORD_PART * LANG_BOTH))))
        return 0;
    char text[RAW_WORD_MAX + 2];
    memcpy(text, r->raw, head);
    text[head] = ' ';
    memcpy(text + head + 1, rest, rest_len);
    text[r->raw_len + 1] = '\0';
    remember(r, r->raw, r->raw_len, text);
    push_all(r, text);
    return 1;
}

static int misspelt(struct reader *r)
{
    if (r->raw_len < SPELL_ONE_FROM || r->measured == QUESTION_MEASURED_MAX)
        return 0;
    r->measured++;
    const char *meant = lexicon_mend(r->lexicon, r->raw, r->raw_len);
    if (!meant)
        return 0;
    remember(r, r->raw, r->raw_len, meant);
    push_all(r, meant);
    return 1;
}

static void end_word(struct reader *r)
{
    if (!r->raw_len)
        return;
    struct looked_up word = look_up(r, r->raw, r->raw_len);
    if (!shorthand(r)) {
        int known = (word.roles & (WORD_KNOWN | WORD_OTHER | WORD_ORDINARY)) != 0;
        if (known || (!stretched(r) && !elided(r) && !misspelt(r)))
            push(r, r->raw, r->raw_len, word);
    }
    r->raw_len = 0;
    r->split = 0;
}

static void end_sentence(struct reader *r)
{
    end_word(r);
    if (r->sentence_open)
        r->sentence++;
    r->sentence_open = 0;
}

/* The French words that lose their vowel before an apostrophe; any other word is one with what follows ("don't"). */
static int elides(const char *word, size_t len)
{
    static const char *const elided_words[] = {"l",      "d",      "j",       "m",     "t",      "s",
                                               "c",      "n",      "qu",      "jusqu", "lorsqu", "puisqu",
                                               "quelqu", "presqu", "aujourd", "quoiqu"};
    for (size_t i = 0; i < sizeof(elided_words) / sizeof(elided_words[0]); i++)
        if (strlen(elided_words[i]) == len && memcmp(word, elided_words[i], len) == 0)
            return 1;
    return 0;
}

/* Is the text at s the "ll" of "I'll"? It would turn I into ill. */
static int is_will(const char *s, size_t len)
{
    return len >= 2 && (s[0] == 'l' || s[0] == 'L') && (s[1] == 'l' || s[1] == 'L') &&
           (len == 2 || s[2] == ' ' || s[2] == '?');
}

static void take_letters(struct reader *r, const char *fold, size_t at, size_t end)
{
    if (!r->raw_len)
        r->from = at;
    r->to = end;
    for (; *fold && r->raw_len < RAW_WORD_MAX - 1; fold++)
        r->raw[r->raw_len++] = *fold;
}

int question_words(struct question *q, const struct lexicon *lexicon, const char *message, size_t len,
                   size_t *foreign_script)
{
    struct reader r = {.q = q, .lexicon = lexicon};
    char fold[TEXT_FOLD_MAX];
    int in_foreign = 0;
    *foreign_script = 0;
    for (size_t at = 0; at < len && !r.full;) {
        uint32_t cp = 0;
        size_t took = text_decode(message + at, len - at, &cp);
        enum text_kind kind = text_fold(cp, fold);
        size_t next = at + took;
        if (kind == TEXT_WORD) {
            take_letters(&r, fold, at, next);
        } else if (kind == TEXT_APOSTROPHE) {
            if (r.raw_len && elides(r.raw, r.raw_len)) {
                r.split = 1;
                end_word(&r);
            } else if (r.raw_len && is_will(message + next, len - next)) {
                next += 2;
            } else if (!r.raw_len) {
                r.split = 0;
            }
        } else if (kind == TEXT_FOREIGN) {
            end_word(&r);
            if (!in_foreign) {
                r.from = at;
                r.to = next;
                struct looked_up stranger = look_up(&r, "x", 1);
                stranger.roles = 0;
                push(&r, "x", 1, stranger);
                ++*foreign_script;
            }
        } else if (kind == TEXT_STOP) {
            end_sentence(&r);
        } else if (kind == TEXT_DOT) {
            uint32_t after = ' ';
            if (next < len)
                text_decode(message + next, len - next, &after);
            if (after == ' ' || after == '\n' || after == '\t' || after == '.' || after == 0xa0)
                end_sentence(&r);
            else
                end_word(&r);
        } else if (kind == TEXT_SPACE) {
            end_word(&r);
        }
        in_foreign = kind == TEXT_FOREIGN || (in_foreign && kind == TEXT_NOTHING);
        at = next;
    }
    end_word(&r);
    return r.full ? FAQD_ELIMIT : FAQD_OK;
}
