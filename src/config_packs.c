/* SPDX-License-Identifier: MIT
 *
 * config_packs.c - which packs: the default one (pack) and those that connectors may ask for by name (packs).
 */
#include "config_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_MAX_LEN 64

static int is_name(const char *name)
{
    size_t len = strlen(name);
    return len && len <= NAME_MAX_LEN && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static int add(struct config *config, struct jread *r, const char *name, const char *folder)
{
    char path[PATH_MAX];
    if (!is_name(name))
        return jread_fail(r, FAQD_EINVAL, "a pack's name is 1 to %d of a-z, 0-9, - and _", NAME_MAX_LEN);
    for (size_t i = 0; i < config->n_packs; i++)
        if (strcmp(config->packs[i].name, name) == 0)
            return jread_fail(r, FAQD_EINVAL, "\"%s\" stands there twice", name);
    if (config_path(config, folder, path, sizeof(path)) != FAQD_OK)
        return jread_fail(r, FAQD_ELIMIT, "the path is too long");
    struct config_pack *packs = realloc(config->packs, (config->n_packs + 1) * sizeof(*packs));
    if (packs)
        config->packs = packs;
    struct config_pack pack = {strdup(name), strdup(strchr(folder, '/') ? path : folder)};
    if (!packs || !pack.name || !pack.dir) {
        free(pack.name);
        free(pack.dir);
        return jread_fail(r, FAQD_ENOMEM, "out of memory");
    }
    config->packs[config->n_packs++] = pack;
    return FAQD_OK;
}

static int read_list(struct config *config, struct jread *r, const json_t *packs)
{
    int rc = FAQD_OK;
    size_t i = 0;
    json_t *value = NULL;
    json_array_foreach(packs, i, value)
    {
        size_t mark = jread_element(r, i);
        const char *name = json_string_value(value);
        if (rc == FAQD_OK)
            rc = name ? add(config, r, name, name) : jread_fail(r, FAQD_EINVAL, "must be the name of a pack");
        jread_leave(r, mark);
    }
    return rc;
}

int config_read_packs(struct config *config, struct jread *r, const json_t *packs)
{
    int rc = FAQD_OK;
    const char *name = NULL;
    json_t *value = NULL;
    size_t mark = jread_enter(r, "packs");
    if (packs && !json_is_object(packs) && !json_is_array(packs))
        rc = jread_fail(r, FAQD_EINVAL, "must be a list of names, or an object of names and folders");
    if (json_is_array(packs))
        rc = read_list(config, r, packs);
    json_object_foreach((json_t *)packs, name, value)
    {
        size_t member = jread_enter(r, name);
        const char *folder = json_string_value(value);
        if (rc == FAQD_OK)
            rc = folder && folder[0] ? add(config, r, name, folder)
                                     : jread_fail(r, FAQD_EINVAL, "must be a folder, or the name of a pack");
        jread_leave(r, member);
    }
    jread_leave(r, mark);
    return rc;
}

int config_find_pack(const struct config *config, const char *pack, const char *origin, char **out, struct err *err)
{
    const char *dir = config->values[SETTING_PACKS_DIR];
    char path[PATH_MAX];
    struct stat st;
    if (strchr(pack, '/'))
        snprintf(path, sizeof(path), "%s", pack);
    else if (!dir)
        return err_set(err, FAQD_EINVAL, "no folder of packs was found beside the program: name one with --packs-dir");
    else
        snprintf(path, sizeof(path), "%s/%s", dir, pack);
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return err_set(err, FAQD_EINVAL, "there is no pack at %.300s (%s)", path, origin);
    *out = realpath(path, NULL);
    return *out ? FAQD_OK : err_set(err, FAQD_ENOMEM, "out of memory");
}

int config_find_packs(struct config *config, struct err *err)
{
    const char *pack = config->values[SETTING_PACK];
    char origin[320];
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < config->n_packs; i++) {
        char *found = NULL;
        snprintf(origin, sizeof(origin), "packs.%s: %.200s", config->packs[i].name, config->file);
        rc = config_find_pack(config, config->packs[i].dir, origin, &found, err);
        if (rc != FAQD_OK)
            break;
        free(config->packs[i].dir);
        config->packs[i].dir = found;
        if (strcmp(config->packs[i].name, pack) == 0 && !config->pack_dir) {
            config->pack_dir = strdup(found);
            rc = config->pack_dir ? FAQD_OK : err_set(err, FAQD_ENOMEM, "out of memory");
        }
    }
    if (rc != FAQD_OK || config->pack_dir)
        return rc;
    snprintf(origin, sizeof(origin), "pack: %.300s", config->origins[SETTING_PACK]);
    return config_find_pack(config, pack, origin, &config->pack_dir, err);
}
