/* SPDX-License-Identifier: MIT
 *
 * forwarded.h - whom a trusted proxy speaks for: Forwarded (RFC 7239), else X-Forwarded-For.
 *
 * Each proxy adds the address it got the request from at the end. Read from there, trusted proxies are skipped and the
 * first other address is the visitor: what stands before it, anybody may have written.
 */
#ifndef FAQD_WEB_FORWARDED_H
#define FAQD_WEB_FORWARDED_H

#include "request.h"
#include "settings.h"

/* 1 and *out, the visitor; 0: the proxy did not say. `proxy` is the trusted peer. */
int forwarded_visitor(const struct settings *s, const struct address *proxy, const struct request *r,
                      struct address *out);

#endif
