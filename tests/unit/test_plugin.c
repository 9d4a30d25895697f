/* SPDX-License-Identifier: MIT
 *
 * test_plugin.c - the list of plugins: in the order of their names, by kind, without those that are refused. (Why each
 * bad one is refused: tests/bad/plugins.)
 */
#include "support.h"

#include "plugin.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void the_folder_is_read_in_order(void **state)
{
    (void)state;
    struct plugins plugins;
    struct err err = {0};
    assert_int_equal(open_plugins(plugins_folder(), &plugins, &err), FAQD_OK);
    assert_true(plugins.n >= 3);
    for (size_t i = 1; i < plugins.n; i++)
        assert_true(strcmp(plugins.items[i - 1].path, plugins.items[i].path) < 0);
    const struct plugin *heap = plugins_find(&plugins, FAQD_MODULE, "heap");
    assert_non_null(heap);
    assert_string_equal(heap->descriptor->version, "1.0");
    assert_non_null(strstr(heap->path, "/heap.so"));
    assert_null(plugins_find(&plugins, FAQD_CONNECTOR, "heap"));
    assert_non_null(plugins_find(&plugins, FAQD_CONNECTOR, "stdin"));
    assert_null(plugins_find(&plugins, FAQD_MODULE, "stdin"));
    assert_null(plugins_find(&plugins, FAQD_MODULE, ""));
    plugins_free(&plugins);
    plugins_free(&plugins);
}

static void what_is_no_plugin_is_left_out(void **state)
{
    (void)state;
    struct plugins plugins;
    struct err err = {0};
    char path[600];
    mkdir(temp_path("mixed"), 0700);
    write_text(temp_path("mixed/readme.txt"), "x");
    write_text(temp_path("mixed/.hidden.so"), "x");
    write_text(temp_path("mixed/.so"), "x");
    write_text(temp_path("mixed/text.so"), "x");
    snprintf(path, sizeof(path), "%s/heap.so", plugins_folder());
    assert_int_equal(symlink(path, temp_path("mixed/z.so")), 0);
    assert_int_equal(open_plugins(temp_path("mixed"), &plugins, &err), FAQD_OK);
    assert_int_equal(plugins.n, 1);
    plugins_free(&plugins);
    assert_int_equal(plugins_list(temp_path("mixed"), &plugins, &err), FAQD_OK);
    assert_int_equal(plugins.n, 0);
    assert_non_null(plugins_find(&plugins, FAQD_MODULE, "heap")); /* though its file is called otherwise */
    plugins_free(&plugins);
    assert_int_equal(plugins_list(plugins_folder(), &plugins, &err), FAQD_OK);
    assert_non_null(plugins_find(&plugins, FAQD_MODULE, "heap"));
    assert_int_equal(plugins.n, 1); /* the others are not wanted yet */
    assert_null(plugins_find(&plugins, FAQD_MODULE, "nothing"));
    assert_true(plugins.n >= 3);
    plugins_free(&plugins);
    mkdir(temp_path("none"), 0700);
    assert_int_equal(open_plugins(temp_path("none"), &plugins, &err), FAQD_OK);
    assert_int_equal(plugins.n, 0);
    plugins_free(&plugins);
    assert_int_equal(open_plugins("/nonexistent", &plugins, &err), FAQD_EIO);
    assert_string_equal(err.file, "/nonexistent");
    assert_int_equal(plugins.n, 0);
}

static void opening_says_why_not(void **state)
{
    (void)state;
    struct plugin plugin;
    struct err err = {0};
    assert_int_equal(plugin_open("/nonexistent.so", &plugin, &err), FAQD_EINVAL);
    assert_true(err.text[0] != '\0');
    assert_null(plugin.descriptor);
    assert_int_equal(plugin_open("/nonexistent.so", &plugin, NULL), FAQD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_read_in_order),
        cmocka_unit_test(what_is_no_plugin_is_left_out),
        cmocka_unit_test(opening_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
