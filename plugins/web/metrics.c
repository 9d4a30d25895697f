/* SPDX-License-Identifier: MIT
 *
 * metrics.c - see metrics.h.
 */
#include "metrics.h"

#include "conn.h"
#include "health.h"
#include "loop.h"
#include "reply.h"
#include "web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>

#define METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* Sum one counter, `offset` bytes into a traffic, over all threads. */
static uint_fast64_t sum(const struct web *web, size_t offset)
{
    uint_fast64_t total = 0;
    for (size_t i = 0; i < web->n_loops; i++) {
        const char *traffic = (const char *)&web->loops[i].traffic;
        total +=
            atomic_load_explicit((const atomic_uint_fast64_t *)(const void *)(traffic + offset), memory_order_relaxed);
    }
    return total;
}

#define SUM(web, member) sum(web, offsetof(struct traffic, member))
#define SUM_OF(web, member, i) sum(web, offsetof(struct traffic, member) + (i) * sizeof(atomic_uint_fast64_t))

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void write_requests(const struct web *web, FILE *out)
{
    head(out, "faqd_web_requests", "counter", "Requests answered, by HTTP status.");
    for (size_t i = 0; i < TRAFFIC_STATUSES; i++) {
        char status[16] = "other";
        if (traffic_statuses[i])
            snprintf(status, sizeof(status), "%u", traffic_statuses[i]);
        fprintf(out, "faqd_web_requests_total{status=\"%s\"} %" PRIuFAST64 "\n", status, SUM_OF(web, answered, i));
    }
    head(out, "faqd_web_connections", "counter", "Connections accepted.");
    fprintf(out, "faqd_web_connections_total %" PRIuFAST64 "\n", SUM(web, connections));
    head(out, "faqd_web_open_connections", "gauge", "Connections open now.");
    fprintf(out, "faqd_web_open_connections %" PRIuFAST64 "\n", SUM(web, open));
    head(out, "faqd_web_cut_connections", "counter", "Connections ended by the server, by reason.");
    for (size_t i = 0; i < CUTS; i++)
        fprintf(out, "faqd_web_cut_connections_total{reason=\"%s\"} %" PRIuFAST64 "\n", traffic_cut_names[i],
                SUM_OF(web, cut, i));
}

static void write_times(const struct web *web, FILE *out)
{
    uint_fast64_t upto = 0, all = SUM(web, seconds_count);
    head(out, "faqd_web_request_seconds", "histogram", "Time from the head of a request to its reply being ready.");
    fputs("# UNIT faqd_web_request_seconds seconds\n", out);
    for (size_t i = 0; i < TRAFFIC_BUCKETS; i++) {
        upto += SUM_OF(web, seconds_in, i);
        fprintf(out, "faqd_web_request_seconds_bucket{le=\"%g\"} %" PRIuFAST64 "\n", traffic_bounds[i],
                upto < all ? upto : all);
    }
    fprintf(out, "faqd_web_request_seconds_bucket{le=\"+Inf\"} %" PRIuFAST64 "\n", all);
    fprintf(out, "faqd_web_request_seconds_sum %.9f\n", (double)SUM(web, nanoseconds) * 1e-9);
    fprintf(out, "faqd_web_request_seconds_count %" PRIuFAST64 "\n", all);
}

/* ---------------------------------------------------------------------------------------- the process ---- */

static void write_process(FILE *out)
{
    struct rusage used;
    long resident = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm && fscanf(statm, "%*d %ld", &resident) != 1)
        resident = 0;
    if (statm)
        fclose(statm);
    getrusage(RUSAGE_SELF, &used);
    head(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
    fprintf(out, "process_resident_memory_bytes %ld\n", resident * sysconf(_SC_PAGESIZE));
    head(out, "process_cpu_seconds", "counter", "Processor time, user and system.");
    fprintf(out, "process_cpu_seconds_total %.6f\n",
            (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6);
}

/* A label's value: quotes, backslashes and line feeds are escaped. */
static void label(FILE *out, const char *before, const char *name, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    fprintf(out, "%s%s=\"", before, name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        if (*text == '\n')
            fputs("\\n", out);
        else
            putc(*text, out);
    }
    putc('"', out);
}

/* One sample: name{labels} value. `labels` are members of the object, which may be numbers. */
static void sample(FILE *out, const char *name, const json_t *object, const char *const *labels, json_int_t value)
{
    fputs(name, out);
    for (size_t i = 0; labels[i]; i++) {
        const json_t *member = json_object_get(object, labels[i]);
        json_t *text = json_is_integer(member) ? json_sprintf("%+lld", (long long)json_integer_value(member)) : NULL;
        label(out, i ? "," : "{", labels[i], text ? text : member);
        json_decref(text);
    }
    fprintf(out, "} %lld\n", (long long)value);
}

static void write_counts(const json_t *list, const char *name, const char *const *labels, const char *help, FILE *out)
{
    char total[64];
    size_t i = 0;
    json_t *one = NULL;
    snprintf(total, sizeof(total), "%s_total", name);
    head(out, name, "counter", help);
    json_array_foreach(list, i, one) sample(out, total, one, labels, json_integer_value(json_object_get(one, "count")));
}

static void write_packs(const json_t *packs, FILE *out)
{
    static const char *const named[] = {"name", "version", NULL};
    size_t i = 0;
    json_t *pack = NULL;
    head(out, "faqd_content", "info", "The content that answers now.");
    json_array_foreach(packs, i, pack) sample(out, "faqd_content_info", pack, named, 1);
    head(out, "faqd_content_loaded_seconds", "gauge", "When it was loaded, in seconds since 1970.");
    json_array_foreach(packs, i, pack)
        sample(out, "faqd_content_loaded_seconds", pack, named, json_integer_value(json_object_get(pack, "loaded")));
    head(out, "faqd_reloads", "counter", "Loads of content, by result.");
    json_array_foreach(packs, i, pack)
    {
        const char *result = NULL;
        json_t *n = NULL;
        json_object_foreach(json_object_get(pack, "reloads"), result, n)
        {
            label(out, "faqd_reloads_total{", "name", json_object_get(pack, "name"));
            fprintf(out, ",result=\"%s\"} %lld\n", result, (long long)json_integer_value(n));
        }
    }
}

static void write_figures(const json_t *connectors, FILE *out)
{
    const char *connector = NULL;
    const char *name = NULL;
    json_t *one = NULL;
    json_t *value = NULL;
    head(out, "faqd_connector_figure", "gauge", "What a connector tells of itself; faqd.json(5) describes them.");
    json_object_foreach((json_t *)connectors, connector, one)
    {
        json_object_foreach(json_object_get(one, "figures"), name, value)
            fprintf(out, "faqd_connector_figure{connector=\"%s\",name=\"%s\"} %lld\n", connector, name,
                    (long long)json_integer_value(value));
    }
}

static void write_status(const json_t *status, FILE *out)
{
    static const char *const built[] = {"version", "abi", NULL};
    static const char *const asked[] = {"connector", "lang", "outcome", NULL};
    static const char *const voted[] = {"connector", "lang", "vote", NULL};
    const char *name = NULL;
    json_t *one = NULL;
    if (!status)
        return;
    head(out, "faqd_build", "info", "The program.");
    sample(out, "faqd_build_info", status, built, 1);
    head(out, "process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.");
    fprintf(out, "process_start_time_seconds %lld\n",
            (long long)json_integer_value(json_object_get(status, "started")));
    head(out, "faqd_ready", "gauge", "1 if visitors may be sent here.");
    fprintf(out, "faqd_ready %d\n", json_is_true(json_object_get(status, "ready")));
    head(out, "faqd_connector_ok", "gauge", "1 if the connector fares well.");
    json_object_foreach(json_object_get(status, "connectors"), name, one)
        fprintf(out, "faqd_connector_ok{connector=\"%s\"} %d\n", name, json_is_true(json_object_get(one, "ok")));
    write_figures(json_object_get(status, "connectors"), out);
    write_packs(json_object_get(status, "packs"), out);
    write_counts(json_object_get(status, "answers"), "faqd_questions", asked, "Messages answered, by outcome.", out);
    write_counts(json_object_get(status, "votes"), "faqd_votes", voted, "Votes on answers.", out);
}

int metrics_send(struct conn *c)
{
    char *text = NULL;
    size_t len = 0;
    int rc = -1;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return -1;
    json_t *status = health_status(c);
    write_requests(c->loop->web, out);
    write_times(c->loop->web, out);
    write_process(out);
    write_status(status, out);
    json_decref(status);
    fputs("# EOF\n", out);
    if (fclose(out) == 0 && text) {
        struct reply reply = {.status = 200, .type = METRICS_TYPE, .body = text, .len = len};
        rc = reply_send(c, &reply);
    }
    free(text);
    return rc;
}
