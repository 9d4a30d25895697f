/* SPDX-License-Identifier: MIT
 *
 * test_config.c - the strongest source of a setting wins and is remembered; what is wrong in faqd.json is refused with
 * its place.
 */
#include "support.h"

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const variables[] = {"FAQD_PACK", "FAQD_PACKS_DIR", "FAQD_PLUGINS_DIR", "FAQD_STATE_DIR",
                                        "FAQD_LANG", "FAQD_LOG_LEVEL", "STATE_DIRECTORY",  "XDG_STATE_HOME"};

static int clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    return 0;
}

static const char *write_config(const char *json)
{
    const char *path = temp_path("faqd.json");
    write_text(path, json);
    return path;
}

static void the_strongest_source_wins(void **state)
{
    (void)state;
    struct config config = {0};
    struct err err = {0};
    struct str out;
    setenv("FAQD_LANG", "en", 1);
    setenv("FAQD_LOG_LEVEL", "error", 1);
    setenv("FAQD_PACK", "", 1); /* empty is not set */
    assert_int_equal(config_set(&config, SETTING_LOG_LEVEL, "debug", "command line"), FAQD_OK);
    assert_int_equal(config_environment(&config), FAQD_OK);
    assert_int_equal(
        config_read(&config, write_config("{\"lang\": \"fr\", \"pack\": \"small\", \"packs_dir\": \"packs\"}"), &err),
        FAQD_OK);
    assert_string_equal(config.values[SETTING_LOG_LEVEL], "debug");
    assert_string_equal(config.origins[SETTING_LOG_LEVEL], "command line");
    assert_string_equal(config.values[SETTING_LANG], "en");
    assert_string_equal(config.origins[SETTING_LANG], "FAQD_LANG");
    assert_string_equal(config.values[SETTING_PACK], "small");
    assert_string_equal(config.origins[SETTING_PACK], temp_path("faqd.json"));
    assert_string_equal(config.values[SETTING_PACKS_DIR], temp_path("packs")); /* from the file's folder */
    assert_null(config.values[SETTING_PLUGINS_DIR]);
    str_init(&out, 10000);
    config_print(&config, &out);
    assert_non_null(strstr(str_text(&out), "lang = \"en\" (FAQD_LANG)\n"));
    assert_non_null(strstr(str_text(&out), "plugins_dir = \"\" (not set)\n"));
    str_free(&out);
    config_free(&config);
    config_free(&config);
}

static void finishing_fills_in_and_checks(void **state)
{
    (void)state;
    static const struct {
        enum setting setting;
        const char *value, *complaint;
    } bad[] = {
        {SETTING_LANG, "de", "lang is \"de\" (test); it must be \"fr\" or \"en\""},
        {SETTING_LOG_LEVEL, "loud", "log_level is \"loud\" (test); it must be error, warning, info or debug"},
        {SETTING_PACK, "./none", "there is no pack at ./none (pack: test)"},
        {SETTING_PACK, "none", "there is no pack at tests/packs/none (pack: test)"},
        {SETTING_PACK, "../packs/small/pack.json", "there is no pack at ../packs/small/pack.json"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct config config = {0};
        struct err err = {0};
        config_set(&config, bad[i].setting, bad[i].value, "test");
        config_set(&config, SETTING_PACK, "small", "test");
        config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
        config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
        assert_int_not_equal(config_finish(&config, &err), FAQD_OK);
        if (!strstr(err.text, bad[i].complaint))
            fail_msg("%s: %s", bad[i].value, err.text);
        config_free(&config);
    }
    struct config config = {0};
    struct err err = {0};
    config_set(&config, SETTING_PACK, "small", "test");
    config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
    config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
    assert_int_equal(config_finish(&config, &err), FAQD_OK);
    assert_non_null(strstr(config.pack_dir, "/tests/packs/small"));
    assert_int_equal(config.pack_dir[0], '/');
    assert_string_equal(config.values[SETTING_LANG], "");
    assert_string_equal(config.values[SETTING_LOG_LEVEL], "info");
    config_free(&config);
}

static void packs_are_found(void **state)
{
    (void)state;
    struct config config = {0};
    struct err err = {0};
    char here[512];
    assert_non_null(getcwd(here, sizeof(here)));
    mkdir(temp_path("mine"), 0700);
    config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
    config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
    const char *file = write_config("{\"packs\": {\"own\": \"./mine\", \"b\": \"small\"}}");
    assert_int_equal(config_read(&config, file, &err), FAQD_OK);
    assert_int_equal(config_finish(&config, &err), FAQD_OK);
    assert_int_equal(config.n_packs, 2);
    assert_string_equal(config.packs[0].name, "own");
    assert_string_equal(config.packs[0].dir, temp_path("mine"));
    assert_string_equal(config.packs[1].dir + strlen(here), "/tests/packs/small");
    assert_string_equal(config.values[SETTING_PACK], "own"); /* the first one is the default */
    assert_string_equal(config.pack_dir, temp_path("mine"));
    config_free(&config);

    config_set(&config, SETTING_PACK, "b", "test");
    config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
    config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
    assert_int_equal(config_read(&config, file, &err), FAQD_OK);
    assert_int_equal(config_finish(&config, &err), FAQD_OK);
    assert_string_equal(config.pack_dir, config.packs[1].dir);
    config_free(&config);

    config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
    config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
    assert_int_equal(config_read(&config, write_config("{\"packs\": [\"small\", \"none\"]}"), &err), FAQD_OK);
    assert_int_equal(config_finish(&config, &err), FAQD_EINVAL);
    assert_non_null(strstr(err.text, "there is no pack at tests/packs/none (packs.none: "));
    config_free(&config);
}

static void connectors_keep_their_settings(void **state)
{
    (void)state;
    struct config config = {0};
    struct err err = {0};
    assert_int_equal(
        config_read(&config, write_config("{\"connectors\": {\"stdin\": {\"json\": true}, \"web\": {}}}"), &err),
        FAQD_OK);
    char *text = config_connector(&config, "stdin");
    assert_string_equal(text, "{\"json\":true}");
    free(text);
    text = config_connector(&config, "none");
    assert_string_equal(text, "{}");
    free(text);
    config_free(&config);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json, *complaint;
    } cases[] = {
        {"{\"pak\": \"x\"}", "faqd.json: unknown key \"pak\"; did you mean \"pack\"?"},
        {"{\"plugin_dir\": \"x\"}", "unknown key \"plugin_dir\"; did you mean \"plugins_dir\"?"},
        {"{\"zzzzz\": 1}", "unknown key \"zzzzz\""},
        {"{\"lang\": 3}", "faqd.json: \"lang\" must be a text"},
        {"{\"packs\": 3}", "packs: must be a list of names, or an object of names and folders"},
        {"{\"packs\": [\"a\", 3]}", "packs[1]: must be the name of a pack"},
        {"{\"packs\": [\"a\", \"a\"]}", "packs[1]: \"a\" stands there twice"},
        {"{\"packs\": [\"./a\"]}", "packs[0]: a pack's name is 1 to 64 of a-z, 0-9, - and _"},
        {"{\"packs\": {\"A\": \"./a\"}}", "packs.A: a pack's name is"},
        {"{\"packs\": {\"a\": \"\"}}", "packs.a: must be a folder, or the name of a pack"},
        {"{\"connectors\": []}", "faqd.json: connectors: must be an object"},
        {"{\"connectors\": {\"stdin\": 1}}", "faqd.json: connectors.stdin: must be an object"},
        {"{\"lang\": \"fr\", \"lang\": \"en\"}", "faqd.json:1: column"},
        {"{\n\n\"lang\": \"fr\"", "faqd.json:3: column"},
        {"[]", "must be an object"},
        {"", "faqd.json:1: column"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config = {0};
        struct err err = {0};
        char line[ERR_LINE_MAX];
        assert_int_not_equal(config_read(&config, write_config(cases[i].json), &err), FAQD_OK);
        if (!strstr(err_line(&err, line, sizeof(line)), cases[i].complaint))
            fail_msg("%s: %s", cases[i].json, line);
        config_free(&config);
    }
    struct config config = {0};
    struct err err = {0};
    assert_int_equal(config_read(&config, "/nonexistent/faqd.json", &err), FAQD_EIO);
    assert_string_equal(err.file, "/nonexistent/faqd.json");
    config_free(&config);
}

static void expect_state_dir(const char *value, const char *origin)
{
    struct config config = {0};
    struct err err = {0};
    config_environment(&config);
    config_set(&config, SETTING_PACK, "small", "test");
    config_set(&config, SETTING_PACKS_DIR, "tests/packs", "test");
    config_set(&config, SETTING_PLUGINS_DIR, "x", "test");
    assert_int_equal(config_finish(&config, &err), FAQD_OK);
    if (value)
        assert_string_equal(config.values[SETTING_STATE_DIR], value);
    else
        assert_null(config.values[SETTING_STATE_DIR]);
    if (origin)
        assert_string_equal(config.origins[SETTING_STATE_DIR], origin);
    config_free(&config);
}

static void the_state_folder_is_found(void **state)
{
    (void)state;
    char *home = strdup(getenv("HOME") ? getenv("HOME") : "/");
    unsetenv("HOME");
    expect_state_dir(NULL, NULL);
    setenv("HOME", "/home/me", 1);
    expect_state_dir("/home/me/.local/state/faqd", "default");
    setenv("XDG_STATE_HOME", "relative", 1); /* does not count */
    expect_state_dir("/home/me/.local/state/faqd", "default");
    setenv("XDG_STATE_HOME", "/x", 1);
    expect_state_dir("/x/faqd", "XDG_STATE_HOME");
    setenv("STATE_DIRECTORY", "/var/lib/faqd:/var/lib/other", 1);
    expect_state_dir("/var/lib/faqd", "STATE_DIRECTORY");
    setenv("FAQD_STATE_DIR", "here", 1);
    expect_state_dir("here", "FAQD_STATE_DIR");
    setenv("HOME", home, 1);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_strongest_source_wins, clean),
        cmocka_unit_test_setup(finishing_fills_in_and_checks, clean),
        cmocka_unit_test_setup(packs_are_found, clean),
        cmocka_unit_test_setup(connectors_keep_their_settings, clean),
        cmocka_unit_test_setup(the_state_folder_is_found, clean),
        cmocka_unit_test_setup(bad_files_are_refused, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
