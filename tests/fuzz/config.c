/* SPDX-License-Identifier: MIT
 *
 * config.c - fuzz target: any bytes as faqd.json.
 *
 * What must hold: the file is taken, or refused with a code, the file's name and a text of one line; of a file that was
 * taken every value and every connector's settings can be had.
 */
#include "fuzz.h"

#include "config.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_refused(const struct err *err, int rc)
{
    char line[ERR_LINE_MAX];
    err_line(err, line, sizeof(line));
    FUZZ_CHECK(rc < 0 && err->code == rc && err->text[0], "refused with %d, and the error is %d \"%s\"", rc, err->code,
               err->text);
    FUZZ_CHECK(!strchr(line, '\n'), "an error of several lines: %s", line);
}

static void check_taken(const struct config *config)
{
    struct str out;
    const char *name = NULL;
    json_t *settings = NULL;
    json_object_foreach(config->connectors, name, settings)
    {
        char *text = config_connector(config, name);
        json_t *again = text ? json_loads(text, 0, NULL) : NULL;
        FUZZ_CHECK(json_equal(settings, again), "the settings of \"%s\" are lost", name);
        json_decref(again);
        free(text);
    }
    str_init(&out, (size_t)8 * 1024 * 1024);
    config_print(config, &out);
    FUZZ_CHECK(!out.error, "it cannot be printed: %d", out.error);
    str_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config = {0};
    struct err err = {0};
    char file[4096];
    fuzz_write("faqd.json", data, size);
    snprintf(file, sizeof(file), "%s/faqd.json", fuzz_folder());
    int rc = config_read(&config, file, &err);
    if (rc != FAQD_OK) {
        check_refused(&err, rc);
        FUZZ_CHECK(strcmp(err.file, file) == 0, "the error does not name the file");
        config_free(&config);
        return 0;
    }
    rc = config_finish(&config, &err);
    if (rc != FAQD_OK)
        check_refused(&err, rc);
    check_taken(&config);
    config_free(&config);
    return 0;
}
