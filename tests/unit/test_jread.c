/* SPDX-License-Identifier: MIT
 *
 * test_jread.c - reading JSON strictly: every complaint has its file and its place, and what is no regular file of a
 * decent size is not read at all.
 */
#include "support.h"

#include "jahead.h"
#include "jread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct err err;
static char line[ERR_LINE_MAX];

static json_t *parse_bytes(struct jread *r, const char *text, size_t len, size_t max)
{
    static char path[512];
    strcpy(path, temp_path("j.json"));
    write_file(path, text, len);
    err = (struct err){0};
    *r = (struct jread){.err = &err};
    return jread_file(r, path, max);
}

static json_t *parse(struct jread *r, const char *text)
{
    return parse_bytes(r, text, strlen(text), 1000);
}

/* The complaint without the folder. */
static const char *complaint(void)
{
    const char *file = strstr(err_line(&err, line, sizeof(line)), "j.json");
    return file ? file : line;
}

static void parses_and_digests(void **state)
{
    (void)state;
    struct jread r;
    json_t *root = parse(&r, "{\"a\": 1}");
    assert_non_null(root);
    assert_int_equal(err.code, 0);
    uint64_t one = r.digest;
    json_decref(root);
    json_decref(parse(&r, "{\"a\": 2}"));
    assert_true(r.digest != one); /* other bytes, another digest */
    json_decref(parse(&r, "{\"a\": 1}"));
    assert_true(r.digest == one);
}

/* A tree in an arena is the same tree, needs no json_decref, and complains as one on the heap. */
static void a_tree_may_lie_in_an_arena(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"a\": [1, 2.5, true, null, {\"b\": \"\\u00e9t\\u00e9\"}], \"c\": \"\"}",
                                        "{\"a\": 1, \"a\": 2}", "[1, 2", "", "{\"a\": \"\\ud800\"}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct arena tree = {0};
        struct jread r;
        json_t *wanted = parse(&r, texts[i]);
        struct err theirs = err;
        struct err ours = {0};
        struct jread in_arena = {.err = &ours, .tree = &tree};
        json_t *got = jread_file(&in_arena, r.file, 1000);
        assert_int_equal(wanted != NULL, i == 0);
        assert_true(got ? json_equal(got, wanted) : !wanted);
        assert_memory_equal(&ours, &theirs, sizeof(ours));
        assert_true(in_arena.digest == r.digest);
        json_t *other = json_pack("{s:O}", "of", got ? got : json_null()); /* the heap is as it was */
        json_decref(other);
        json_decref(wanted);
        arena_free(&tree);
    }
}

static void bad_json_names_the_line(void **state)
{
    (void)state;
    struct jread r;
    static const struct {
        const char *text, *begin;
    } cases[] = {
        {"", "j.json:1: column"},
        {"{", "j.json:1: column"},
        {"{\n\"a\": 1,\n}", "j.json:3: column"},
        {"{\"a\": 1,\n \"a\": 2}", "j.json:2: column"}, /* a key twice */
        {"{} x", "j.json:1: column"},
        {"{\"a\": \"\xff\"}", "j.json:1: column"},
        {"{\"a\": \"\\ud800\"}", "j.json:1: column"},
        {"nul", "j.json:1: column"},
        {"{\"a\": 1e999}", "j.json:1: column"},
        {"[[[[[", "j.json:1: column"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_null(parse(&r, cases[i].text));
        assert_int_equal(err.code, FAQD_EINVAL);
        if (strncmp(complaint(), cases[i].begin, strlen(cases[i].begin)) != 0)
            fail_msg("%s: %s", cases[i].text, complaint());
    }
    char deep[5001];
    memset(deep, '[', 5000);
    deep[5000] = '\0';
    assert_null(parse_bytes(&r, deep, 5000, 6000)); /* 5,000 levels are an error, not a full stack */
    assert_int_equal(err.code, FAQD_EINVAL);
    assert_null(parse_bytes(&r, "{}\0", 3, 100));
}

static void only_regular_files(void **state)
{
    (void)state;
    struct jread r = {.err = &err};
    char path[512];
    strcpy(path, temp_path("special"));
    err = (struct err){0};
    assert_null(jread_file(&r, path, 1000));
    assert_int_equal(err.code, FAQD_EIO);
    assert_non_null(strstr(err_line(&err, line, sizeof(line)), "special: cannot open: No such file"));

    assert_int_equal(mkfifo(path, 0600), 0); /* nobody writes to it: opening must not wait for somebody */
    err = (struct err){0};
    assert_null(jread_file(&r, path, 1000));
    assert_non_null(strstr(err_line(&err, line, sizeof(line)), "special: not a regular file"));
    unlink(path);

    err = (struct err){0};
    assert_null(jread_file(&r, temp_dir(), 1000));
    assert_non_null(strstr(err_line(&err, line, sizeof(line)), "not a regular file"));
    err = (struct err){0};
    assert_null(jread_file(&r, "/dev/zero", 1000));
    assert_non_null(strstr(err_line(&err, line, sizeof(line)), "not a regular file"));

    assert_int_equal(symlink(path, path), 0); /* a loop */
    err = (struct err){0};
    assert_null(jread_file(&r, path, 1000));
    assert_int_equal(err.code, FAQD_EIO);
    unlink(path);

    assert_null(parse_bytes(&r, "{\"abc\": 1}", 10, 9));
    assert_int_equal(err.code, FAQD_ELIMIT);
    assert_non_null(strstr(complaint(), "j.json: 10 bytes, more than the 9"));
    json_t *root = parse_bytes(&r, "{\"abc\": 1}", 10, 10);
    assert_non_null(root);
    json_decref(root);
    r = (struct jread){0};
    assert_null(jread_file(&r, path, 1000)); /* no error wanted */
}

static void paths_grow_and_shrink(void **state)
{
    (void)state;
    struct jread r = {.err = &err, .file = "f.json"};
    err = (struct err){0};
    size_t a = jread_enter(&r, "intents");
    size_t b = jread_element(&r, 3);
    size_t c = jread_enter(&r, "fr");
    assert_string_equal(r.path, "intents[3].fr");
    jread_leave(&r, c);
    assert_string_equal(r.path, "intents[3]");
    jread_fail(&r, FAQD_EINVAL, "no %s", "good");
    jread_leave(&r, b);
    jread_leave(&r, a);
    assert_string_equal(r.path, "");
    jread_fail(&r, FAQD_EIO, "a later one");
    assert_string_equal(err_line(&err, line, sizeof(line)), "f.json: intents[3]: no good");
}

static void long_paths_are_cut(void **state)
{
    (void)state;
    struct jread r = {.err = &err, .file = "f.json"};
    size_t marks[100];
    for (size_t i = 0; i < 100; i++)
        marks[i] = i % 2 ? jread_element(&r, i) : jread_enter(&r, "a_member_with_a_long_name");
    assert_true(strlen(r.path) < sizeof(r.path));
    for (size_t i = 100; i-- > 0;)
        jread_leave(&r, marks[i]);
    assert_string_equal(r.path, "");
}

static void members_are_checked(void **state)
{
    (void)state;
    static const char *const keys[] = {"text", "flag", "list"};
    struct jread r;
    const char *text = NULL;
    int flag = 0;
    json_t *list = NULL;
    json_t *root = parse(&r, "{\"text\": \"x\", \"flag\": true, \"list\": [1]}");
    assert_int_equal(jread_keys(&r, root, keys, 3), FAQD_OK);
    assert_int_equal(jread_text(&r, root, "text", 1, &text), FAQD_OK);
    assert_string_equal(text, "x");
    assert_int_equal(jread_text(&r, root, "none", 0, &text), FAQD_OK);
    assert_null(text);
    assert_int_equal(jread_flag(&r, root, "flag", &flag), FAQD_OK);
    assert_int_equal(flag, 1);
    assert_int_equal(jread_flag(&r, root, "none", &flag), FAQD_OK);
    assert_int_equal(flag, 0);
    assert_int_equal(jread_array(&r, root, "list", 1, &list), FAQD_OK);
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(jread_array(&r, root, "none", 0, &list), FAQD_OK);
    assert_null(list);
    assert_int_equal(err.code, 0);
    json_decref(root);
}

enum asked { KEYS, TEXT, FLAG, ARRAY, OBJECT };

static void wrong_members_are_complaints(void **state)
{
    (void)state;
    static const char *const keys[] = {"patterns", "ask", "not"};
    static const struct {
        const char *json;
        enum asked asked;
        const char *complaint;
    } cases[] = {
        {"{\"paterns\": 1}", KEYS, "unknown key \"paterns\"; did you mean \"patterns\"?"},
        {"{\"zzzzzz\": 1}", KEYS, "unknown key \"zzzzzz\""},
        {"[1]", KEYS, "must be an object"},
        {"[1]", OBJECT, "must be an object"},
        {"{}", TEXT, "\"m\" is missing"},
        {"{\"m\": 1}", TEXT, "\"m\" must be a text"},
        {"{\"m\": null}", TEXT, "\"m\" must be a text"},
        {"{\"m\": 1}", FLAG, "\"m\" must be true or false"},
        {"{\"m\": \"true\"}", FLAG, "\"m\" must be true or false"},
        {"{}", ARRAY, "\"m\" is missing"},
        {"{\"m\": {}}", ARRAY, "\"m\" must be a list"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct jread r;
        const char *text = NULL;
        int flag = 0;
        json_t *list = NULL;
        json_t *root = parse(&r, cases[i].json);
        assert_non_null(root);
        jread_enter(&r, "place");
        int rc = cases[i].asked == KEYS     ? jread_keys(&r, root, keys, 3)
                 : cases[i].asked == TEXT   ? jread_text(&r, root, "m", 1, &text)
                 : cases[i].asked == FLAG   ? jread_flag(&r, root, "m", &flag)
                 : cases[i].asked == OBJECT ? jread_object(&r, root)
                                            : jread_array(&r, root, "m", 1, &list);
        assert_int_equal(rc, FAQD_EINVAL);
        if (strncmp(complaint(), "j.json: place: ", 15) != 0 || !strstr(complaint(), cases[i].complaint))
            fail_msg("%s: %s", cases[i].json, complaint());
        json_decref(root);
    }
}

/* A file of about 100 KB: {"n": <n>, "text": "xxx..."}, or one that ends too soon. */
static void big_file(const char *name, int n, int whole)
{
    static char text[100 * 1024];
    size_t len = (size_t)snprintf(text, sizeof(text), "{\"n\": %d,\n\"text\": \"", n);
    memset(text + len, 'x', sizeof(text) - len - 3);
    memcpy(text + sizeof(text) - 3, whole ? "\"} " : "\"  ", 3);
    write_file(temp_path("%s", name), text, sizeof(text));
}

static void files_parsed_ahead_are_as_without(void **state)
{
    (void)state;
    static const char *const names[] = {"a.json", "b.json", "c.json", "missing.json", "d.json"};
    big_file("a.json", 1, 1);
    big_file("b.json", 2, 1);
    big_file("c.json", 3, 0);
    big_file("d.json", 4, 1);
    char dir[400];
    strcpy(dir, temp_path("."));
    for (size_t taken = 0; taken <= 5; taken++) { /* what is not taken is dropped */
        struct jahead *ahead = jahead_start(dir, names, 5, 200 * 1024);
        assert_non_null(ahead);
        struct err theirs = {0};
        struct jread there = {.err = &theirs};
        struct jread here = {.err = &err};
        for (size_t i = 0; i < taken; i++) {
            char path[600];
            theirs = err = (struct err){0};
            snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
            json_t *got = jahead_take(ahead, &there, i);
            json_t *wanted = jread_file(&here, path, 200 * 1024);
            assert_int_equal(got != NULL, wanted != NULL);
            assert_int_equal(got != NULL, i < 2 || i == 4);
            assert_true(!got || json_equal(got, wanted));
            assert_memory_equal(&theirs, &err, sizeof(err));
            if (i < 2)
                assert_true(there.digest == here.digest);
            json_decref(wanted);
        }
        jahead_end(ahead);
    }
}

static void little_is_not_parsed_ahead(void **state)
{
    (void)state;
    static const char *const names[] = {"small.json"};
    write_text(temp_path("small.json"), "{}");
    assert_null(jahead_start(temp_path("."), names, 1, 1000));
    assert_null(jahead_start("/nonexistent", names, 1, 1000));
    jahead_end(NULL);
}

/* Read a file in halves and whole: the same values, or the same complaint. 1 if there are values. */
static int both_ways(const char *text, size_t len)
{
    static char path[512];
    struct arena trees[2] = {{0}, {0}};
    struct err errs[2] = {{0}, {0}};
    json_t *roots[2];
    struct jread r[2];
    strcpy(path, temp_path("j.json"));
    write_file(path, text, len);
    for (int i = 0; i < 2; i++) {
        r[i] = (struct jread){.err = &errs[i], .tree = &trees[i], .halves = i};
        roots[i] = jread_file(&r[i], path, len);
    }
    assert_memory_equal(&errs[0], &errs[1], sizeof(errs[0]));
    assert_int_equal(roots[0] != NULL, roots[1] != NULL);
    assert_true(!roots[0] || json_equal(roots[0], roots[1]));
    assert_true(!roots[0] || strcmp(json_object_iter_key(json_object_iter(roots[1])), "m0") == 0); /* in their order */
    assert_true(r[0].digest == r[1].digest);
    int good = roots[0] != NULL;
    arena_free(&trees[0]);
    arena_free(&trees[1]);
    return good;
}

static void add_member(struct str *text, const char *name, size_t n)
{
    str_addf(text, "%s\"%s\": {\"a\": [", text->len > 4 ? ",\n" : "", name);
    for (size_t i = 0; i < n; i++)
        str_addf(text, "%s\"%zu, {[ \\\" }] \\\\\"", i ? ", " : "", i);
    str_adds(text, "]}");
}

static void halves_are_as_the_whole(void **state)
{
    (void)state;
    struct random r = {11};
    struct str text;
    char name[8];
    str_init(&text, 1 << 20);
    str_adds(&text, "{\n");
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof(name), "m%d", i);
        add_member(&text, name, 2000);
    }
    str_adds(&text, "\n}\n");
    assert_true(text.len > 256 * 1024 && !text.error);
    assert_true(both_ways(text.data, text.len));
    for (int i = 0; i < 60; i++) { /* damaged anywhere */
        size_t at = random_below(&r, text.len);
        char was = text.data[at];
        text.data[at] = "\"{}[],:\\ x\x01\xff"[random_below(&r, 12)];
        both_ways(text.data, text.len);
        text.data[at] = was;
    }
    text.data[text.len - 3] = ','; /* in place of the last line's end: a comma too many */
    assert_false(both_ways(text.data, text.len));
    text.data[text.len - 3] = '\n';
    text.data[1] = ',';
    assert_false(both_ways(text.data, text.len));
    text.data[1] = '\n';
    text.len -= 3;
    add_member(&text, "m0", 1); /* in both halves */
    str_adds(&text, "}");
    assert_false(both_ways(text.data, text.len));
    str_reset(&text);
    str_adds(&text, "{ , "); /* nothing before the only comma, nothing behind it */
    add_member(&text, "m0", 14000);
    str_adds(&text, "}");
    assert_false(both_ways(text.data, text.len));
    str_reset(&text);
    str_adds(&text, "{ ");
    add_member(&text, "m0", 14000);
    str_adds(&text, ", }");
    assert_false(both_ways(text.data, text.len));
    str_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_may_lie_in_an_arena),
        cmocka_unit_test(parses_and_digests),
        cmocka_unit_test(bad_json_names_the_line),
        cmocka_unit_test(only_regular_files),
        cmocka_unit_test(paths_grow_and_shrink),
        cmocka_unit_test(long_paths_are_cut),
        cmocka_unit_test(members_are_checked),
        cmocka_unit_test(wrong_members_are_complaints),
        cmocka_unit_test(files_parsed_ahead_are_as_without),
        cmocka_unit_test(little_is_not_parsed_ahead),
        cmocka_unit_test(halves_are_as_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
