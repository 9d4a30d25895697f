/* SPDX-License-Identifier: MIT
 *
 * page.c - see page.h. A page is a template of assets/ and a JSON object of values (the names stand in assets/chat.html
 * and assets/demo.html); only `answer` is HTML, rendered by the host with everything escaped.
 */
#include "page.h"

#include "api.h"
#include "conn.h"
#include "form.h"
#include "loop.h"
#include "reply.h"
#include "template.h"
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FR, EN };

/* What a person reads when a request went wrong. */
static const char *const errors[PROBLEMS][2] = {
    [PROBLEM_NONE] = {"", ""},
    [PROBLEM_TOO_LONG] = {"Votre message est trop long : essayez en une ou deux phrases.",
                          "Your message is too long: try one or two sentences."},
    [PROBLEM_RATE] = {"Vous allez un peu vite : attendez quelques secondes, puis recommencez.",
                      "A little too fast: wait some seconds, then try again."},
    [PROBLEM_CONNECTIONS] = {"Trop de connexions depuis votre réseau : attendez quelques secondes, puis recommencez.",
                             "Too many connections from your network: wait some seconds, then try again."},
    [PROBLEM_UNAVAILABLE] = {"Le service est momentanément indisponible : réessayez dans un instant.",
                             "The service is not available right now: try again in a moment."},
    [PROBLEM_ANSWER_ID] = {"Votre avis n'a pas pu être enregistré.", "Your vote could not be counted."},
};
static const char *const error_other[2] = {"Votre message n'a pas pu être lu : réécrivez-le, puis recommencez.",
                                           "Your message could not be read: type it again, then send it."};

/* "default-src 'none'; ..." with those who may frame the page. */
static char *policy(const struct settings *s, const char *allowed)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return NULL;
    fprintf(out,
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
            "require-trusted-types-for 'script'; %sframe-ancestors 'self'",
            allowed);
    for (size_t i = 0; i < s->n_origins; i++)
        fprintf(out, " %s", s->origins[i]);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static int check_page(const struct asset_info *page, char *error, size_t error_size)
{
    size_t wrong = page ? template_check(page->asset->bytes, page->asset->len) : 0;
    if (page && !wrong)
        return FAQD_OK;
    snprintf(error, error_size, "the page %s is %s (byte %zu)", page ? page->asset->name : "chat.html or demo.html",
             page ? "not a well-made template" : "not in this build", wrong);
    return FAQD_EINVAL;
}

int pages_open(struct web *web, char *error, size_t error_size)
{
    struct pages *p = &web->pages;
    *p = (struct pages){.chat = assets_named(&web->assets, "chat.html"),
                        .demo = assets_named(&web->assets, "demo.html"),
                        .css = assets_named(&web->assets, "page.css"),
                        .js = assets_named(&web->assets, "faq-chat.js")};
    int rc = check_page(p->chat, error, error_size);
    if (rc == FAQD_OK)
        rc = check_page(p->demo, error, error_size);
    if (rc != FAQD_OK)
        return rc;
    p->chat_policy = policy(&web->settings, "");
    p->demo_policy = policy(&web->settings, "script-src 'self'; connect-src 'self'; ");
    if (p->chat_policy && p->demo_policy)
        return FAQD_OK;
    snprintf(error, error_size, "out of memory");
    return FAQD_ENOMEM;
}

void pages_close(struct pages *p)
{
    free(p->chat_policy);
    free(p->demo_policy);
    *p = (struct pages){0};
}

/* ------------------------------------------------------------------------------------------------- values ---- */

/* What a page is made of. Once memory ran out it is `broken`: nobody gets half a page. */
struct values {
    json_t *root;
    int broken;
};

/* A value; takes it. NULL: memory ran out. */
static void put(struct values *v, const char *name, json_t *value)
{
    v->broken |= json_object_set_new(v->root, name, value) != 0;
}

/* A text of ours; one that is empty is not there. */
static void set(struct values *v, const char *name, const char *text)
{
    if (text && text[0])
        put(v, name, json_string(text));
}

/* A text of the visitor's; one that is not UTF-8 is not there. */
static void set_back(struct values *v, const char *name, const char *text)
{
    json_t *value = text[0] ? json_string(text) : NULL;
    if (value)
        put(v, name, value);
}

static void set_file(struct values *v, const char *name, const struct asset_info *info)
{
    if (info)
        put(v, name, json_sprintf("%s?v=%s", info->asset->name, info->hash));
}

/* What both pages know. */
static struct values common(const struct conn *c, int lang)
{
    const struct web *web = c->loop->web;
    struct values v = {json_object(), 0};
    struct values *values = &v;
    set(values, "lang", lang == FR ? "fr" : "en");
    set(values, "other_lang", lang == FR ? "en" : "fr");
    put(values, lang == FR ? "fr" : "en", json_true());
    set(values, "privacy", web->settings.privacy[lang]);
    set_file(values, "css", web->pages.css);
    set_file(values, "js", web->pages.js);
    if (web->pages.js)
        set(values, "js_integrity", web->pages.js->integrity);
    return v;
}

/* What a visitor can pick, and the text that is sent for it: for an answer's choice its number, for the label may read
 * like another question. */
static void put_choices(struct values *v, const struct faqd_answer_view *view, int numbered)
{
    json_t *list = json_array();
    for (size_t i = 0; i < view->n_choices; i++) {
        char number[24];
        snprintf(number, sizeof(number), "%zu", i + 1);
        const char *label = view->choices[i].label;
        json_t *choice = json_pack("{s:s, s:s}", "label", label, "value", numbered ? number : label);
        v->broken |= json_array_append_new(list, choice) != 0;
    }
    put(v, "choices", list);
}

static void put_corrections(struct values *v, const struct faqd_answer_view *view)
{
    json_t *list = json_array();
    for (size_t i = 0; i < view->n_corrections; i++) {
        const struct faqd_correction_view *one = &view->corrections[i];
        v->broken |= json_array_append_new(list, json_pack("{s:s, s:s}", "from", one->from, "to", one->to)) != 0;
    }
    put(v, "corrections", list);
}

/* Answers that something can be said about: those that a source stands behind, or could have. */
static int is_votable(enum faqd_outcome outcome)
{
    return outcome == FAQD_ANSWER || outcome == FAQD_UNDOCUMENTED || outcome == FAQD_UNKNOWN;
}

/* The conversation so far, and when it was. */
static void put_state(struct values *values, const char *state)
{
    char at[32];
    snprintf(at, sizeof(at), "%lld", (long long)time(NULL));
    set(values, "state", state);
    set(values, "at", at);
}

static void put_answer(struct values *values, struct conn *c, const struct faqd_answer_view *view)
{
    static const char *const outcomes[] = {"answer",       "clarify", "emergency",  "smalltalk",
                                           "undocumented", "unknown", "unavailable"};
    const char *answer = c->loop->web->host->render(c->loop->worker, FAQD_HTML, NULL);
    put(values, "answer", answer ? json_string(answer) : NULL);
    set(values, "answer_lang", view->lang);
    set(values, "answer_id", view->id);
    set(values, "outcome", outcomes[view->outcome]);
    if (view->outcome == FAQD_EMERGENCY)
        put(values, "emergency", json_true());
    if (is_votable(view->outcome))
        put(values, "votable", json_true());
    put_choices(values, view, 1);
    put_corrections(values, view);
    put_state(values, view->state);
}

static void put_welcome(struct values *values, struct conn *c, int lang)
{
    struct faqd_answer_view view;
    api_use_site(c);
    c->loop->web->host->welcome(c->loop->worker, lang == FR ? "fr" : "en", &view);
    put(values, "first_line", api_joined(&view, FAQD_NOTICE));
    put(values, "welcome", api_joined(&view, FAQD_PARAGRAPH));
    put_choices(values, &view, 0);
    put_state(values, view.state);
}

/* -------------------------------------------------------------------------------------------------- pages ---- */

/* Send the page, or that there is no memory for it; takes the values. */
static int send_page(struct conn *c, const struct asset_info *page, const char *csp, unsigned status,
                     struct values values)
{
    char *text = NULL;
    size_t len = 0;
    int rc = -1;
    if (!values.broken && template_render(page->asset->bytes, page->asset->len, values.root, &text, &len) == FAQD_OK) {
        struct reply reply = {.status = status,
                              .type = "text/html; charset=utf-8",
                              .body = text,
                              .len = len,
                              .policy = csp,
                              .retry_after = c->request.retry_after};
        rc = reply_send(c, &reply);
    } else {
        request_refuse(&c->request, PROBLEM_UNAVAILABLE, NULL);
        rc = problem_send(c);
    }
    free(text);
    json_decref(values.root);
    return rc;
}

static int send_chat(struct conn *c, struct values values)
{
    const struct pages *p = &c->loop->web->pages;
    return send_page(c, p->chat, p->chat_policy, problem_texts[c->request.problem].status, values);
}

/* The language that is asked for, else that of the browser's first choice. */
static int lang_of(const struct conn *c, const char *asked)
{
    if (asked && strcmp(asked, "fr") == 0)
        return FR;
    if (asked && strcmp(asked, "en") == 0)
        return EN;
    const char *header = MHD_lookup_connection_value(c->mhd, MHD_HEADER_KIND, "Accept-Language");
    const char *fr = header ? strstr(header, "fr") : NULL, *en = header ? strstr(header, "en") : NULL;
    return en && (!fr || en < fr) ? EN : FR;
}

/* What the form sent, with the answer or the vote that it asked for. */
static void answer_form(struct conn *c, const struct form *form, struct values *values)
{
    size_t len = 0;
    const char *text = form_value(form, "choice", &len);
    if (!len)
        text = form_value(form, "text", &len);
    const char *state = form_value(form, "state", NULL);
    const char *lang = form_value(form, "lang", NULL);
    int64_t idle = (int64_t)time(NULL) - strtoll(form_value(form, "at", NULL), NULL, 10);
    struct faqd_message message = {.struct_size = sizeof(message),
                                   .text = text,
                                   .text_len = len,
                                   .lang = state[0] || (strcmp(lang, "fr") != 0 && strcmp(lang, "en") != 0) ? "" : lang,
                                   .state = state,
                                   .idle_seconds = idle > 0 && state[0] ? idle : 0};
    struct faqd_answer_view view;
    api_answer(c, &message, &view);
    put_answer(values, c, &view);
}

static void vote_form(struct conn *c, const struct form *form, struct values *values)
{
    const char *vote = form_value(form, "vote", NULL);
    int up = strcmp(vote, "up") == 0;
    if (!up && strcmp(vote, "down") != 0)
        request_refuse(&c->request, PROBLEM_FORM, NULL);
    else
        api_vote(c, form_value(form, "id", NULL), form_value(form, "lang", NULL), up ? 1 : -1, 0);
    if (c->request.problem == PROBLEM_NONE)
        put(values, "voted", json_true());
    set_back(values, "state", form_value(form, "state", NULL));
    set_back(values, "at", form_value(form, "at", NULL));
}

static void put_error(struct values *values, struct conn *c, int lang)
{
    const char *const *known = errors[c->request.problem];
    if (c->request.problem != PROBLEM_NONE)
        set(values, "error", known[lang] ? known[lang] : error_other[lang]);
}

static int is_form(const char *type)
{
    static const char form[] = "application/x-www-form-urlencoded";
    return type && strncasecmp(type, form, sizeof(form) - 1) == 0;
}

static int chat_post(struct conn *c)
{
    struct form form = {.n = 0};
    if (!is_form(c->request.content_type) || !form_read(c->request.body, c->request.len, &form))
        request_refuse(&c->request, PROBLEM_FORM, NULL);
    int lang = lang_of(c, form_value(&form, "lang", NULL));
    struct values values = common(c, lang);
    if (form_value(&form, "embed", NULL)[0])
        put(&values, "embed", json_true());
    if (c->request.problem == PROBLEM_NONE && form_value(&form, "vote", NULL)[0])
        vote_form(c, &form, &values);
    else if (c->request.problem == PROBLEM_NONE)
        answer_form(c, &form, &values);
    put_error(&values, c, lang);
    return send_chat(c, values);
}

int page_chat(struct conn *c)
{
    if (c->request.method == METHOD_POST)
        return chat_post(c);
    int lang = lang_of(c, request_argument(c, "lang"));
    struct values values = common(c, lang);
    if (request_argument(c, "embed"))
        put(&values, "embed", json_true());
    put_welcome(&values, c, lang);
    return send_chat(c, values);
}

int page_refuse(struct conn *c)
{
    int lang = lang_of(c, request_argument(c, "lang"));
    struct values values = common(c, lang);
    put_error(&values, c, lang);
    return send_chat(c, values);
}

int page_demo(struct conn *c)
{
    const struct pages *p = &c->loop->web->pages;
    struct values values = common(c, lang_of(c, request_argument(c, "lang")));
    if (c->request.host)
        put(&values, "origin", json_sprintf("http://%s", c->request.host));
    return send_page(c, p->demo, p->demo_policy, 200, values);
}
