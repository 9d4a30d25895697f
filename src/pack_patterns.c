/* SPDX-License-Identifier: MIT
 *
 * pack_patterns.c - the terms that are PCRE2's are compiled, when all of them are known: it takes a while, and needs
 * nothing but their texts.
 */
#include "pack_private.h"

/* The types whose slots the named groups of a pattern are. */
static int read_groups(struct pack_reading *g, const struct pattern *pattern, struct term *term)
{
    struct term_groups groups = {.n = (uint32_t)pattern_groups(pattern)};
    for (size_t i = 0; i < groups.n; i++) {
        const char *name = pattern_group_name(pattern, i);
        groups.types[i] = lexicon_find(g->pack->lexicon, name);
        if (groups.types[i] == SYMBOL_NONE || lexicon_symbol(g->pack->lexicon, groups.types[i])->kind != SYMBOL_TYPE)
            return jread_fail(&g->r, FAQD_EINVAL, "the named group (?<%.40s>...) is no entity type of the lexicon",
                              name);
    }
    return pack_keep_groups(g, &groups, term);
}

/* The place of complaints from here on: this rule. */
static void enter_rule(struct pack_reading *g, const struct rule *rule)
{
    pack_enter_intent(g, rule->intent);
    jread_enter(&g->r, lang_names[rule->lang]);
    jread_enter(&g->r, "patterns");
    jread_element(&g->r, rule_number(g->pack, rule));
}

/* A term of the rule. */
static int compile(struct pack_reading *g, const struct rule *rule, struct term *term)
{
    struct term_pattern *made = &g->pack->patterns[term->at];
    struct err why = {0};
    enter_rule(g, rule);
    int rc = pattern_new(made->expanded, &why, &made->pattern);
    return rc == FAQD_OK ? read_groups(g, made->pattern, term)
                         : jread_fail(&g->r, rc, "in \"%.120s\": %s", term_text(g->pack, term), why.text);
}

int pack_compile_patterns(struct pack_reading *g)
{
    struct pack *pack = g->pack;
    int rc = FAQD_OK;
    for (size_t i = 0; i < pack->n_rules; i++) {
        const struct rule *rule = &pack->rules[i];
        for (size_t t = 0; rc == FAQD_OK && t < (size_t)rule->n_with + rule->n_without; t++) {
            struct term *term = &pack->terms[pack->numbers[rule->terms + t]];
            if (term->kind == TERM_PATTERN && !pack->patterns[term->at].pattern)
                rc = compile(g, rule, term);
        }
    }
    return rc;
}
