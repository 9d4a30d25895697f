/* SPDX-License-Identifier: MIT
 *
 * kept_pack.c - see kept_pack.h.
 */
#include "kept_pack.h"

#include "cache.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void kept_make(const char *dir, const char *version)
{
    char path[1024];
    size_t len = 0;
    copy_folder(SMALL_PACK, dir);
    snprintf(path, sizeof(path), "%s/pack.json", dir);
    char *text = read_file(path, &len);
    char *other = replaced(text, "\"version\": \"1\"", version);
    char *padded = malloc(strlen(other) + CACHE_BYTES_MIN + 1);
    assert_non_null(padded);
    sprintf(padded, "%s%*s", other, (int)CACHE_BYTES_MIN, "");
    write_text(path, padded);
    free(padded);
    free(other);
    free(text);
}

void kept_find(const char *folder, char out[1024])
{
    DIR *dir = opendir(folder);
    out[0] = '\0';
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        assert_string_equal(out, ""); /* nothing is left beside it */
        snprintf(out, 1024, "%s/%s", folder, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

char *kept_answers(const char *dir, const struct cache *cache)
{
    static const char *const questions[] = {"c'est quoi le compost ?", "what is compsot", "frzbl", "le prix",
                                            "Puis-je mettre du marc de café au compost ?"};
    struct host host;
    struct err err = {0};
    struct str all;
    str_init(&all, 1 << 20);
    if (host_start(&host, plugins_folder(), cache, dir, &err) != FAQD_OK)
        fail_msg("%s: %s", err.file, err.text);
    struct faqd_worker *worker = host.api.worker_new(&host.api);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        ask_text(&host, worker, questions[i]);
        str_adds(&all, host.api.render(worker, FAQD_JSON, NULL));
    }
    host.api.worker_free(worker);
    host_end(&host);
    char *copy = strdup(str_text(&all));
    str_free(&all);
    return copy;
}

void kept_expect_same_answers(const char *dir, const struct cache *cache)
{
    char *wanted = kept_answers(dir, NULL);
    char *got = kept_answers(dir, cache);
    assert_string_equal(got, wanted);
    free(wanted);
    free(got);
}

ino_t kept_inode(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_ino;
}

int kept_is_used(const char *dir, const struct cache *cache)
{
    struct cache_key key;
    struct image *image = NULL;
    assert_int_equal(image_new(&image), FAQD_OK);
    assert_int_equal(cache_key(dir, &key), FAQD_OK);
    int rc = cache_open(cache, dir, &key, image);
    assert_true(rc == FAQD_OK || rc == FAQD_DECLINED);
    assert_int_equal(rc == FAQD_OK, image_head(image) != NULL);
    image_free(image);
    return rc == FAQD_OK;
}

void kept_load(const char *dir, const struct cache *cache, struct plugins *plugins, const struct faqd_host *api)
{
    struct err err = {0};
    struct snapshot *snapshot = NULL;
    int rc = snapshot_load(dir, cache, plugins, api, &err, &snapshot);
    assert_int_equal(rc == FAQD_OK, snapshot != NULL);
    assert_int_equal(err.code, rc);
    assert_true(rc == FAQD_OK || rc == FAQD_ENOMEM);
    snapshot_free(snapshot);
}
