/* SPDX-License-Identifier: MIT
 *
 * test_str.c - the text buffer: its maximum, its sticky errors, its promise that reserving spares later failures.
 */
#include "support.h"

#include "str.h"

#include <string.h>

static void builds_text(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 100);
    assert_string_equal(str_text(&s), "");
    str_adds(&s, "a");
    str_addc(&s, 'b');
    str_add(&s, "cdx", 2);
    str_addf(&s, "%d-%s", 7, "z");
    assert_string_equal(str_text(&s), "abcd7-z");
    assert_int_equal(s.len, 7);
    assert_int_equal(s.error, FAQD_OK);
    str_reset(&s);
    assert_string_equal(str_text(&s), "");
    str_adds(&s, "again");
    assert_string_equal(str_text(&s), "again");
    str_free(&s);
    str_free(&s); /* takes a zeroed one */
}

static void keeps_zero_bytes(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 100);
    str_add(&s, "a\0b", 3);
    str_add(&s, "", 0);
    assert_int_equal(s.len, 3);
    assert_memory_equal(s.data, "a\0b", 4);
    str_free(&s);
}

static void never_passes_its_maximum(void **state)
{
    (void)state;
    for (size_t max = 0; max < 70; max++) {
        struct str s;
        size_t added = 0;
        str_init(&s, max);
        for (; added < 200 && !s.error; added++)
            str_addc(&s, 'x');
        assert_int_equal(s.error, FAQD_ELIMIT);
        assert_int_equal(s.len, max);
        assert_int_equal(added, max + 1);
        assert_int_equal(strlen(str_text(&s)), max);
        str_free(&s);
    }
}

static void an_error_sticks(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 4);
    str_adds(&s, "abc");
    str_addf(&s, "%s", "too long"); /* nothing of it is added */
    assert_int_equal(s.error, FAQD_ELIMIT);
    assert_string_equal(str_text(&s), "abc");
    str_adds(&s, "d");
    assert_string_equal(str_text(&s), "abc");
    assert_int_equal(str_reserve(&s, 1), FAQD_ELIMIT);
    str_reset(&s);
    assert_int_equal(s.error, FAQD_OK);
    str_adds(&s, "abcd");
    assert_string_equal(str_text(&s), "abcd");
    str_free(&s);
}

static void what_was_reserved_does_not_move(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 10000);
    assert_int_equal(str_reserve(&s, 5000), FAQD_OK);
    const char *data = s.data;
    for (int i = 0; i < 5000; i++)
        str_addc(&s, 'x');
    assert_ptr_equal(s.data, data);
    assert_int_equal(str_reserve(&s, 5001), FAQD_ELIMIT);
    str_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_text),
        cmocka_unit_test(keeps_zero_bytes),
        cmocka_unit_test(never_passes_its_maximum),
        cmocka_unit_test(an_error_sticks),
        cmocka_unit_test(what_was_reserved_does_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
