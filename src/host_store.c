/* SPDX-License-Identifier: MIT
 *
 * host_store.c - where a connector's files are: those that its settings name, and its store below the state folder.
 */
#include "host_private.h"

#include "entries.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int host_path(const struct faqd_host *api, const char *named, char *out, size_t size)
{
    static const char credential[] = "credential:";
    const char *folder = host_of(api)->config_dir;
    if (!size)
        return FAQD_EINVAL;
    out[0] = '\0';
    if (!named || !named[0])
        return FAQD_EINVAL;
    if (strncmp(named, credential, strlen(credential)) == 0) {
        named += strlen(credential);
        folder = getenv("CREDENTIALS_DIRECTORY");
        if (!folder || !folder[0] || !named[0] || strchr(named, '/') || named[0] == '.')
            return FAQD_EINVAL;
    }
    int bare = named[0] == '/' || !folder || !folder[0];
    int len = snprintf(out, size, "%s%s%s", bare ? "" : folder, bare ? "" : "/", named);
    if (len >= 0 && (size_t)len < size)
        return FAQD_OK;
    out[0] = '\0';
    return FAQD_EINVAL;
}

int host_store_open(const struct faqd_host *api, const char *name, struct faqd_store **out)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    const char *folder = host_of(api)->state_dir;
    int rc = FAQD_EINVAL;
    *out = NULL;
    if (folder && folder[0])
        rc = entries_open(folder, name, &err, out);
    else
        err_set(&err, rc, "there is no state folder: name one with --state-dir, or set HOME");
    if (rc != FAQD_OK)
        log_event(FAQD_ERROR, "store_refused", "%s", err_line(&err, line, sizeof(line)));
    return rc;
}
