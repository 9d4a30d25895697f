/* SPDX-License-Identifier: MIT
 *
 * test_stdin_pipe.c - the stdin connector talking to a program: a question a line in, an answer out, and nothing else,
 * whatever the input is made of and however the other side ends.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "stdin_session.h"

static struct session s;

static void is_quiet(int status)
{
    assert_int_equal(status, 0);
    assert_string_equal(s.err_text, "");
}

static void each_line_has_its_answer_at_once(void **state)
{
    (void)state;
    session_pipes(&s, "{\"lang\": \"en\"}");
    session_type(&s, "one\n");
    session_expect(&s, "You said 3 bytes in en, state , soon: one\n\n"); /* before the next is sent */
    session_type(&s, "two\n");
    session_expect(&s, "You said 3 bytes in en, state turn1, soon: two\n\n");
    session_type(&s, "/help\n?\nchoose\nla d\n2\n");
    is_quiet(session_end(&s));
    assert_true(session_printed(&s, "5 bytes in en, state turn2, soon: /help\n\n"));
    assert_true(session_printed(&s, "1 bytes in en, state turn3, soon: ?\n\n"));
    assert_true(session_printed(&s, "4 bytes in en, state choosing, soon: la d\n\n")); /* no first letters here */
    assert_false(session_printed(&s, "\033"));
    assert_false(session_printed(&s, "> "));
}

static void json_is_one_object_a_line(void **state)
{
    (void)state;
    session_pipes(&s, "{\"json\": true}");
    session_type(&s, "a\n\nurgent\nnorender\n");
    is_quiet(session_end(&s));
    assert_string_equal(s.text, "{\"id\": \"mock/answer\", \"outcome\": \"answer\"}\n"
                                "{\"id\": \"mock/answer\", \"outcome\": \"answer\"}\n"
                                "{\"id\": \"mock/answer\", \"outcome\": \"emergency\"}\n"
                                "{\"outcome\": \"unavailable\"}\n");
}

static void lines_may_hold_anything(void **state)
{
    static const char lines[] = "\xEF\xBB\xBF"
                                "bom\ncr\r\na\0b\n\377\300\n\nlast";
    (void)state;
    session_pipes(&s, "");
    session_send(&s, lines, sizeof(lines) - 1);
    is_quiet(session_end(&s));
    assert_string_equal(s.text, "You said 3 bytes in auto, state , soon: bom\n\n"
                                "You said 2 bytes in auto, state turn1, soon: cr\n\n"
                                "You said 3 bytes in auto, state turn2, soon: a0b\n\n"
                                "You said 2 bytes in auto, state turn3, soon: \uFFFD\uFFFD\n\n"
                                "You said 0 bytes in auto, state turn4, soon: \n\n"
                                "You said 4 bytes in auto, state turn5, soon: last\n\n");
}

static void send_many(char c, size_t n)
{
    char piece[4096];
    memset(piece, c, sizeof(piece));
    for (; n > sizeof(piece); n -= sizeof(piece))
        session_send(&s, piece, sizeof(piece));
    session_send(&s, piece, n);
}

static void a_line_of_any_length_is_read_to_its_end(void **state)
{
    (void)state;
    session_pipes(&s, "");
    send_many('a', 4096);
    session_type(&s, "\r\n");
    session_expect(&s, "You said 4096 bytes");
    send_many('b', 4097);
    session_type(&s, "\n");
    session_expect(&s, "You said 4097 bytes in auto, state turn1, soon: too long\n\n");
    send_many('c', (size_t)64 << 20);
    session_type(&s, "\nshort\n");
    session_expect(&s, "You said 4097 bytes in auto, state turn2, soon: too long\n\n");
    session_expect(&s, "You said 5 bytes in auto, state turn3, soon: short\n\n");
    is_quiet(session_end(&s));
}

static void nothing_that_a_terminal_obeys_is_printed(void **state)
{
    (void)state;
    session_pipes(&s, "{\"color\": \"never\"}");
    session_type(&s, "evil\n");
    is_quiet(session_end(&s));
    assert_string_equal(s.text,
                        "a[31mred[0m b]0;title c31m ddrow e\nf \uFFFD\uFFFD g\n\n"); /* the host may break lines */
}

static void silence_is_measured(void **state)
{
    (void)state;
    session_pipes(&s, "");
    session_type(&s, "idle\n");
    session_expect(&s, "Idle for 0 s.");
    usleep(2100000);
    session_type(&s, "idle\n");
    session_expect(&s, "Idle for ");
    is_quiet(session_end(&s));
    assert_in_range(atoi(s.text + s.at), 2, 20);
}

static void no_input_is_no_error(void **state)
{
    (void)state;
    session_pipes(&s, "");
    is_quiet(session_end(&s));
    assert_string_equal(s.text, "");
}

static void the_locale_changes_nothing(void **state)
{
    static const char *const locales[] = {"C", "tr_TR.UTF-8", "fr_FR.UTF-8", "xx_XX"};
    (void)state;
    for (size_t i = 0; i < sizeof(locales) / sizeof(*locales); i++) {
        setenv("LC_ALL", locales[i], 1);
        session_pipes(&s, "");
        session_type(&s, "ÇA ırmak\n");
        is_quiet(session_end(&s));
        assert_string_equal(s.text, "You said 10 bytes in auto, state , soon: ÇA ırmak\n\n");
    }
    unsetenv("LC_ALL");
}

static void stop_ends_waiting_for_input(void **state)
{
    int status;
    (void)state;
    session_pipes(&s, "");
    session_type(&s, "one\nhalf a li");
    session_expect(&s, "one\n\n");
    assert_in_range(session_terminate(&s, &status), 0, 900);
    is_quiet(status);
    assert_false(session_printed(&s, "half"));
}

static void stop_ends_waiting_for_the_reader(void **state)
{
    int status;
    (void)state;
    session_pipes(&s, "");
    for (int i = 0; i < 3000; i++) /* answers fill the pipe, nobody reads them */
        session_type(&s, "a question\n");
    usleep(100000);
    assert_in_range(session_terminate(&s, &status), 0, 900);
    is_quiet(status);
}

static void a_reader_that_goes_away_ends_it_quietly(void **state)
{
    (void)state;
    session_pipes(&s, "");
    session_type(&s, "one\n");
    session_expect(&s, "one\n\n");
    close(s.out);
    s.out = open("/dev/null", 0);
    session_type(&s, "two\n");
    is_quiet(session_end(&s));
}

/* Descriptors 0 and 1 are closed before the connector starts. */
static void closed_descriptors_do_no_harm(void **state)
{
    (void)state;
    for (int closed = 0; closed <= 1; closed++) {
        pid_t pid = fork();
        if (pid == 0) {
            int null = open("/dev/null", 2);
            dup2(null, 0);
            dup2(null, 1);
            if (closed == 1) { /* a question is waiting */
                int p[2];
                if (pipe(p) < 0 || write(p[1], "q\n", 2) != 2)
                    _exit(99);
                dup2(p[0], 0);
            }
            dup2(null, 2);
            close(closed);
            _exit(session_run(""));
        }
        int status = 0;
        waitpid(pid, &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), closed == 0 ? 0 : 74);
    }
}

static void bad_settings_are_refused_in_words(void **state)
{
    (void)state;
    session_pipes(&s, "{\"promt\": \"\"}");
    assert_int_equal(session_end(&s), 71);
    assert_string_equal(s.err_text, "stdin_settings: unknown setting \"promt\": did you mean \"prompt\"?\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_has_its_answer_at_once),
        cmocka_unit_test(json_is_one_object_a_line),
        cmocka_unit_test(lines_may_hold_anything),
        cmocka_unit_test(a_line_of_any_length_is_read_to_its_end),
        cmocka_unit_test(nothing_that_a_terminal_obeys_is_printed),
        cmocka_unit_test(silence_is_measured),
        cmocka_unit_test(no_input_is_no_error),
        cmocka_unit_test(the_locale_changes_nothing),
        cmocka_unit_test(stop_ends_waiting_for_input),
        cmocka_unit_test(stop_ends_waiting_for_the_reader),
        cmocka_unit_test(a_reader_that_goes_away_ends_it_quietly),
        cmocka_unit_test(closed_descriptors_do_no_harm),
        cmocka_unit_test(bad_settings_are_refused_in_words),
    };
    return cmocka_run_group_tests_name("stdin_pipe", tests, NULL, NULL);
}
