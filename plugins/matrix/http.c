/* SPDX-License-Identifier: MIT
 *
 * http.c - see http.h. One multi handle; easy handles are used again, which keeps their memory, not their data.
 */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "faqd_plugin.h"

enum {
    SPARE_MAX = 8,          /* easy handles kept for later */
    CONNECT_MS = 10000,     /* to make a connection */
    KEPT_BUFFER = 64 * 1024 /* a buffer up to this size is used again */
};

struct call {
    struct call *next;
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    http_done *done;
    void (*begins)(void *user);
    void (*drop)(void *user);
    void *user;
    char *body;
    size_t len, size, cap;
    bool too_large;
    char error[CURL_ERROR_SIZE];
};

struct http {
    CURLM *multi;
    struct call *calls;
    size_t n_calls;
    struct call *spare;
    size_t n_spare;
    char *agent, *ca_file;
    bool plain;
};

int http_global(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? FAQD_OK : FAQD_ENOMEM;
}

struct http *http_new(const struct http_settings *settings)
{
    struct http *http = calloc(1, sizeof(*http));
    if (!http)
        return NULL;
    http->multi = curl_multi_init();
    http->agent = strdup(settings->agent);
    http->ca_file = strdup(settings->ca_file);
    http->plain = settings->plain;
    if (!http->multi || !http->agent || !http->ca_file) {
        http_free(http);
        return NULL;
    }
    curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, settings->connections);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, settings->connections);
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    return http;
}

static void call_free(struct call *call)
{
    if (!call)
        return;
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->body);
    free(call);
}

void http_free(struct http *http)
{
    if (!http)
        return;
    for (struct call *call = http->calls, *next; call; call = next) {
        next = call->next;
        curl_multi_remove_handle(http->multi, call->easy);
        if (call->drop)
            call->drop(call->user);
        call_free(call);
    }
    for (struct call *call = http->spare, *next; call; call = next) {
        next = call->next;
        call_free(call);
    }
    curl_multi_cleanup(http->multi);
    free(http->agent);
    free(http->ca_file);
    free(http);
}

/* Forget what the call was about; keep its handle and a buffer of common size. */
static void retire(struct http *http, struct call *call)
{
    if (http->n_spare >= SPARE_MAX) {
        call_free(call);
        return;
    }
    curl_easy_reset(call->easy);
    curl_slist_free_all(call->headers);
    call->headers = NULL;
    if (call->size > KEPT_BUFFER) {
        free(call->body);
        call->body = NULL;
        call->size = 0;
    }
    call->next = http->spare;
    http->spare = call;
    http->n_spare++;
}

static struct call *call_new(struct http *http)
{
    struct call *call = http->spare;
    if (call) {
        http->spare = call->next;
        http->n_spare--;
    } else {
        call = calloc(1, sizeof(*call));
        if (!call)
            return NULL;
        call->easy = curl_easy_init();
        if (!call->easy) {
            free(call);
            return NULL;
        }
    }
    call->http = http;
    call->len = 0;
    call->too_large = false;
    call->error[0] = '\0';
    return call;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *user)
{
    struct call *call = user;
    size_t more = size * n;
    if (call->len + more > call->cap) {
        call->too_large = true;
        return 0;
    }
    if (call->len + more + 1 > call->size) {
        size_t larger = call->size ? call->size : 4096;
        while (larger < call->len + more + 1)
            larger *= 2;
        char *body = realloc(call->body, larger);
        if (!body)
            return 0;
        call->body = body;
        call->size = larger;
    }
    memcpy(call->body + call->len, bytes, more);
    call->len += more;
    return more;
}

static size_t on_header(char *line, size_t size, size_t n, void *user)
{
    struct call *call = user;
    if (call->begins && n > 5 && strncasecmp(line, "HTTP/", 5) == 0)
        call->begins(call->user);
    return size * n;
}

static bool add_header(struct call *call, const char *line)
{
    struct curl_slist *longer = curl_slist_append(call->headers, line);
    if (longer)
        call->headers = longer;
    return longer != NULL;
}

static bool add_headers(struct call *call, const struct http_request *request)
{
    char line[4096];
    bool ok = add_header(call, "Accept: application/json") && add_header(call, "Expect:");
    if (ok && request->body)
        ok = add_header(call, "Content-Type: application/json");
    if (ok && request->token) {
        int n = snprintf(line, sizeof(line), "Authorization: Bearer %s", request->token);
        ok = n > 0 && (size_t)n < sizeof(line) && add_header(call, line);
        explicit_bzero(line, sizeof(line));
    }
    return ok;
}

static bool set_options(struct call *call, const struct http_request *request)
{
    const struct http *http = call->http;
    CURL *e = call->easy;
    const char *protocols = http->plain ? "https,http" : "https";
    bool ok = add_headers(call, request) && curl_easy_setopt(e, CURLOPT_URL, request->url) == CURLE_OK &&
              curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK &&
              curl_easy_setopt(e, CURLOPT_USERAGENT, http->agent) == CURLE_OK &&
              curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK &&
              curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, request->packed ? "" : "identity") == CURLE_OK;
    if (ok && request->body)
        ok = curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, request->body) == CURLE_OK;
    if (ok && http->ca_file[0])
        ok = curl_easy_setopt(e, CURLOPT_CAINFO, http->ca_file) == CURLE_OK;
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, request->timeout_ms);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, 30L);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPINTVL, 10L);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, call->headers);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, call->error);
    curl_easy_setopt(e, CURLOPT_PRIVATE, call);
    return ok;
}

int http_start(struct http *http, const struct http_request *request)
{
    struct call *call = call_new(http);
    if (!call)
        return FAQD_ENOMEM;
    call->done = request->done;
    call->begins = request->begins;
    call->drop = request->drop;
    call->user = request->user;
    call->cap = request->cap;
    if (!set_options(call, request) || curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
        retire(http, call);
        return FAQD_ENOMEM;
    }
    call->next = http->calls;
    http->calls = call;
    http->n_calls++;
    return FAQD_OK;
}

static void unlink_call(struct http *http, struct call *call)
{
    struct call **at = &http->calls;
    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    http->n_calls--;
    curl_multi_remove_handle(http->multi, call->easy);
}

static void answer(struct call *call, CURLcode code)
{
    char nothing[1] = "";
    struct http_answer a = {.retry_after_ms = -1, .too_large = call->too_large, .body = nothing, .len = call->len};
    curl_off_t seconds = 0;
    char *location = NULL;
    if (code != CURLE_OK)
        a.error = call->error[0] ? call->error : curl_easy_strerror(code);
    a.refused = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &a.status);
    if (curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0)
        a.retry_after_ms = seconds > 86400 ? 86400000 : (long)seconds * 1000;
    if (curl_easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &location) == CURLE_OK)
        a.location = location;
    if (call->body && call->size > call->len) {
        call->body[call->len] = '\0';
        a.body = call->body;
    }
    call->done(call->user, &a);
}

void http_step(struct http *http, int wait_ms)
{
    int running = 0;
    int left = 0;
    CURLMsg *message = NULL;
    curl_multi_perform(http->multi, &running);
    if (wait_ms > 0 && (size_t)running == http->n_calls)
        curl_multi_poll(http->multi, NULL, 0, wait_ms, NULL);
    curl_multi_perform(http->multi, &running);
    while ((message = curl_multi_info_read(http->multi, &left))) {
        struct call *call = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        unlink_call(http, call);
        answer(call, code);
        retire(http, call);
    }
}

void http_wake(struct http *http)
{
    curl_multi_wakeup(http->multi);
}

size_t http_under_way(const struct http *http)
{
    return http->n_calls;
}

void http_cancel(struct http *http, void *user)
{
    for (struct call *call = http->calls, *next; call; call = next) {
        next = call->next;
        if (call->user != user)
            continue;
        unlink_call(http, call);
        if (call->drop)
            call->drop(call->user);
        retire(http, call);
    }
}

bool http_escape(const char *part, char *out, size_t size)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    size_t n = 0;
    for (const unsigned char *s = (const unsigned char *)part; *s; s++) {
        bool as_is = strchr(plain, *s) != NULL;
        if (n + (as_is ? 1 : 3) >= size)
            return false;
        if (!as_is) {
            out[n++] = '%';
            out[n++] = hex[*s >> 4];
            out[n++] = hex[*s & 15];
        } else {
            out[n++] = (char)*s;
        }
    }
    out[n] = '\0';
    return true;
}
