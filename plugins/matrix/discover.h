/* SPDX-License-Identifier: MIT
 *
 * discover.h - from a server's name to the address of its API, once, before logging in.
 */
#ifndef MATRIX_DISCOVER_H
#define MATRIX_DISCOVER_H

struct bot;

/* Fill in bot->session.base, and make sure that a homeserver is there that we can talk to. The setting "homeserver"
 * wins; else the server's .well-known file is asked for (redirects are followed, to https only); where there is none,
 * the name itself is the address. FAQD_OK; FAQD_DECLINED: try again later; FAQD_EINVAL: it was logged what is wrong. */
int discover(struct bot *bot);

#endif
