/* SPDX-License-Identifier: MIT
 *
 * route.c - see route.h.
 */
#include "route.h"

#include "api.h"
#include "assets.h"
#include "conn.h"
#include "health.h"
#include "loop.h"
#include "metrics.h"
#include "page.h"
#include "web.h"

#include <string.h>

#define GET (1u << METHOD_GET | 1u << METHOD_HEAD)
#define POST (1u << METHOD_POST | 1u << METHOD_OPTIONS)
#define OPEN_GET (GET | 1u << METHOD_OPTIONS)

const struct route route_public[] = {
    {.path = "/v1/ask", .methods = POST, .handle = api_ask, .limited = 1, .guarded = 1},
    {.path = "/v1/feedback", .methods = POST, .handle = api_feedback, .limited = 1, .guarded = 1},
    {.path = "/v1/welcome", .methods = OPEN_GET, .handle = api_welcome, .limited = 1, .guarded = 1},
    {.path = "/v1/openapi.json", .methods = GET, .handle = assets_openapi},
    {.path = "/chat", .methods = GET | 1u << METHOD_POST, .handle = page_chat, .refuse = page_refuse, .limited = 1},
    {.path = "/demo", .methods = GET, .handle = page_demo},
    {.path = "/livez", .methods = GET, .handle = health_live},
    {.path = "/readyz", .methods = GET, .handle = health_ready},
    {.path = NULL},
};

const struct route route_admin[] = {
    {.path = "/metrics", .methods = GET, .handle = metrics_send},
    {.path = "/livez", .methods = GET, .handle = health_live},
    {.path = "/readyz", .methods = GET, .handle = health_ready},
    {.path = NULL},
};

static const struct route asset_route = {.path = "/", .methods = GET, .handle = assets_send};

/* "/clinic" for "/clinic/chat", not for "/clinical/chat". The longest one wins. */
static void find_site(struct conn *c)
{
    const struct settings *s = &c->loop->web->settings;
    struct request *r = &c->request;
    size_t best = 0;
    for (size_t i = 0; i < s->n_sites; i++) {
        const struct site *site = &s->sites[i];
        size_t len = site->path ? strlen(site->path) : 0;
        if (len > best && strncmp(r->url, site->path, len) == 0 && r->url[len] == '/') {
            r->site = site;
            best = len;
        }
    }
    r->path = r->url + best;
    for (size_t i = 0; !r->site && r->origin && i < s->n_sites; i++)
        if (s->sites[i].origin && strcmp(s->sites[i].origin, r->origin) == 0)
            r->site = &s->sites[i];
}

void route_find(struct conn *c)
{
    struct request *r = &c->request;
    const struct route *routes = c->loop->routes;
    r->path = r->url;
    if (routes == route_public)
        find_site(c);
    for (size_t i = 0; routes[i].path; i++)
        if (strcmp(routes[i].path, r->path) == 0)
            r->route = &routes[i];
    if (r->route && r->route->handle == page_demo && !c->loop->web->settings.demo)
        r->route = NULL;
    else if (!r->route && routes == route_public && assets_find(&c->loop->web->assets, r->path))
        r->route = &asset_route;
}

int route_refuse(struct conn *c)
{
    const struct route *route = c->request.route;
    return route && route->refuse ? route->refuse(c) : problem_send(c);
}
