/* SPDX-License-Identifier: MIT
 *
 * route.h - who handles which path. Two tables: one for visitors, one for the operator's own listener.
 */
#ifndef FAQD_WEB_ROUTE_H
#define FAQD_WEB_ROUTE_H

struct conn;

struct route {
    const char *path;
    unsigned methods;              /* a bit for each enum method */
    int (*handle)(struct conn *c); /* queue a reply; 0, or -1: the connection is to be ended */
    int (*refuse)(struct conn *c); /* likewise for a request with a problem; NULL: problem_send */
    unsigned limited : 1;          /* counts against the visitor's rate */
    unsigned guarded : 1;          /* pages of other origins may not send to it */
};

extern const struct route route_public[];
extern const struct route route_admin[];

/* Set the request's site, path and route from its URL. */
void route_find(struct conn *c);

/* Answer a request that has a problem. */
int route_refuse(struct conn *c);

#endif
