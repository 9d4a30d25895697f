/* SPDX-License-Identifier: MIT
 *
 * mock_host.c - the foreseeable host of mock_host.h.
 */
#include "mock_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct faqd_worker {
    char text[8192];
    char state[600];
    char rendered[16384];
    struct faqd_answer_view view;
};

static char log_text[8192];
static int failures;
static int workers;

static void mock_log_record(enum faqd_level level, const char *event, const char *format, ...)
{
    size_t len = strlen(log_text);
    va_list args;
    (void)level;
    len += (size_t)snprintf(log_text + len, sizeof(log_text) - len, "%s: ", event);
    va_start(args, format);
    len += (size_t)vsnprintf(log_text + len, sizeof(log_text) - len, format, args);
    va_end(args);
    snprintf(log_text + len, sizeof(log_text) - len, "\n");
}

static struct faqd_worker *mock_worker_new(const struct faqd_host *host)
{
    (void)host;
    if (failures > 0) {
        failures--;
        return NULL;
    }
    workers++;
    return calloc(1, sizeof(struct faqd_worker));
}

static void mock_worker_free(struct faqd_worker *worker)
{
    if (worker)
        workers--;
    free(worker);
}

static const size_t first[] = {0};
static const size_t both[] = {0, 1};
static const struct faqd_source_view sources[] = {
    {"S1", "Haute Autorité de santé, avis sur la mésothérapie", "https://www.has-sante.fr/é/avis"},
    {"S2", "Mesotherapy: a review", NULL},
};
static const struct faqd_choice_view choices[] = {
    {"La douleur", "pain"}, {"Le prix", "price"}, {"Évolution après la séance", "after"}};
static const struct faqd_choice_view starters[] = {{"Qu’est-ce que la mésothérapie ?", "definition"},
                                                   {"Est-ce douloureux ?", "pain"}};
static const struct faqd_correction_view corrections[] = {{"seence", "seance"}};

static const struct faqd_block_view block_choose[] = {{FAQD_PARAGRAPH, "De quoi parlez-vous ?", NULL, 0},
                                                      {FAQD_CHOICE, "La douleur", NULL, 0},
                                                      {FAQD_CHOICE, "Le prix", NULL, 0},
                                                      {FAQD_CHOICE, "Évolution après la séance", NULL, 0}};
static const struct faqd_block_view block_urgent[] = {
    {FAQD_ALERT, "Appelez le 15 ou le 112.", NULL, 0},
    {FAQD_ALERT, "N’attendez pas une réponse de ce programme.", NULL, 0}};
static const struct faqd_block_view block_grave[] = {{FAQD_PARAGRAPH, "Appelez le 15.", NULL, 0},
                                                     {FAQD_PARAGRAPH, "Ne restez pas seul.", NULL, 0}};
static const struct faqd_block_view block_evil[] = {{FAQD_PARAGRAPH,
                                                     "a\033[31mred\033[0m b\033]0;title\007 c\302\233"
                                                     "31m d\342\200\256drow e\177\b\r\nf \377\300 g",
                                                     NULL, 0}};
static const struct faqd_block_view block_sources[] = {
    {FAQD_PARAGRAPH, "Les séances durent un quart d’heure ; elles se répètent chaque semaine ou chaque mois.", both, 2},
    {FAQD_ITEM, "la peau est désinfectée", first, 1},
    {FAQD_ITEM, "l’aiguille est fine", NULL, 0},
    {FAQD_NOTICE, "Parlez-en à votre médecin.", NULL, 0}};
static const struct faqd_block_view block_welcome[] = {
    {FAQD_PARAGRAPH, "Réponses automatiques ; ce n’est pas un médecin.", NULL, 0}};

#define BLOCKS(list) .blocks = (list), .n_blocks = sizeof(list) / sizeof(*(list))

static int has(const struct faqd_worker *w, const char *word)
{
    return strstr(w->text, word) != NULL;
}

static struct faqd_answer_view scripted(const struct faqd_worker *w)
{
    if (has(w, "choose"))
        return (struct faqd_answer_view){
            .outcome = FAQD_CLARIFY, .choices = choices, .n_choices = 3, .state = "choosing", BLOCKS(block_choose)};
    if (has(w, "urgent"))
        return (struct faqd_answer_view){.outcome = FAQD_EMERGENCY, BLOCKS(block_urgent)};
    if (has(w, "grave"))
        return (struct faqd_answer_view){.outcome = FAQD_EMERGENCY, BLOCKS(block_grave)};
    if (has(w, "evil"))
        return (struct faqd_answer_view){.outcome = FAQD_ANSWER, BLOCKS(block_evil)};
    if (has(w, "sources"))
        return (struct faqd_answer_view){
            .outcome = FAQD_ANSWER, .sources = sources, .n_sources = 2, BLOCKS(block_sources)};
    return (struct faqd_answer_view){.outcome = has(w, "nothing") ? FAQD_UNKNOWN : FAQD_ANSWER};
}

static struct faqd_block_view echoed;

static void echo(struct faqd_worker *w, const struct faqd_message *m, const char *said)
{
    int turn = 0;
    if (strcmp(m->state, "choosing") == 0 && strlen(said) == 1 && said[0] >= '1' && said[0] <= '3')
        snprintf(w->text, sizeof(w->text), "Picked %s.", said);
    else
        snprintf(w->text, sizeof(w->text), "You said %zu bytes in %s, state %s, %s: %s", m->text_len,
                 m->lang && m->lang[0] ? m->lang : "auto", m->state,
                 m->idle_seconds >= 0 && m->idle_seconds < 30 ? "soon" : "late", said);
    if (strcmp(said, "idle") == 0)
        snprintf(w->text, sizeof(w->text), "Idle for %ld s.", (long)m->idle_seconds);
    sscanf(m->state, "turn%d", &turn);
    snprintf(w->state, sizeof(w->state), "turn%d", turn + 1);
    echoed = (struct faqd_block_view){FAQD_PARAGRAPH, w->text, NULL, 0};
    w->view.blocks = &echoed;
    w->view.n_blocks = 1;
    w->view.state = w->state;
}

static int mock_ask(struct faqd_worker *w, const struct faqd_message *m, struct faqd_answer_view *out)
{
    char said[4098];
    size_t len = m->text_len < sizeof(said) - 1 ? m->text_len : sizeof(said) - 1;
    for (size_t i = 0; i < len; i++)
        said[i] = m->text[i] ? m->text[i] : '0';
    said[len] = '\0';

    snprintf(w->text, sizeof(w->text), "%s", said);
    if (has(w, "crash"))
        abort();
    w->view = scripted(w);
    w->view.struct_size = sizeof(w->view);
    w->view.id = "mock/answer";
    w->view.lang = m->lang && m->lang[0] ? m->lang : "fr";
    w->view.pack = "mock";
    w->view.version = "1";
    if (has(w, "seence")) {
        w->view.corrections = corrections;
        w->view.n_corrections = 1;
    }
    if (w->view.n_blocks == 0)
        echo(w, m, m->text_len > 4096 ? "too long" : said);
    if (!w->view.state)
        w->view.state = "";
    if (m->text_len > 4096)
        w->view.outcome = FAQD_UNAVAILABLE;
    *out = w->view;
    return m->text_len > 4096 ? FAQD_ELIMIT : FAQD_OK;
}

static int mock_welcome(struct faqd_worker *w, const char *lang, struct faqd_answer_view *out)
{
    w->view = (struct faqd_answer_view){.struct_size = sizeof(w->view),
                                        .id = "mock/welcome",
                                        .lang = lang,
                                        .outcome = FAQD_SMALLTALK,
                                        .choices = starters,
                                        .n_choices = 2,
                                        .state = "",
                                        BLOCKS(block_welcome)};
    *out = w->view;
    return FAQD_OK;
}

static const char *mock_render(struct faqd_worker *w, enum faqd_format format, size_t *len)
{
    static const char *const outcomes[] = {"answer",       "clarify", "emergency",  "smalltalk",
                                           "undocumented", "unknown", "unavailable"};
    size_t n = 0;
    if (has(w, "norender"))
        return NULL;
    if (format == FAQD_JSON)
        n = (size_t)snprintf(w->rendered, sizeof(w->rendered), "{\"id\": \"%s\", \"outcome\": \"%s\"}", w->view.id,
                             outcomes[w->view.outcome]);
    for (size_t i = 0; format == FAQD_PLAIN && i < w->view.n_blocks; i++)
        n += (size_t)snprintf(w->rendered + n, sizeof(w->rendered) - n, "%s\n", w->view.blocks[i].text);
    *len = n;
    return w->rendered;
}

static const char *mock_explain(struct faqd_worker *w, size_t *len)
{
    static const char reasons[] = "read as: \033[1mbold\nlanguage: fr (two words)\n";
    *len = sizeof(reasons) - 1;
    return has(w, "norender") ? NULL : reasons;
}

static void mock_topics(struct faqd_worker *w, const char *lang,
                        void (*each)(void *user, const char *topic, const char *label), void *user)
{
    (void)w;
    (void)lang;
    each(user, "pain", "Douleur");
    each(user, "price", "Prix d’une séance");
    each(user, "effects", "Effets secondaires");
    each(user, "effects_late", "Effets tardifs");
}

static int mock_stopping(const struct faqd_host *host)
{
    (void)host;
    return 0;
}

static void mock_count(struct faqd_worker *worker, const char *connector)
{
    (void)worker;
    (void)connector;
}

static int mock_vote(const struct faqd_host *host, const char *connector, const char *id, const char *lang, int vote)
{
    (void)host;
    (void)connector;
    return id && lang && vote * vote == 1 ? FAQD_OK : FAQD_EINVAL;
}

static const struct faqd_host host_table = {
    .struct_size = sizeof(host_table),
    .abi_major = FAQD_ABI_MAJOR,
    .abi_minor = FAQD_ABI_MINOR,
    .log = mock_log_record,
    .worker_new = mock_worker_new,
    .count = mock_count,
    .vote = mock_vote,
    .worker_free = mock_worker_free,
    .ask = mock_ask,
    .welcome = mock_welcome,
    .render = mock_render,
    .explain = mock_explain,
    .topics = mock_topics,
    .stopping = mock_stopping,
};

const struct faqd_host *mock_host(void)
{
    return &host_table;
}

const char *mock_log(void)
{
    return log_text;
}

void mock_reset(int fail)
{
    log_text[0] = '\0';
    failures = fail;
}

int mock_workers(void)
{
    return workers;
}
