/* SPDX-License-Identifier: MIT
 *
 * cache_key.c - what a cached image was made of: this very build of the program, and the bytes of the pack's files.
 */
#include "cache_private.h"

#include "faqd_plugin.h"
#include "pattern.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* Look for the GNU build id among the notes of the program itself, which comes first: the linker's digest of it. A
 * structure that changed its shape without a new version must not be read from an old file. */
static int add_build(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        const char *at = (const char *)(info->dlpi_addr + part->p_vaddr);
        const char *end = at + part->p_memsz;
        while (part->p_type == PT_NOTE && (size_t)(end - at) > sizeof(ElfW(Nhdr))) {
            const ElfW(Nhdr) *note = (const void *)at;
            const char *name = at + sizeof(*note);
            const char *id = name + ((note->n_namesz + 3) & ~3u);
            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0)
                return XXH3_128bits_update(user, id, note->n_descsz) == XXH_OK ? 1 : -1;
            at = id + ((note->n_descsz + 3) & ~3u);
        }
    }
    return -1; /* stop at the program */
}

static int add_file(XXH3_state_t *state, int folder, const char *name, size_t *bytes)
{
    char buf[64 * 1024];
    struct stat st;
    ssize_t got = -1;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    XXH3_128bits_update(state, name, strlen(name) + 1);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= CACHE_FILE_MAX) {
        XXH3_128bits_update(state, &st.st_size, sizeof(st.st_size));
        while ((got = read(fd, buf, sizeof(buf))) > 0) {
            XXH3_128bits_update(state, buf, (size_t)got);
            *bytes += (size_t)got;
        }
    }
    if (fd >= 0)
        close(fd);
    return got == 0 ? FAQD_OK : FAQD_DECLINED;
}

static int is_json(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static int add_files(XXH3_state_t *state, const char *dir, size_t *bytes)
{
    struct dirent **entries = NULL;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int n = folder >= 0 ? scandirat(folder, ".", &entries, is_json, alphasort) : -1;
    int rc = n >= 0 ? FAQD_OK : FAQD_DECLINED;
    for (int i = 0; i < n; i++) {
        if (rc == FAQD_OK)
            rc = add_file(state, folder, entries[i]->d_name, bytes);
        free(entries[i]);
    }
    free(entries);
    if (folder >= 0)
        close(folder);
    return rc;
}

int cache_key(const char *dir, struct cache_key *key)
{
    size_t bytes = 0;
    char engine[PATTERN_ENGINE_SIZE];
    char versions[PATTERN_ENGINE_SIZE + 64];
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        return FAQD_DECLINED;
    XXH3_128bits_reset(state);
    pattern_engine(engine);
    snprintf(versions, sizeof(versions), "%s PCRE2 %s", FAQD_VERSION, engine);
    XXH3_128bits_update(state, versions, strlen(versions) + 1);
    int rc = dl_iterate_phdr(add_build, state) == 1 ? add_files(state, dir, &bytes) : FAQD_DECLINED;
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    *key = (struct cache_key){{hash.low64, hash.high64}};
    return rc == FAQD_OK && bytes < CACHE_BYTES_MIN ? FAQD_DECLINED : rc;
}

void cache_digest(const struct image_head *head, uint64_t out[2])
{
    XXH128_hash_t hash = XXH3_128bits(head + 1, head->size - sizeof(*head));
    out[0] = hash.low64 ^ (uintptr_t)head->root;
    out[1] = hash.high64;
}
