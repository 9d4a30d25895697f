/* SPDX-License-Identifier: MIT
 *
 * pack_meta.c - pack.json: name, version, sources, fixed sentences, starters, anchors.
 */
#include "pack_private.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

const char *const fixed_names[FIXED_COUNT] = {
    [FIXED_DISCLAIMER] = "disclaimer_first_line",
    [FIXED_WELCOME] = "welcome",
    [FIXED_UNKNOWN] = "unknown",
    [FIXED_UNKNOWN_HINT] = "unknown_hint",
    [FIXED_UNAVAILABLE] = "unavailable",
    [FIXED_TOO_LONG] = "too_long",
    [FIXED_THIRD_LANGUAGE] = "third_language_fr_en",
    [FIXED_CLARIFY] = "clarify_intro",
    [FIXED_CHOICE_PROMPT] = "choice_prompt",
    [FIXED_SOURCES] = "sources_label",
    [FIXED_UNDOCUMENTED] = "undocumented_generic",
    [FIXED_SEE_DOCTOR] = "see_doctor",
    [FIXED_TOO_MANY] = "too_many_questions",
    [FIXED_EMPTY] = "empty_message",
};

static int read_source(struct pack_reading *g, const char *id, const json_t *value)
{
    static const char *const keys[] = {"title", "by", "url", "kind"};
    struct pack *pack = g->pack;
    const char *title = NULL;
    const char *by = NULL;
    const char *url = NULL;
    int rc = jread_keys(&g->r, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK && pack->n_sources == PACK_SOURCES_MAX)
        rc = jread_fail(&g->r, FAQD_ELIMIT, "more than %d sources", PACK_SOURCES_MAX);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, value, "title", 1, &title);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, value, "by", 0, &by);
    if (rc == FAQD_OK && !json_is_null(json_object_get(value, "url")))
        rc = jread_text(&g->r, value, "url", 0, &url);
    if (rc == FAQD_OK && url && strncmp(url, "https://", 8) != 0)
        rc = jread_fail(&g->r, FAQD_EINVAL, "\"url\" must begin with https://, or be null");
    if (rc == FAQD_OK && url && (strpbrk(url, " \"<>") || !text_printable(url, strlen(url))))
        rc = jread_fail(&g->r, FAQD_EINVAL, "\"url\" has spaces, quotes, < > or control characters");
    if (rc == FAQD_OK && (!text_printable(title, strlen(title)) || (by && !text_printable(by, strlen(by)))))
        rc = jread_fail(&g->r, FAQD_EINVAL, "control characters or line breaks in \"title\" or \"by\"");
    if (rc != FAQD_OK)
        return rc;
    char line[512];
    if ((size_t)snprintf(line, sizeof(line), "%s%s%s", title, by && by[0] ? ", " : "", by ? by : "") >= sizeof(line))
        return jread_fail(&g->r, FAQD_ELIMIT, "\"title\" and \"by\" have more than %zu bytes", sizeof(line) - 3);
    struct source *source = &pack->sources[pack->n_sources];
    source->id = pack_keep(g, id);
    source->title = pack_keep(g, line);
    source->url = url ? pack_keep(g, url) : NULL;
    source->shown = strcmp(id, "editors") != 0;
    if (!source->id || !source->title || (url && !source->url))
        return FAQD_ENOMEM;
    pack->n_sources++;
    return FAQD_OK;
}

static int read_sources(struct pack_reading *g, const json_t *root)
{
    const json_t *sources = json_object_get(root, "sources");
    size_t mark = jread_enter(&g->r, "sources");
    int rc = jread_object(&g->r, sources);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)sources, key, value)
    {
        size_t source = jread_enter(&g->r, key);
        if (rc == FAQD_OK)
            rc = read_source(g, key, value);
        jread_leave(&g->r, source);
    }
    jread_leave(&g->r, mark);
    return rc;
}

static int read_fixed(struct pack_reading *g, const json_t *root)
{
    const json_t *fixed = json_object_get(root, "fixed");
    size_t mark = jread_enter(&g->r, "fixed");
    int rc = jread_keys(&g->r, fixed, fixed_names, FIXED_COUNT);
    for (size_t i = 0; rc == FAQD_OK && i < FIXED_COUNT; i++) {
        const json_t *pair = json_object_get(fixed, fixed_names[i]);
        size_t sentence = jread_enter(&g->r, fixed_names[i]);
        rc = pair ? jread_keys(&g->r, pair, lang_names, LANGS) : jread_fail(&g->r, FAQD_EINVAL, "is missing");
        for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++) {
            const char *text = NULL;
            rc = jread_text(&g->r, pair, lang_names[lang], 1, &text);
            if (rc == FAQD_OK && !text_printable(text, strlen(text)))
                rc = jread_fail(&g->r, FAQD_EINVAL, "control characters or line breaks");
            if (rc == FAQD_OK && !(g->pack->fixed[i][lang] = pack_keep(g, text)))
                rc = FAQD_ENOMEM;
        }
        jread_leave(&g->r, sentence);
    }
    jread_leave(&g->r, mark);
    return rc;
}

int pack_read_meta(struct pack_reading *g, const json_t *root)
{
    static const char *const keys[] = {"name",   "version", "format", "default_language", "anchors", "hints",
                                       "rivals", "sources", "fixed",  "starters"};
    struct pack *pack = g->pack;
    const char *name = NULL;
    const char *version = NULL;
    const char *lang = NULL;
    int rc = jread_keys(&g->r, root, keys, sizeof(keys) / sizeof(keys[0]));
    if (rc == FAQD_OK && json_integer_value(json_object_get(root, "format")) != PACK_FORMAT)
        rc = jread_fail(&g->r, FAQD_EINVAL, "\"format\" must be %d", PACK_FORMAT);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, root, "name", 1, &name);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, root, "version", 1, &version);
    if (rc == FAQD_OK)
        rc = jread_text(&g->r, root, "default_language", 1, &lang);
    if (rc == FAQD_OK && lang_find(lang) < 0)
        rc = jread_fail(&g->r, FAQD_EINVAL, "\"default_language\" must be \"fr\" or \"en\"");
    if (rc == FAQD_OK)
        rc = pack_enter_id(g, 'p', name, 0);
    if (rc != FAQD_OK)
        return rc;
    pack->default_lang = (enum lang)lang_find(lang);
    pack->name = pack_keep(g, name);
    pack->version = pack_keep(g, version);
    if (!pack->name || !pack->version)
        return FAQD_ENOMEM;
    rc = read_sources(g, root);
    return rc == FAQD_OK ? read_fixed(g, root) : rc;
}

static int read_starters(struct pack_reading *g, const json_t *root)
{
    const json_t *starters = json_object_get(root, "starters");
    if (!starters)
        return FAQD_OK;
    size_t mark = jread_enter(&g->r, "starters");
    int rc = jread_keys(&g->r, starters, lang_names, LANGS);
    for (int lang = 0; rc == FAQD_OK && lang < LANGS; lang++) {
        const char *const *texts = NULL;
        rc = pack_texts(g, starters, lang_names[lang], &texts, &g->pack->n_starters[lang]);
        g->pack->starters[lang] = texts;
        for (size_t i = 0; rc == FAQD_OK && i < g->pack->n_starters[lang]; i++)
            if (!text_printable(texts[i], strlen(texts[i])))
                rc = jread_fail(&g->r, FAQD_EINVAL, "control characters or line breaks in \"%s\"", lang_names[lang]);
    }
    jread_leave(&g->r, mark);
    return rc;
}

#define SUBJECT_NAMES_MAX 8 /* more would say that nearly everything is about it */

/* A list of names of the lexicon: mark them. */
static int read_subject(struct pack_reading *g, const json_t *root, const char *member, unsigned own, unsigned of_type,
                        size_t *n)
{
    const char *const *names = NULL;
    int rc = pack_texts(g, root, member, &names, n);
    size_t mark = jread_enter(&g->r, member);
    if (rc == FAQD_OK && *n > SUBJECT_NAMES_MAX)
        rc = jread_fail(&g->r, FAQD_ELIMIT, "more than %d names", SUBJECT_NAMES_MAX);
    for (size_t i = 0; rc == FAQD_OK && i < *n; i++) {
        uint32_t id = lexicon_find(g->pack->lexicon, names[i]);
        if (id == SYMBOL_NONE)
            rc = jread_fail(&g->r, FAQD_EINVAL, "the lexicon has no \"%.60s\"", names[i]);
        else
            lexicon_mark(g->pack->lexicon, id, own, of_type);
    }
    jread_leave(&g->r, mark);
    return rc;
}

int pack_read_anchors(struct pack_reading *g, const json_t *root)
{
    struct pack *pack = g->pack;
    size_t n = 0;
    int rc = read_subject(g, root, "anchors", SUBJECT_ANCHOR, 0, &n);
    if (rc == FAQD_OK && !n)
        rc = jread_fail(&g->r, FAQD_EINVAL,
                        "\"anchors\" must name the classes or entities that name the pack's subject");
    if (rc == FAQD_OK)
        rc = read_subject(g, root, "hints", SUBJECT_HINT, SUBJECT_HINT_ENTITY, &n);
    if (rc == FAQD_OK)
        rc = read_subject(g, root, "rivals", 0, SUBJECT_RIVAL, &n);
    pack->lite = lexicon_find(pack->lexicon, "lite");
    return rc == FAQD_OK ? read_starters(g, root) : rc;
}
