/* SPDX-License-Identifier: MIT
 *
 * health.c - see health.h. Metrics are OpenMetrics text: base units, counters end in _total, few labels, nothing about
 * a visitor.
 */
#include "health.h"

#include "conn.h"
#include "loop.h"
#include "reply.h"
#include "web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

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

int health_ready(struct conn *c)
{
    return c->loop->drain_since ? send_text(c, 503, "stopping\n") : send_text(c, 200, "ready\n");
}

/* Sum one counter, `offset` bytes into a tally, over all threads. */
static uint_fast64_t sum(const struct web *web, size_t offset)
{
    uint_fast64_t total = 0;
    for (size_t i = 0; i < web->n_loops; i++) {
        const char *tally = (const char *)&web->loops[i].tally;
        total +=
            atomic_load_explicit((const atomic_uint_fast64_t *)(const void *)(tally + offset), memory_order_relaxed);
    }
    return total;
}

#define SUM(web, member) sum(web, offsetof(struct tally, member))
#define SUM_OF(web, member, i) sum(web, offsetof(struct tally, member) + (i) * sizeof(atomic_uint_fast64_t))

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void write_requests(const struct web *web, FILE *out)
{
    head(out, "faqd_web_requests", "counter", "Requests answered, by HTTP status.");
    for (size_t i = 0; i < TALLY_STATUSES; i++) {
        char status[16] = "other";
        if (tally_statuses[i])
            snprintf(status, sizeof(status), "%u", tally_statuses[i]);
        fprintf(out, "faqd_web_requests_total{status=\"%s\"} %" PRIuFAST64 "\n", status, SUM_OF(web, answered, i));
    }
    head(out, "faqd_web_connections", "counter", "Connections accepted.");
    fprintf(out, "faqd_web_connections_total %" PRIuFAST64 "\n", SUM(web, connections));
    head(out, "faqd_web_open_connections", "gauge", "Connections open now.");
    fprintf(out, "faqd_web_open_connections %" PRIuFAST64 "\n", SUM(web, open));
    head(out, "faqd_web_cut_connections", "counter", "Connections ended by the server, by reason.");
    for (size_t i = 0; i < CUTS; i++)
        fprintf(out, "faqd_web_cut_connections_total{reason=\"%s\"} %" PRIuFAST64 "\n", tally_cut_names[i],
                SUM_OF(web, cut, i));
}

static void write_times(const struct web *web, FILE *out)
{
    uint_fast64_t upto = 0, all = SUM(web, seconds_count);
    head(out, "faqd_web_request_seconds", "histogram", "Time from the head of a request to its reply being ready.");
    fputs("# UNIT faqd_web_request_seconds seconds\n", out);
    for (size_t i = 0; i < TALLY_BUCKETS; i++) {
        upto += SUM_OF(web, seconds_in, i);
        fprintf(out, "faqd_web_request_seconds_bucket{le=\"%g\"} %" PRIuFAST64 "\n", tally_bounds[i],
                upto < all ? upto : all);
    }
    fprintf(out, "faqd_web_request_seconds_bucket{le=\"+Inf\"} %" PRIuFAST64 "\n", all);
    fprintf(out, "faqd_web_request_seconds_sum %.9f\n", (double)SUM(web, nanoseconds) * 1e-9);
    fprintf(out, "faqd_web_request_seconds_count %" PRIuFAST64 "\n", all);
}

int health_metrics(struct conn *c)
{
    char *text = NULL;
    size_t len = 0;
    int rc = -1;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return -1;
    write_requests(c->loop->web, out);
    write_times(c->loop->web, out);
    fputs("# EOF\n", out);
    if (fclose(out) == 0) {
        struct reply reply = {.status = 200, .type = METRICS_TYPE, .body = text, .len = len};
        rc = reply_send(c, &reply);
    }
    free(text);
    return rc;
}
