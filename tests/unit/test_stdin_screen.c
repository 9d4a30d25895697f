/* SPDX-License-Identifier: MIT
 *
 * test_stdin_screen.c - the pure parts of the stdin connector: what may be printed, where lines break, how an answer
 * is laid out, what a typed line means, what the settings may say. The sources are included, so that this is one
 * program without the plugin's own build.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../plugins/stdin/buf.c"
#include "../../plugins/stdin/clean.c"
#include "../../plugins/stdin/commands.c"
#include "../../plugins/stdin/pick.c"
#include "../../plugins/stdin/screen.c"
#include "../../plugins/stdin/settings.c"
#include "../../plugins/stdin/strings.c"
#include "../../plugins/stdin/terminal.c"
#include "../../plugins/stdin/texts.c"
#include "../../plugins/stdin/wake.c"
#include "../../plugins/stdin/wrap.c"

#include "mock_host.h"

/* ------------------------------------------------------------------------------------------------------- clean ---- */

static void cleans_to(const char *in_text, size_t len, const char *expected)
{
    struct buf b;
    buf_init(&b, BUF_MAX);
    clean_line(&b, in_text, len);
    assert_string_equal(buf_text(&b), expected);
    buf_free(&b);
}

#define CLEANS(in_text, expected) cleans_to(in_text, sizeof(in_text) - 1, expected)

static void clean_drops_what_a_terminal_would_obey(void **state)
{
    (void)state;
    CLEANS("plain text", "plain text");
    CLEANS("é œ 漢 👩‍🔬", "é œ 漢 👩‍🔬");
    CLEANS("a\033[31mb\033]0;t\007c", "a[31mb]0;tc");
    CLEANS("a\xC2\x9B"
           "31mb",
           "a31mb"); /* CSI as one character */
    CLEANS("a\x9B"
           "31mb",
           "a\uFFFD31mb"); /* as a bare byte it is no UTF-8 */
    CLEANS("a\u202Eb\u2066c\u2069d", "abcd");
    CLEANS("a\u200Bb\uFEFFc", "abc");
    CLEANS("a\nb\tc\rd\u2028e", "a b c d e");
    CLEANS("a\0b\177c", "abc");
    CLEANS("\xC0\x80\xED\xA0\x80\xF5", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
    CLEANS("", "");
}

/* Every string of three bytes drawn from the dangerous ones: nothing but printable UTF-8 comes out. */
static void clean_lets_no_control_through(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x07, 0x0A, 0x1B, '[',  'A',  0x7F, 0x80, 0x85,
                                          0x90, 0x9B, 0x9D, 0xC2, 0xE2, 0xAE, 0xF0, 0xFF};
    struct buf b;
    (void)state;
    buf_init(&b, BUF_MAX);
    for (size_t i = 0; i < sizeof(bytes) * sizeof(bytes) * sizeof(bytes); i++) {
        size_t n = sizeof(bytes);
        char text_in[3] = {(char)bytes[i % n], (char)bytes[i / n % n], (char)bytes[i / n / n]};
        buf_clear(&b);
        clean_line(&b, text_in, 3);
        for (size_t at = 0; at < b.len;)
            assert_true(clean_allows(clean_next(b.text, b.len, &at)));
    }
    buf_free(&b);
}

/* -------------------------------------------------------------------------------------------------------- wrap ---- */

static void wraps_to(size_t width, const char *in_text, const char *expected)
{
    struct buf b;
    buf_init(&b, BUF_MAX);
    wrap_text(&b, &(struct wrap){.width = width}, in_text);
    assert_string_equal(buf_text(&b), expected);
    buf_free(&b);
}

static void columns_are_those_of_clusters(void **state)
{
    (void)state;
    assert_int_equal(wrap_columns("abc", 3), 3);
    assert_int_equal(wrap_columns("e\u0301t\u00E9", strlen("e\u0301t\u00E9")), 3);
    assert_int_equal(wrap_columns("漢字", strlen("漢字")), 4);
    assert_int_equal(wrap_columns("👩‍🔬", strlen("👩‍🔬")), 2);
    assert_int_equal(wrap_columns("👍🏽", strlen("👍🏽")), 2);
    assert_int_equal(wrap_columns("🇫🇷🇬🇧", strlen("🇫🇷🇬🇧")), 4);
    assert_int_equal(wrap_columns("❤\uFE0F", strlen("❤\uFE0F")), 2);
    assert_int_equal(wrap_columns("a\u202Fb", strlen("a\u202Fb")), 3);
}

static void lines_fill_and_never_overflow(void **state)
{
    (void)state;
    wraps_to(0, "one line however long it may be", "one line however long it may be\n");
    wraps_to(10, "aaa bbb ccc ddd", "aaa bbb\nccc ddd\n");
    wraps_to(11, "aaa bbb ccc ddd", "aaa bbb ccc\nddd\n");
    wraps_to(10, "", "");
    wraps_to(10, "   ", "");
    wraps_to(10, "  a   b  ", "a b\n");
    wraps_to(4, "abcdefghij", "abcd\nefgh\nij\n");
    wraps_to(4, "a bcdefghij", "a\nbcde\nfghi\nj\n");
    wraps_to(3, "漢字漢", "漢\n字\n漢\n");
    wraps_to(1, "漢字", "漢\n字\n"); /* one cluster at least */
    wraps_to(4, "e\u0301e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301\ne\u0301\n");
    wraps_to(6, "see https://example.org/a/b ok", "see\nhttps://example.org/a/b\nok\n");
}

static void french_punctuation_stays_with_its_word(void **state)
{
    (void)state;
    wraps_to(9, "ça va là ?", "ça va\nlà ?\n");
    wraps_to(9, "oui alors !", "oui\nalors !\n");
    wraps_to(11, "le mot « dit » là", "le mot\n« dit » là\n");
    wraps_to(9, "il y a 10 % ici", "il y a\n10 % ici\n");
    wraps_to(13, "une ligne [1][2]", "une\nligne [1][2]\n");
    wraps_to(9, "mot\u00A0lié\u202Fici fin", "mot\u00A0lié\u202Fi\nci fin\n"); /* too wide: cut */
}

static void indents_and_decorations_are_on_every_line(void **state)
{
    struct buf b;
    struct wrap how = {.width = 8, .first = "- ", .next = "  ", .on = "<", .off = ">"};
    (void)state;
    buf_init(&b, BUF_MAX);
    wrap_text(&b, &how, "aaa bbb ccc");
    assert_string_equal(buf_text(&b), "- <aaa>\n  <bbb>\n  <ccc>\n");
    buf_free(&b);
}

/* ------------------------------------------------------------------------------------------------------ screen ---- */

/* `answers` of the mock host laid out. */
static void looks_like(const struct style *style, const char *question, const char *expected)
{
    struct faqd_worker *w = mock_host()->worker_new(mock_host());
    struct faqd_message m = {.text = question, .text_len = strlen(question), .lang = "fr", .state = ""};
    struct faqd_answer_view view;
    struct buf b;
    buf_init(&b, BUF_MAX);
    mock_host()->ask(w, &m, &view);
    screen_answer(&b, style, &view);
    assert_string_equal(buf_text(&b), expected);
    assert_false(b.failed);
    buf_free(&b);
    mock_host()->worker_free(w);
}

static void an_answer_is_laid_out(void **state)
{
    struct style style = {.width = 40};
    (void)state;
    looks_like(&style, "sources",
               "Les séances durent un quart d’heure ;\n"
               "elles se répètent chaque semaine ou\n"
               "chaque mois. [1][2]\n"
               "\n"
               "- la peau est désinfectée [1]\n"
               "- l’aiguille est fine\n"
               "\n"
               "Parlez-en à votre médecin.\n"
               "\n"
               "[1] Haute Autorité de santé, avis sur la\n"
               "    mésothérapie\n"
               "    <https://www.has-sante.fr/%C3%A9/avis>\n"
               "[2] Mesotherapy: a review\n");
    looks_like(&style, "choose",
               "De quoi parlez-vous ?\n\n  1. La douleur\n  2. Le prix\n  3. Évolution après la séance\n");
    style.width = 0;
    looks_like(&style, "evil", "a[31mred[0m b]0;title c31m ddrow e f \uFFFD\uFFFD g\n");
}

static void an_alert_stands_out_without_colour(void **state)
{
    struct style style = {.width = 30};
    (void)state;
    looks_like(&style, "urgent",
               "*** URGENCE ***\n"
               "! Appelez le 15 ou le 112.\n"
               "! N’attendez pas une réponse\n"
               "! de ce programme.\n");
    looks_like(&style, "grave", "*** URGENCE ***\n! Appelez le 15.\n\nNe restez pas seul.\n");
    style.plain = true;
    looks_like(&style, "urgent",
               "URGENCE : Appelez le 15 ou le\n112.\nURGENCE : N’attendez pas une\nréponse de ce programme.\n");
    style = (struct style){.color = true};
    looks_like(&style, "urgent",
               "\033[1;31m*** URGENCE ***\033[0m\n"
               "! \033[1;31mAppelez le 15 ou le 112.\033[0m\n"
               "! \033[1;31mN’attendez pas une réponse de ce programme.\033[0m\n");
}

static void links_are_ascii_and_only_for_the_web(void **state)
{
    struct style style = {.links = true};
    struct strings s = {0};
    struct buf b;
    (void)state;
    buf_init(&b, BUF_MAX);
    strings_add(&s, "Avis");
    strings_add(&s, "https://x.org/é\033\\?q=1");
    strings_add(&s, "Local");
    strings_add(&s, "file:///etc/passwd");
    strings_add(&s, "");
    strings_add(&s, "https://y.org/");
    screen_sources(&b, &style, &s);
    assert_string_equal(buf_text(&b), "[1] \033]8;;https://x.org/%C3%A9%1B%5C?q=1\033\\Avis\033]8;;\033\\\n"
                                      "[2] Local <file:///etc/passwd>\n"
                                      "[3] \033]8;;https://y.org/\033\\https://y.org/\033]8;;\033\\\n");
    strings_clear(&s);
    buf_free(&b);
}

static void colour_needs_a_terminal_and_no_veto(void **state)
{
    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(color_wanted(COLOR_AUTO, true, false));
    assert_false(color_wanted(COLOR_AUTO, false, false));
    assert_false(color_wanted(COLOR_AUTO, true, true));
    setenv("NO_COLOR", "", 1);
    assert_true(color_wanted(COLOR_AUTO, true, false));
    setenv("NO_COLOR", "1", 1);
    assert_false(color_wanted(COLOR_AUTO, true, false));
    assert_true(color_wanted(COLOR_ALWAYS, false, true));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(color_wanted(COLOR_AUTO, true, false));
    assert_true(color_wanted(COLOR_ALWAYS, true, false));
    assert_false(color_wanted(COLOR_NEVER, true, false));
    unsetenv("TERM");
    assert_false(color_wanted(COLOR_AUTO, true, false));
}

static void links_need_a_terminal_known_for_them(void **state)
{
    (void)state;
    static const char *const names[] = {
        "TMUX", "STY", "VTE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "TERM_PROGRAM"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unsetenv(names[i]);
    setenv("TERM", "xterm", 1);
    assert_false(links_known());
    setenv("VTE_VERSION", "4800", 1);
    assert_false(links_known());
    setenv("VTE_VERSION", "7003", 1);
    assert_true(links_known());
    setenv("TMUX", "/tmp/x,1,0", 1);
    assert_false(links_known());
    unsetenv("TMUX");
    unsetenv("VTE_VERSION");
    setenv("TERM", "xterm-kitty", 1);
    assert_true(links_known());
}

/* ---------------------------------------------------------------------------------------------------- commands ---- */

static struct command_line parsed(const char *line)
{
    struct command_line c;
    command_parse(line, strlen(line), &c);
    return c;
}

static void a_slash_begins_a_command(void **state)
{
    (void)state;
    assert_int_equal(parsed("/help").command, COMMAND_HELP);
    assert_int_equal(parsed("  /HELP  ").command, COMMAND_HELP);
    assert_int_equal(parsed("/aide").command, COMMAND_HELP);
    assert_int_equal(parsed("/quitter").command, COMMAND_QUIT);
    assert_int_equal(parsed("?").command, COMMAND_SUGGEST);
    assert_int_equal(parsed(" ? ").command, COMMAND_SUGGEST);
    assert_int_equal(parsed("").command, COMMAND_EMPTY);
    assert_int_equal(parsed(" \t ").command, COMMAND_EMPTY);
    assert_int_equal(parsed("combien ?").command, COMMAND_NONE);
    assert_int_equal(parsed("??").command, COMMAND_NONE);

    struct command_line c = parsed("/lang   fr ");
    assert_int_equal(c.command, COMMAND_LANG);
    assert_int_equal(c.rest_len, 2);
    assert_memory_equal(c.rest, "fr", 2);
}

static void two_slashes_are_one_in_a_question(void **state)
{
    (void)state;
    struct command_line c = parsed("//help me");
    assert_int_equal(c.command, COMMAND_NONE);
    assert_int_equal(c.rest_len, 8);
    assert_memory_equal(c.rest, "/help me", 8);
    assert_int_equal(parsed("//").command, COMMAND_NONE);
}

static void an_unknown_command_names_the_nearest(void **state)
{
    (void)state;
    struct command_line c = parsed("/hlep me");
    assert_int_equal(c.command, COMMAND_UNKNOWN);
    assert_string_equal(c.word, "/hlep");
    assert_string_equal(c.near, "/help");
    assert_string_equal(parsed("/topic").near, "/topics");
    assert_string_equal(parsed("/sorces").near, "/sources");
    assert_string_equal(parsed("/quiter").near, "/quitter");
    assert_null(parsed("/banana").near);
    assert_string_equal(parsed("/\033[31m").word, "/?[31m");
    assert_int_equal(parsed("/").command, COMMAND_UNKNOWN);

    char longer[5000];
    memset(longer, '/', 1);
    memset(longer + 1, 'x', sizeof(longer) - 1);
    command_parse(longer, sizeof(longer), &c);
    assert_int_equal(strlen(c.word), COMMAND_WORD_MAX);
}

static void commands_and_their_arguments_complete(void **state)
{
    struct strings s = {0};
    (void)state;
    command_complete("/", &s);
    assert_int_equal(s.n, 8);
    strings_clear(&s);
    command_complete("/so", &s);
    assert_int_equal(s.n, 1);
    assert_string_equal(s.items[0], "/sources");
    strings_clear(&s);
    command_complete("/lang ", &s);
    assert_int_equal(s.n, 3);
    strings_clear(&s);
    command_complete("/lang f", &s);
    assert_int_equal(s.n, 1);
    assert_string_equal(s.items[0], "/lang fr");
    strings_clear(&s);
    command_complete("/help x", &s);
    assert_int_equal(s.n, 0);
}

static size_t picked(const struct strings *s, const char *line)
{
    return pick(s, line, strlen(line));
}

static void choices_are_picked_by_number_or_first_letters(void **state)
{
    struct strings s = {0};
    (void)state;
    strings_add(&s, "La douleur");
    strings_add(&s, "Le prix d’une séance");
    strings_add(&s, "Évolution");
    assert_int_equal(picked(&s, "2"), 2);
    assert_int_equal(picked(&s, "4"), 0);
    assert_int_equal(picked(&s, "0"), 0);
    assert_int_equal(picked(&s, "99999999999999999999"), 0);
    assert_int_equal(picked(&s, "la"), 1);
    assert_int_equal(picked(&s, "LA DOUL"), 1);
    assert_int_equal(picked(&s, "l"), 0); /* fits two */
    assert_int_equal(picked(&s, "evo"), 3);
    assert_int_equal(picked(&s, "Le prix d'une se"), 2);
    assert_int_equal(picked(&s, "douleur"), 0);
    assert_int_equal(picked(&s, ""), 0);
    assert_int_equal(picked(&s, "\xFF"), 0);
    strings_clear(&s);
}

/* ---------------------------------------------------------------------------------------------------- settings ---- */

static void refuses(const char *json, const char *expected)
{
    struct settings s;
    char error[256] = "";
    assert_int_equal(settings_parse(json, &s, error, sizeof(error)), FAQD_EINVAL);
    assert_string_equal(error, expected);
}

static void settings_have_defaults(void **state)
{
    struct settings s;
    char error[256];
    (void)state;
    assert_int_equal(settings_parse(NULL, &s, error, sizeof(error)), FAQD_OK);
    assert_string_equal(s.lang, "");
    assert_string_equal(s.prompt, "> ");
    assert_false(s.json || s.plain || s.history);
    assert_int_equal(s.color, COLOR_AUTO);
    settings_free(&s);
    assert_int_equal(settings_parse("{}", &s, error, sizeof(error)), FAQD_OK);
    settings_free(&s);
    assert_int_equal(settings_parse("{\"lang\":\"fr\",\"json\":true,\"color\":\"never\",\"plain\":true,"
                                    "\"history\":true,\"prompt\":\"faq ❯ \"}",
                                    &s, error, sizeof(error)),
                     FAQD_OK);
    assert_string_equal(s.lang, "fr");
    assert_string_equal(s.prompt, "faq ❯ ");
    assert_true(s.json && s.plain && s.history);
    assert_int_equal(s.color, COLOR_NEVER);
    settings_free(&s);
}

static void settings_are_checked(void **state)
{
    (void)state;
    refuses("{\"colour\": \"auto\"}", "unknown setting \"colour\": did you mean \"color\"?");
    refuses("{\"xyzzy\": 1}", "unknown setting \"xyzzy\"; faqd.json(5) describes the known ones");
    refuses("{\"lang\": \"de\"}", "setting \"lang\" must be \"fr\", \"en\" or \"\"");
    refuses("{\"json\": 1}", "setting \"json\" must be true or false");
    refuses("{\"color\": \"sometimes\"}", "setting \"color\" must be \"auto\", \"always\" or \"never\"");
    refuses("{\"prompt\": \"a\\u001b[1m\"}", "setting \"prompt\" must not contain control characters");
    refuses("{\"prompt\": \"0123456789012345678901234567890123\"}",
            "setting \"prompt\" must be a text of at most 32 bytes");
    refuses("[]", "settings must be a JSON object");
    refuses("{\"json\": true, \"json\": false}", "settings: line 1, column 21: duplicate object key near '\"json\"'");
}

static void every_text_is_there_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++) {
        assert_non_null(text_table[i].fr);
        assert_non_null(text_table[i].en);
        assert_int_equal(strstr(text_table[i].fr, "{}") != NULL, strstr(text_table[i].en, "{}") != NULL);
    }
}

static void a_buffer_keeps_its_limit(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 5);
    buf_puts(&b, "abc");
    buf_puts(&b, "def");
    assert_true(b.failed);
    buf_puts(&b, "g");
    assert_string_equal(buf_text(&b), "abc");
    buf_clear(&b);
    buf_puts(&b, "abcde");
    assert_false(b.failed);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_drops_what_a_terminal_would_obey),
        cmocka_unit_test(clean_lets_no_control_through),
        cmocka_unit_test(columns_are_those_of_clusters),
        cmocka_unit_test(lines_fill_and_never_overflow),
        cmocka_unit_test(french_punctuation_stays_with_its_word),
        cmocka_unit_test(indents_and_decorations_are_on_every_line),
        cmocka_unit_test(an_answer_is_laid_out),
        cmocka_unit_test(an_alert_stands_out_without_colour),
        cmocka_unit_test(links_are_ascii_and_only_for_the_web),
        cmocka_unit_test(colour_needs_a_terminal_and_no_veto),
        cmocka_unit_test(links_need_a_terminal_known_for_them),
        cmocka_unit_test(a_slash_begins_a_command),
        cmocka_unit_test(two_slashes_are_one_in_a_question),
        cmocka_unit_test(an_unknown_command_names_the_nearest),
        cmocka_unit_test(commands_and_their_arguments_complete),
        cmocka_unit_test(choices_are_picked_by_number_or_first_letters),
        cmocka_unit_test(settings_have_defaults),
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(every_text_is_there_in_both_languages),
        cmocka_unit_test(a_buffer_keeps_its_limit),
    };
    return cmocka_run_group_tests_name("stdin_screen", tests, NULL, NULL);
}
