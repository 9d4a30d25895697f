/* SPDX-License-Identifier: MIT
 *
 * test_matrix_text.c - what the Matrix connector makes of text that strangers wrote: JSON mended, events read, mentions
 * found and taken out, replies cut. Tables; no network.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../plugins/matrix/clean.c"
#include "../../plugins/matrix/event.c"
#include "../../plugins/matrix/mend.c"
#include "../../plugins/matrix/mention.c"
#include "../../plugins/matrix/reply.c"
#include "../../plugins/matrix/sync_parse.c"

#define OWN "@faq:mx.test"

static void nul_escapes_are_rewritten_in_place(void **state)
{
    static const struct {
        const char *before, *after;
        size_t mended;
    } rows[] = {
        {"{\"a\":\"x\\u0000y\"}", "{\"a\":\"x\\ufffdy\"}", 1},
        {"{\"k\\u0000\":1}", "{\"k\\ufffd\":1}", 1},
        {"{\"a\":\"\\\\u0000\"}", "{\"a\":\"\\\\u0000\"}", 0}, /* a backslash, then u0000 */
        {"{\"a\":\"\\\\\\u0000\"}", "{\"a\":\"\\\\\\ufffd\"}", 1},
        {"{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\\ud83d\\ude00\"}", 0}, /* a pair is whole */
        {"{\"a\":\"\\ud83dx\"}", "{\"a\":\"\\ufffdx\"}", 1},
        {"{\"a\":\"\\ude00\"}", "{\"a\":\"\\ufffd\"}", 1},
        {"{\"a\":\"\\ud83d\\u0000\"}", "{\"a\":\"\\ufffd\\ufffd\"}", 2},
        {"{\"a\":\"\xff\xfe\"}", "{\"a\":\"??\"}", 2},
        {"{\"a\":\"\xc3\xa9\"}", "{\"a\":\"\xc3\xa9\"}", 0},
        {"{\"a\":\"x\ny\"}", "{\"a\":\"x?y\"}", 1},
        {"{\"a\":9223372036854775808}", "{\"a\":0e00000000000000000}", 1},
        {"{\"a\":-1e400}", "{\"a\":0e0000}", 1},
        {"{\"a\":123456789012345678}", "{\"a\":123456789012345678}", 0},
        {"{\"a\":1.5}", "{\"a\":1.5}", 0},
        {"[\"12345678901234567890\"]", "[\"12345678901234567890\"]", 0}, /* a text */
        {"", "", 0},
        {"\"", "\"", 0},
        {"\"\\", "\"\\", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *bytes = strdup(rows[i].before);
        assert_int_equal(mend_json(bytes, strlen(bytes)), rows[i].mended);
        assert_string_equal(bytes, rows[i].after);
        assert_int_equal(mend_json(bytes, strlen(bytes)), 0);
        json_t *json = json_loads(bytes, 0, NULL);
        assert_true(json != NULL || strlen(bytes) < 3);
        json_decref(json);
        free(bytes);
    }
}

static void deep_nesting_is_blanked_out(void **state)
{
    enum { DEEP = 30000 };
    char *bytes = malloc(2 * DEEP + 64);
    (void)state;
    size_t n = (size_t)sprintf(bytes, "{\"next_batch\":\"s1\",\"x\":");
    memset(bytes + n, '[', DEEP);
    memset(bytes + n + DEEP, ']', DEEP);
    n += 2 * DEEP;
    bytes[n++] = '}';
    assert_int_equal(mend_json(bytes, n), 1);
    json_t *json = json_loadb(bytes, n, 0, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "next_batch")), "s1");
    json_decref(json);
    free(bytes);
}

static void next_batch_is_found_in_what_cannot_be_read(void **state)
{
    static const struct {
        const char *bytes, *found;
    } rows[] = {
        {"{\"rooms\":{\"next_batch\":\"evil\"},\"next_batch\":\"s5\",", "s5"},
        {"{\"x\":\"\\\"next_batch\\\":\\\"evil\\\"\",\"next_batch\" : \"s6\"}}}", "s6"},
        {"{\"next_batch\":5}", NULL},
        {"{\"next_batch\":\"a\\u0041\"}", NULL},
        {"[\"next_batch\",\"s7\"]", NULL},
        {"{\"next_batch\":\"", NULL},
        {"", NULL},
    };
    char next[16];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        int found = mend_find(rows[i].bytes, strlen(rows[i].bytes), "next_batch", next, sizeof(next));
        assert_int_equal(found, rows[i].found != NULL);
        if (found)
            assert_string_equal(next, rows[i].found);
    }
}

static struct event read_one(const char *text, json_t **owner)
{
    struct event e = {0};
    *owner = json_loads(text, JSON_ALLOW_NUL, NULL);
    assert_non_null(*owner);
    event_read(*owner, OWN, &e);
    return e;
}

static void junk_counts_as_missing(void **state)
{
    json_t *json = NULL;
    struct event e = {0};
    (void)state;
    e = read_one(
        "{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@a:b\",\"content\":{\"msgtype\":\"m.text\","
        "\"body\":\"x\",\"m.relates_to\":\"oops\",\"m.mentions\":{\"user_ids\":\"" OWN "\"},\"format\":7,"
        "\"formatted_body\":\"y\"},\"unsigned\":[],\"origin_server_ts\":\"now\"}",
        &json);
    assert_int_equal(e.kind, EVENT_MESSAGE);
    assert_string_equal(e.body, "x");
    assert_null(e.rel_type);
    assert_null(e.reply_to);
    assert_null(e.html);
    assert_int_equal(e.mentions, MENTIONS_NOBODY);
    assert_int_equal(e.age_ms, -1);
    assert_int_equal(e.sent_ms, -1);
    json_decref(json);

    e = read_one("{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@a:b\",\"content\":{\"m.mentions\":{"
                 "\"user_ids\":"
                 "[7,null,\"" OWN "\"]}}}",
                 &json);
    assert_int_equal(e.mentions, MENTIONS_US);
    assert_null(e.body);
    json_decref(json);

    e = read_one(
        "{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@a:b\",\"state_key\":\"\",\"content\":{}}",
        &json);
    assert_int_equal(e.kind, EVENT_OTHER); /* a message that claims to be state */
    json_decref(json);

    e = read_one("{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@a:b\",\"content\":{\"body\":\"gone\"},"
                 "\"unsigned\":{\"redacted_because\":{}}}",
                 &json);
    assert_null(e.content);
    json_decref(json);

    json = json_loads("{\"type\":\"m.room.message\",\"content\":{}}", 0, NULL);
    assert_false(event_read(json, OWN, &e)); /* of nobody */
    json_decref(json);
}

static void both_places_of_redacts(void **state)
{
    json_t *json = NULL;
    (void)state;
    struct event e = read_one(
        "{\"type\":\"m.room.redaction\",\"event_id\":\"$2\",\"sender\":\"@a:b\",\"redacts\":\"$1\",\"content\":{}}",
        &json);
    assert_string_equal(e.redacts, "$1");
    json_decref(json);
    e = read_one(
        "{\"type\":\"m.room.redaction\",\"event_id\":\"$2\",\"sender\":\"@a:b\",\"content\":{\"redacts\":\"$3\"}}",
        &json);
    assert_string_equal(e.redacts, "$3");
    json_decref(json);
}

static void what_programs_sent_is_marked(void **state)
{
    static const struct {
        const char *type, *content, *mark; /* NULL: none */
    } rows[] = {
        {"m.room.message", "{\"body\":\"x\",\"" EVENT_MARK "\":\"f$q.0\"}", "f$q.0"},
        {"m.reaction", "{\"" EVENT_MARK "\":\"f$q.r1\"}", "f$q.r1"},
        {"m.room.message", "{\"body\":\"x\",\"" EVENT_MARK "\":true}", ""},
        {"m.room.message", "{\"body\":\"x\",\"" EVENT_MARK "\":\"f$q\\u0000.0\"}", ""},
        {"m.room.message", "{\"body\":\"x\",\"m.new_content\":{\"" EVENT_MARK "\":\"f$q.0\"}}", NULL},
        {"m.room.message", "{\"body\":\"x\"}", NULL},
        {"m.room.message", "7", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        json_t *owner = NULL;
        char text[400];
        snprintf(text, sizeof(text), "{\"type\":\"%s\",\"event_id\":\"$1\",\"sender\":\"@a:b\",\"content\":%s}",
                 rows[i].type, rows[i].content);
        struct event e = read_one(text, &owner);
        if (rows[i].mark)
            assert_string_equal(e.mark, rows[i].mark);
        else
            assert_null(e.mark);
        json_decref(owner);
    }
}

static const struct identity us = {OWN, "faq", "M\xc3\xa9so FAQ"};

static void mentions_without_m_mentions(void **state)
{
    static const struct {
        const char *text, *html;
        bool found;
        const char *without; /* NULL: as it was */
    } rows[] = {
        {"faq: ça fait mal ?", NULL, true, "ça fait mal ?"},
        {"FAQ, ça fait mal ?", NULL, true, "ça fait mal ?"},
        {"@faq ça fait mal ?", NULL, true, "ça fait mal ?"},
        {"ça fait mal, faq ?", NULL, true, "ça fait mal,  ?"},
        {OWN ": bonjour", NULL, true, "bonjour"},
        {"bonjour " OWN, NULL, true, "bonjour"},
        {"méso faq: bonjour", NULL, true, "bonjour"},
        {"MÉSO FAQ bonjour", NULL, true, "bonjour"},
        {"bonjour faq.", NULL, true, "bonjour ."},
        {"https://example.org/faq", NULL, false, NULL},
        {"voir www.faq.org", NULL, false, NULL},
        {"la-faq", NULL, false, NULL},
        {"faqs", NULL, false, NULL},
        {"faqé", NULL, false, NULL},
        {"faq.org", NULL, false, NULL},
        {"écrire à a@faq.org", NULL, false, NULL},
        {"@faq:other.example bonjour", NULL, false, NULL},
        {"@faq:mx.testing bonjour", NULL, false, NULL},
        {"bonjour", "<a href=\"https://matrix.to/#/" OWN "\">x</a> bonjour", true, "bonjour"},
        {"bonjour", "<a href='https://matrix.to/#/%40faq%3Amx.test'>x</a>", true, "bonjour"},
        {"bonjour", "<a href=\"https://matrix.to/#/" OWN "ing\">x</a>", false, NULL},
        {"bonjour", "<a href=\"https://matrix.to/#/@faq:mx\">x</a>", false, NULL},
        {"", NULL, false, NULL},
        {"@", NULL, false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *text = clean_text(rows[i].text);
        if (mention_found(text, rows[i].html, &us) != rows[i].found)
            fail_msg("row %zu: %s", i, rows[i].text);
        mention_strip(text, &us);
        assert_string_equal(clean_trim(text), rows[i].without ? rows[i].without : rows[i].text);
        free(text);
    }
}

static void hidden_characters_do_not_count(void **state)
{
    (void)state;
    char *text = clean_text("f\u200baq: \u202eabc\u2066 d\u00ade\x01\x1b[31m");
    assert_string_equal(text, "faq: abc de[31m");
    free(text);
    char *nothing = clean_text("\u200b\u2060");
    const struct identity invisible = {OWN, "faq", nothing};
    assert_string_equal(nothing, "");
    assert_false(mention_found("bonjour", NULL, &invisible));
    free(nothing);
}

static void long_texts_are_cut_between_characters(void **state)
{
    enum { LONG = 60000 };
    char *text = malloc(LONG + 1);
    (void)state;
    for (size_t i = 0; i < LONG; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    text[LONG] = '\0';
    char *clean = clean_text(text);
    assert_non_null(clean);
    assert_true(strlen(clean) <= CLEAN_MAX && strlen(clean) > CLEAN_MAX - 4);
    free(clean);
    free(text);
}

static void legacy_quotes_are_left_out(void **state)
{
    (void)state;
    assert_string_equal(clean_without_quote("> <@a:b> foo\n> bar\n\nça fait mal ?"), "ça fait mal ?");
    assert_string_equal(clean_without_quote("ça fait mal ?"), "ça fait mal ?");
    assert_string_equal(clean_without_quote("> just this"), "> just this");
    assert_string_equal(clean_without_quote("> a\nb"), "> a\nb");
}

static void a_prefix_is_a_word(void **state)
{
    (void)state;
    assert_string_equal(mention_prefix("!faq ça fait mal ?", "!faq"), "ça fait mal ?");
    assert_string_equal(mention_prefix("!FAQ: x", "!faq"), "x");
    assert_null(mention_prefix("!faqs x", "!faq"));
    assert_null(mention_prefix("!faq", "!faq"));
    assert_null(mention_prefix("x", ""));
}

static void replies_have_relations_and_mentions(void **state)
{
    struct reply r = {
        .msgtype = "m.notice", .body = "text", .body_len = 4, .html = "<p>text</p>", .to = "$q", .mention = "@a:b"};
    (void)state;
    json_t *json = reply_content(&r);
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, "{\"body\":\"text\",\"format\":\"org.matrix.custom.html\","
                              "\"formatted_body\":\"<p>text</p>\",\"m.mentions\":{\"user_ids\":[\"@a:b\"]},"
                              "\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$q\"}},\"msgtype\":\"m.notice\"}");
    free(text);
    json_decref(json);
    r.thread = "$root";
    r.mention = NULL;
    json = reply_content(&r);
    const json_t *relation = json_object_get(json, "m.relates_to");
    assert_string_equal(event_text(relation, "rel_type"), "m.thread");
    assert_string_equal(event_text(relation, "event_id"), "$root");
    assert_true(json_is_false(json_object_get(relation, "is_falling_back")));
    assert_int_equal(json_object_size(json_object_get(json, "m.mentions")), 0);
    json_decref(json);
    json = reply_edit(&r, "$mine");
    assert_string_equal(event_text(json, "body"), "* text");
    assert_string_equal(event_text(json_object_get(json, "m.new_content"), "formatted_body"), "<p>text</p>");
    assert_string_equal(event_text(json_object_get(json, "m.relates_to"), "event_id"), "$mine");
    json_decref(json);
}

static void long_answers_are_cut_where_it_hurts_least(void **state)
{
    (void)state;
    assert_int_equal(reply_cut("short", 5, 10), 5);
    assert_int_equal(reply_cut("one two\n\nthree four", 19, 12), 9);
    assert_int_equal(reply_cut("one two three four", 18, 9), 8);
    assert_int_equal(reply_cut("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9, 5), 3);
    assert_int_equal(reply_cut("abcdefghij", 10, 4), 4);
    json_t *json = json_pack("{s:s, s:s, s:s}", "body", "one two three", "format", "x", "formatted_body", "y");
    assert_int_equal(reply_shorten(json, 8), 1);
    assert_string_equal(event_text(json, "body"), "one two ");
    assert_null(json_object_get(json, "formatted_body"));
    assert_int_equal(reply_shorten(json, 8), 0);
    json_decref(json);
}

static void count_events(void *user, const struct event *e)
{
    (void)e;
    ++*(int *)user;
}

static void every_part_of_a_sync_may_be_missing(void **state)
{
    static const char *const rows[] = {
        "{\"next_batch\":\"s\"}",
        "{\"next_batch\":\"s\",\"rooms\":null}",
        "{\"next_batch\":\"s\",\"rooms\":{\"join\":[],\"invite\":7,\"leave\":\"x\"}}",
        "{\"next_batch\":\"s\",\"rooms\":{\"join\":{\"!a\":null,\"!b\":{}},\"invite\":{\"!c\":{\"invite_state\":[]}}}}",
        "{\"next_batch\":\"s\",\"rooms\":{\"join\":{\"!a\":{\"timeline\":{\"events\":[null,7,{},{\"type\":5}],"
        "\"limited\":\"yes\"}}}},"
        "\"account_data\":{\"events\":[7,{\"type\":\"m.direct\",\"content\":[]}]},\"new\":{}}",
    };
    char error[160];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct sync_batch batch;
        char *bytes = strdup(rows[i]);
        int events = 0;
        assert_int_equal(sync_parse(bytes, strlen(bytes), &batch, error, sizeof(error)), FAQD_OK);
        assert_string_equal(batch.next_batch, "s");
        assert_null(batch.direct);
        for (size_t r = 0; r < batch.n_rooms; r++)
            sync_events(batch.rooms[r].timeline, false, OWN, count_events, &events);
        assert_int_equal(events, 0);
        sync_batch_free(&batch);
        free(bytes);
    }
}

static void a_sync_without_next_batch_is_refused(void **state)
{
    static const char *const rows[] = {
        "", "{}", "[]", "{\"next_batch\":7}", "{\"next_batch\":\"\"}", "{\"next_batch\":\"s\"", "<html>"};
    char error[160];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct sync_batch batch;
        char *bytes = strdup(rows[i]);
        assert_int_equal(sync_parse(bytes, strlen(bytes), &batch, error, sizeof(error)), FAQD_EINVAL);
        assert_null(strstr(error, "html")); /* nothing of the body gets into a log */
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nul_escapes_are_rewritten_in_place),
        cmocka_unit_test(deep_nesting_is_blanked_out),
        cmocka_unit_test(next_batch_is_found_in_what_cannot_be_read),
        cmocka_unit_test(junk_counts_as_missing),
        cmocka_unit_test(both_places_of_redacts),
        cmocka_unit_test(what_programs_sent_is_marked),
        cmocka_unit_test(mentions_without_m_mentions),
        cmocka_unit_test(hidden_characters_do_not_count),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(legacy_quotes_are_left_out),
        cmocka_unit_test(a_prefix_is_a_word),
        cmocka_unit_test(replies_have_relations_and_mentions),
        cmocka_unit_test(long_answers_are_cut_where_it_hurts_least),
        cmocka_unit_test(every_part_of_a_sync_may_be_missing),
        cmocka_unit_test(a_sync_without_next_batch_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
