/* SPDX-License-Identifier: MIT
 *
 * jahead.c - see jahead.h. The thread writes a file's result before it counts it as done; under the lock the counter
 * is all that is shared.
 */
#include "jahead.h"

#include "table.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct parsed {
    char path[ERR_FILE_MAX];
    json_t *root; /* NULL: it failed, and err says why */
    struct arena tree;
    struct err err;
    uint64_t hash;
};

struct jahead {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t progress;
    size_t done; /* files; guarded by lock */
    int stop;    /* guarded by lock */
    size_t max;
    size_t n;
    size_t taken; /* the last one that was */
    struct parsed files[];
};

static void *parse_all(void *user)
{
    struct jahead *a = user;
    int stop = 0;
    for (size_t i = 0; i < a->n && !stop; i++) {
        struct parsed *file = &a->files[i];
        struct jread r = {.err = &file->err, .tree = &file->tree};
        file->root = jread_file(&r, file->path, a->max);
        file->hash = r.last;
        pthread_mutex_lock(&a->lock);
        a->done = i + 1;
        stop = a->stop;
        pthread_cond_signal(&a->progress);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

/* Name the files. 0: they are too small, or one cannot be named. */
static int name_files(struct jahead *a, const char *dir, const char *const *names)
{
    size_t bytes = 0;
    for (size_t i = 0; i < a->n; i++) {
        struct stat st;
        int len = snprintf(a->files[i].path, sizeof(a->files[i].path), "%s/%s", dir, names[i]);
        if (len < 0 || (size_t)len >= sizeof(a->files[i].path))
            return 0;
        if (stat(a->files[i].path, &st) == 0)
            bytes += (size_t)st.st_size;
    }
    return bytes >= JAHEAD_BYTES_MIN;
}

struct jahead *jahead_start(const char *dir, const char *const *names, size_t n, size_t max)
{
    struct jahead *a = calloc(1, sizeof(*a) + n * sizeof(a->files[0]));
    if (!a)
        return NULL;
    a->n = n;
    a->max = max;
    if (!name_files(a, dir, names) || pthread_mutex_init(&a->lock, NULL) != 0) {
        free(a);
        return NULL;
    }
    pthread_cond_init(&a->progress, NULL); /* glibc's cannot fail */
    if (pthread_create(&a->thread, NULL, parse_all, a) != 0) {
        pthread_cond_destroy(&a->progress);
        pthread_mutex_destroy(&a->lock);
        free(a);
        return NULL;
    }
    return a;
}

json_t *jahead_take(struct jahead *a, struct jread *r, size_t i)
{
    struct parsed *file = &a->files[i];
    pthread_mutex_lock(&a->lock);
    while (a->done <= i)
        pthread_cond_wait(&a->progress, &a->lock);
    pthread_mutex_unlock(&a->lock);
    r->file = file->path;
    r->path[0] = '\0';
    if (a->taken != i)
        arena_free(&a->files[a->taken].tree);
    a->taken = i;
    if (file->root)
        r->digest = table_hash_next(r->digest, file->hash);
    else if (r->err && !r->err->code)
        *r->err = file->err;
    return file->root;
}

void jahead_end(struct jahead *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->stop = 1;
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    for (size_t i = 0; i < a->n; i++)
        arena_free(&a->files[i].tree);
    pthread_cond_destroy(&a->progress);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
