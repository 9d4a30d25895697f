/* SPDX-License-Identifier: MIT
 *
 * problem.h - what can be wrong with a request: one word, one status, one sentence on what to change (RFC 9457).
 */
#ifndef FAQD_WEB_PROBLEM_H
#define FAQD_WEB_PROBLEM_H

enum problem {
    PROBLEM_NONE,
    PROBLEM_JSON,
    PROBLEM_FIELD,
    PROBLEM_UTF8,
    PROBLEM_KEY,
    PROBLEM_FORM,
    PROBLEM_ORIGIN,
    PROBLEM_NOT_FOUND,
    PROBLEM_METHOD,
    PROBLEM_LENGTH,
    PROBLEM_TOO_LONG,
    PROBLEM_MEDIA_TYPE,
    PROBLEM_ANSWER_ID,
    PROBLEM_RATE,
    PROBLEM_CONNECTIONS,
    PROBLEM_HEADER,
    PROBLEM_UNAVAILABLE,
    PROBLEMS
};

struct problem_text {
    unsigned status;
    const char *word;   /* for programs; stable */
    const char *title;  /* the status' own phrase */
    const char *detail; /* what to change, if the request did not say it more exactly */
};

extern const struct problem_text problem_texts[PROBLEMS];

struct conn;

/* Answer the request with its problem, as JSON. */
int problem_send(struct conn *c);

#endif
