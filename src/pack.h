/* SPDX-License-Identifier: MIT
 *
 * pack.h - the content: intents/PACK/{pack,lexicon,*}.json as structs.
 *
 * pack.json names the sources and fixed sentences, lexicon.json the words, examples.json (there need not be one) what
 * people ask, and every other *.json file one module's or topic's intents, statements and table. Loading checks
 * everything that can be checked without asking a question; errors name file and JSON path. A loaded pack is immutable
 * and shared; all of it is freed by pack_free.
 */
#ifndef FAQD_PACK_H
#define FAQD_PACK_H

#include "arena.h"
#include "err.h"
#include "image.h"
#include "lexicon.h"
#include "pattern.h"
#include "program.h"
#include "table.h"

#include <stddef.h>
#include <stdint.h>

#define PACK_FORMAT 1
#define PACK_FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define PACK_SOURCES_MAX 64
#define PACK_TAKES_MAX 8
#define RULE_TERMS_MAX 20
#define TERM_NEEDS_MAX 64

/* The fixed sentences of pack.json, by their keys. All are needed. */
enum fixed {
    FIXED_DISCLAIMER,
    FIXED_WELCOME,
    FIXED_UNKNOWN,
    FIXED_UNKNOWN_HINT,
    FIXED_UNAVAILABLE,
    FIXED_TOO_LONG,
    FIXED_THIRD_LANGUAGE,
    FIXED_CLARIFY,
    FIXED_CHOICE_PROMPT,
    FIXED_SOURCES,
    FIXED_UNDOCUMENTED,
    FIXED_SEE_DOCTOR,
    FIXED_TOO_MANY,
    FIXED_EMPTY,
    FIXED_COUNT
};
extern const char *const fixed_names[FIXED_COUNT];

struct source {
    const char *id;
    const char *title;
    const char *url; /* NULL: none */
    int shown;       /* 0: the pack's own editors, who are not listed below an answer */
};

struct statement {
    const char *id;
    const char *text[LANGS]; /* with {gaps} */
    const uint16_t *sources; /* indexes into pack.sources */
    size_t n_sources;
    size_t file;
};

/* A part of a pattern: "{a}", "(words?|{b})", one of which must stand there, so that there is nothing to search for; or
 * a regular expression over words, as a program; or, if it cannot be that, PCRE2's. Shared by all rules that say the
 * same.
 */
enum term_kind { TERM_ONE_OF, TERM_PROGRAM, TERM_PATTERN };
#define TERM_NO_GROUPS UINT32_MAX

struct term {
    uint8_t kind;          /* enum term_kind */
    uint8_t lang;          /* enum lang */
    uint8_t wants_unknown; /* it asks for a word of no vocabulary: {unknown} */
    uint8_t shared;        /* several rules have it */
    uint32_t at;           /* its set (TERM_ONE_OF); its program, in pack.numbers; its pattern, in pack.patterns */
    uint32_t needs;        /* sets, one of each of which each match needs, in pack.numbers, ended by 0 */
    uint32_t groups;       /* its named groups, in pack.groups */
};

/* The entity types whose slots the named groups of a term are. */
struct term_groups {
    uint32_t n;
    uint32_t types[PATTERN_GROUPS_MAX];
};

/* A term that is PCRE2's. */
struct term_pattern {
    struct pattern *pattern;
    const char *expanded; /* its text with the classes written out */
};

/* A pattern of an intent: every one of `with` stands in the window, none of `without`. With "{only}" nothing that tells
 * stands there beside them: all other words are function words, or of the class "lite". */
struct rule {
    uint32_t intent;
    uint8_t lang; /* enum lang */
    uint8_t only;
    uint8_t n_with, n_without;
    uint32_t terms; /* in pack.numbers: those with, then those without */
};

struct intent_words { /* an intent in one language */
    const char *label;
    const char *const *ask;
    size_t n_ask;
    const char *const *not_these;
    size_t n_not;
    const char *const *examples; /* people's questions that mean it, of examples.json: what is learned from */
    size_t n_examples;
    size_t n_patterns;
    size_t first_rule; /* of those, one behind the other */
};

struct intent {
    const char *id;
    const char *topic;
    const char *action; /* "" if none */
    uint32_t content;   /* index into pack.contents: the module that answers */
    enum faqd_outcome outcome;
    int bare;
    int safety;
    const char *const *say;
    size_t n_say;
    uint32_t takes[PACK_TAKES_MAX]; /* entity types */
    size_t n_takes;
    const char *const *over_names;
    const uint32_t *over; /* intents that it beats */
    size_t n_over;
    struct intent_words words[LANGS];
    uint32_t file;
    uint32_t place; /* in its file: intents[place] */
};

struct cell {
    const char *column;
    const char *const *texts;
    size_t n_texts;
    long number;
    int is_number;
};

struct row {
    const char *name;
    const struct cell *cells;
    size_t n_cells;
    size_t file;
};

/* What a module gets: the tables of its files. The public ABI calls it struct faqd_content. */
struct faqd_content {
    const struct pack *pack;
    const char *module;
    struct row *rows;
    size_t n_rows;
    struct table row_ids; /* hash of a row's name -> row */
    struct err *err;      /* while the module opens: where host->refuse reports to */
};

/* pack_image.c copies each pointer in here, and in what they point to. */
struct pack {
    int in_image; /* all but dir, contents and patterns */
    struct arena arena;
    const char *dir;
    const char *name;
    const char *version; /* pack.json's, and a mark of the content's bytes behind a + */
    enum lang default_lang;
    const char **files; /* the intent files, sorted */
    size_t n_files;
    struct source sources[PACK_SOURCES_MAX];
    size_t n_sources;
    const char *fixed[FIXED_COUNT][LANGS];
    const char *const *starters[LANGS];
    size_t n_starters[LANGS];
    int has_examples;                 /* there is an examples.json, */
    const char *const *others[LANGS]; /* and these are messages in it that were meant for others */
    size_t n_others[LANGS];
    uint32_t lite; /* the class of that name; SYMBOL_NONE: there is none */
    struct lexicon *lexicon;
    struct term *terms;
    const char **term_texts; /* as the author wrote them: who answers does not read them */
    size_t n_terms;
    struct term_groups *groups;
    size_t n_groups;
    struct term_pattern *patterns;
    size_t n_patterns;
    struct rule *rules;
    const char **rule_texts; /* likewise */
    size_t n_rules;
    uint32_t *numbers; /* lists of terms and rules, one behind the other */
    size_t n_numbers;
    struct literals literals; /* what they have in common */
    struct intent *intents;
    size_t n_intents;
    struct statement *statements;
    size_t n_statements;
    struct faqd_content *contents;
    size_t n_contents;
    struct table *ids; /* hashed "i:intent", "s:statement" -> index */
};

/* FAQD_OK and *out, or an error. `dir` is the folder of the pack. */
int pack_load(const char *dir, struct err *err, struct pack **out);
/* A loaded pack into an image (image.h); and a pack that uses one, which must outlive it. FAQD_OK or FAQD_ENOMEM.
 * `loaded`: the pack that was copied, which loses its compiled patterns to the new one; NULL: they are compiled anew.
 */
struct pack *pack_copy(struct image *image, struct pack *pack);
int pack_from_image(const struct pack *kept, struct pack *loaded, const char *dir, struct err *err, struct pack **out);
void pack_free(struct pack *pack); /* takes NULL and half-made ones */

uint32_t pack_intent(const struct pack *pack, const char *id);    /* UINT32_MAX: none */
uint32_t pack_statement(const struct pack *pack, const char *id); /* UINT32_MAX: none */

/* Does the first intent come before the other one, by its "over"? */
static inline int intent_is_over(const struct intent *intent, uint32_t other)
{
    for (size_t i = 0; i < intent->n_over; i++)
        if (intent->over[i] == other)
            return 1;
    return 0;
}

/* The lists of a rule, of a term. */
static inline const uint32_t *rule_with(const struct pack *pack, const struct rule *rule)
{
    return pack->numbers + rule->terms;
}
static inline const uint32_t *rule_without(const struct pack *pack, const struct rule *rule)
{
    return pack->numbers + rule->terms + rule->n_with;
}
static inline const uint32_t *term_program(const struct pack *pack, const struct term *term)
{
    return pack->numbers + term->at;
}
static inline const char *term_text(const struct pack *pack, const struct term *term)
{
    return pack->term_texts[term - pack->terms];
}
static inline const char *rule_text(const struct pack *pack, const struct rule *rule)
{
    return pack->rule_texts[rule - pack->rules];
}
/* intents[].LANG.patterns[that] */
static inline size_t rule_number(const struct pack *pack, const struct rule *rule)
{
    return (size_t)(rule - pack->rules) - pack->intents[rule->intent].words[rule->lang].first_rule;
}
/* Does it hold only within a conversation? */
int rule_needs_conversation(const struct pack *pack, const struct rule *rule);
/* How many needs, then they. */
static inline const uint32_t *term_one_of(const struct pack *pack, const struct term *term)
{
    return pack->literals.sets + term->at;
}

/* A regular-expression term as PCRE2 would get it, its classes written out. FAQD_OK, FAQD_EINVAL (a {name} without
 * words in this language), FAQD_ENOMEM, FAQD_ELIMIT. */
int pack_term_regex(const struct pack *pack, const char *text, enum lang lang, struct str *out);

const char *pack_file(const struct pack *pack, size_t file);

#endif
