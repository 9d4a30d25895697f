/* SPDX-License-Identifier: MIT
 *
 * conversation.c - see conversation.h.
 */
#include "conversation.h"

#include <stdio.h>
#include <string.h>

#define PART_MAX 224

/* "type:entity" of a symbol. */
static void entity_name(const struct pack *pack, uint32_t id, char *out, size_t size)
{
    const struct symbol *entity = lexicon_symbol(pack->lexicon, id);
    snprintf(out, size, "%s:%s", lexicon_symbol(pack->lexicon, entity->type)->name, entity->name);
}

static uint32_t find_entity(const struct pack *pack, const char *name)
{
    uint32_t id = strchr(name, ':') ? lexicon_find(pack->lexicon, name) : SYMBOL_NONE;
    return id;
}

static int read_choice(const struct pack *pack, char *text, struct conversation *c)
{
    char *entity = strchr(text, '+');
    struct choice choice = {.entity = SYMBOL_NONE};
    if (entity) {
        *entity++ = '\0';
        choice.entity = find_entity(pack, entity);
        if (choice.entity == SYMBOL_NONE)
            return 0;
    }
    choice.intent = pack_intent(pack, text);
    if (choice.intent == UINT32_MAX || c->n_choices == CONVERSATION_CHOICES_MAX)
        return 0;
    c->choices[c->n_choices++] = choice;
    return 1;
}

/* One "key=value" part. */
static int read_part(const struct pack *pack, char *part, struct conversation *c)
{
    char *value = part + 2;
    if (part[0] == '\0' || part[1] != '=')
        return 0;
    switch (part[0]) {
    case 'l': {
        int lang = lang_find(value);
        c->lang = lang < 0 ? LANG_FR : (enum lang)lang;
        return lang >= 0;
    }
    case 'a': c->age = (unsigned)(value[0] - '0'); return value[0] >= '0' && value[0] <= '9' && !value[1];
    case 'i':
        c->intent = pack_intent(pack, value);
        c->live = c->intent != UINT32_MAX;
        return c->live;
    case 'e': {
        uint32_t entity = find_entity(pack, value);
        if (entity == SYMBOL_NONE || c->n_entities == CONVERSATION_ENTITIES_MAX)
            return 0;
        c->entities[c->n_entities++] = entity;
        return 1;
    }
    case 'c': return read_choice(pack, value, c);
    default: return 0;
    }
}

int conversation_read(const struct pack *pack, const char *text, struct conversation *c)
{
    static const struct conversation none = {.intent = UINT32_MAX};
    *c = none;
    c->lang = pack->default_lang;
    if (!text || text[0] != '1' || strlen(text) > 512)
        return 0;
    for (const char *s = text + 1; *s;) {
        char part[PART_MAX];
        size_t len = *s == ';' ? strcspn(s + 1, ";") : 0;
        if (!len || len >= sizeof(part))
            goto refuse;
        memcpy(part, s + 1, len);
        part[len] = '\0';
        if (!read_part(pack, part, c))
            goto refuse;
        s += len + 1;
    }
    return 1;

refuse:
    *c = none;
    c->lang = pack->default_lang;
    return 0;
}

static void append(char *text, size_t size, const char *part)
{
    size_t at = strlen(text);
    size_t len = strlen(part);
    if (at + len < size)
        memcpy(text + at, part, len + 1);
}

void conversation_write(const struct pack *pack, const struct conversation *c, char *text, size_t size)
{
    char part[PART_MAX];
    char name[160];
    snprintf(text, size, "1;l=%s;a=%u", lang_names[c->lang], c->age);
    if (c->live) {
        snprintf(part, sizeof(part), ";i=%s", pack->intents[c->intent].id);
        append(text, size, part);
    }
    for (size_t i = 0; i < c->n_choices; i++) {
        const char *id = pack->intents[c->choices[i].intent].id;
        if (c->choices[i].entity == SYMBOL_NONE) {
            snprintf(part, sizeof(part), ";c=%s", id);
        } else {
            entity_name(pack, c->choices[i].entity, name, sizeof(name));
            snprintf(part, sizeof(part), ";c=%s+%s", id, name);
        }
        append(text, size, part);
    }
    for (size_t i = 0; i < c->n_entities; i++) {
        entity_name(pack, c->entities[i], name, sizeof(name));
        snprintf(part, sizeof(part), ";e=%s", name);
        append(text, size, part);
    }
}
