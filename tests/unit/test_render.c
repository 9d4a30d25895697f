/* SPDX-License-Identifier: MIT
 *
 * test_render.c - the three renderings of an answer: plain text as it stands in a terminal, HTML in which nothing of
 * the content can be markup, and JSON that any reader reads back.
 */
#include "support.h"

#include "render.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define EVIL "<script>alert(\"x\")</script> & 'y' </p> \xe2\x80\xa8 \xc3\xa9 \xf0\x9f\x98\x80"

static const size_t both[] = {0, 1};
static const struct faqd_block_view blocks[] = {
    {FAQD_ALERT, "Call 112", NULL, 0}, {FAQD_PARAGRAPH, "Says <this>.", both, 2},
    {FAQD_ITEM, "one", both, 1},       {FAQD_ITEM, "two", both + 1, 1},
    {FAQD_NOTICE, "See.", NULL, 0},    {FAQD_CHOICE, "first", NULL, 0},
    {FAQD_CHOICE, "second", NULL, 0},
};
static const struct faqd_source_view sources[] = {{"S1", "One & all", "https://a.example/?x=1&y=\"2\""},
                                                  {"S2", "Two", NULL}};
static const struct faqd_choice_view choices[] = {{"first", "t1"}, {"second", "t2"}};
static const struct faqd_correction_view corrections[] = {{"seence", "seance"}};
static const char *const topics[] = {"a", "b"};
static const char *const intents[] = {"i"};

static struct faqd_answer_view view(void)
{
    return (struct faqd_answer_view){.struct_size = sizeof(struct faqd_answer_view),
                                     .id = "p/i",
                                     .lang = "en",
                                     .outcome = FAQD_ANSWER,
                                     .topics = topics,
                                     .n_topics = 2,
                                     .intents = intents,
                                     .n_intents = 1,
                                     .blocks = blocks,
                                     .n_blocks = 7,
                                     .sources = sources,
                                     .n_sources = 2,
                                     .choices = choices,
                                     .n_choices = 2,
                                     .corrections = corrections,
                                     .n_corrections = 1,
                                     .state = "1;l=en",
                                     .pack = "p",
                                     .version = "1"};
}

static struct faqd_answer_view one_block(const struct faqd_block_view *block)
{
    struct faqd_answer_view v = view();
    v.blocks = block;
    v.n_blocks = 1;
    v.n_sources = v.n_choices = 0;
    return v;
}

static void plain(void **state)
{
    (void)state;
    struct str out;
    struct faqd_answer_view v = view();
    str_init(&out, 10000);
    render_plain(&v, "Sources:", &out);
    assert_string_equal(str_text(&out),
                        "Call 112\nSays <this>. [1][2]\n- one [1]\n- two [2]\nSee.\n1. first\n2. second\n\n"
                        "Sources:\n[1] One & all <https://a.example/?x=1&y=\"2\">\n[2] Two");
    str_reset(&out);
    v = one_block(&blocks[4]);
    render_plain(&v, "Sources:", &out);
    assert_string_equal(str_text(&out), "See.");
    str_reset(&out);
    v.n_blocks = 0;
    render_plain(&v, "Sources:", &out);
    assert_string_equal(str_text(&out), "");
    str_free(&out);
}

static void html(void **state)
{
    (void)state;
    struct str out;
    struct faqd_answer_view v = view();
    str_init(&out, 10000);
    render_html(&v, "Sources:", &out);
    assert_string_equal(
        str_text(&out),
        "<p><strong>Call 112</strong></p><p>Says &lt;this&gt;.<sup>[1]</sup><sup>[2]</sup></p>"
        "<ul><li>one<sup>[1]</sup></li><li>two<sup>[2]</sup></li></ul><p>See.</p><ol><li>first</li><li>second</li></ol>"
        "<p>Sources:</p><ol><li><a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\">One &amp; all</a></li>"
        "<li>Two</li></ol>");
    str_free(&out);
}

static void nothing_of_the_content_is_markup(void **state)
{
    (void)state;
    for (int kind = FAQD_PARAGRAPH; kind <= FAQD_CHOICE; kind++) {
        struct faqd_block_view block = {(enum faqd_block_kind)kind, EVIL, both, 1};
        struct faqd_source_view source = {"S1", EVIL, "https://x/\"><script>"};
        struct faqd_answer_view v = one_block(&block);
        struct str out;
        v.sources = &source;
        v.n_sources = 1;
        str_init(&out, 10000);
        render_html(&v, EVIL, &out);
        assert_null(strstr(str_text(&out), "<script"));
        assert_null(strstr(str_text(&out), "\"x\""));
        assert_null(strstr(str_text(&out), "'y'"));
        assert_non_null(
            strstr(str_text(&out), "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39; &lt;/p&gt;"));
        str_free(&out);
    }
}

static json_t *parsed(const struct faqd_answer_view *v, const char *question, size_t len)
{
    struct str out;
    struct str bare;
    json_error_t error;
    str_init(&out, 100000);
    str_init(&bare, 100000);
    assert_int_equal(render_json(v, "Sources", &bare), FAQD_OK);
    if (question)
        render_question(question, len, str_text(&bare), &out);
    else
        str_adds(&out, str_text(&bare));
    str_free(&bare);
    assert_int_equal(out.error, FAQD_OK);
    for (size_t i = 0; i < out.len; i++)
        assert_in_range((unsigned char)out.data[i], 0x20, 0x7e); /* ASCII, one line */
    json_t *root = json_loadb(out.data, out.len, 0, &error);
    if (!root)
        fail_msg("%s in %s", error.text, out.data);
    str_free(&out);
    return root;
}

static void json_is_read_back(void **state)
{
    (void)state;
    struct faqd_block_view block = {FAQD_PARAGRAPH, EVIL, both, 1};
    struct faqd_answer_view v = view();
    v.blocks = &block;
    v.n_blocks = 1;
    json_t *root = parsed(&v, NULL, 0);
    const char *keys = "";
    char order[300] = "";
    json_t *value = NULL;
    json_object_foreach(root, keys, value)
    {
        strcat(order, keys);
        strcat(order, " ");
    }
    assert_string_equal(order,
                        "id lang outcome topics intents text blocks sources choices corrections state pack version ");
    json_t *shown = json_array_get(json_object_get(root, "blocks"), 0);
    assert_string_equal(json_string_value(json_object_get(shown, "text")), EVIL);
    assert_string_equal(json_string_value(json_object_get(shown, "kind")), "paragraph");
    assert_string_equal(json_string_value(json_array_get(json_object_get(shown, "sources"), 0)), "S1");
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(root, "sources"), 1), "url")));
    struct str plain;
    str_init(&plain, 100000);
    render_plain(&v, "Sources", &plain);
    assert_string_equal(json_string_value(json_object_get(root, "text")), str_text(&plain));
    str_free(&plain);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(root, "choices"), 1), "topic")), "t2");
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(root, "corrections"), 0), "to")), "seance");
    json_decref(root);
}

static void any_bytes_may_be_a_question(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *shown;
        size_t shown_len;
    } cases[] = {
        {"", 0, "", 0},
        {"a\"b\\c\n", 6, "a\"b\\c\n", 6},
        {"a\0b", 3, "a\0b", 3},
        {"a\xff"
         "b",
         3,
         "a\xef\xbf\xbd"
         "b",
         5},
        {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 9},
        {"\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80", 4},
        {"\x1b[31m\x7f\xc2\x9b", 8, "\x1b[31m\x7f\xc2\x9b", 8},
        {"\xff\0\xff", 3, "\xef\xbf\xbd\0\xef\xbf\xbd", 7},
    };
    struct faqd_answer_view v = view();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *root = NULL;
        struct str out;
        json_error_t error;
        str_init(&out, 100000);
        struct str bare;
        str_init(&bare, 100000);
        assert_int_equal(render_json(&v, "t", &bare), FAQD_OK);
        render_question(cases[i].bytes, cases[i].len, str_text(&bare), &out);
        str_free(&bare);
        assert_non_null(strstr(str_text(&out), "{\"question\":"));
        root = json_loadb(out.data, out.len, JSON_ALLOW_NUL, &error);
        assert_non_null(root);
        json_t *question = json_object_get(root, "question");
        assert_int_equal(json_string_length(question), cases[i].shown_len);
        assert_memory_equal(json_string_value(question), cases[i].shown, cases[i].shown_len);
        json_decref(root);
        str_free(&out);
    }
}

static void every_outcome_and_kind_has_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"answer",       "clarify", "emergency",  "smalltalk",
                                        "undocumented", "unknown", "unavailable"};
    static const char *const kinds[] = {"paragraph", "item", "notice", "alert", "choice"};
    for (int i = FAQD_ANSWER; i <= FAQD_UNAVAILABLE; i++) {
        struct faqd_answer_view v = view();
        v.outcome = (enum faqd_outcome)i;
        json_t *root = parsed(&v, NULL, 0);
        assert_string_equal(json_string_value(json_object_get(root, "outcome")), names[i]);
        assert_string_equal(outcome_names[i], names[i]);
        json_decref(root);
    }
    for (int i = FAQD_PARAGRAPH; i <= FAQD_CHOICE; i++) {
        struct faqd_block_view block = {(enum faqd_block_kind)i, "x", NULL, 0};
        struct faqd_answer_view v = one_block(&block);
        json_t *root = parsed(&v, NULL, 0);
        json_t *shown = json_array_get(json_object_get(root, "blocks"), 0);
        assert_string_equal(json_string_value(json_object_get(shown, "kind")), kinds[i]);
        json_decref(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),
        cmocka_unit_test(html),
        cmocka_unit_test(nothing_of_the_content_is_markup),
        cmocka_unit_test(json_is_read_back),
        cmocka_unit_test(any_bytes_may_be_a_question),
        cmocka_unit_test(every_outcome_and_kind_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
