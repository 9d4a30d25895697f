/* SPDX-License-Identifier: MIT
 *
 * page.h - the pages: /chat, which works without JavaScript and in an iframe, and /demo, which shows the widget.
 *
 * /chat keeps nothing: the conversation is a hidden field of its form, and what was typed is not shown again.
 */
#ifndef FAQD_WEB_PAGE_H
#define FAQD_WEB_PAGE_H

#include <stddef.h>

struct conn;
struct web;
struct asset_info;

struct pages {
    const struct asset_info *chat, *demo, *css, *js;
    char *chat_policy, *demo_policy; /* Content-Security-Policy */
};

int pages_open(struct web *web, char *error, size_t error_size); /* FAQD_OK, FAQD_EINVAL, FAQD_ENOMEM */
void pages_close(struct pages *p);

/* Handlers of route.h. */
int page_chat(struct conn *c);
int page_refuse(struct conn *c);
int page_demo(struct conn *c);

#endif
