/* SPDX-License-Identifier: MIT
 *
 * verdict.c - see verdict.h.
 */
#include "verdict.h"

#include <stdio.h>
#include <string.h>

#include "event.h"
#include "mend.h"

static const struct {
    const char *errcode;
    long status; /* 0: any */
    enum verdict_kind kind;
} refusals[] = {
    {"M_USER_LOCKED", 0, VERDICT_LOCKED},
    {"M_USER_SUSPENDED", 0, VERDICT_SUSPENDED},
    {"M_USER_DEACTIVATED", 0, VERDICT_DEACTIVATED},
    {"M_MISSING_TOKEN", 401, VERDICT_LOGGED_OUT},
    {"M_LIMIT_EXCEEDED", 0, VERDICT_THROTTLED},
    {"M_RESOURCE_LIMIT_EXCEEDED", 0, VERDICT_RESOURCES},
    {"M_USER_LIMIT_EXCEEDED", 0, VERDICT_RESOURCES},
    {"M_TOO_LARGE", 0, VERDICT_TOO_LARGE},
    {"M_FORBIDDEN", 0, VERDICT_FORBIDDEN},
};

static enum verdict_kind kind_of(long status, const char *errcode, const json_t *json)
{
    if (status == 429)
        return VERDICT_THROTTLED;
    if (status == 502 || status == 503 || status == 504)
        return VERDICT_DOWN;
    if (status >= 500 || !errcode[0])
        return VERDICT_RETRY;
    if (strcmp(errcode, "M_UNKNOWN_TOKEN") == 0 && status == 401)
        return json_is_true(json_object_get(json, "soft_logout")) ? VERDICT_SOFT_LOGOUT : VERDICT_LOGGED_OUT;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
        if (strcmp(errcode, refusals[i].errcode) == 0 && (!refusals[i].status || refusals[i].status == status))
            return refusals[i].kind;
    if (status == 403 || status == 404)
        return VERDICT_FORBIDDEN;
    return status == 413 ? VERDICT_TOO_LARGE : VERDICT_BAD;
}

/* An errcode goes into the log: just the letters that it may have. */
static void take_errcode(const json_t *json, char *out, size_t size)
{
    const char *code = event_text(json, "errcode");
    if (code && strlen(code) < size &&
        code[strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")] == 0)
        snprintf(out, size, "%s", code);
}

static void take_contact(const json_t *json, char *out, size_t size)
{
    const char *contact = event_text(json, "admin_contact");
    if (!contact)
        contact = event_text(json, "info_uri");
    for (size_t n = 0; contact && contact[n] && n + 1 < size; n++)
        out[n] = contact[n] > ' ' && contact[n] < 127 ? contact[n] : '?';
}

void verdict_of(const struct http_answer *answer, struct verdict *out)
{
    *out = (struct verdict){.retry_ms = answer->retry_after_ms};
    if (answer->error) {
        out->kind = answer->too_large ? VERDICT_RETRY : VERDICT_DOWN;
        snprintf(out->text, sizeof(out->text), "%s", answer->too_large ? "the answer is too large" : answer->error);
        return;
    }
    mend_json(answer->body, answer->len);
    out->json = json_loadb(answer->body, answer->len, JSON_ALLOW_NUL, NULL);
    if (!json_is_object(out->json)) {
        json_decref(out->json);
        out->json = NULL;
    }
    take_errcode(out->json, out->errcode, sizeof(out->errcode));
    if (answer->status >= 200 && answer->status < 300)
        out->kind = out->json ? VERDICT_OK : VERDICT_RETRY;
    else
        out->kind = kind_of(answer->status, out->errcode, out->json);
    if (out->kind == VERDICT_RESOURCES)
        take_contact(out->json, out->contact, sizeof(out->contact));
    const json_t *wait = json_object_get(out->json, "retry_after_ms");
    if (json_is_integer(wait) && json_integer_value(wait) >= 0 && json_integer_value(wait) < 86400000 &&
        out->retry_ms < 0)
        out->retry_ms = (long)json_integer_value(wait);
    snprintf(out->text, sizeof(out->text), "%ld%s%s", answer->status, out->errcode[0] ? " " : "", out->errcode);
    if (out->kind == VERDICT_RETRY && answer->status < 300)
        snprintf(out->text, sizeof(out->text), "%ld, not a JSON object", answer->status);
}

void verdict_free(struct verdict *verdict)
{
    json_decref(verdict->json);
    verdict->json = NULL;
}
