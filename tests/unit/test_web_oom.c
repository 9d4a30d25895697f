/* SPDX-License-Identifier: MIT
 *
 * test_web_oom.c - the website's connector out of memory: each allocation of opening it, and of each kind of request on
 * a connection of its own, fails once, alone and with all after it. Nothing crashes, leaks or stays open; a request
 * gets its right reply, is told that it is not available, or loses its connection; and the next one is answered as
 * ever.
 */
#include "failing_malloc.h"
#include "support.h"

/* The descriptor stays inside this file: the plugins that the host loads have theirs under the same name. */
#undef FAQD_EXPORT
#define FAQD_EXPORT static
#include "../../plugins/web/web.c"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLY_MAX 65536
#define ROUNDS_MAX 200

static struct host host;
static struct web *web;
static char settings[512];

struct request_case {
    const char *name;
    int admin;
    const char *text;
    char golden[REPLY_MAX];
};

#define POST(path, type, body)                                                                                         \
    "POST " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " type "\r\nContent-Length: " body

static struct request_case cases[] = {
    {"ask", 0, POST("/v1/ask", "application/json", "42\r\n\r\n{\"text\":\"Comment faire un compost chez moi\"}"), ""},
    {"vote", 0,
     POST("/v1/feedback", "application/json", "44\r\n\r\n{\"id\":\"small/what\",\"lang\":\"fr\",\"vote\":\"unread\"}"),
     ""},
    {"broken", 0, POST("/v1/ask", "application/json", "5\r\n\r\n{\"a\":"), ""},
    {"form", 0, POST("/chat", "application/x-www-form-urlencoded", "20\r\n\r\ntext=bonjour&lang=fr"), ""},
    {"welcome", 0, "GET /v1/welcome?lang=fr HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", ""},
    {"page", 0, "GET /chat?lang=fr HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", ""},
    {"file", 0, "GET /page.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n", ""},
    {"ready", 1, "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", ""},
    {"metrics", 1, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", ""},
};
enum { CASES = sizeof(cases) / sizeof(*cases) };
static struct request_case *now;

/* Send the request on a new connection and read until it ends. The length of what came. */
static size_t talk(const struct request_case *one, char *reply)
{
    struct loop *l = &web->loops[one->admin ? web->n_loops - 1 : 0];
    struct sockaddr_un peer = {.sun_family = AF_UNIX};
    size_t len = 0;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    loop_adopt(l, ends[0], (struct sockaddr *)&peer, sizeof(peer.sun_family));
    ssize_t sent = send(ends[1], one->text, strlen(one->text), MSG_NOSIGNAL);
    (void)sent; /* the connection may be gone already */
    for (int i = 0; i < ROUNDS_MAX && l->n_conns; i++) {
        ssize_t got = 0;
        loop_round(l, 0);
        while ((got = recv(ends[1], reply + len, REPLY_MAX - 1 - len, MSG_DONTWAIT)) > 0)
            len += (size_t)got;
    }
    shutdown(ends[1], SHUT_RDWR);
    for (int i = 0; i < ROUNDS_MAX && l->n_conns; i++)
        loop_round(l, 0);
    close(ends[1]);
    assert_int_equal(l->n_conns, 0);
    reply[len] = '\0';
    return len;
}

static const char *body_of(const char *reply)
{
    const char *end = strstr(reply, "\r\n\r\n");
    return end ? end + 4 : "";
}

/* Equal but for digits: pages say when they were made. */
static int same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9'))
            return 0;
    return *a == *b;
}

/* As ever, or honestly not: an error without a word of an answer, a connection that ended. */
static void ask_once(void)
{
    static char reply[REPLY_MAX];
    size_t len = talk(now, reply);
    int whole = same(body_of(reply), body_of(now->golden));
    int status = len > 12 ? (int)strtol(reply + 9, NULL, 10) : 0;
    if (!whole && status == 200 && !now->admin && !strstr(reply, "unavailable\"") && strstr(reply, "Content-Length") &&
        strlen(body_of(reply)) == strtoul(strstr(reply, "Content-Length: ") + 16, NULL, 10))
        fail_msg("%s: neither its reply nor an error:\n%s", now->name, reply);
}

static void requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        static char reply[REPLY_MAX];
        now = &cases[i];
        assert_true(talk(now, now->golden) > 0);
        torture(now->name, ask_once);
        assert_true(talk(now, reply) > 0);
        if (!now->admin)
            assert_true(same(body_of(reply), body_of(now->golden)));
    }
}

static void open_and_close(void)
{
    void *instance = NULL;
    if (web_open(&host.api, settings, &instance) == FAQD_OK)
        web_close(instance);
}

static void opening(void **state)
{
    (void)state;
    web_close(web);
    web = NULL;
    torture("open", open_and_close);
    void *instance = NULL;
    assert_int_equal(web_open(&host.api, settings, &instance), FAQD_OK);
    web = instance;
}

static int setup(void **state)
{
    void *instance = NULL;
    (void)state;
    (void)faqd_plugin;
    start_host(&host, SMALL_PACK);
    snprintf(settings, sizeof(settings),
             "{\"listen\":\"unix:%s\",\"admin\":\"unix:%s\",\"threads\":1,\"proxies\":[\"unix\"],"
             "\"origins\":[\"https://www.example.org\"],\"privacy\":{\"fr\":\"/p\"}}",
             temp_path("web.sock"), temp_path("admin.sock"));
    if (web_open(&host.api, settings, &instance) != FAQD_OK)
        return -1;
    web = instance;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    web_close(web);
    host_end(&host);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests), cmocka_unit_test(opening)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
