/* SPDX-License-Identifier: MIT
 *
 * test_err.c - the first error wins, and says where it was; an error buffer never overflows.
 */
#include "support.h"

#include <string.h>

static void the_first_error_wins(void **state)
{
    (void)state;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    err_where(&err, "early.json", "a.b"); /* there is no error yet: nothing to place */
    assert_string_equal(err_line(&err, line, sizeof(line)), "no error");
    assert_int_equal(err_set(&err, FAQD_EINVAL, "bad %s %d", "thing", 3), FAQD_EINVAL);
    assert_int_equal(err_set(&err, FAQD_ENOMEM, "out of memory"), FAQD_ENOMEM); /* the caller's code comes back */
    assert_int_equal(err.code, FAQD_EINVAL);
    assert_string_equal(err_line(&err, line, sizeof(line)), "bad thing 3");
}

static void places_fill_what_is_unsaid(void **state)
{
    (void)state;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    err_set(&err, FAQD_EINVAL, "bad");
    err_where(&err, NULL, "intents[3].id");
    err_where(&err, "a.json", "another.path");
    err_where(&err, "b.json", NULL);
    assert_string_equal(err_line(&err, line, sizeof(line)), "a.json: intents[3].id: bad");
    err.line = 12;
    assert_string_equal(err_line(&err, line, sizeof(line)), "a.json:12: intents[3].id: bad");
}

static void null_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, FAQD_EIO, "x"), FAQD_EIO);
    err_where(NULL, "f", "p");
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    char small[8];
    char text[4096];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    err_set(&err, FAQD_EINVAL, "%s", text);
    err_where(&err, text, text);
    err.line = 2147483647;
    assert_true(strlen(err_line(&err, line, sizeof(line))) < sizeof(line) - 1); /* the line always fits whole */
    assert_int_equal(strlen(err.file), ERR_FILE_MAX - 1);
    assert_int_equal(strlen(err_line(&err, small, sizeof(small))), sizeof(small) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(places_fill_what_is_unsaid),
        cmocka_unit_test(null_is_allowed),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
