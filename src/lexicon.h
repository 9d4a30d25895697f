/* SPDX-License-Identifier: MIT
 *
 * lexicon.h - what the pack knows of words: classes of words that mean the same, entities that a question can be
 * about with all their names, words that carry nothing, words that name another subject, shorthand.
 *
 * Classes, entity types and entities are *symbols*: small numbers that patterns refer to by name. The lexicon turns
 * words into hits (which symbols stand where), tells each word's role, expands {name} in a pattern, and mends spelling
 * towards its own vocabulary. Loaded once from lexicon.json, taught the words of the patterns, then read-only and
 * shared by all threads.
 */
#ifndef FAQD_LEXICON_H
#define FAQD_LEXICON_H

#include "arena.h"
#include "image.h"
#include "jread.h"
#include "lang.h"
#include "str.h"

#include <stddef.h>
#include <stdint.h>

/* What a single word is, a bit a language from each WORD_ constant's bit up: (WORD_NEUTRAL << LANG_EN). */
enum {
    WORD_FUNCTION = 1 << 0,  /* article, pronoun, preposition, auxiliary */
    WORD_NEUTRAL = 1 << 2,   /* names no subject of its own */
    WORD_SUBJECT = 1 << 4,   /* alone a form of a class or an entity */
    WORD_PART = 1 << 6,      /* occurs in a longer form, or literally in a pattern */
    WORD_FOREIGN = 1 << 8,   /* alone a form of another subject */
    WORD_OTHER = 1 << 10,    /* function word of a third language (one bit) */
    WORD_ORDINARY = 1 << 11, /* a real word that is nothing of ours: not known, yet no misspelling either (one bit) */
};
#define WORD_KNOWN ((1u << 10) - 1)
#define WORD_STEMMED (1u << 31) /* it begins with a stem; said of words that are read, for lexicon_hits */
#define WORD_IN(role, lang) ((uint32_t)(role) << (lang))

enum symbol_kind {
    SYMBOL_CLASS,
    SYMBOL_TYPE,
    SYMBOL_ENTITY,
    SYMBOL_FOREIGN,
    SYMBOL_UNKNOWN,
    SYMBOL_CONVERSATION,
    SYMBOL_PHRASE, /* words of a pattern's own: they stand for nothing but themselves */
};

/* What the words of a symbol say of the subject of a message: lexicon_mark. */
enum symbol_subject {
    SUBJECT_ANCHOR = 1,      /* it is the pack's */
    SUBJECT_HINT = 2,        /* it is likely the pack's, if no word beside says otherwise */
    SUBJECT_HINT_ENTITY = 4, /* it is likely the pack's */
    SUBJECT_RIVAL = 8        /* it is another one */
};

struct symbol {
    enum symbol_kind kind : 16;
    unsigned outside : 8;       /* an entity of which no source speaks; a class of words of other subjects */
    unsigned subject : 8;       /* mask of enum symbol_subject */
    uint32_t type;              /* of an entity: its type's symbol */
    const char *name;           /* id, without the type */
    const char *display[LANGS]; /* of an entity: as it stands in a sentence */
    const char *topic;          /* of an entity: "" if none */
    uint32_t forms[LANGS];      /* see lexicon_forms */
    uint32_t n_forms[LANGS];
};

/* Symbols that every lexicon has. */
enum { SYMBOL_ID_FOREIGN = 0, SYMBOL_ID_UNKNOWN = 1, SYMBOL_ID_CONVERSATION = 2, SYMBOL_ID_FIRST = 3 };
#define LEXICON_SYMBOLS_MAX 262144
#define LEXICON_PHRASE_WORDS 12 /* words that a form may have */
#define SYMBOL_NONE UINT32_MAX

struct lexicon;

#define LEXICON_BYTES_MAX ((size_t)16 * 1024 * 1024) /* of its file */

/* Note of a symbol, while the pack is read, what its words say; and what those of the entities say whose type it is. */
void lexicon_mark(struct lexicon *lexicon, uint32_t id, unsigned own, unsigned of_type);

/* Read what was parsed of lexicon.json. The arena must live as long as the lexicon. */
int lexicon_read(struct jread *r, const json_t *root, struct arena *arena, struct lexicon **out);
struct lexicon *lexicon_copy(struct image *image, struct lexicon *lexicon); /* once it is ready; see image.h */
void lexicon_free(struct lexicon *lexicon);                                 /* takes NULL and half-made ones */

size_t lexicon_count(const struct lexicon *lexicon);
const struct symbol *lexicon_symbol(const struct lexicon *lexicon, uint32_t id);
/* "seance", "condition" or "condition:cellulite"; SYMBOL_NONE: there is none */
uint32_t lexicon_find(const struct lexicon *lexicon, const char *name);
uint32_t lexicon_find_n(const struct lexicon *lexicon, const char *name, size_t len);
uint32_t lexicon_entity(const struct lexicon *lexicon, const char *type, const char *entity);
/* The nearest name of a class or type, for "did you mean"; NULL. */
const char *lexicon_nearest(const struct lexicon *lexicon, const char *name);

/* Has the symbol, or an entity of the type that it is, forms in this language? */
int lexicon_has_forms(const struct lexicon *lexicon, uint32_t symbol, enum lang lang);
/* The first form of a symbol; its n_forms stand one behind the other, each terminated. NULL: it has none. */
const char *lexicon_forms(const struct lexicon *lexicon, uint32_t symbol, enum lang lang);
/* Append the forms of a symbol in one language as a PCRE2 group. FAQD_EINVAL: it has none there. */
int lexicon_expand(const struct lexicon *lexicon, uint32_t symbol, enum lang lang, struct str *out);

/* Teach a word that stands literally in a pattern: it is known, though it names no subject. */
int lexicon_learn(struct lexicon *lexicon, const char *word, size_t len, int stem, enum lang lang);
#define LEXICON_PHRASES_MAX 48 /* that the words of a pattern may stand for: what stands for more is a program's */
/* Words of a pattern that are a form (form.h): a symbol of their own, so that finding them needs no regular expression.
 * FAQD_OK with *symbol; FAQD_DECLINED: it is no form, a large one, or one with phrases that end in a space: in a
 * pattern that asks for another word. */
int lexicon_phrase(struct lexicon *lexicon, const char *form, enum lang lang, uint32_t *symbol);
/* The number of a word, entered if it is new; that alone does not make it known. TABLE_NONE: out of memory. Words are
 * numbered from 0 on, and keep their numbers. */
uint32_t lexicon_number(struct lexicon *lexicon, const char *word, size_t len);
/* The text of a word, not terminated, while loading; *len is 0 for a stem. */
const char *lexicon_text(const struct lexicon *lexicon, uint32_t number, size_t *len);
/* After the last lexicon_learn and lexicon_phrase: make it ready for reading words. FAQD_OK or FAQD_ENOMEM. */
int lexicon_ready(struct lexicon *lexicon);
void lexicon_end_loading(struct lexicon *lexicon); /* forget what only loading needs */

/* --- reading words; `hash` is table_hash of the folded word --- */

size_t lexicon_words(const struct lexicon *lexicon); /* how many have a number */
/* WORD_ bits, 0 for a word of no vocabulary; *id: the word's number for lexicon_hits. */
uint32_t lexicon_roles(const struct lexicon *lexicon, const char *word, size_t len, uint64_t hash, uint32_t *id);
/* What a shorthand stands for ("koi" -> "quoi", may be several words), NULL: nothing. *lang: whose it is */
const char *lexicon_shorthand(const struct lexicon *lexicon, uint64_t hash, enum lang *lang);
/* The word of the vocabulary that a misspelt one most likely is, NULL: none or not clear. */
const char *lexicon_mend(const struct lexicon *lexicon, const char *word, size_t len);

/* A symbol that stands somewhere, over `count` words. */
struct lexicon_hit {
    uint32_t symbol;
    uint32_t type;         /* of an entity: its type's symbol; else SYMBOL_NONE */
    uint32_t order[LANGS]; /* of two names of a symbol, the one that the lexicon has first has the lower one */
    uint8_t count;
    uint8_t langs;
    uint8_t kind; /* enum symbol_kind */
    uint8_t outside;
    uint8_t subject;
};

/* A place where a symbol may begin: call `each` for every symbol whose form begins at the first of n > 0 words, told by
 * their ids; `word` is the first one itself if it is WORD_STEMMED, or NULL. */
void lexicon_hits(const struct lexicon *lexicon, const uint32_t *ids, size_t n, const char *word, size_t len,
                  void (*each)(void *user, const struct lexicon_hit *hit), void *user);

#endif
