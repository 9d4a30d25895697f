/* SPDX-License-Identifier: MIT
 *
 * test_sparse.c - sets of numbers that know the places of their members: sparse.h against counting.
 */
#include "support.h"

#include "sparse.h"

#include <stdlib.h>

#define NUMBERS 3000

static struct sparse_block *blocks;
static unsigned char is_member[NUMBERS];

/* Every `one_of`-th number by chance; how many there are is what sealing must say. */
static void make_set(unsigned one_of)
{
    uint32_t n = 0;
    blocks = calloc(sparse_blocks(NUMBERS), sizeof(*blocks));
    assert_non_null(blocks);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        is_member[i] = one_of && (unsigned)rand() % one_of == 0;
        n += is_member[i];
        if (is_member[i])
            sparse_add(blocks, i);
    }
    assert_int_equal(sparse_seal(blocks, NUMBERS), n);
}

static void places_are_counted_members(void **state)
{
    static const unsigned densities[] = {0, 1, 2, 30, 1000};
    (void)state;
    srand(1);
    for (size_t d = 0; d < sizeof(densities) / sizeof(densities[0]); d++) {
        uint32_t below = 0;
        make_set(densities[d]);
        for (uint32_t i = 0; i < NUMBERS; i++) {
            assert_int_equal(sparse_has(blocks, i), is_member[i]);
            assert_int_equal(sparse_place(blocks, i), below);
            below += is_member[i];
        }
        free(blocks);
    }
}

static void there_is_room_for_no_number_and_for_the_last_one(void **state)
{
    (void)state;
    assert_int_equal(sparse_blocks(0), 1);
    for (size_t n = 1; n < 200; n++)
        assert_true(sparse_blocks(n) * 32 >= n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_counted_members),
        cmocka_unit_test(there_is_room_for_no_number_and_for_the_last_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
