/* SPDX-License-Identifier: MIT
 *
 * question.c - see question.h: the second half of reading, from words to windows, hits, negation and language.
 */
#include "question_words.h"

#include <string.h>
#include <sys/mman.h>

#define NEGATION_REACH 3 /* words between "not" and what it negates: "pas sous d anticoagulants" */

struct question *question_new(void)
{
    struct question *q = mmap(NULL, sizeof(*q), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return q == MAP_FAILED ? NULL : q;
}

void question_free(struct question *q)
{
    if (q)
        munmap(q, sizeof(*q));
}

/* Join the words for the patterns. Text holds every word with a mark and a separator: it cannot overflow, as a word has
 * at least one letter of a message of QUESTION_BYTES_MAX, or comes of a shorthand that `spare` had room for. */
static void build_text(struct question *q)
{
    size_t at = 0;
    for (size_t i = 0; i < q->n_words; i++) {
        struct word *word = &q->words[i];
        int unknown = !(word->roles & WORD_KNOWN);
        if (at + word->len + 3 > sizeof(q->text)) {
            q->n_words = i;
            break;
        }
        if (i)
            q->text[at++] = word->sentence != q->words[i - 1].sentence ? '\n' : ' ';
        word->at = (uint16_t)at;
        if (unknown)
            q->text[at++] = '_';
        memcpy(q->text + at, word->text, word->len);
        at += word->len;
    }
    q->text[at] = '\0';
    q->text_len = at;
    q->words[q->n_words].at = (uint16_t)(at + 1); /* as if another one came */
}

static struct window make_window(const struct question *q, size_t first, size_t count)
{
    return (struct window){.first = (uint16_t)first,
                           .count = (uint16_t)count,
                           .from = q->words[first].at,
                           .to = q->words[first + count].at - 1u};
}

static void build_windows(struct question *q)
{
    for (size_t first = 0; first < q->n_words;) {
        size_t end = first + 1;
        while (end < q->n_words && q->words[end].sentence == q->words[first].sentence)
            end++;
        size_t count = end - first < WINDOW_WORDS ? end - first : WINDOW_WORDS;
        if (q->n_windows == QUESTION_WINDOWS_MAX)
            return; /* as many sentences as a message of this length has only when it is all full stops */
        q->windows[q->n_windows++] = make_window(q, first, count);
        first = first + count < end ? first + count - WINDOW_OVERLAP : end;
    }
}

struct window question_whole(const struct question *q)
{
    if (!q->n_words || q->n_words > WINDOW_WORDS || q->n_windows < 2)
        return (struct window){0};
    return make_window(q, 0, q->n_words);
}

struct collecting {
    struct question *q;
    size_t word;
    size_t entity; /* the last hit that is one; SIZE_MAX: none yet */
};

static void take_hit(void *user, const struct lexicon_hit *found)
{
    struct collecting *c = user;
    struct question *q = c->q;
    if (q->n_hits == QUESTION_HITS_MAX)
        return;
    struct hit hit = {.symbol = found->symbol,
                      .type = found->type,
                      .order = {found->order[LANG_FR], found->order[LANG_EN]},
                      .word = (uint16_t)c->word,
                      .count = (uint8_t)found->count,
                      .langs = (uint8_t)found->langs,
                      .kind = (uint8_t)found->kind,
                      .outside = found->outside,
                      .subject = found->subject};
    if (hit.type != SYMBOL_NONE) {
        hit.previous = (uint16_t)(c->entity != SIZE_MAX ? q->n_hits - c->entity : 0);
        c->entity = q->n_hits;
    }
    q->hits[q->n_hits++] = hit;
}

/* Is `hit` a part of a longer name of its type? "peau d orange" is not also "peau". */
static int hidden_by(const struct hit *hit, const struct hit *other)
{
    return other->type == hit->type && other->count > hit->count && other->word <= hit->word &&
           (other->langs & hit->langs) && other->word + other->count >= hit->word + hit->count;
}

/* Within an entity type the longest name wins. Entities come in the order of their first words, so that only
 * neighbours need a look. */
static void hide_parts(struct question *q, size_t last)
{
    for (size_t i = last; i != SIZE_MAX; i = q->hits[i].previous ? i - q->hits[i].previous : SIZE_MAX) {
        struct hit *hit = &q->hits[i];
        for (size_t j = i; q->hits[j].previous;) {
            j -= q->hits[j].previous;
            if (q->hits[j].word + LEXICON_PHRASE_WORDS <= (int)hit->word)
                break;
            hit->hidden |= (uint8_t)hidden_by(hit, &q->hits[j]);
            q->hits[j].hidden |= (uint8_t)hidden_by(&q->hits[j], hit);
        }
    }
}

static void build_hits(struct question *q, const struct lexicon *lexicon)
{
    uint32_t ids[LEXICON_PHRASE_WORDS];
    struct collecting c = {q, 0, SIZE_MAX};
    const struct lexicon_hit unknown = {
        .symbol = SYMBOL_ID_UNKNOWN, .type = SYMBOL_NONE, .count = 1, .langs = LANG_BOTH, .kind = SYMBOL_UNKNOWN};
    for (size_t i = 0; i < q->n_words; i++) {
        size_t n = 0;
        q->words[i].first_hit = (uint16_t)q->n_hits;
        for (; n < LEXICON_PHRASE_WORDS && i + n < q->n_words && q->words[i + n].sentence == q->words[i].sentence; n++)
            ids[n] = q->words[i + n].id;
        c.word = i;
        int stemmed = (q->words[i].roles & WORD_STEMMED) != 0;
        lexicon_hits(lexicon, ids, n, stemmed ? q->words[i].text : NULL, q->words[i].len, take_hit, &c);
        if (!(q->words[i].roles & WORD_KNOWN))
            take_hit(&c, &unknown);
    }
    q->words[q->n_words].first_hit = (uint16_t)q->n_hits;
    hide_parts(q, c.entity);
}

/* Does a hit of `symbol` end at word `at`? `from` is the index of a hit behind it. */
static int ends_at(const struct question *q, size_t from, uint32_t symbol, size_t at)
{
    for (size_t i = from; i-- > 0 && q->hits[i].word + (size_t)LEXICON_PHRASE_WORDS > at;)
        if (q->hits[i].symbol == symbol && q->hits[i].word + q->hits[i].count - 1u == at)
            return 1;
    return 0;
}

/* Is there a "not" close before hit `i`, with nothing but words that carry little between? */
static int negated(const struct question *q, size_t i, uint32_t negation)
{
    size_t first = q->hits[i].word;
    for (size_t back = 1; back <= NEGATION_REACH && back <= first; back++) {
        size_t at = first - back;
        if (q->words[at].sentence != q->words[first].sentence)
            return 0;
        if (ends_at(q, i, negation, at))
            return 1;
        if (!(q->words[at].roles & (WORD_FUNCTION * LANG_BOTH)))
            return 0;
    }
    return 0;
}

static void mark_negations(struct question *q, const struct lexicon *lexicon)
{
    uint32_t negation = lexicon_find(lexicon, "negation"); /* a class that a lexicon may have */
    if (negation == SYMBOL_NONE)
        return;
    for (size_t i = 0; i < q->n_hits; i++)
        if (q->hits[i].type != SYMBOL_NONE)
            q->hits[i].negated = (uint8_t)negated(q, i, negation);
}

/* How much a word speaks for a language: words that carry grammar twice. */
static int speaks(uint32_t roles, enum lang lang)
{
    if (roles & WORD_IN(WORD_FUNCTION, lang))
        return 2;
    return (roles & WORD_IN(WORD_NEUTRAL | WORD_SUBJECT | WORD_PART | WORD_FOREIGN, lang)) != 0;
}

static void find_language(struct question *q, size_t foreign_script, int lang, enum lang likely)
{
    int votes[LANGS] = {0, 0};
    int other = 0;
    for (size_t i = 0; i < q->n_words; i++) {
        int fr = speaks(q->words[i].roles, LANG_FR);
        int en = speaks(q->words[i].roles, LANG_EN);
        votes[LANG_FR] += fr > en ? fr - en : 0;
        votes[LANG_EN] += en > fr ? en - fr : 0;
        other += !(fr | en) && (q->words[i].roles & WORD_OTHER);
    }
    int most = votes[LANG_FR] > votes[LANG_EN] ? votes[LANG_FR] : votes[LANG_EN];
    q->third_language = (other >= 2 && other * 2 > most) || foreign_script * 2 > q->n_words;
    int margin = votes[LANG_FR] - votes[LANG_EN];
    q->lang_sure = margin >= 2 || margin <= -2;
    if (lang >= 0) {
        q->lang = (enum lang)lang;
        q->lang_reason = "asked for";
        q->lang_sure = 1;
    } else if (margin) {
        q->lang = margin > 0 ? LANG_FR : LANG_EN;
        q->lang_reason = "its words";
    } else {
        q->lang = likely;
        q->lang_reason = "the conversation or the pack's default: its words do not tell";
    }
}

int question_read(struct question *q, const struct lexicon *lexicon, const char *message, size_t len, int lang,
                  enum lang likely)
{
    size_t foreign_script = 0;
    q->text_len = q->n_words = q->n_hits = q->n_windows = q->n_corrections = q->spare_len = 0;
    q->text[0] = '\0';
    q->third_language = 0;
    int rc = len > QUESTION_BYTES_MAX ? FAQD_ELIMIT : question_words(q, lexicon, message, len, &foreign_script);
    if (rc != FAQD_OK) {
        q->n_words = 0;
        q->lang = lang >= 0 ? (enum lang)lang : likely;
        q->lang_reason = "the message is too long to be read";
        return rc;
    }
    build_text(q);
    build_windows(q);
    build_hits(q, lexicon);
    mark_negations(q, lexicon);
    find_language(q, foreign_script, lang, likely);
    return FAQD_OK;
}
