/* SPDX-License-Identifier: MIT
 *
 * http.c - fuzz target: the bytes that strangers send to the website's connector, through libmicrohttpd.
 *
 * Input: what a connection sends, in pieces where a line of its own says %%. What must hold:
 *   - every reply begins with a status line of one that we send, and is as long as its Content-Length says;
 *   - what is refused is refused with a problem, and no reply is a 500;
 *   - the connection ends when the client has ended, and nothing of it stays.
 */
#include "fuzz.h"

/* The descriptor stays inside this file: the plugins that the host loads have theirs under the same name. */
#undef FAQD_EXPORT
#define FAQD_EXPORT static
#include "../../plugins/web/web.c"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLIES_MAX ((size_t)1 << 20)
#define ROUNDS_MAX 2000

static struct web *server(void)
{
    (void)faqd_plugin;
    static void *instance;
    if (!instance) {
        char settings[256];
        snprintf(
            settings, sizeof(settings),
            "{\"listen\": \"unix:%s/web.sock\", \"threads\": 1, \"proxies\": [\"unix\"], \"rate_per_minute\": 1000000, "
            "\"rate_burst\": 1000000, \"origins\": [\"https://www.example.org\"]}",
            fuzz_folder());
        FUZZ_CHECK(web_open(&fuzz_host()->api, settings, &instance) == FAQD_OK, "the connector did not open");
    }
    return instance;
}

/* What the server has to say until now, to the end of `replies`. */
static void drain(int fd, char *replies, size_t *len)
{
    ssize_t got = 0;
    while (*len < REPLIES_MAX && (got = recv(fd, replies + *len, REPLIES_MAX - *len, MSG_DONTWAIT)) > 0)
        *len += (size_t)got;
}

/* Rounds until nothing more happens, or the connection is gone. */
static void serve(struct loop *l, int fd, char *replies, size_t *len)
{
    for (int quiet = 0, i = 0; quiet < 3 && i < ROUNDS_MAX; i++) {
        size_t before = *len;
        loop_round(l, 0);
        drain(fd, replies, len);
        quiet = *len == before ? quiet + 1 : 0;
    }
}

/* One reply at the start of `text`: its length, 0 if it is not whole. */
static size_t check_reply(const char *text, size_t len)
{
    static const char plain[] = "HTTP/1.1 ";
    const char *end = memmem(text, len, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end + 4 - text);
    FUZZ_CHECK(head > 20 && (memcmp(text, plain, 9) == 0 || memcmp(text, "HTTP/1.0 ", 9) == 0), "no status line: %.20s",
               text);
    long status = strtol(text + 9, NULL, 10);
    FUZZ_CHECK(status >= 100 && status <= 505 && status != 500, "status %ld", status);
    const char *length = memmem(text, head, "\r\nContent-Length: ", 18);
    size_t body = length ? strtoul(length + 18, NULL, 10) : 0;
    const char *ours = memmem(text, head, "\r\nX-Content-Type-Options: nosniff\r\n", 35);
    int page = memmem(text, head, "Content-Type: text/html; charset=utf-8", 38) != NULL;
    FUZZ_CHECK(status < 400 || !ours || page || memmem(text, head, "application/problem+json", 24) ||
                   memmem(text, head, "text/plain", 10),
               "status %ld without a problem", status);
    return head + (status == 304 || status == 204 || status == 100 ? 0 : body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char replies[REPLIES_MAX];
    struct web *web = server();
    struct loop *l = &web->loops[0];
    struct fuzz_part rest = {(const char *)data, size}, part;
    struct sockaddr_un peer = {.sun_family = AF_UNIX};
    int ends[2];
    size_t len = 0;
    int is_head = memmem(data, size, "HEAD", 4) != NULL; /* its reply has a length and no body */
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0, "socketpair: %d", errno);
    loop_adopt(l, ends[0], (struct sockaddr *)&peer, sizeof(peer.sun_family));
    while (fuzz_part(&rest, &part)) {
        if (send(ends[1], part.text, part.len, MSG_NOSIGNAL) < 0)
            break;
        serve(l, ends[1], replies, &len);
    }
    shutdown(ends[1], SHUT_WR);
    serve(l, ends[1], replies, &len);
    close(ends[1]);
    for (int i = 0; l->n_conns && i < ROUNDS_MAX; i++)
        loop_round(l, 0);
    FUZZ_CHECK(l->n_conns == 0 && !l->oldest && !l->newest && atomic_load(&web->open) == 0, "a connection stays");
    for (size_t at = 0, took = 0; !is_head && at < len; at += took) {
        took = check_reply(replies + at, len - at);
        if (!took || took > len - at) /* cut off with the connection */
            break;
    }
    return 0;
}
