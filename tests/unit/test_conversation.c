/* SPDX-License-Identifier: MIT
 *
 * test_conversation.c - the state that travels with a client: what was written is read back, and what is not ours
 * counts as none.
 */
#include "support.h"

#include "conversation.h"

#include <string.h>

static struct pack *pack;

static int setup(void **state)
{
    (void)state;
    pack = load_pack(SMALL_PACK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static struct conversation random_conversation(struct random *r)
{
    struct conversation c = {.intent = UINT32_MAX};
    uint32_t entities[64];
    size_t n = 0;
    for (uint32_t i = 0; i < lexicon_count(pack->lexicon) && n < 64; i++)
        if (lexicon_symbol(pack->lexicon, i)->kind == SYMBOL_ENTITY)
            entities[n++] = i;
    c.lang = (enum lang)random_below(r, LANGS);
    c.age = (unsigned)random_below(r, CONVERSATION_TURNS);
    if (random_below(r, 2)) {
        c.live = 1;
        c.intent = (uint32_t)random_below(r, pack->n_intents);
        c.n_entities = random_below(r, CONVERSATION_ENTITIES_MAX + 1);
        for (size_t i = 0; i < c.n_entities; i++)
            c.entities[i] = entities[random_below(r, n)];
    }
    c.n_choices = random_below(r, CONVERSATION_CHOICES_MAX + 1);
    for (size_t i = 0; i < c.n_choices; i++)
        c.choices[i] = (struct choice){(uint32_t)random_below(r, pack->n_intents),
                                       random_below(r, 2) ? entities[random_below(r, n)] : SYMBOL_NONE};
    return c;
}

static void assert_same(const struct conversation *a, const struct conversation *b)
{
    assert_int_equal(a->live, b->live);
    assert_int_equal(a->lang, b->lang);
    assert_int_equal(a->age, b->age);
    assert_int_equal(a->intent, b->intent);
    assert_int_equal(a->n_entities, b->n_entities);
    for (size_t i = 0; i < a->n_entities; i++)
        assert_int_equal(a->entities[i], b->entities[i]);
    assert_int_equal(a->n_choices, b->n_choices);
    for (size_t i = 0; i < a->n_choices; i++) {
        assert_int_equal(a->choices[i].intent, b->choices[i].intent);
        assert_int_equal(a->choices[i].entity, b->choices[i].entity);
    }
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    struct random r = {31};
    for (int i = 0; i < 3000; i++) {
        char text[513];
        struct conversation back;
        struct conversation c = random_conversation(&r);
        conversation_write(pack, &c, text, sizeof(text));
        assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_;=:+"), strlen(text));
        assert_int_equal(conversation_read(pack, text, &back), 1);
        assert_same(&c, &back);
    }
}

/* A short buffer makes it forgetful, never wrong: what is left is still a state of ours. */
static void what_does_not_fit_is_forgotten(void **state)
{
    (void)state;
    struct random r = {32};
    for (int i = 0; i < 300; i++) {
        struct conversation c = random_conversation(&r);
        for (size_t size = 11; size < 200; size++) {
            char text[200];
            struct conversation back;
            conversation_write(pack, &c, text, size);
            assert_true(strlen(text) < size);
            assert_int_equal(conversation_read(pack, text, &back), 1);
            assert_true(back.n_entities <= c.n_entities && back.n_choices <= c.n_choices);
        }
    }
}

static void what_is_not_ours_counts_as_none(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "",
        "0",
        "2;l=fr",
        "1;",
        "1;l",
        "1;l=",
        "1;l=de",
        "1;l=fr;",
        "1;;l=fr",
        "1l=fr",
        "x",
        "1;a=10",
        "1;a=x",
        "1;a=-1",
        "1;a=",
        "1;i=",
        "1;i=nothing",
        "1;i=what",
        "1;e=matter",
        "1;e=matter:none",
        "1;e=compost",
        "1;e=",
        "1;c=",
        "1;c=none",
        "1;c=smell+",
        "1;c=smell+matter:none",
        "1;c=smell+compost",
        "1;z=1",
        "1;l=fr;i=smell\n",
        "1;I=smell",
        ("1;l=fr;e=matter:meat;e=matter:meat;"
         "e=matter:meat;e=matter:meat;e=matter:meat;e=matter:meat;e=matter:meat"),
        "1;c=smell;c=smell;c=smell;c=smell",
        "1;e=unknown",
        "1;e=:",
        "1;e=::",
        "1;l=f\xff",
        "1;e=matter:meat:x",
        " 1",
        "1 ;l=fr",
        "1;l=fr\x1b[31m",
        "{\"a\":1}",
        "1;i=../../../etc/passwd",
        "1;c=+",
        "1;c=++",
        "1;e=method",
    };
    struct conversation c;
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        memset(&c, 0x5a, sizeof(c));
        if (conversation_read(pack, hostile[i], &c))
            fail_msg("\"%s\" was taken", hostile[i]);
        assert_int_equal(c.live, 0);
        assert_int_equal(c.n_entities, 0);
        assert_int_equal(c.n_choices, 0);
        assert_int_equal(c.lang, pack->default_lang);
    }
    assert_int_equal(conversation_read(pack, NULL, &c), 0);
    static char longest[100000];
    memset(longest, ';', sizeof(longest) - 1);
    longest[0] = '1';
    assert_int_equal(conversation_read(pack, longest, &c), 0);
    for (size_t i = 1; i + 5 < sizeof(longest); i += 5)
        memcpy(longest + i, ";l=fr", 5);
    assert_int_equal(conversation_read(pack, longest, &c), 0);
}

/* Random changes to a good state: taken or refused, but what was taken can be written and holds only what exists. */
static void broken_states_do_no_harm(void **state)
{
    (void)state;
    struct random r = {33};
    for (int i = 0; i < 50000; i++) {
        char text[513];
        struct conversation c = random_conversation(&r);
        conversation_write(pack, &c, text, sizeof(text));
        size_t len = strlen(text);
        for (size_t n = 1 + random_below(&r, 3); n > 0; n--)
            text[random_below(&r, len)] =
                random_below(&r, 4) ? ";=:+1afice"[random_below(&r, 10)] : (char)(1 + random_below(&r, 255));
        if (!conversation_read(pack, text, &c))
            continue;
        assert_true(!c.live || c.intent < pack->n_intents);
        assert_true(c.n_entities <= CONVERSATION_ENTITIES_MAX && c.n_choices <= CONVERSATION_CHOICES_MAX);
        for (size_t e = 0; e < c.n_entities; e++)
            assert_int_equal(lexicon_symbol(pack->lexicon, c.entities[e])->kind, SYMBOL_ENTITY);
        conversation_write(pack, &c, text, sizeof(text));
        assert_int_equal(conversation_read(pack, text, &c), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(what_does_not_fit_is_forgotten),
        cmocka_unit_test(what_is_not_ours_counts_as_none),
        cmocka_unit_test(broken_states_do_no_harm),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
