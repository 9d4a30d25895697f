/* SPDX-License-Identifier: MIT
 *
 * test_table.c - what was put is found, and nothing else; hashes tell texts apart.
 */
#include "support.h"

#include "table.h"

#include <stdio.h>
#include <string.h>

static uint64_t key_of(uint32_t i)
{
    char text[16];
    return table_hash(text, (size_t)snprintf(text, sizeof(text), "key %u", i));
}

static void holds_what_was_put(void **state)
{
    (void)state;
    struct table table = {0};
    assert_int_equal(table_get(&table, key_of(0)), TABLE_NONE);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(table_put(&table, key_of(i), i), FAQD_OK);
    assert_int_equal(table.used, 5000);
    assert_int_equal(table_put(&table, key_of(17), 1700), FAQD_OK); /* replaced */
    assert_int_equal(table.used, 5000);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(table_get(&table, key_of(i)), i == 17 ? 1700 : i);
    for (uint32_t i = 5000; i < 10000; i++)
        assert_int_equal(table_get(&table, key_of(i)), TABLE_NONE);
    table_free(&table);
    assert_int_equal(table_get(&table, key_of(0)), TABLE_NONE);
}

static void hashes_letter_by_letter(void **state)
{
    (void)state;
    const char *text = "cicatrisation";
    uint64_t h = TABLE_HASH_START;
    for (size_t i = 0; text[i]; i++) {
        assert_true(table_hash_end(h) == table_hash(text, i));
        h = table_hash_letter(h, text[i]);
    }
    assert_true(table_hash_end(h) == table_hash(text, strlen(text)));
    assert_true(table_hash_next(1, 2) != table_hash_next(2, 1));
}

/* Every flipped bit, every letter more or less gives another hash: all of them different. */
static void a_long_hash_tells_texts_apart(void **state)
{
    (void)state;
    char text[128];
    struct table seen = {0};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 7);
    for (size_t len = 0; len <= sizeof(text); len++, n++)
        table_put(&seen, table_hash_long(text, len), 1);
    for (size_t a = 0; a < sizeof(text) * 8; a += 5)
        for (size_t b = a + 1; b < sizeof(text) * 8; b += 3, n++) {
            text[a / 8] = (char)(text[a / 8] ^ 1 << a % 8);
            text[b / 8] = (char)(text[b / 8] ^ 1 << b % 8);
            table_put(&seen, table_hash_long(text, sizeof(text)), 1);
            text[a / 8] = (char)(text[a / 8] ^ 1 << a % 8);
            text[b / 8] = (char)(text[b / 8] ^ 1 << b % 8);
        }
    assert_int_equal(seen.used, n);
    table_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_put),
        cmocka_unit_test(hashes_letter_by_letter),
        cmocka_unit_test(a_long_hash_tells_texts_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
