/* SPDX-License-Identifier: MIT
 *
 * health.c - see health.h. Visitors' listeners say only "ready" or not; the operator's own names what is wrong.
 */
#include "health.h"

#include "conn.h"
#include "loop.h"
#include "reply.h"
#include "route.h"
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

json_t *health_status(struct conn *c)
{
    const struct faqd_host *host = c->loop->web->host;
    size_t len = 0;
    const char *text = WEB_HOST_HAS(host, status) ? host->status(c->loop->worker, &len) : NULL;
    return text ? json_loadb(text, len, 0, NULL) : NULL;
}

static int send_text(struct conn *c, unsigned status, const char *text)
{
    struct reply reply = {.status = status,
                          .type = "text/plain; charset=utf-8",
                          .body = text,
                          .len = strlen(text),
                          .retry_after = status == 503 ? 1 : 0};
    return reply_send(c, &reply);
}

int health_live(struct conn *c)
{
    return send_text(c, 200, "ok\n");
}

/* A line for each connector that does not fare well, and each pack whose last reload failed. */
static void write_degraded(const json_t *status, FILE *out)
{
    const char *name = NULL;
    json_t *one = NULL;
    size_t i = 0;
    json_object_foreach(json_object_get(status, "connectors"), name, one)
    {
        if (!json_is_true(json_object_get(one, "ok")))
            fprintf(out, "degraded: connector %s: %s\n", name, json_string_value(json_object_get(one, "text")));
    }
    json_array_foreach(json_object_get(status, "packs"), i, one)
    {
        const char *error = json_string_value(json_object_get(one, "error"));
        if (error)
            fprintf(out, "degraded: pack %s: the last reload failed: %s\n",
                    json_string_value(json_object_get(one, "name")), error);
    }
}

int health_ready(struct conn *c)
{
    json_t *status = health_status(c);
    int ready = !c->loop->drain_since && (!status || json_is_true(json_object_get(status, "ready")));
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int rc = -1;
    if (out) {
        fputs(ready ? "ready\n" : "not ready\n", out);
        if (c->loop->routes == route_admin)
            write_degraded(status, out);
        if (fclose(out) == 0 && text)
            rc = send_text(c, ready ? 200 : 503, text);
    }
    free(text);
    json_decref(status);
    return rc;
}
