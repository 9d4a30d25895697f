/* SPDX-License-Identifier: MIT
 *
 * api.c - see api.h.
 */
#include "api.h"

#include "conn.h"
#include "loop.h"
#include "reply.h"
#include "web.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#define IDLE_MAX ((json_int_t)1 << 40) /* seconds; far beyond what the dialogue remembers */

static const char ask_fields[] =
    "Known fields are text (a string, needed), lang (\"fr\", \"en\" or \"\"), state (a string) "
    "and idle (seconds, a number from 0).";
static const char feedback_fields[] =
    "Known fields are id (a string, needed), lang (\"fr\" or \"en\", needed), vote (1 or "
    "-1, needed) and was (1 or -1).";

/* Answer with a problem that was found while the request was handled. */
static int refuse(struct conn *c, enum problem problem, const char *detail)
{
    request_refuse(&c->request, problem, detail);
    if (problem == PROBLEM_UNAVAILABLE)
        c->request.retry_after = 1;
    return problem_send(c);
}

static int is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t len = sizeof(json) - 1;
    return type && strncasecmp(type, json, len) == 0 && (type[len] == '\0' || strchr("; \t", type[len]));
}

/* The body as an object; NULL: the request is refused. */
static json_t *body_object(struct conn *c)
{
    struct request *r = &c->request;
    json_error_t error;
    if (!is_json(r->content_type)) {
        request_refuse(r, PROBLEM_MEDIA_TYPE, NULL);
        return NULL;
    }
    json_t *root = json_loadb(r->body, r->len, JSON_REJECT_DUPLICATES, &error);
    if (root && json_is_object(root))
        return root;
    if (root) {
        json_decref(root);
        request_refuse(r, PROBLEM_JSON, NULL);
        return NULL;
    }
    switch (json_error_code(&error)) {
    case json_error_invalid_utf8: request_refuse(r, PROBLEM_UTF8, NULL); break;
    case json_error_duplicate_key: request_refuse(r, PROBLEM_FIELD, "A field stands there twice."); break;
    case json_error_null_character: request_refuse(r, PROBLEM_JSON, "Send texts without the character U+0000."); break;
    case json_error_out_of_memory:
        request_refuse(r, PROBLEM_UNAVAILABLE, NULL);
        r->retry_after = 1;
        break;
    default: request_refuse(r, PROBLEM_JSON, NULL);
    }
    return NULL;
}

static int is_lang(const char *lang, int may_be_empty)
{
    return strcmp(lang, "fr") == 0 || strcmp(lang, "en") == 0 || (may_be_empty && !lang[0]);
}

/* The fields of /v1/ask; 0: one is wrong. The texts are borrowed from `root`. */
static int read_message(json_t *root, struct faqd_message *m)
{
    const char *name = NULL;
    json_t *value = NULL;
    *m = (struct faqd_message){.struct_size = sizeof(*m)};
    json_object_foreach(root, name, value)
    {
        const char *text = json_string_value(value);
        if (strcmp(name, "text") == 0 && text) {
            m->text = text;
            m->text_len = json_string_length(value);
        } else if (strcmp(name, "lang") == 0 && text && is_lang(text, 1)) {
            m->lang = text;
        } else if (strcmp(name, "state") == 0 && text) {
            m->state = text;
        } else if (strcmp(name, "idle") == 0 && json_is_integer(value) && json_integer_value(value) >= 0) {
            m->idle_seconds = json_integer_value(value) < IDLE_MAX ? json_integer_value(value) : IDLE_MAX;
        } else {
            return 0;
        }
    }
    return m->text != NULL;
}

void api_use_site(struct conn *c)
{
    const struct faqd_host *host = c->loop->web->host;
    const struct site *site = c->request.site;
    if (WEB_HOST_HAS(host, use_pack)) /* web.c has seen that all of them are there */
        host->use_pack(c->loop->worker, site ? site->pack : c->loop->web->settings.pack);
}

/* 1 if this very request came before. */
static int is_repeated(struct conn *c)
{
    const char *key = c->request.key;
    struct limit *keys = c->loop->web->keys;
    return key && limit_take(keys, limit_name(keys, key, strlen(key), c->loop->now), c->loop->now) != 0;
}

void api_answer(struct conn *c, const struct faqd_message *message, struct faqd_answer_view *out)
{
    const struct faqd_host *host = c->loop->web->host;
    api_use_site(c);
    host->ask(c->loop->worker, message, out);
    if (WEB_HOST_HAS(host, count) && !is_repeated(c))
        host->count(c->loop->worker, WEB_NAME);
}

int api_ask(struct conn *c)
{
    const struct faqd_host *host = c->loop->web->host;
    struct faqd_message message;
    struct faqd_answer_view view;
    json_t *root = body_object(c);
    if (!root)
        return problem_send(c);
    if (!read_message(root, &message)) {
        json_decref(root);
        return refuse(c, PROBLEM_FIELD, ask_fields);
    }
    api_answer(c, &message, &view);
    json_decref(root);
    size_t len = 0;
    const char *text = host->render(c->loop->worker, FAQD_JSON, &len);
    if (!text)
        return refuse(c, PROBLEM_UNAVAILABLE, NULL);
    struct reply reply = {.status = 200, .type = "application/json", .body = text, .len = len};
    return reply_send(c, &reply);
}

int api_vote(struct conn *c, const char *id, const char *lang, int vote, int was)
{
    const struct faqd_host *host = c->loop->web->host;
    int rc = FAQD_OK;
    if (!WEB_HOST_HAS(host, vote) || !WEB_HOST_HAS(host, unvote)) {
        request_refuse(&c->request, PROBLEM_UNAVAILABLE, NULL);
        return -1;
    }
    if (is_repeated(c))
        return 0;
    rc = host->vote(host, WEB_NAME, id, lang, vote);
    if (rc == FAQD_OK && was)
        rc = host->unvote(host, WEB_NAME, id, lang, was);
    if (rc == FAQD_EINVAL)
        request_refuse(&c->request, PROBLEM_ANSWER_ID, NULL);
    else if (rc != FAQD_OK)
        request_refuse(&c->request, PROBLEM_UNAVAILABLE, NULL);
    return rc == FAQD_OK ? 0 : -1;
}

int api_feedback(struct conn *c)
{
    static const struct reply done = {.status = 204};
    const char *id = NULL, *lang = NULL;
    int vote = 0, was = 0;
    json_error_t unused;
    json_t *root = body_object(c);
    if (!root)
        return problem_send(c);
    if (json_unpack_ex(root, &unused, JSON_STRICT, "{s:s, s:s, s:i, s?i}", "id", &id, "lang", &lang, "vote", &vote,
                       "was", &was) != 0 ||
        !is_lang(lang, 0) || (vote != 1 && vote != -1) || (json_object_get(root, "was") && was != 1 && was != -1))
        request_refuse(&c->request, PROBLEM_FIELD, feedback_fields);
    else
        api_vote(c, id, lang, vote, was);
    json_decref(root);
    return c->request.problem == PROBLEM_NONE ? reply_send(c, &done) : problem_send(c);
}

json_t *api_joined(const struct faqd_answer_view *view, enum faqd_block_kind kind)
{
    json_t *all = NULL;
    for (size_t i = 0; i < view->n_blocks; i++) {
        if (view->blocks[i].kind != kind)
            continue;
        json_t *more = all ? json_sprintf("%s %s", json_string_value(all), view->blocks[i].text)
                           : json_string(view->blocks[i].text);
        json_decref(all);
        if (!more)
            return NULL;
        all = more;
    }
    return all ? all : json_string("");
}

int api_welcome(struct conn *c)
{
    const char *lang = request_argument(c, "lang");
    struct faqd_answer_view view;
    json_t *starters = json_array();
    if (lang && !is_lang(lang, 1)) {
        json_decref(starters);
        return refuse(c, PROBLEM_FIELD, "lang is \"fr\" or \"en\".");
    }
    api_use_site(c);
    c->loop->web->host->welcome(c->loop->worker, lang, &view);
    int bad = 0;
    for (size_t i = 0; i < view.n_choices; i++)
        bad |= json_array_append_new(starters, json_string(view.choices[i].label));
    json_t *root = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "lang", view.lang, "first_line",
                             api_joined(&view, FAQD_NOTICE), "welcome", api_joined(&view, FAQD_PARAGRAPH), "starters",
                             starters, "state", view.state, "pack", view.pack, "version", view.version);
    if (bad) {
        json_decref(root);
        root = NULL;
    }
    size_t len = 0;
    char *text = reply_json(root, &len);
    if (!text)
        return refuse(c, PROBLEM_UNAVAILABLE, NULL);
    struct reply reply = {.status = 200, .type = "application/json", .body = text, .len = len};
    int rc = reply_send(c, &reply);
    free(text);
    return rc;
}
