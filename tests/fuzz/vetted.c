/* SPDX-License-Identifier: MIT
 *
 * vetted.c - see vetted.h.
 */
#include "vetted.h"

#include "conversation.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

/* The length of the number at s; 0: there is none. */
static size_t number_at(const char *s)
{
    size_t sign = *s == '-';
    size_t digits = strspn(s + sign, "0123456789");
    return digits ? sign + digits : 0;
}

static int fits(const struct pack *pack, enum lang lang, const char *statement, const char *text);

/* Does text begin with something that a gap may hold, and go on as `rest`? */
static int gap_fits(const struct pack *pack, enum lang lang, const char *rest, const char *text)
{
    size_t number = number_at(text);
    if (number && fits(pack, lang, rest, text + number))
        return 1;
    for (uint32_t i = 0; i < lexicon_count(pack->lexicon); i++) {
        const struct symbol *symbol = lexicon_symbol(pack->lexicon, i);
        size_t len = symbol->kind == SYMBOL_ENTITY ? strlen(symbol->display[lang]) : 0;
        if (len && strncmp(text, symbol->display[lang], len) == 0 && fits(pack, lang, rest, text + len))
            return 1;
    }
    return 0;
}

static int fits(const struct pack *pack, enum lang lang, const char *statement, const char *text)
{
    size_t plain = strcspn(statement, "{");
    if (strncmp(statement, text, plain) != 0)
        return 0;
    if (!statement[plain])
        return !text[plain];
    const char *close = strchr(statement + plain, '}');
    return close && gap_fits(pack, lang, close + 1, text + plain);
}

/* "label", or "label (entity)". */
static int is_label(const struct pack *pack, enum lang lang, const char *text)
{
    for (size_t i = 0; i < pack->n_starters[lang]; i++)
        if (strcmp(pack->starters[lang][i], text) == 0)
            return 1;
    for (size_t i = 0; i < pack->n_intents; i++) {
        const char *label = pack->intents[i].words[lang].label;
        size_t len = strlen(label);
        if (strncmp(label, text, len) != 0)
            continue;
        if (!text[len])
            return 1;
        if (strncmp(text + len, " (", 2) == 0 && gap_fits(pack, lang, ")", text + len + 2))
            return 1;
    }
    return 0;
}

int vetted_text(const struct pack *pack, enum lang lang, enum faqd_block_kind kind, const char *text)
{
    if (kind == FAQD_CHOICE)
        return is_label(pack, lang, text);
    for (size_t i = 0; i < FIXED_COUNT; i++)
        if (strcmp(pack->fixed[i][lang], text) == 0)
            return 1;
    for (size_t i = 0; i < pack->n_statements; i++)
        if (fits(pack, lang, pack->statements[i].text[lang], text))
            return 1;
    return 0;
}

static const char *bad_block(const struct pack *pack, enum lang lang, const struct faqd_answer_view *view, size_t at)
{
    static char why[1024];
    const struct faqd_block_view *block = &view->blocks[at];
    for (size_t i = 0; i < block->n_sources; i++)
        if (block->sources[i] >= view->n_sources)
            return "a block names a source that the answer does not list";
    if (!text_printable(block->text, strlen(block->text)))
        snprintf(why, sizeof(why), "block %zu cannot be printed: %s", at, block->text);
    else if (!vetted_text(pack, lang, block->kind, block->text))
        snprintf(why, sizeof(why), "block %zu is no text of the pack: %s", at, block->text);
    else
        return NULL;
    return why;
}

static int is_source(const struct pack *pack, const struct faqd_source_view *source)
{
    for (size_t i = 0; i < pack->n_sources; i++)
        if (strcmp(pack->sources[i].id, source->id) == 0)
            return pack->sources[i].shown && strcmp(pack->sources[i].title, source->title) == 0 &&
                   text_printable(source->title, strlen(source->title)) &&
                   (!source->url || text_printable(source->url, strlen(source->url)));
    return 0;
}

/* The state is printable, short, and one that we take back. */
static const char *bad_state(const struct pack *pack, const struct faqd_answer_view *view)
{
    struct conversation c;
    for (const char *s = view->state; *s; s++)
        if (*s <= ' ' || *s > '~')
            return "the state is not printable ASCII";
    if (strlen(view->state) > 512)
        return "the state is longer than 512 bytes";
    return conversation_read(pack, view->state, &c) ? NULL : "the state is not taken back";
}

const char *vetted_answer(const struct pack *pack, const struct faqd_answer_view *view)
{
    int lang = lang_find(view->lang);
    if (lang < 0)
        return "the language is neither fr nor en";
    if (view->outcome > FAQD_UNAVAILABLE)
        return "the outcome is none";
    if (!view->n_blocks)
        return "it says nothing";
    if (view->n_intents && pack_intent(pack, view->intents[0]) == UINT32_MAX)
        return "it names an intent that the pack does not have";
    for (size_t i = 0; i < view->n_sources; i++)
        if (!is_source(pack, &view->sources[i]))
            return "it names a source that the pack does not have, or that is not to be shown, or not as it is";
    for (size_t i = 0; i < view->n_blocks; i++) {
        const char *why = bad_block(pack, (enum lang)lang, view, i);
        if (why)
            return why;
    }
    return bad_state(pack, view);
}
