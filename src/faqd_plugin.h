/* SPDX-License-Identifier: MIT
 *
 * faqd_plugin.h - the plugin ABI of faqd, and the only header of faqd that a plugin includes.
 *
 * A plugin is a shared object that exports exactly one symbol, the constant descriptor `faqd_plugin`:
 *
 *     static const struct faqd_module ops = { .struct_size = sizeof(ops), .answer = my_answer };
 *     FAQD_EXPORT const struct faqd_plugin faqd_plugin = FAQD_PLUGIN(FAQD_MODULE, "hello", "1.0", &ops);
 *
 * The descriptor is read and checked before any code of the plugin runs. Two kinds exist:
 *
 *   module     chooses and orders vetted statements for a question that was understood (struct faqd_module)
 *   connector  carries messages between people and the dispatcher (struct faqd_connector)
 *
 * Ownership: nothing changes hands. What the host passes in is borrowed for the duration of the call unless a
 * comment says otherwise; what a plugin passes in is copied before the call returns.
 *
 * Words: every string is UTF-8 and NUL-terminated unless a length stands beside it. Identifiers (topics, intents,
 * entities, statements) are ASCII: [a-z0-9_]. Languages are "fr" and "en".
 *
 * Versions: a plugin is accepted if its major number equals the host's and its minor number is not newer. Structs
 * grow at the end only, and struct_size says how much of one the other side knows.
 */
#ifndef FAQD_PLUGIN_H
#define FAQD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAQD_ABI_MAJOR 1
#define FAQD_ABI_MINOR 1

#if defined(__GNUC__)
#define FAQD_EXPORT __attribute__((visibility("default")))
#define FAQD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define FAQD_EXPORT
#define FAQD_PRINTF(fmt, args)
#endif

/* Result codes of every function that can fail. Negative ones are errors. */
enum faqd_result {
    FAQD_OK = 0,
    FAQD_DECLINED = 1, /* not mine: the host says that it does not know */
    FAQD_EINVAL = -1,  /* bad content, configuration or argument; an error text was given */
    FAQD_ENOMEM = -2,
    FAQD_EIO = -3,
    FAQD_ELIMIT = -4, /* over a documented limit */
};

/* What became of a message: the same words in code, JSON and counters. */
enum faqd_outcome {
    FAQD_ANSWER = 0,
    FAQD_CLARIFY,      /* asked back, with choices */
    FAQD_EMERGENCY,    /* sent to 15 / 112, or to a doctor today */
    FAQD_SMALLTALK,    /* greeting, thanks, who are you */
    FAQD_UNDOCUMENTED, /* on the pack's subject, but no source says */
    FAQD_UNKNOWN,      /* not understood, or off topic */
    FAQD_UNAVAILABLE,  /* out of memory, over budget, too long */
};

/* ------------------------------------------------------------------------------------------------ modules ---- */

/* An entity that the question named. `type` and `entity` are ids of the pack's lexicon, never the visitor's
 * spelling. Slots come in the order of the question, each (type, entity) once; those of the message itself first,
 * then the ones carried over from the conversation. */
struct faqd_slot {
    const char *type;
    const char *entity;
    unsigned negated : 1; /* "I am not pregnant", "pas de cortisone" */
    unsigned carried : 1; /* from an earlier turn or sentence, not from the words that matched */
    unsigned outside : 1; /* the lexicon knows that no source speaks of it */
};

/* One understood question. */
struct faqd_query {
    size_t struct_size;
    const char *intent;     /* id of the intent */
    const char *action;     /* the intent's "action", or "" */
    const char *topic;      /* the intent's topic id */
    const char *lang;       /* "fr" or "en" */
    const char *const *say; /* the intent's "say": statement ids, n_say of them */
    size_t n_say;
    const struct faqd_slot *slots;
    size_t n_slots;
    unsigned unknown_subject : 1; /* the matched pattern's {unknown} stood for a word that the lexicon does not know */
};

/* The value of a gap `{name}` in a statement: the display name of an entity, or a number. Nothing else can be
 * filled in, so that no text but the pack's own ever leaves. */
struct faqd_gap {
    const char *name;
    const char *type;   /* with `entity`: an entity of the lexicon, shown by its name in the language of the query */
    const char *entity; /* NULL: the number is meant */
    long number;
};

/* How a statement is shown. */
enum faqd_block_kind {
    FAQD_PARAGRAPH = 0,
    FAQD_ITEM,   /* one of a list; items that follow each other form the list */
    FAQD_NOTICE, /* a remark: see a doctor, the list is not complete */
    FAQD_ALERT,  /* an emergency; shown so that it stands out (the core's and safety intents' own) */
    FAQD_CHOICE, /* one of the choices of a `clarify` (the core's own) */
};

struct faqd_content; /* the module's file(s) of the pack; valid from open() to close() */
struct faqd_reply;   /* the answer under construction; valid during answer() */
struct faqd_host;

/* The functions of a module. Only `answer` is required. A module instance belongs to one snapshot of the content:
 * after a reload a new instance is opened beside the old one. `answer` is called from several threads at once and
 * therefore gets a constant instance; it must depend on nothing but its arguments. */
struct faqd_module {
    size_t struct_size;

    /* Look over the content (tables, statements that are missing), build what answer() needs, leave it in *instance.
     * Report bad content with host->refuse(), return its result. Called on the main thread. */
    int (*open)(const struct faqd_host *host, const struct faqd_content *content, void **instance);

    /* Say the statements that answer `query`. FAQD_OK, FAQD_DECLINED (the visitor is told that it is not known), or
     * an error. Errors of host->say are remembered by the reply: it is enough to return the last one. */
    int (*answer)(const void *instance, const struct faqd_host *host, const struct faqd_content *content,
                  const struct faqd_query *query, struct faqd_reply *reply);

    void (*close)(void *instance); /* called once, last; takes NULL */
};

/* --------------------------------------------------------------------------------------------- connectors ---- */

struct faqd_worker; /* what one thread needs to ask questions; never shared between threads */

/* One message of a conversation. */
struct faqd_message {
    size_t struct_size;
    const char *text; /* any bytes; length beside it; more than 4096 of them are answered `unavailable` */
    size_t text_len;
    const char *lang;     /* NULL or "": found out from the message */
    const char *state;    /* what the last answer gave as its state; NULL or "" for a new conversation. It is
                             validated: a state that is not ours counts as none */
    int64_t idle_seconds; /* since the last turn of this conversation; the dialogue forgets after 30 minutes */
};

struct faqd_source_view {
    const char *id;
    const char *title;
    const char *url; /* NULL: none */
};

struct faqd_block_view {
    enum faqd_block_kind kind;
    const char *text;      /* UTF-8, no control characters, no line breaks */
    const size_t *sources; /* indexes into the answer's sources */
    size_t n_sources;
};

struct faqd_choice_view {
    const char *label;
    const char *topic;
};

struct faqd_correction_view {
    const char *from; /* folded spelling of the visitor's word */
    const char *to;
};

/* An answer, valid until the next call with the same worker. */
struct faqd_answer_view {
    size_t struct_size;
    const char *id; /* names the answer for feedback and counters: pack/intent[/entity] */
    const char *lang;
    enum faqd_outcome outcome;
    const char *const *topics;
    size_t n_topics;
    const char *const *intents;
    size_t n_intents;
    const struct faqd_block_view *blocks;
    size_t n_blocks;
    const struct faqd_source_view *sources;
    size_t n_sources;
    const struct faqd_choice_view *choices;
    size_t n_choices;
    const struct faqd_correction_view *corrections;
    size_t n_corrections;
    const char *state; /* hand it back with the next message; at most 512 bytes of printable ASCII */
    const char *pack;
    const char *version;
};

/* Renderings of the last answer of a worker. */
enum faqd_format {
    FAQD_PLAIN = 0, /* text with [1] marks and the sources below */
    FAQD_HTML,      /* a fragment of p, ul, li, ol, strong, a; everything escaped */
    FAQD_JSON,      /* the object of `faqd ask --json` without "question"; one line */
};

/* The functions of a connector; all required but `check`. open, stop and close come from the main thread, run has a
 * thread of its own in which it blocks until stop was called (or its input ended). */
struct faqd_connector {
    size_t struct_size;
    int (*open)(const struct faqd_host *host, const char *settings_json, void **instance);
    int (*run)(void *instance);
    void (*stop)(void *instance); /* any thread; makes run return soon */
    void (*close)(void *instance);
    int (*check)(const struct faqd_host *host, const char *settings_json); /* as open would, connecting nowhere */
    /* Since 1.1, may be NULL. `faqd NAME ARGUMENT...` on the command line, with the settings that the configuration
     * gives to this connector: for what an operator does once by hand, like logging in. argv[0] is the first argument.
     * Returns the exit status. */
    int (*command)(const struct faqd_host *host, const char *settings_json, int argc, char **argv);
};

/* A connector's own durable memory: entries of (kind, key) -> bytes, in the order in which they were first put. One
 * file below the state folder; one thread at a time; one process at a time (opening it a second time is refused).
 * What is between begin and commit happens wholly or not at all, also when the process is killed or the power fails.
 * Outside a transaction each call is one. After an error inside a transaction only rollback is left.
 * A commit outlives the process at once, a power failure only after store_flush: that may take back what was committed
 * since, the last first. Flush before anything happens that could not be done again; and in time in any case, since the
 * log of changes is only cut by it. */
struct faqd_store;

/* --------------------------------------------------------------------------------------------------- host ---- */

enum faqd_level { FAQD_ERROR = 0, FAQD_WARNING, FAQD_INFO, FAQD_DEBUG };

/* Of the table of a content: no such row. */
#define FAQD_NO_ROW ((size_t)-1)

/* What a plugin may call. The table lives as long as the process. All of it may be called from any thread, except
 * that a worker, a reply and a content belong to their callers. */
struct faqd_host {
    size_t struct_size;
    int abi_major;
    int abi_minor;

    /* One record of the log: a stable event name and one line of text. Never pass what a visitor wrote. */
    void (*log)(enum faqd_level level, const char *event, const char *format, ...) FAQD_PRINTF(3, 4);

    /* --- modules: the table of the content. Rows are named (usually by entity ids), cells hold a number or a list
     *     of strings. */
    size_t (*row_count)(const struct faqd_content *content);
    const char *(*row_name)(const struct faqd_content *content, size_t row);  /* NULL behind the last one */
    size_t (*find_row)(const struct faqd_content *content, const char *name); /* FAQD_NO_ROW: none */
    /* the n-th string of a cell; a cell with one string has just n == 0; NULL: none, as for FAQD_NO_ROW */
    const char *(*cell)(const struct faqd_content *content, size_t row, const char *column, size_t n);
    /* the number in a cell; 1 and *out set, or 0 */
    int (*number)(const struct faqd_content *content, size_t row, const char *column, long *out);
    int (*has_statement)(const struct faqd_content *content, const char *statement);
    /* Report bad content at table row `row` (FAQD_NO_ROW: the file itself), column `column` (NULL: the row). The first
     * report wins. Returns FAQD_EINVAL. */
    int (*refuse)(const struct faqd_content *content, size_t row, const char *column, const char *format, ...)
        FAQD_PRINTF(4, 5);

    /* --- modules: the reply. Each error sticks: later calls do nothing and return it again. */
    int (*say)(struct faqd_reply *reply, enum faqd_block_kind kind, const char *statement, const struct faqd_gap *gaps,
               size_t n_gaps);
    int (*set_outcome)(struct faqd_reply *reply, enum faqd_outcome outcome); /* FAQD_ANSWER if never called */
    int (*add_topic)(struct faqd_reply *reply, const char *topic);           /* beside those of intent and slots */

    /* --- connectors */
    struct faqd_worker *(*worker_new)(const struct faqd_host *host); /* NULL: out of memory */
    void (*worker_free)(struct faqd_worker *worker);                 /* takes NULL */
    /* Answer one message with the content that is current now. Always leaves an answer in *out, also for errors
     * (then `unavailable`). The result says what happened: FAQD_OK, FAQD_ELIMIT, FAQD_ENOMEM. */
    int (*ask)(struct faqd_worker *worker, const struct faqd_message *message, struct faqd_answer_view *out);
    /* What a conversation opens with: what this is, automatic, no doctor; and questions to start with as choices. */
    int (*welcome)(struct faqd_worker *worker, const char *lang, struct faqd_answer_view *out);
    /* Render the worker's last answer. The text lives until the next call with the worker; NULL: out of memory. */
    const char *(*render)(struct faqd_worker *worker, enum faqd_format format, size_t *len);
    /* Why the worker's last message got its answer: lines for a person; as render(). */
    const char *(*explain)(struct faqd_worker *worker, size_t *len);
    /* The topics that the current pack answers: calls `each` once a topic with its label. */
    void (*topics)(struct faqd_worker *worker, const char *lang,
                   void (*each)(void *user, const char *topic, const char *label), void *user);
    int (*stopping)(const struct faqd_host *host); /* the process is shutting down */

    /* --- connectors, since 1.1 */
    /* Which pack the worker's next calls use, by its name in the configuration; NULL or "": the default one. FAQD_OK,
     * or FAQD_EINVAL: there is none of that name; then nothing changes. */
    int (*use_pack)(struct faqd_worker *worker, const char *pack);
    /* Count the worker's last answer: day, connector, pack, language, outcome, answer id; and, only where the operator
     * asked for it, what was asked in vain. A connector calls it once a message, never for a repetition. */
    void (*count)(struct faqd_worker *worker, const char *connector);
    /* A vote on an answer: +1 or -1. FAQD_EINVAL: no pack has an answer of that id, or no such language or vote. */
    int (*vote)(const struct faqd_host *host, const char *connector, const char *answer_id, const char *lang, int vote);
    /* Take a vote back: as vote(), for a reaction that was withdrawn. */
    int (*unvote)(const struct faqd_host *host, const char *connector, const char *answer_id, const char *lang,
                  int vote);
    /* A file that the settings name: absolute, or relative to the configuration's folder; "credential:NAME" is NAME in
     * $CREDENTIALS_DIRECTORY. FAQD_OK, or FAQD_EINVAL (too long, no credentials folder). */
    int (*path)(const struct faqd_host *host, const char *named, char *out, size_t size);
    /* How the connector fares, for readiness and metrics; ok 0: degraded, and `text` says why. */
    void (*health)(const struct faqd_host *host, const char *connector, int ok, const char *text);
    /* The process for readiness and metrics: a JSON object, described in faqd(1). As render(). */
    const char *(*status)(struct faqd_worker *worker, size_t *len);

    /* Open the store of `name` ([a-z0-9_]), made if missing (0600). FAQD_EINVAL: no state folder, or another process
     * has it open; FAQD_EIO: it cannot be read or written. Each after a record in the log. */
    int (*store_open)(const struct faqd_host *host, const char *name, struct faqd_store **out);
    void (*store_close)(struct faqd_store *store); /* takes NULL; rolls an open transaction back */
    int (*store_begin)(struct faqd_store *store);
    int (*store_commit)(struct faqd_store *store); /* FAQD_OK: it is written; else rolled back */
    /* FAQD_OK: all that was committed is on the disk. FAQD_EIO: not sure; call it again. FAQD_EINVAL: within a
     * transaction. */
    int (*store_flush)(struct faqd_store *store);
    void (*store_rollback)(struct faqd_store *store);
    /* expires: seconds since 1970, when store_purge may drop the entry; 0: never. An entry that is there is replaced
     * and keeps its place. FAQD_OK, FAQD_EIO (disk full and the like), FAQD_ENOMEM. */
    int (*store_put)(struct faqd_store *store, const char *kind, const char *key, const void *value, size_t len,
                     int64_t expires);
    /* FAQD_OK with *value borrowed until the store's next call (NUL-terminated beyond its length); FAQD_DECLINED: none.
     */
    int (*store_get)(struct faqd_store *store, const char *kind, const char *key, const void **value, size_t *len);
    int (*store_delete)(struct faqd_store *store, const char *kind, const char *key); /* FAQD_DECLINED: none */
    /* Every entry of a kind in order, until `each` returns other than 0, which is then the result. `each` must not call
     * the store. */
    int (*store_each)(struct faqd_store *store, const char *kind,
                      int (*each)(void *user, const char *key, const void *value, size_t len), void *user);
    int (*store_purge)(struct faqd_store *store, int64_t now); /* drop what has expired */

    /* A number for status and metrics, beside health(); `name` of [a-z_]. The last value counts. */
    void (*figure)(const struct faqd_host *host, const char *connector, const char *name, int64_t value);
};

/* ------------------------------------------------------------------------------------------------- plugin ---- */

enum faqd_kind { FAQD_MODULE = 1, FAQD_CONNECTOR = 2 };

struct faqd_plugin {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    uint32_t kind;       /* enum faqd_kind */
    const char *name;    /* [a-z0-9_], as content ("module") and configuration ("connectors") call it */
    const char *version; /* of the plugin, for people */
    const void *ops;     /* struct faqd_module or struct faqd_connector; starts with its size_t struct_size */
};

#define FAQD_PLUGIN(kind_, name_, version_, ops_)                                                                      \
    {                                                                                                                  \
        .struct_size = sizeof(struct faqd_plugin), .abi_major = FAQD_ABI_MAJOR, .abi_minor = FAQD_ABI_MINOR,           \
        .kind = (kind_), .name = (name_), .version = (version_), .ops = (ops_)                                         \
    }

#ifdef __cplusplus
}
#endif

#endif
