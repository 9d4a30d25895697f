/* SPDX-License-Identifier: MIT
 *
 * dispatch.c - see dispatch.h. The order of things is the safety of the program: red flags are looked for before
 * anything else is decided, in both languages, in every part of the message.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dispatch *dispatch_new(void)
{
    struct dispatch *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->q = question_new();
    d->patterns = pattern_scratch_new();
    if (!d->q || !d->patterns || answer_init(&d->answer) != FAQD_OK) {
        dispatch_free(d);
        return NULL;
    }
    return d;
}

void dispatch_free(struct dispatch *d)
{
    if (!d)
        return;
    match_scratch_free(d->scratch);
    prediction_free(d->prediction);
    pattern_scratch_free(d->patterns);
    answer_free(&d->answer);
    question_free(d->q);
    free(d);
}

/* Drop the working memory that fits one snapshot. */
static void leave(struct dispatch *d)
{
    match_scratch_free(d->scratch);
    prediction_free(d->prediction);
    d->scratch = NULL;
    d->prediction = NULL;
}

/* Make the working memory fit the snapshot. */
static int adopt(struct dispatch *d, const struct snapshot *snapshot)
{
    if (d->snapshot == snapshot && d->scratch)
        return FAQD_OK;
    leave(d);
    d->snapshot = snapshot;
    if (snapshot->classifier && prediction_new(snapshot->classifier, &d->prediction) != FAQD_OK)
        return FAQD_ENOMEM;
    return match_scratch_new(snapshot->pack, d->patterns, &d->scratch);
}

static int unavailable(struct dispatch *d, enum fixed why)
{
    enum lang lang = d->answer.lang;
    char state[ANSWER_STATE_MAX];
    memcpy(state, d->answer.state, sizeof(state));
    answer_begin(&d->answer, d->snapshot->pack, lang);
    memcpy(d->answer.state, state, sizeof(state)); /* the conversation goes on */
    answer_fixed(&d->answer, FAQD_NOTICE, why);
    d->answer.outcome = FAQD_UNAVAILABLE;
    snprintf(d->answer.id, sizeof(d->answer.id), "%s/unavailable", d->snapshot->pack->name);
    return FAQD_ELIMIT;
}

/* ------------------------------------------------------------------------------------------------- steps ---- */

static size_t fill_slots(const struct pack *pack, const struct plan_step *step, struct faqd_slot *slots)
{
    for (size_t i = 0; i < step->n_slots; i++) {
        const struct symbol *entity = lexicon_symbol(pack->lexicon, step->slots[i].entity);
        slots[i] = (struct faqd_slot){.type = lexicon_symbol(pack->lexicon, entity->type)->name,
                                      .entity = entity->name,
                                      .negated = step->slots[i].negated != 0,
                                      .carried = step->slots[i].carried != 0,
                                      .outside = entity->outside != 0};
    }
    return step->n_slots;
}

static void report_topics(struct dispatch *d, const struct plan_step *step)
{
    const struct pack *pack = d->snapshot->pack;
    answer_intent(&d->answer, pack->intents[step->intent].id);
    answer_topic(&d->answer, pack->intents[step->intent].topic);
    for (size_t i = 0; i < step->n_slots; i++)
        if (!step->slots[i].negated)
            answer_topic(&d->answer, lexicon_symbol(pack->lexicon, step->slots[i].entity)->topic);
}

/* Let the intent's module say its part. *outcome: what became of it. */
static int answer_step(struct dispatch *d, const struct plan_step *step, enum faqd_outcome *outcome)
{
    const struct snapshot *snapshot = d->snapshot;
    const struct intent *intent = &snapshot->pack->intents[step->intent];
    const struct module_instance *module = &snapshot->modules[intent->content];
    struct faqd_slot slots[PLAN_SLOTS_MAX];
    struct faqd_query query = {.struct_size = sizeof(query),
                               .intent = intent->id,
                               .action = intent->action,
                               .topic = intent->topic,
                               .lang = lang_names[d->answer.lang],
                               .say = intent->say,
                               .n_say = intent->n_say,
                               .slots = slots,
                               .n_slots = fill_slots(snapshot->pack, step, slots),
                               .unknown_subject = step->unknown_subject != 0};
    struct faqd_reply reply = {.answer = &d->answer, .outcome = intent->outcome, .alert = intent->safety};
    size_t before = d->answer.n_blocks;
    report_topics(d, step);
    int rc = module->ops->answer(module->instance, snapshot->host, &snapshot->pack->contents[intent->content], &query,
                                 &reply);
    *outcome = reply.outcome;
    if (rc < 0 || d->answer.error)
        return rc < 0 ? rc : d->answer.error;
    if (rc == FAQD_DECLINED || d->answer.n_blocks == before) {
        /* A statement that an earlier part said already also counts as nothing new: then there is no need to say that
         * nothing is known. */
        if (rc == FAQD_DECLINED || before == 0) {
            *outcome = FAQD_UNDOCUMENTED;
            answer_fixed(&d->answer, FAQD_PARAGRAPH, FIXED_UNDOCUMENTED);
        }
    }
    return FAQD_OK;
}

/* The outcome of several parts: an emergency before all, then whatever was answered. */
static enum faqd_outcome join(enum faqd_outcome a, enum faqd_outcome b)
{
    static const int rank[] = {[FAQD_ANSWER] = 5,       [FAQD_CLARIFY] = 0, [FAQD_EMERGENCY] = 6,  [FAQD_SMALLTALK] = 2,
                               [FAQD_UNDOCUMENTED] = 4, [FAQD_UNKNOWN] = 1, [FAQD_UNAVAILABLE] = 0};
    return rank[a] >= rank[b] ? a : b;
}

static void name_answer(struct dispatch *d)
{
    const struct pack *pack = d->snapshot->pack;
    const struct plan_step *step = &d->plan.steps[0];
    const char *intent = d->plan.n_steps ? pack->intents[step->intent].id : "unknown";
    const char *entity = step->n_slots && d->plan.n_steps && d->plan.kind == PLAN_ANSWER
                             ? lexicon_symbol(pack->lexicon, step->slots[0].entity)->name
                             : NULL;
    if (d->plan.kind == PLAN_CLARIFY)
        intent = "clarify";
    else if (d->plan.kind == PLAN_UNDOCUMENTED)
        intent = "undocumented";
    snprintf(d->answer.id, sizeof(d->answer.id), "%s/%s%s%s", pack->name, intent, entity ? "/" : "",
             entity ? entity : "");
}

/* ------------------------------------------------------------------------------------------------- plans ---- */

static int carry_out_answer(struct dispatch *d)
{
    enum faqd_outcome all = FAQD_UNAVAILABLE;
    for (size_t i = 0; i < d->plan.n_steps; i++) {
        enum faqd_outcome outcome = FAQD_UNKNOWN;
        int rc = answer_step(d, &d->plan.steps[i], &outcome);
        if (rc != FAQD_OK)
            return rc;
        all = join(outcome, all);
    }
    d->answer.outcome = all;
    if (d->plan.more)
        answer_fixed(&d->answer, FAQD_NOTICE, FIXED_TOO_MANY);
    return d->answer.error;
}

/* What tells a choice apart: the intent's label, and the entity that it would be about. */
static const char *choice_label(struct dispatch *d, const struct plan_step *step)
{
    const struct pack *pack = d->snapshot->pack;
    const char *label = pack->intents[step->intent].words[d->answer.lang].label;
    if (!step->n_slots)
        return label;
    char text[512];
    const char *about = lexicon_symbol(pack->lexicon, step->slots[0].entity)->display[d->answer.lang];
    if ((size_t)snprintf(text, sizeof(text), "%s (%s)", label, about) >= sizeof(text))
        return label; /* rather than one that ends within a letter */
    return answer_keep(&d->answer, text);
}

static int carry_out_clarify(struct dispatch *d)
{
    const struct pack *pack = d->snapshot->pack;
    d->answer.outcome = FAQD_CLARIFY;
    answer_fixed(&d->answer, FAQD_PARAGRAPH, FIXED_CLARIFY);
    for (size_t i = 0; i < d->plan.n_steps; i++) {
        const struct plan_step *step = &d->plan.steps[i];
        answer_choice(&d->answer, choice_label(d, step), pack->intents[step->intent].topic);
        report_topics(d, step);
    }
    answer_fixed(&d->answer, FAQD_NOTICE, FIXED_CHOICE_PROMPT);
    return d->answer.error;
}

static int carry_out(struct dispatch *d)
{
    name_answer(d);
    switch (d->plan.kind) {
    case PLAN_ANSWER: return carry_out_answer(d);
    case PLAN_CLARIFY: return carry_out_clarify(d);
    case PLAN_UNDOCUMENTED:
        d->answer.outcome = FAQD_UNDOCUMENTED;
        report_topics(d, &d->plan.steps[0]);
        answer_fixed(&d->answer, FAQD_PARAGRAPH, FIXED_UNDOCUMENTED);
        answer_fixed(&d->answer, FAQD_NOTICE, FIXED_SEE_DOCTOR);
        return d->answer.error;
    case PLAN_UNKNOWN: break;
    }
    d->answer.outcome = FAQD_UNKNOWN;
    answer_fixed(&d->answer, FAQD_PARAGRAPH, FIXED_UNKNOWN);
    answer_fixed(&d->answer, FAQD_NOTICE, FIXED_UNKNOWN_HINT);
    return d->answer.error;
}

static void say_unknown(struct dispatch *d, enum fixed sentence)
{
    answer_fixed(&d->answer, FAQD_PARAGRAPH, sentence);
    d->answer.outcome = FAQD_UNKNOWN;
    d->plan = (struct plan){.kind = PLAN_UNKNOWN};
    name_answer(d);
}

/* ---------------------------------------------------------------------------------------------- the way ---- */

/* Red flags. 1: there is one, and the plan is to answer it. */
static int red_flag(struct dispatch *d)
{
    const struct snapshot *snapshot = d->snapshot;
    match_safety(d->scratch, snapshot->safety, &d->safety);
    if (!d->safety.n_in_scope)
        return 0;
    dialogue_decide(snapshot->pack, d->q, &d->safety, &d->before, &d->plan);
    d->plan.n_steps = 1; /* one thing to do at a time */
    d->plan.more = 0;
    d->plan.reason = "a red flag comes before everything else";
    return 1;
}

/* Ordinary intents, in the message's language; in the other one if that gives nothing and the words leave room. */
static void find_intents(struct dispatch *d)
{
    const struct snapshot *snapshot = d->snapshot;
    match_question(d->scratch, snapshot->ordinary, d->q->lang, &d->match);
    if (d->match.n_in_scope || d->match.over_budget)
        return;
    enum lang other = lang_other(d->q->lang);
    match_question(d->scratch, snapshot->ordinary, other, &d->other);
    d->match.over_budget = d->other.over_budget; /* "nothing found" is an answer only if the search was complete */
    d->match.no_memory |= d->other.no_memory;
    if (!d->other.n_in_scope)
        return;
    d->match = d->other;
    if (!d->q->lang_sure) {
        d->q->lang = other;
        d->q->lang_reason = "the patterns that matched";
        d->answer.lang = other;
    }
}

/* What the pack's examples say of it. */
static void reconsider(struct dispatch *d)
{
    if (!d->prediction)
        return;
    classifier_predict(d->snapshot->classifier, d->q, d->prediction);
    d->predicted = 1;
    dialogue_reconsider(d->snapshot->pack, d->q, &d->match, &d->before, d->prediction, &d->plan);
}

static void remember(struct dispatch *d)
{
    struct conversation after = d->before;
    dialogue_remember(d->snapshot->pack, d->q, &d->plan, d->answer.lang, &after);
    conversation_write(d->snapshot->pack, &after, d->answer.state, sizeof(d->answer.state));
}

static int understand(struct dispatch *d)
{
    const struct pack *pack = d->snapshot->pack;
    match_begin(d->scratch, d->q, d->before.live);
    if (red_flag(d)) {
        remember(d);
        return carry_out(d);
    }
    if (d->safety.over_budget || d->safety.no_memory)
        return FAQD_ELIMIT;
    if (!d->q->n_words) {
        say_unknown(d, FIXED_EMPTY);
        return d->answer.error;
    }
    if (!dialogue_choice(pack, d->q, &d->before, d->answer.lang, &d->plan)) {
        if (d->q->third_language) {
            say_unknown(d, FIXED_THIRD_LANGUAGE);
            return d->answer.error;
        }
        find_intents(d);
        if (d->match.over_budget || d->match.no_memory)
            return FAQD_ELIMIT;
        dialogue_decide(pack, d->q, &d->match, &d->before, &d->plan);
        reconsider(d);
    }
    remember(d);
    return carry_out(d);
}

static void give(struct dispatch *d, struct faqd_answer_view *out)
{
    *out = answer_view(&d->answer);
    for (size_t i = 0; i < d->q->n_corrections; i++)
        d->corrections[i] =
            (struct faqd_correction_view){.from = d->q->corrections[i].from, .to = d->q->corrections[i].to};
    out->corrections = d->corrections;
    out->n_corrections = d->q->n_corrections;
}

/* The conversation that a message belongs to, forgotten if it slept too long. */
static void recall(struct dispatch *d, const struct faqd_message *message)
{
    const char *state = message->idle_seconds > CONVERSATION_IDLE_SECONDS ? NULL : message->state;
    conversation_read(d->snapshot->pack, state, &d->before);
}

/* What is left of the message before speaks of the pack of then: explain must not look at it with another one. */
static void forget(struct dispatch *d)
{
    d->q->text_len = d->q->n_words = d->q->n_hits = d->q->n_windows = d->q->n_corrections = 0;
    d->q->lang_reason = "nothing was read";
    d->plan = (struct plan){.kind = PLAN_UNKNOWN};
    d->match.n = d->match.n_in_scope = d->safety.n = d->safety.n_in_scope = 0;
    d->match.no_memory = d->safety.no_memory = 0;
    d->match.scope = d->safety.scope = NULL;
    d->predicted = 0;
}

int dispatch_ask(struct dispatch *d, const struct snapshot *snapshot, const struct faqd_message *message,
                 struct faqd_answer_view *out)
{
    const struct pack *pack = snapshot->pack;
    int lang = lang_find(message->lang);
    int rc = adopt(d, snapshot);
    forget(d);
    recall(d, message);
    answer_begin(&d->answer, pack, lang >= 0 ? (enum lang)lang : d->before.lang);
    conversation_write(pack, &d->before, d->answer.state, sizeof(d->answer.state));
    if (rc != FAQD_OK) {
        leave(d);
        unavailable(d, FIXED_UNAVAILABLE);
        give(d, out);
        return FAQD_ENOMEM;
    }
    rc = question_read(d->q, pack->lexicon, message->text, message->text_len, lang, d->before.lang);
    d->answer.lang = d->q->lang;
    if (rc != FAQD_OK) {
        rc = unavailable(d, FIXED_TOO_LONG);
    } else {
        rc = understand(d);
        if (rc != FAQD_OK)
            rc = unavailable(d, FIXED_UNAVAILABLE);
    }
    if (rc != FAQD_OK && d->match.no_memory + d->safety.no_memory)
        rc = FAQD_ENOMEM;
    give(d, out);
    return rc;
}

void dispatch_welcome(struct dispatch *d, const struct snapshot *snapshot, const char *lang,
                      struct faqd_answer_view *out)
{
    const struct pack *pack = snapshot->pack;
    int asked = lang_find(lang);
    enum lang in = asked >= 0 ? (enum lang)asked : pack->default_lang;
    leave(d);
    d->snapshot = snapshot;
    forget(d);
    answer_begin(&d->answer, pack, in);
    answer_fixed(&d->answer, FAQD_NOTICE, FIXED_DISCLAIMER);
    answer_fixed(&d->answer, FAQD_PARAGRAPH, FIXED_WELCOME);
    for (size_t i = 0; i < pack->n_starters[in] && i < ANSWER_CHOICES_MAX; i++)
        answer_choice(&d->answer, pack->starters[in][i], "");
    d->answer.outcome = FAQD_SMALLTALK;
    snprintf(d->answer.id, sizeof(d->answer.id), "%s/welcome", pack->name);
    struct conversation begun; /* in this language, unless the first message shows another one */
    conversation_read(pack, NULL, &begun);
    begun.lang = in;
    conversation_write(pack, &begun, d->answer.state, sizeof(d->answer.state));
    give(d, out);
}
