/* SPDX-License-Identifier: MIT
 *
 * test_stdin_terminal.c - the stdin connector talking to a person, on a pseudo-terminal: the prompt, editing, the
 * keys, the commands, and that the terminal is as it was when the chat is over, however it ends.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "stdin_session.h"

static struct session s;

static void begin(const char *settings)
{
    session_terminal(&s, settings, "xterm", 80);
    session_expect(&s, "> ");
}

/* The modes of the terminal; the connector changes them only while it runs. */
static struct termios modes(void)
{
    struct termios t;
    assert_int_equal(tcgetattr(s.in, &t), 0);
    return t;
}

static void is_as_before(const struct termios *now)
{
    assert_true(now->c_lflag & ICANON);
    assert_true(now->c_lflag & ECHO);
    assert_true(now->c_lflag & ISIG);
    assert_int_equal(now->c_cc[VINTR], 3);
    assert_int_equal(now->c_cc[VSUSP], 26);
    assert_int_equal(now->c_cc[VEOL], 0);
}

/* Ctrl-D ends it and the terminal is given back. */
static void ends_well(void)
{
    session_type(&s, "\004");
    int fd = dup(s.in);
    assert_int_equal(session_end(&s), 0);
    struct termios t;
    assert_int_equal(tcgetattr(fd, &t), 0);
    is_as_before(&t);
    close(fd);
}

static void a_question_is_asked_and_answered(void **state)
{
    (void)state;
    begin("{\"lang\": \"fr\"}");
    assert_true(session_printed(&s, "Réponses automatiques ; ce n’est pas un médecin."));
    assert_true(session_printed(&s, "  1. Qu’est-ce que la mésothérapie ?"));
    session_type(&s, "ça fait mal ?\r");
    session_expect(&s, "You said 14 bytes in fr, state , soon: ça fait mal ?");
    session_expect(&s, "> ");
    session_type(&s, "  et \177t apres  \r");
    session_expect(&s, "You said 9 bytes in fr, state turn1, soon: ett apres\r\n");
    ends_well();
}

static void ctrl_c_clears_and_twice_quits(void **state)
{
    (void)state;
    begin("{\"lang\": \"en\"}");
    session_type(&s, "half a questi\003");
    session_expect(&s, "^C\r\n");
    session_expect(&s, "Ctrl-C once more to quit.");
    session_expect(&s, "> ");
    session_type(&s, "whole\r");
    session_expect(&s, "You said 5 bytes in en, state , ");
    session_expect(&s, "> ");
    session_type(&s, "\003");
    session_expect(&s, "Ctrl-C once more to quit.");
    session_expect(&s, "> ");
    int fd = dup(s.in);
    session_type(&s, "\003");
    assert_int_equal(session_end(&s), 130);
    struct termios t;
    assert_int_equal(tcgetattr(fd, &t), 0);
    is_as_before(&t);
    close(fd);
}

static void tab_completes_commands_and_topics(void **state)
{
    (void)state;
    begin("{\"lang\": \"en\"}");
    session_type(&s, "/so\t\r");
    session_expect(&s, "There is no answer yet.");
    session_type(&s, "doul\t\r");
    session_expect(&s, "You said 7 bytes in en, state , soon: Douleur");
    session_type(&s, "eff\t");
    session_expect(&s, "Effets");
    session_type(&s, "\t");
    session_expect(&s, "  Effets secondaires\r\n  Effets tardifs\r\n");
    session_type(&s, "t\t\r");
    session_expect(&s, "You said 14 bytes in en, state turn1, soon: Effets tardifs");
    ends_well();
}

static void choices_are_taken_by_number_and_by_letters(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "choose\r");
    session_expect(&s, "3. Évolution après la séance");
    session_type(&s, "2\r");
    session_expect(&s, "Picked 2.");
    session_type(&s, "choose\r");
    session_expect(&s, "3. Évolution après la séance");
    session_type(&s, "evo\r");
    session_expect(&s, "Picked 3.");
    session_type(&s, "choose\r");
    session_expect(&s, "3. Évolution après la séance");
    session_type(&s, "something else\r");
    session_expect(&s, "You said 14 bytes");
    session_type(&s, "?\r");
    session_expect(&s, "2. Est-ce douloureux ?");
    session_type(&s, "2\r");
    session_expect(&s, "state turn1, soon: Est-ce douloureux ?");
    ends_well();
}

static void commands_are_carried_out(void **state)
{
    (void)state;
    begin("{\"lang\": \"en\"}");
    session_type(&s, "/hepl\r");
    session_expect(&s, "Unknown command: /hepl. Did you mean /help?");
    session_type(&s, "/help\r");
    session_expect(&s, "  /feedback +|-       the last answer was useful");
    session_type(&s, "//help\r");
    session_expect(&s, "You said 5 bytes in en, state , soon: /help");
    session_type(&s, "/lang fr\r");
    session_expect(&s, "Langue : français.");
    session_type(&s, "sources\r");
    session_expect(&s, "Mesotherapy: a review\033[0m\r\n");
    session_type(&s, "/sources\r");
    session_expect(&s, "Mesotherapy: a review\033[0m\r\n");
    session_type(&s, "/why\r");
    session_expect(&s, "read as: [1mbold\r\nlanguage: fr (two words)\r\n");
    session_type(&s, "/topics\r");
    session_expect(&s, "- Effets tardifs");
    session_type(&s, "/feedback +\r");
    session_expect(&s, "Merci, c'est noté.");
    session_type(&s, "/feedback -\r");
    session_expect(&s, "Cette réponse a déjà votre avis.");
    session_type(&s, "/lang auto\r");
    session_expect(&s, "Langue : celle de chaque question.");
    session_type(&s, "nothing in auto\r");
    session_expect(&s, "15 bytes in auto, state ");
    session_type(&s, "/clear\r");
    session_expect(&s, "\033[2J\033[3J");
    session_type(&s, "again\r");
    session_expect(&s, "5 bytes in auto, state , soon: again");
    session_type(&s, "/quit\r");
    assert_int_equal(session_end(&s), 0);
    assert_true(session_printed(&s, "feedback: + mock/answer\r\n"));
    assert_false(session_printed(&s, "feedback: -"));
}

static void a_paste_is_one_message(void **state)
{
    (void)state;
    begin("");
    assert_true(session_printed(&s, "\033[?2004h"));
    session_type(&s, "\033[200~one\ntwo\tthree e\u0301 \003\032\033[201~\r");
    session_expect(&s, "You said 16 bytes in auto, state , soon: one two three é\r\n");
    session_type(&s, "\033[200~never ends");
    session_expect(&s, "> ");
    usleep(100000);
    session_type(&s, "\003");
    session_expect(&s, "^C\r\n");
    ends_well();
}

static void broken_and_hidden_characters_do_not_enter(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "a\377b\303c\u202Ed\302\233e\360\237\r");
    session_expect(&s, "You said 5 bytes in auto, state , soon: abcde");
    ends_well();
}

static void long_lines_are_too_long(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "\033[200~");
    for (int i = 0; i < 500; i++)
        session_type(&s, "0123456789");
    session_type(&s, "\033[201~\r");
    session_expect(&s, "You said 4097 bytes in auto, state , soon: too long");
    ends_well();
}

static void the_window_may_change(void **state)
{
    struct winsize size = {.ws_row = 24, .ws_col = 30};
    (void)state;
    begin("");
    session_type(&s, "sour");
    session_expect(&s, "sour");
    ioctl(s.in, TIOCSWINSZ, &size);
    kill(s.pid, SIGWINCH);
    session_expect(&s, "\033[J");
    session_expect(&s, "> sour");
    session_type(&s, "ces\r");
    session_expect(&s, "Les séances durent un quart\r\nd’heure ;");
    ends_well();
}

/* Nobody could continue us here (there is no shell around this terminal): the key must do no harm. */
static void ctrl_z_comes_back(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "abc\032");
    session_expect(&s, "^Z\r\n");
    session_expect(&s, "> abc");
    session_type(&s, "d\r");
    session_expect(&s, "You said 4 bytes in auto, state , soon: abcd");
    ends_well();
}

static void colours_and_their_absence(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "urgent\r");
    session_expect(&s, "\033[1;31m*** URGENCE ***\033[0m\r\n! \033[1;31mAppelez le 15");
    ends_well();
    setenv("NO_COLOR", "1", 1);
    begin("");
    session_type(&s, "urgent\r");
    session_expect(&s, "*** URGENCE ***\r\n! Appelez le 15");
    ends_well();
    assert_false(session_printed(&s, "\033[1;31m"));
    begin("{\"color\": \"always\"}");
    session_type(&s, "urgent\r");
    session_expect(&s, "\033[1;31m*** URGENCE");
    ends_well();
    unsetenv("NO_COLOR");
}

static void plain_is_without_escape_sequences(void **state)
{
    (void)state;
    for (int dumb = 0; dumb <= 1; dumb++) {
        session_terminal(&s, dumb ? "{\"lang\": \"en\"}" : "{\"lang\": \"en\", \"plain\": true}",
                         dumb ? "dumb" : "xterm", 80);
        session_expect(&s, "\n> ");
        session_type(&s, "urgent\n");
        session_expect(&s, "EMERGENCY: Appelez le 15");
        session_type(&s, "sources\n");
        session_expect(&s, "<https://www.has-sante.fr/%C3%A9/avis>");
        session_type(&s, "h\303\251lf\003");
        session_expect(&s, "once more to quit.\r\n> ");
        session_type(&s, "\032");
        session_expect(&s, "^Z> ");
        session_type(&s, "\303\251\303\250\177\n");
        session_expect(&s, "You said 2 bytes in en");
        session_type(&s, "/clear\n");
        session_expect(&s, "forgotten.");
        ends_well();
        assert_false(session_printed(&s, "\033"));
    }
}

static void json_is_for_stdout_only(void **state)
{
    (void)state;
    begin("{\"json\": true, \"lang\": \"en\"}");
    session_type(&s, "urgent\r");
    session_expect(&s, "{\"id\": \"mock/answer\", \"outcome\": \"emergency\"}\r\n");
    session_type(&s, "/topics\r");
    session_expect(&s, "- Effets tardifs");
    ends_well();
}

static void sigterm_gives_the_terminal_back(void **state)
{
    int status;
    (void)state;
    for (int plain = 0; plain <= 1; plain++) {
        begin(plain ? "{\"plain\": true}" : "");
        session_type(&s, "half");
        session_expect(&s, "half");
        int fd = dup(s.in);
        assert_in_range(session_terminate(&s, &status), 0, 900);
        assert_int_equal(status, 0);
        struct termios t;
        assert_int_equal(tcgetattr(fd, &t), 0);
        is_as_before(&t);
        close(fd);
    }
}

static void a_crash_gives_the_terminal_back(void **state)
{
    (void)state;
    begin("");
    assert_false(modes().c_lflag & ICANON);
    session_type(&s, "crash\r");
    int fd = dup(s.in);
    assert_int_equal(session_end(&s), 128 + SIGABRT);
    struct termios t;
    assert_int_equal(tcgetattr(fd, &t), 0);
    is_as_before(&t);
    close(fd);

    begin("");
    fd = dup(s.in);
    session_type(&s, "\034");
    assert_int_equal(session_end(&s), 128 + SIGQUIT);
    assert_int_equal(tcgetattr(fd, &t), 0);
    is_as_before(&t);
    close(fd);
}

static void a_lost_terminal_is_the_end(void **state)
{
    (void)state;
    begin("");
    session_type(&s, "hal");
    session_expect(&s, "hal");
    int status = -1;
    close(s.in);
    s.in = s.out = open("/dev/null", 0);
    status = session_end(&s);
    assert_true(status == 0 || status == 128 + SIGHUP || status == 74);
}

/* ----------------------------------------------------------------------------------------------------- history ---- */

static char *read_history(const char *path)
{
    static char lines[4096];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    lines[fread(lines, 1, sizeof(lines) - 1, f)] = '\0';
    fclose(f);
    return lines;
}

static void history_is_kept_only_if_wanted(void **state)
{
    char folder[] = "/tmp/faqd-historyXXXXXX";
    char path[64], command[160];
    struct stat st;
    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("XDG_STATE_HOME", folder, 1);
    snprintf(path, sizeof(path), "%s/faqd/history", folder);

    begin("");
    session_type(&s, "private\r");
    session_expect(&s, "You said 7 bytes");
    ends_well();
    assert_int_equal(stat(path, &st), -1);

    umask(0);
    begin("{\"history\": true}");
    umask(022);
    assert_true(session_printed(&s, path));
    session_type(&s, "première\r");
    session_expect(&s, "You said 9 bytes");
    session_type(&s, " secret\r");
    session_expect(&s, "You said 6 bytes");
    session_type(&s, "second\r");
    session_expect(&s, "You said 6 bytes");
    ends_well();
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_string_equal(read_history(path), "première\nsecond\n");

    begin("{\"history\": true}");
    session_type(&s, "\033[A\033[A\r"); /* arrow up, twice */
    session_expect(&s, "soon: première");
    session_type(&s, "/clear\r");
    session_expect(&s, "\033[3J");
    ends_well();
    assert_string_equal(read_history(path), "");

    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    unsetenv("XDG_STATE_HOME");
}

static void a_long_history_is_shortened(void **state)
{
    char folder[] = "/tmp/faqd-historyXXXXXX";
    char path[64], command[160];
    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("XDG_STATE_HOME", folder, 1);
    snprintf(command, sizeof(command), "mkdir %s/faqd && seq 600 > %s/faqd/history", folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof(path), "%s/faqd/history", folder);
    begin("{\"history\": true}");
    ends_well();
    assert_memory_equal(read_history(path), "101\n102\n", 8);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    unsetenv("XDG_STATE_HOME");
}

static int without_a_taste(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1); /* what a person types is UTF-8 even so */
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    unsetenv("VTE_VERSION");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_asked_and_answered),
        cmocka_unit_test(ctrl_c_clears_and_twice_quits),
        cmocka_unit_test(tab_completes_commands_and_topics),
        cmocka_unit_test(choices_are_taken_by_number_and_by_letters),
        cmocka_unit_test(commands_are_carried_out),
        cmocka_unit_test(a_paste_is_one_message),
        cmocka_unit_test(broken_and_hidden_characters_do_not_enter),
        cmocka_unit_test(long_lines_are_too_long),
        cmocka_unit_test(the_window_may_change),
        cmocka_unit_test(ctrl_z_comes_back),
        cmocka_unit_test(colours_and_their_absence),
        cmocka_unit_test(plain_is_without_escape_sequences),
        cmocka_unit_test(json_is_for_stdout_only),
        cmocka_unit_test(sigterm_gives_the_terminal_back),
        cmocka_unit_test(a_crash_gives_the_terminal_back),
        cmocka_unit_test(a_lost_terminal_is_the_end),
        cmocka_unit_test(history_is_kept_only_if_wanted),
        cmocka_unit_test(a_long_history_is_shortened),
    };
    return cmocka_run_group_tests_name("stdin_terminal", tests, without_a_taste, NULL);
}
