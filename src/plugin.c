/* SPDX-License-Identifier: MIT
 *
 * plugin.c - see plugin.h.
 */
#include "plugin.h"

#include "array.h"
#include "log.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const plugin_kinds[] = {"?", "module", "connector"};

/* What every version of the descriptor has. */
#define DESCRIPTOR_LEAST (offsetof(struct faqd_plugin, ops) + sizeof(const void *))

static int check_module(const struct faqd_module *ops, struct err *err)
{
    if (ops->struct_size < offsetof(struct faqd_module, close) + sizeof(ops->close))
        return err_set(err, FAQD_EINVAL, "its table of functions is too short for a module");
    return ops->answer ? FAQD_OK : err_set(err, FAQD_EINVAL, "it has no answer function");
}

static int check_connector(const struct faqd_connector *ops, struct err *err)
{
    if (ops->struct_size < offsetof(struct faqd_connector, check) + sizeof(ops->check))
        return err_set(err, FAQD_EINVAL, "its table of functions is too short for a connector");
    if (!ops->open || !ops->run || !ops->stop || !ops->close)
        return err_set(err, FAQD_EINVAL, "it lacks one of open, run, stop, close");
    return FAQD_OK;
}

static int check_descriptor(const struct faqd_plugin *d, struct err *err)
{
    if (d->struct_size < DESCRIPTOR_LEAST)
        return err_set(err, FAQD_EINVAL, "its descriptor is too short (%u bytes)", d->struct_size);
    if (d->abi_major != FAQD_ABI_MAJOR)
        return err_set(err, FAQD_EINVAL, "it was built for plugin ABI %u, this faqd has %d: build it again",
                       d->abi_major, FAQD_ABI_MAJOR);
    if (d->abi_minor > FAQD_ABI_MINOR)
        return err_set(err, FAQD_EINVAL, "it needs plugin ABI %u.%u, this faqd has %d.%d: a newer faqd is needed",
                       d->abi_major, d->abi_minor, FAQD_ABI_MAJOR, FAQD_ABI_MINOR);
    if (!d->name || !d->name[0] || strspn(d->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(d->name))
        return err_set(err, FAQD_EINVAL, "its name is not [a-z0-9_]+");
    if (!d->version || !d->ops)
        return err_set(err, FAQD_EINVAL, "its descriptor lacks a version or a table of functions");
    if (d->kind == FAQD_MODULE)
        return check_module(d->ops, err);
    if (d->kind == FAQD_CONNECTOR)
        return check_connector(d->ops, err);
    return err_set(err, FAQD_EINVAL, "it is of kind %u, which is neither module nor connector", d->kind);
}

/* Is all there that the program headers speak of? dlopen maps a file that was cut short, and dies of SIGBUS. What is
 * no ELF at all is left to dlopen's own words. */
static int whole(int fd, off_t size)
{
    ElfW(Ehdr) head;
    if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_phentsize != sizeof(ElfW(Phdr)))
        return 1;
    for (size_t i = 0; i < head.e_phnum; i++) {
        ElfW(Phdr) part;
        off_t at = (off_t)(head.e_phoff + i * sizeof(part));
        if (pread(fd, &part, sizeof(part), at) != (ssize_t)sizeof(part) || part.p_offset > (uint64_t)size ||
            part.p_filesz > (uint64_t)size - part.p_offset)
            return 0;
    }
    return 1;
}

static int check_whole(const char *path, off_t size, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, FAQD_EIO, "%s", strerror(errno));
    int all = whole(fd, size);
    close(fd);
    return all ? FAQD_OK : err_set(err, FAQD_EINVAL, "the file is cut short");
}

static int check_file(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_set(err, FAQD_EIO, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(err, FAQD_EINVAL, "not a regular file");
    if (st.st_mode & S_IWOTH)
        return err_set(err, FAQD_EINVAL, "anybody may write to it: chmod o-w");
    return check_whole(path, st.st_size, err);
}

int plugin_open(const char *path, struct plugin *plugin, struct err *err)
{
    *plugin = (struct plugin){0};
    if (check_file(path, err) != FAQD_OK)
        return FAQD_EINVAL;
    char *copy = strdup(path);
    if (!copy)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const struct faqd_plugin *descriptor = handle ? dlsym(handle, "faqd_plugin") : NULL;
    int rc = FAQD_EINVAL;
    if (!handle)
        err_set(err, rc, "%s", dlerror());
    else if (!descriptor)
        err_set(err, rc, "it exports no faqd_plugin: not a plugin of faqd");
    else
        rc = check_descriptor(descriptor, err);
    if (rc != FAQD_OK) {
        free(copy);
        return rc;
    }
    *plugin = (struct plugin){descriptor, copy};
    return FAQD_OK;
}

static const struct plugin *among_open(const struct plugins *plugins, enum faqd_kind kind, const char *name)
{
    for (size_t i = 0; i < plugins->n; i++)
        if (plugins->items[i].descriptor->kind == kind && strcmp(plugins->items[i].descriptor->name, name) == 0)
            return &plugins->items[i];
    return NULL;
}

/* Open the i-th of those that are closed, if it still is. */
static int take(struct plugins *plugins, size_t i, struct err *err)
{
    char path[4096];
    struct plugin plugin;
    struct err why = {0};
    if (!plugins->closed[i])
        return FAQD_OK;
    if (array_room((void **)&plugins->items, plugins->n, sizeof(plugin)) != FAQD_OK)
        return err_set(err, FAQD_ENOMEM, "out of memory");
    snprintf(path, sizeof(path), "%s/%s", plugins->dir, plugins->closed[i]);
    free(plugins->closed[i]);
    plugins->closed[i] = NULL;
    if (plugin_open(path, &plugin, &why) != FAQD_OK) {
        log_event(FAQD_ERROR, "plugin_refused", "%s: %s", path, why.text);
        return FAQD_OK;
    }
    const struct plugin *twin = among_open(plugins, plugin.descriptor->kind, plugin.descriptor->name);
    if (twin) {
        log_event(FAQD_ERROR, "plugin_refused", "%s: a %s \"%s\" was loaded already, from %s", path,
                  plugin_kinds[plugin.descriptor->kind], plugin.descriptor->name, twin->path);
        free(plugin.path);
        return FAQD_OK;
    }
    plugins->items[plugins->n++] = plugin;
    return FAQD_OK;
}

static int is_called(const char *file, const char *name)
{
    size_t len = strlen(name);
    return file && strncmp(file, name, len) == 0 && strcmp(file + len, ".so") == 0;
}

const struct plugin *plugins_find(struct plugins *plugins, enum faqd_kind kind, const char *name)
{
    const struct plugin *plugin = among_open(plugins, kind, name);
    for (size_t i = 0; !plugin && i < plugins->n_closed; i++)
        if (is_called(plugins->closed[i], name) && take(plugins, i, NULL) == FAQD_OK)
            plugin = among_open(plugins, kind, name);
    if (!plugin && plugins_open_all(plugins, NULL) == FAQD_OK)
        plugin = among_open(plugins, kind, name);
    return plugin;
}

int plugins_open_all(struct plugins *plugins, struct err *err)
{
    int rc = FAQD_OK;
    for (size_t i = 0; rc == FAQD_OK && i < plugins->n_closed; i++)
        rc = take(plugins, i, err);
    return rc;
}

static int is_shared_object(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0;
}

int plugins_list(const char *dir, struct plugins *plugins, struct err *err)
{
    struct dirent **names = NULL;
    *plugins = (struct plugins){0};
    int n = scandir(dir, &names, is_shared_object, alphasort);
    if (n < 0) {
        int rc = errno == ENOMEM ? FAQD_ENOMEM : FAQD_EIO;
        err_set(err, rc, "cannot open the plugins' folder: %s", strerror(errno));
        err_where(err, dir, NULL);
        return rc;
    }
    plugins->dir = strdup(dir);
    plugins->closed = calloc((size_t)n + 1, sizeof(*plugins->closed));
    int rc = plugins->dir && plugins->closed ? FAQD_OK : FAQD_ENOMEM;
    for (int i = 0; i < n; i++) {
        if (rc == FAQD_OK && !(plugins->closed[plugins->n_closed++] = strdup(names[i]->d_name)))
            rc = FAQD_ENOMEM;
        free(names[i]);
    }
    free(names);
    if (rc != FAQD_OK) {
        plugins_free(plugins);
        err_set(err, rc, "out of memory");
    }
    return rc;
}

void plugins_free(struct plugins *plugins)
{
    for (size_t i = 0; i < plugins->n; i++)
        free(plugins->items[i].path);
    for (size_t i = 0; i < plugins->n_closed; i++)
        free(plugins->closed[i]);
    free(plugins->items);
    free(plugins->closed);
    free(plugins->dir);
    *plugins = (struct plugins){0};
}
