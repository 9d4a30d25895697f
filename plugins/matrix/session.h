/* SPDX-License-Identifier: MIT
 *
 * session.h - who we are on which server, and the token that proves it. One log-in for good: it is kept in the store
 * (0600), renewed with its refresh token where there is one, and used at every start.
 */
#ifndef MATRIX_SESSION_H
#define MATRIX_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "faqd_plugin.h"

struct bot;

struct session {
    char *base;    /* of the API, without "/" at its end; NULL: not found yet */
    char *user_id; /* as the server spells it; NULL: not logged in */
    char *device_id;
    char *token;
    char *refresh;       /* NULL: none */
    char *name;          /* our display name everywhere; "" */
    int64_t renew_at;    /* clock_ms; 0: not known */
    bool from_file;      /* the token was made elsewhere */
    bool ended;          /* the server logged us out: only a person can go on */
    unsigned generation; /* of the token */
};

int session_load(struct bot *bot);  /* FAQD_OK, also if there is none */
int session_store(struct bot *bot); /* FAQD_OK: it is on the disk, with all that was to be committed */
void session_free(struct session *session);

/* Make it usable: find the server, log in if need be, ask who we are. FAQD_OK; FAQD_DECLINED: try again later;
 * FAQD_EINVAL: a person has to do something (it was logged). */
int session_start(struct bot *bot);

/* Log in with a password (once, by hand or at the first start). As session_start(). */
int session_login(struct bot *bot, const char *password);

/* The token is not accepted any more: refresh it, or log in again as the same device. As session_start(). */
int session_renew(struct bot *bot);

/* The server ended the session: forget the token. */
void session_end(struct bot *bot, const char *why);

/* Log out on purpose. FAQD_OK, FAQD_DECLINED (the server could not be asked; the token is forgotten all the same). */
int session_logout(struct bot *bot);

#endif
