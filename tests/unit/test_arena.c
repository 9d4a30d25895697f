/* SPDX-License-Identifier: MIT
 *
 * test_arena.c - the pool of a pack: zeroed, aligned, remembering failures; and the growing arrays and hash tables
 * beside it.
 */
#include "support.h"

#include "arena.h"
#include "array.h"
#include "table.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

static void memory_is_zeroed_aligned_and_its_own(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct random r = {7};
    unsigned char *blocks[2000];
    size_t sizes[2000];
    for (size_t i = 0; i < 2000; i++) {
        sizes[i] = random_below(&r, 100) == 0 ? 40000 + random_below(&r, 60000) : random_below(&r, 300);
        blocks[i] = arena_alloc(&arena, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t b = 0; b < sizes[i]; b++)
            if (blocks[i][b] != 0)
                fail_msg("block %zu is not zeroed", i);
        memset(blocks[i], (int)(i % 251) + 1, sizes[i]);
    }
    for (size_t i = 0; i < 2000; i++) /* no block lies in another one */
        for (size_t b = 0; b < sizes[i]; b++)
            if (blocks[i][b] != i % 251 + 1)
                fail_msg("block %zu was written over", i);
    assert_false(arena.failed);
    assert_true(arena.total > 0);
    arena_free(&arena);
    assert_int_equal(arena.total, 0);
    assert_non_null(arena_alloc(&arena, 0)); /* usable again; nothing is something */
    arena_free(&arena);
    arena_free(&arena);
}

static void impossible_sizes_fail(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_null(arena_array(&arena, SIZE_MAX / 4, 16)); /* the product would wrap around */
    assert_true(arena.failed);
    arena.failed = 0;
    assert_null(arena_alloc(&arena, SIZE_MAX - 3));
    assert_true(arena.failed);
    assert_non_null(arena_array(&arena, 0, 8));
    arena_free(&arena);
}

static void texts_are_terminated_copies(void **state)
{
    (void)state;
    struct arena arena = {0};
    char bytes[] = "hello world";
    const char *copy = arena_text(&arena, bytes, 5);
    bytes[0] = 'x';
    assert_string_equal(copy, "hello");
    assert_string_equal(arena_text(&arena, "", 0), "");
    arena_free(&arena);
}

static void arrays_grow(void **state)
{
    (void)state;
    uint32_t *items = NULL;
    for (uint32_t i = 0; i < 10000; i++) {
        assert_int_equal(array_room((void **)&items, i, sizeof(*items)), FAQD_OK);
        items[i] = i * 3;
    }
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i * 3);
    uint32_t *before = items;
    assert_int_equal(array_room((void **)&items, (size_t)1 << 62, 16), FAQD_ENOMEM);
    assert_ptr_equal(items, before);
    free(items);
}

static void tables_find_what_was_put(void **state)
{
    (void)state;
    struct table table = {0};
    struct random r = {99};
    enum { COUNT = 20000 };
    static uint64_t keys[COUNT];
    assert_int_equal(table_get(&table, 5), TABLE_NONE);
    for (uint32_t i = 0; i < COUNT; i++) {
        keys[i] = random_next(&r) | 1; /* never 0 */
        if (i % 3 == 0)
            keys[i] = (keys[i] & ~(uint64_t)0xffff) | 0x10; /* many of one slot */
        assert_int_equal(table_put(&table, keys[i], i), FAQD_OK);
    }
    for (uint32_t i = 0; i < COUNT; i++)
        assert_int_equal(table_get(&table, keys[i]), i);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(table_get(&table, random_next(&r) & ~(uint64_t)1), TABLE_NONE);
    assert_int_equal(table_put(&table, keys[7], 4711), FAQD_OK); /* replaces */
    assert_int_equal(table_get(&table, keys[7]), 4711);
    table_free(&table);
    assert_int_equal(table_get(&table, keys[7]), TABLE_NONE);
}

static void hashes_tell_apart(void **state)
{
    (void)state;
    struct table table = {0};
    char word[16];
    for (uint32_t i = 0; i < 100000; i++) {
        int len = snprintf(word, sizeof(word), "%x", i);
        uint64_t hash = table_hash(word, (size_t)len);
        assert_true(hash != 0);
        assert_int_equal(table_get(&table, hash), TABLE_NONE);
        table_put(&table, hash, i);
    }
    assert_true(table_hash("", 0) != 0);
    uint64_t a = table_hash("a", 1);
    uint64_t b = table_hash("b", 1);
    assert_true(table_hash_next(table_hash_next(0, a), b) != table_hash_next(table_hash_next(0, b), a));
    assert_true(table_hash_next(0, a) != 0);
    table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_its_own),
        cmocka_unit_test(impossible_sizes_fail),
        cmocka_unit_test(texts_are_terminated_copies),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(tables_find_what_was_put),
        cmocka_unit_test(hashes_tell_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
