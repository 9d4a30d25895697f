/* SPDX-License-Identifier: MIT
 *
 * state.c - fuzz target: the conversation's text, which comes back from strangers.
 *
 * Input: a state. What must hold: it is a state of ours or an empty conversation; what was read names only what the
 * pack has; writing and reading again changes nothing; a short buffer gets a state too, a more forgetful one.
 */
#include "fuzz.h"

#include "conversation.h"

#include <stdlib.h>
#include <string.h>

static int is_entity(const struct pack *pack, uint32_t symbol)
{
    return symbol < lexicon_count(pack->lexicon) && lexicon_symbol(pack->lexicon, symbol)->kind == SYMBOL_ENTITY;
}

static void check_names(const struct pack *pack, const struct conversation *c)
{
    FUZZ_CHECK(c->lang == LANG_FR || c->lang == LANG_EN, "language %d", c->lang);
    FUZZ_CHECK(!c->live || c->intent < pack->n_intents, "intent %u", c->intent);
    FUZZ_CHECK(c->n_entities <= CONVERSATION_ENTITIES_MAX && c->n_choices <= CONVERSATION_CHOICES_MAX, "too many");
    for (size_t i = 0; i < c->n_entities; i++)
        FUZZ_CHECK(is_entity(pack, c->entities[i]), "entity %u", c->entities[i]);
    for (size_t i = 0; i < c->n_choices; i++)
        FUZZ_CHECK(c->choices[i].intent < pack->n_intents &&
                       (c->choices[i].entity == SYMBOL_NONE || is_entity(pack, c->choices[i].entity)),
                   "choice of intent %u, entity %u", c->choices[i].intent, c->choices[i].entity);
}

static void check_empty(const struct conversation *c)
{
    FUZZ_CHECK(!c->live && !c->age && !c->n_entities && !c->n_choices, "a state that was refused left something");
}

/* Write into memory of just `size` bytes; the caller frees. */
static char *written(const struct pack *pack, const struct conversation *c, size_t size)
{
    char *text = malloc(size);
    FUZZ_CHECK(text, "out of memory");
    conversation_write(pack, c, text, size);
    FUZZ_CHECK(memchr(text, '\0', size), "it is not terminated");
    return text;
}

static void check_again(const struct pack *pack, const struct conversation *c)
{
    struct conversation back;
    char *text = written(pack, c, 513);
    FUZZ_CHECK(conversation_read(pack, text, &back), "what was written is not read: %s", text);
    check_names(pack, &back);
    char *again = written(pack, &back, 513);
    FUZZ_CHECK(strcmp(text, again) == 0, "written twice:\n%s\n%s", text, again);
    free(text);
    free(again);
}

static void check_short(const struct pack *pack, const struct conversation *c)
{
    for (size_t size = 16; size < 513; size += 31) {
        struct conversation back;
        char *text = written(pack, c, size);
        FUZZ_CHECK(conversation_read(pack, text, &back), "%zu bytes hold no state: %s", size, text);
        check_names(pack, &back);
        free(text);
    }
}

FUZZ_BEGIN_WITH_HOST

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pack *pack = fuzz_snapshot()->pack;
    const struct fuzz_part all = {(const char *)data, size};
    struct conversation c;
    char *text = fuzz_string(&all);
    if (!conversation_read(pack, text, &c))
        check_empty(&c);
    check_names(pack, &c);
    check_again(pack, &c);
    check_short(pack, &c);
    free(text);
    return 0;
}
