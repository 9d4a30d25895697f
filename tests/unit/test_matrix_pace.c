/* SPDX-License-Identifier: MIT
 *
 * test_matrix_pace.c - when the Matrix connector may speak, tries again, slows down; what an answer of the server
 * means; what its settings may be. Pure functions: the clock is a number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../plugins/matrix/backoff.c"
#include "../../plugins/matrix/clock.c"
#include "../../plugins/matrix/limits.c"
#include "../../plugins/matrix/pacing.c"
#include "../../plugins/matrix/settings.c"

enum { MINUTE = 60000 };

static void pauses_double_up_to_a_limit(void **state)
{
    struct backoff b;
    int64_t now = 1000;
    (void)state;
    backoff_init(&b, 1000, 12000);
    assert_false(backoff_waits(&b, now));
    for (int64_t wanted = 1000; wanted < 50000; wanted *= 2) {
        int64_t most = wanted > 12000 ? 12000 : wanted;
        backoff_failed(&b, now);
        assert_in_range(b.until - now, most * 8 / 10, most * 12 / 10);
        assert_true(backoff_waits(&b, now));
        assert_false(backoff_waits(&b, b.until));
        now = b.until;
    }
    backoff_worked(&b);
    assert_false(backoff_waits(&b, now));
    backoff_failed(&b, now);
    assert_in_range(b.until - now, 800, 1200);
}

static void two_minutes_of_failures_are_few_tries(void **state)
{
    struct backoff b;
    unsigned tries = 0;
    (void)state;
    backoff_init(&b, 1000, 12000);
    for (int64_t now = 1; now < 120000; now = b.until) {
        backoff_failed(&b, now);
        assert_true(b.until - now < 15000);
        tries++;
    }
    assert_in_range(tries, 8, 20);
}

static void after_ten_minutes_pauses_grow_to_five(void **state)
{
    struct backoff b;
    int64_t now = 1;
    (void)state;
    backoff_init(&b, 1000, 12000);
    while (now < 60 * MINUTE) {
        backoff_failed(&b, now);
        now = b.until;
    }
    assert_in_range(b.pause_ms, 5 * MINUTE, 5 * MINUTE);
}

static void a_minute_holds_so_many_answers(void **state)
{
    struct bucket b = {0};
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(limits_take(&b, 10, MINUTE, 1000 + i), LIMITS_ANSWER);
    assert_int_equal(limits_take(&b, 10, MINUTE, 2000), LIMITS_TELL);
    for (int i = 0; i < 100; i++)
        assert_int_equal(limits_take(&b, 10, MINUTE, 3000), LIMITS_SILENT);
    assert_int_equal(limits_take(&b, 10, MINUTE, 1000 + MINUTE), LIMITS_ANSWER);
    assert_int_equal(limits_take(&b, 0, MINUTE, 5), LIMITS_ANSWER);
}

/* A server like Synapse: a bucket of `burst` events that fills by one each `every` milliseconds. */
struct server {
    int64_t every, burst, level_ms, at;
    unsigned taken, refused;
};

static int64_t server_send(struct server *s, int64_t now)
{
    s->level_ms -= now - s->at;
    s->at = now;
    if (s->level_ms < 0)
        s->level_ms = 0;
    if (s->level_ms + s->every > s->burst * s->every) {
        s->refused++;
        return s->level_ms + s->every - s->burst * s->every;
    }
    s->level_ms += s->every;
    s->taken++;
    return 0;
}

static void the_pace_of_the_server_is_learnt(void **state)
{
    struct server s = {.every = 5000, .burst = 10, .at = 1};
    struct pacing p;
    int64_t now = 1;
    int64_t when = 0;
    int64_t room_until = 0;
    (void)state;
    pacing_init(&p, 0);
    while (s.taken < 200 && now < 3600000) {
        if (!pacing_allows(&p, now, &when) || now < room_until) {
            now = when > room_until ? when : room_until;
            continue;
        }
        pacing_sent(&p, now);
        int64_t wait = server_send(&s, now);
        if (wait)
            room_until = now + pacing_refused(&p, now, wait);
        else
            pacing_taken(&p);
    }
    assert_int_equal(s.taken, 200);
    assert_in_range(s.refused, 1, 200 / 8);       /* no storm */
    assert_in_range(now, 190 * 5000, 200 * 5500); /* and as fast as it lets us */
}

static void one_refusal_holds_back_one_room_only(void **state)
{
    struct pacing p;
    int64_t when = 0;
    (void)state;
    pacing_init(&p, 0);
    pacing_sent(&p, 1000);
    assert_int_equal(pacing_refused(&p, 1000, 3000), 3000);
    assert_true(pacing_allows(&p, 1001, &when));
    assert_true(pacing_tight(&p, 1001));
    assert_int_equal(pacing_refused(&p, 1010, -1), 5000); /* a second one, without a word about how long */
    assert_false(pacing_allows(&p, 1020, &when));
    assert_int_equal(when, 6010);
    pacing_sent(&p, 200000); /* long after: forgotten */
    assert_true(pacing_allows(&p, 200000, &when));
    assert_false(pacing_tight(&p, 200000));
}

static void settings_are_checked(void **state)
{
    static const struct {
        const char *json, *error; /* a word of it; NULL: fine */
    } rows[] = {
        {"{\"user\":\"@faq:example.org\"}", NULL},
        {"{\"user\":\"faq\",\"homeserver\":\"http://127.0.0.1:8008\"}", NULL},
        {"{\"user\":\"faq\",\"homeserver\":\"http://[::1]:8008/\"}", NULL},
        {"{\"token_file\":\"t\",\"homeserver\":\"https://m.example.org\"}", NULL},
        {"{\"accounts\":{\"one\":{\"user\":\"@a:b\"},\"two\":{\"user\":\"@c:d\"}}}", NULL},
        {"{\"user\":\"@a:b\",\"rooms\":{\"!r:b\":{\"always\":true,\"pack\":\"p\",\"lang\":\"fr\"}}}", NULL},
        {"", "user"},
        {"{}", "user"},
        {"[]", "object"},
        {"{\"user\":", "line"},
        {"{\"user\":\"faq\"}", "homeserver"},
        {"{\"user\":\"@faq\"}", "user"},
        {"{\"user\":\"@faq:\"}", "user"},
        {"{\"user\":\"@:b\"}", "user"},
        {"{\"user\":\"a b:c\"}", "user"},
        {"{\"user\":\"x:y\"}", "user"},
        {"{\"user\":5}", "user"},
        {"{\"userr\":\"@a:b\"}", "did you mean \"user\""},
        {"{\"user\":\"@a:b\",\"homeserver\":\"http://example.org\"}", "insecure_http"},
        {"{\"user\":\"@a:b\",\"homeserver\":\"http://127.0.0.1@example.org\"}", "insecure_http"},
        {"{\"user\":\"@a:b\",\"homeserver\":\"http://localhost.example.org\"}", "insecure_http"},
        {"{\"user\":\"@a:b\",\"homeserver\":\"ftp://example.org\"}", "https"},
        {"{\"user\":\"@a:b\",\"homeserver\":\"https://example.org?x\"}", "plain address"},
        {"{\"user\":\"@a:b\",\"max_age_seconds\":-1}", "whole number"},
        {"{\"user\":\"@a:b\",\"max_age_seconds\":1.5}", "whole number"},
        {"{\"user\":\"@a:b\",\"typing\":\"yes\"}", "true or false"},
        {"{\"user\":\"@a:b\",\"invites\":{\"polcy\":\"all\"}}", "invites.polcy"},
        {"{\"user\":\"@a:b\",\"invites\":{\"policy\":\"some\"}}", "policy"},
        {"{\"user\":\"@a:b\",\"invites\":{\"users\":\"@a:b\"}}", "invites.users"},
        {"{\"user\":\"@a:b\",\"rooms\":{\"#r:b\":{}}}", "room id"},
        {"{\"user\":\"@a:b\",\"rooms\":{\"!r:b\":{\"alway\":true}}}", "always"},
        {"{\"user\":\"@a:b\",\"encrypted\":\"yes\"}", "encrypted"},
        {"{\"user\":\"@a:b\",\"msgtype\":\"m.image\"}", "msgtype"},
        {"{\"user\":\"@a:b\",\"account\":\"../x\"}", "account"},
        {"{\"user\":\"@a:b\",\"accounts\":{\"x\":{\"user\":\"@a:b\"}}}", "alone"},
        {"{\"accounts\":{}}", "accounts"},
        {"{\"accounts\":{\"x\":{}}}", "user"},
    };
    char error[256];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct accounts accounts;
        int rc = settings_parse(rows[i].json, &accounts, error, sizeof(error));
        if ((rc == FAQD_OK) != !rows[i].error || (rows[i].error && !strstr(error, rows[i].error)))
            fail_msg("%s: %d %s", rows[i].json, rc, rc == FAQD_OK ? "" : error);
        if (rc == FAQD_OK)
            settings_free(&accounts);
    }
}

static void defaults_and_lists(void **state)
{
    struct accounts a;
    char error[256];
    (void)state;
    assert_int_equal(settings_parse("{\"user\":\"@a:b\",\"invites\":{\"users\":[\"@x:y\"]}}", &a, error, sizeof(error)),
                     FAQD_OK);
    assert_int_equal(a.n, 1);
    assert_string_equal(a.items[0].msgtype, "m.notice");
    assert_string_equal(a.items[0].account, "matrix");
    assert_int_equal(a.items[0].max_age_seconds, 600);
    assert_int_equal(a.items[0].invites, INVITES_LISTED);
    assert_true(settings_lists(a.items[0].invite_users, "@x:y"));
    assert_false(settings_lists(a.items[0].invite_users, "@x:yz"));
    assert_false(settings_lists(a.items[0].invite_servers, "y"));
    assert_string_equal(settings_server_of("@a:b:8448"), "b:8448");
    assert_string_equal(settings_server_of("!v12"), "");
    settings_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_double_up_to_a_limit),
        cmocka_unit_test(two_minutes_of_failures_are_few_tries),
        cmocka_unit_test(after_ten_minutes_pauses_grow_to_five),
        cmocka_unit_test(a_minute_holds_so_many_answers),
        cmocka_unit_test(the_pace_of_the_server_is_learnt),
        cmocka_unit_test(one_refusal_holds_back_one_room_only),
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(defaults_and_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
