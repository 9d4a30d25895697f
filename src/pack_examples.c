/* SPDX-License-Identifier: MIT
 *
 * pack_examples.c - examples.json: what people asked, and which intent they meant; what they meant for others.
 *
 *     {"intents": {"INTENT": {"fr": ["..."], "en": ["..."]}}, "others": {"fr": ["..."], "en": ["..."]}}
 */
#include "pack_private.h"

struct texts {
    const char *const **list;
    size_t *n;
};

static int read_pair(struct pack_reading *g, const json_t *pair, const struct texts texts[LANGS])
{
    int rc = jread_keys(&g->r, pair, lang_names, LANGS);
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++)
        rc = pack_texts(g, pair, lang_names[lang], texts[lang].list, texts[lang].n);
    return rc;
}

static int read_intent(struct pack_reading *g, const char *id, const json_t *pair)
{
    uint32_t found = pack_intent(g->pack, id);
    if (found == UINT32_MAX)
        return jread_fail(&g->r, FAQD_EINVAL, "no intent of the pack has this id");
    struct intent_words *words = g->pack->intents[found].words;
    return read_pair(g, pair,
                     (const struct texts[LANGS]){{&words[LANG_FR].examples, &words[LANG_FR].n_examples},
                                                 {&words[LANG_EN].examples, &words[LANG_EN].n_examples}});
}

static int read_intents(struct pack_reading *g, json_t *intents)
{
    const char *id = NULL;
    json_t *pair = NULL;
    int rc = jread_object(&g->r, intents);
    json_object_foreach(intents, id, pair)
    {
        size_t mark = jread_enter(&g->r, id);
        rc = rc == FAQD_OK ? read_intent(g, id, pair) : rc;
        jread_leave(&g->r, mark);
    }
    return rc;
}

static int read_others(struct pack_reading *g, const json_t *others)
{
    struct pack *pack = g->pack;
    return read_pair(g, others,
                     (const struct texts[LANGS]){{&pack->others[LANG_FR], &pack->n_others[LANG_FR]},
                                                 {&pack->others[LANG_EN], &pack->n_others[LANG_EN]}});
}

int pack_read_examples(struct pack_reading *g, const json_t *root)
{
    static const char *const keys[] = {"intents", "others"};
    int rc = jread_keys(&g->r, root, keys, sizeof(keys) / sizeof(keys[0]));
    size_t mark = jread_enter(&g->r, "intents");
    if (rc == FAQD_OK)
        rc = read_intents(g, json_object_get(root, "intents"));
    jread_leave(&g->r, mark);
    mark = jread_enter(&g->r, "others");
    if (rc == FAQD_OK)
        rc = read_others(g, json_object_get(root, "others"));
    jread_leave(&g->r, mark);
    return rc;
}
