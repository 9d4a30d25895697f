/* SPDX-License-Identifier: MIT
 *
 * problem.c - see problem.h.
 */
#include "problem.h"

#include "conn.h"
#include "reply.h"

#include <stdlib.h>

#include <jansson.h>

const struct problem_text problem_texts[PROBLEMS] = {
    [PROBLEM_NONE] = {200, "none", "OK", ""},
    [PROBLEM_JSON] = {400, "json", "Bad Request", "Send one JSON object, as the OpenAPI description says."},
    [PROBLEM_FIELD] = {400, "field", "Bad Request", "A field is missing, unknown or of the wrong type."},
    [PROBLEM_UTF8] = {400, "utf8", "Bad Request", "Send UTF-8: the body holds bytes that are not."},
    [PROBLEM_KEY] = {400, "key", "Bad Request", "Idempotency-Key: send 1 to 64 of A-Z, a-z, 0-9, _ and -."},
    [PROBLEM_FORM] = {400, "form", "Bad Request", "Send the form of this page: a field is missing or broken."},
    [PROBLEM_ORIGIN] = {403, "origin", "Forbidden",
                        "Pages of this origin may not ask here: the operator lists it under \"origins\"."},
    [PROBLEM_NOT_FOUND] = {404, "not_found", "Not Found", "There is nothing at this path: see /v1/openapi.json."},
    [PROBLEM_METHOD] = {405, "method", "Method Not Allowed", "Use one of the methods that the header Allow names."},
    [PROBLEM_LENGTH] = {411, "length", "Length Required", "Send a Content-Length, not a chunked body."},
    [PROBLEM_TOO_LONG] = {413, "too_long", "Content Too Large", "Send at most 8192 bytes."},
    [PROBLEM_MEDIA_TYPE] = {415, "media_type", "Unsupported Media Type", "Send Content-Type: application/json."},
    [PROBLEM_ANSWER_ID] = {422, "answer_id", "Unprocessable Content",
                           "No answer has this id in this language: send the id of an answer as it came."},
    [PROBLEM_RATE] = {429, "rate", "Too Many Requests", "Wait as long as Retry-After says."},
    [PROBLEM_CONNECTIONS] = {429, "connections", "Too Many Requests",
                             "This address has too many connections open: use them again, or close some."},
    [PROBLEM_HEADER] = {431, "header", "Request Header Fields Too Large", "Send at most 8192 bytes of header."},
    [PROBLEM_UNAVAILABLE] = {503, "unavailable", "Service Unavailable", "Try again in a moment."},
};

int problem_send(struct conn *c)
{
    const struct request *r = &c->request;
    const struct problem_text *t = &problem_texts[r->problem];
    json_t *root = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", t->title, "status",
                             (int)t->status, "detail", r->detail ? r->detail : t->detail, "problem", t->word);
    size_t len = 0;
    char *text = reply_json(root, &len);
    struct reply reply = {.status = t->status,
                          .type = "application/problem+json",
                          .body = text ? text : "",
                          .len = text ? len : 0,
                          .retry_after = r->retry_after};
    int rc = reply_send(c, &reply);
    free(text);
    return rc;
}
