/* SPDX-License-Identifier: MIT
 *
 * hostile_words.c - see hostile_words.h.
 */
#include "hostile_words.h"

#include "table.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 65536

uint64_t hostile_random(struct making *m)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return m->random;
}

/* ------------------------------------------------------------------------------------------------- words ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct counted *)a)->text, ((const struct counted *)b)->text);
}

static int by_count(const void *a, const void *b)
{
    const struct counted *x = a;
    const struct counted *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

static void take_words(struct making *m, const char *question)
{
    char folded[1024];
    text_fold_words(question, strlen(question), folded, sizeof(folded));
    for (char *word = folded; *word && m->n < WORDS_MAX;) {
        size_t len = strcspn(word, " ");
        if (len < LETTERS_MAX) {
            struct counted *c = &m->words[m->n++];
            memcpy(c->text, word, len);
            c->text[len] = '\0';
            c->count = 1;
            c->roles = lexicon_roles(m->pack->lexicon, word, len, table_hash(word, len), &(uint32_t){0});
        }
        word += len + (word[len] == ' ');
    }
}

static void merge(struct making *m)
{
    size_t kept = 0;
    qsort(m->words, m->n, sizeof(*m->words), by_text);
    for (size_t i = 0; i < m->n; i++) {
        if (kept && strcmp(m->words[kept - 1].text, m->words[i].text) == 0)
            m->words[kept - 1].count++;
        else
            m->words[kept++] = m->words[i];
    }
    m->n = kept;
    qsort(m->words, m->n, sizeof(*m->words), by_count);
}

static void collect_words(struct making *m)
{
    for (size_t i = 0; i < m->pack->n_intents; i++)
        for (int lang = 0; lang < LANGS; lang++)
            for (size_t n = 0; n < m->pack->intents[i].words[lang].n_ask; n++)
                take_words(m, m->pack->intents[i].words[lang].ask[n]);
    merge(m);
}

/* ------------------------------------------------------------------------------------------------ filling ---- */

int hostile_add(struct str *out, const char *piece, size_t len)
{
    if (out->len + len > FULL)
        return 0;
    str_add(out, piece, len);
    return !out->error;
}

void hostile_repeat(struct str *out, const char *piece)
{
    while (hostile_add(out, piece, strlen(piece)))
        continue;
}

uint32_t hostile_both(uint32_t role)
{
    return role * LANG_BOTH;
}

void hostile_fill(struct making *m, struct str *out, uint32_t roles, size_t distinct, size_t every)
{
    size_t since = 0;
    for (int more = 1; more;) {
        size_t used = 0;
        for (size_t i = 0; more && i < m->n && used < distinct; i++) {
            if (roles && !(m->words[i].roles & roles))
                continue;
            used++;
            more = hostile_add(out, m->words[i].text, strlen(m->words[i].text));
            if (more && every && ++since % every == 0)
                more = hostile_add(out, ".", 1);
            more = more && hostile_add(out, " ", 1);
        }
        more = more && used;
    }
}

int hostile_words(struct making *m, const struct pack *pack)
{
    *m = (struct making){.pack = pack, .random = 88172645463325252u};
    m->words = calloc(WORDS_MAX, sizeof(*m->words));
    if (!m->words)
        return 0;
    collect_words(m);
    return 1;
}
