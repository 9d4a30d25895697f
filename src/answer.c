/* SPDX-License-Identifier: MIT
 *
 * answer.c - see answer.h.
 */
#include "answer.h"

#include <stdio.h>
#include <string.h>

int answer_init(struct answer *answer)
{
    *answer = (struct answer){0};
    str_init(&answer->text, ANSWER_TEXT_MAX);
    return str_reserve(&answer->text, ANSWER_TEXT_MAX);
}

void answer_free(struct answer *answer)
{
    str_free(&answer->text);
}

void answer_begin(struct answer *answer, const struct pack *pack, enum lang lang)
{
    answer->pack = pack;
    answer->lang = lang;
    answer->outcome = FAQD_ANSWER;
    answer->id[0] = '\0';
    str_reset(&answer->text);
    answer->n_blocks = answer->n_topics = answer->n_intents = answer->n_sources = answer->n_choices = 0;
    answer->state[0] = '\0';
    answer->error = FAQD_OK;
}

static int fail(struct answer *answer, int code)
{
    if (!answer->error)
        answer->error = code;
    return answer->error;
}

const char *answer_keep(struct answer *answer, const char *text)
{
    size_t at = answer->text.len;
    str_add(&answer->text, text, strlen(text) + 1);
    if (answer->text.error) {
        fail(answer, FAQD_ELIMIT);
        return NULL;
    }
    return answer->text.data + at;
}

static int fill_gap(struct answer *answer, const char *name, size_t len, const struct faqd_gap *gaps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!gaps[i].name || strlen(gaps[i].name) != len || memcmp(gaps[i].name, name, len) != 0)
            continue;
        if (!gaps[i].entity) {
            str_addf(&answer->text, "%ld", gaps[i].number);
            return FAQD_OK;
        }
        uint32_t id = lexicon_entity(answer->pack->lexicon, gaps[i].type ? gaps[i].type : "", gaps[i].entity);
        if (id == SYMBOL_NONE)
            return fail(answer, FAQD_EINVAL);
        str_adds(&answer->text, lexicon_symbol(answer->pack->lexicon, id)->display[answer->lang]);
        return FAQD_OK;
    }
    return fail(answer, FAQD_EINVAL); /* a gap that nobody fills would leave as {name} */
}

/* The statement with its gaps filled; NULL and an error. */
static const char *write_out(struct answer *answer, const char *text, const struct faqd_gap *gaps, size_t n)
{
    size_t at = answer->text.len;
    for (const char *s = text; *s && !answer->error;) {
        size_t plain = strcspn(s, "{");
        str_add(&answer->text, s, plain);
        s += plain;
        if (*s == '{') {
            size_t len = strcspn(s, "}");
            fill_gap(answer, s + 1, len - 1, gaps, n);
            s += len + 1;
        }
    }
    str_addc(&answer->text, '\0');
    if (answer->text.error)
        fail(answer, FAQD_ELIMIT);
    return answer->error ? NULL : answer->text.data + at;
}

/* The index of a source among those of the answer. */
static size_t cite(struct answer *answer, uint16_t source)
{
    for (size_t i = 0; i < answer->n_sources; i++)
        if (answer->source_of[i] == source)
            return i;
    const struct source *s = &answer->pack->sources[source];
    answer->source_of[answer->n_sources] = source;
    answer->sources[answer->n_sources] = (struct faqd_source_view){.id = s->id, .title = s->title, .url = s->url};
    return answer->n_sources++;
}

/* The same words twice help nobody: two intents of one message may share a statement. */
static int said_already(struct answer *answer, const char *text)
{
    for (size_t i = 0; i < answer->n_blocks; i++)
        if (strcmp(answer->blocks[i].text, text) == 0)
            return 1;
    return 0;
}

static struct answer_block *add_block(struct answer *answer, enum faqd_block_kind kind, const char *text)
{
    if (answer->n_blocks == ANSWER_BLOCKS_MAX) {
        fail(answer, FAQD_ELIMIT);
        return NULL;
    }
    struct answer_block *block = &answer->blocks[answer->n_blocks++];
    block->kind = kind;
    block->text = text;
    block->statement = NULL;
    block->n_sources = 0;
    return block;
}

int answer_say(struct answer *answer, enum faqd_block_kind kind, const char *id, const struct faqd_gap *gaps,
               size_t n_gaps)
{
    if (answer->error)
        return answer->error;
    uint32_t at = pack_statement(answer->pack, id);
    if (at == UINT32_MAX)
        return fail(answer, FAQD_EINVAL);
    const struct statement *statement = &answer->pack->statements[at];
    const char *text = write_out(answer, statement->text[answer->lang], gaps, n_gaps);
    if (!text || said_already(answer, text))
        return answer->error;
    struct answer_block *block = add_block(answer, kind, text);
    if (!block)
        return answer->error;
    block->statement = statement;
    for (size_t i = 0; i < statement->n_sources; i++)
        if (answer->pack->sources[statement->sources[i]].shown)
            block->sources[block->n_sources++] = cite(answer, statement->sources[i]);
    return FAQD_OK;
}

void answer_fixed(struct answer *answer, enum faqd_block_kind kind, enum fixed sentence)
{
    if (!answer->error && !said_already(answer, answer->pack->fixed[sentence][answer->lang]))
        add_block(answer, kind, answer->pack->fixed[sentence][answer->lang]);
}

static void add_once(const char **list, size_t *n, size_t max, const char *text)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i], text) == 0)
            return;
    if (*n < max && text[0])
        list[(*n)++] = text;
}

void answer_topic(struct answer *answer, const char *topic)
{
    add_once(answer->topics, &answer->n_topics, ANSWER_TOPICS_MAX, topic);
}

void answer_intent(struct answer *answer, const char *intent)
{
    add_once(answer->intents, &answer->n_intents, ANSWER_INTENTS_MAX, intent);
}

void answer_choice(struct answer *answer, const char *label, const char *topic)
{
    if (answer->error || !label)
        return;
    if (answer->n_choices == ANSWER_CHOICES_MAX) {
        fail(answer, FAQD_ELIMIT);
        return;
    }
    if (add_block(answer, FAQD_CHOICE, label))
        answer->choices[answer->n_choices++] = (struct faqd_choice_view){.label = label, .topic = topic};
}

struct faqd_answer_view answer_view(struct answer *answer)
{
    for (size_t i = 0; i < answer->n_blocks; i++)
        answer->views[i] = (struct faqd_block_view){.kind = answer->blocks[i].kind,
                                                    .text = answer->blocks[i].text,
                                                    .sources = answer->blocks[i].sources,
                                                    .n_sources = answer->blocks[i].n_sources};
    return (struct faqd_answer_view){.struct_size = sizeof(struct faqd_answer_view),
                                     .id = answer->id,
                                     .lang = lang_names[answer->lang],
                                     .outcome = answer->outcome,
                                     .topics = answer->topics,
                                     .n_topics = answer->n_topics,
                                     .intents = answer->intents,
                                     .n_intents = answer->n_intents,
                                     .blocks = answer->views,
                                     .n_blocks = answer->n_blocks,
                                     .sources = answer->sources,
                                     .n_sources = answer->n_sources,
                                     .choices = answer->choices,
                                     .n_choices = answer->n_choices,
                                     .state = answer->state,
                                     .pack = answer->pack ? answer->pack->name : "",
                                     .version = answer->pack ? answer->pack->version : ""};
}
