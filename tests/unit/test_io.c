/* SPDX-License-Identifier: MIT
 *
 * test_io.c - reading a pack when the system calls misbehave: each open, fstat, read and opendir fails in turn, reads
 * are interrupted or short, files shrink. A reload then says what happened and the old content goes on; interrupted and
 * short reads are no failure at all, nor is anything that fails about a kept image: the pack is read instead.
 */
#include "kept_pack.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Those of unistd.h and fcntl.h would come with inline definitions of what is defined here. */
ssize_t read(int fd, void *buf, size_t size);
int open(const char *path, int flags, ...);
int unlink(const char *path);

enum call { READ, OPEN, FSTAT, OPENDIR, CALLS };
enum fault { NONE, FAIL, INTERRUPT, SHORT, SHRINK };

static struct {
    enum call call;
    enum fault fault;
    int error;
    long left; /* calls until the one that is hit; 1: the next */
    long hits;
    long seen[CALLS];
} inject;

/* Is this call hit? Interrupted and short ones come again and again. */
static int hit(enum call call)
{
    inject.seen[call]++;
    if (inject.fault == NONE || inject.call != call)
        return 0;
    if (inject.fault == INTERRUPT)
        return inject.seen[call] % 2 == 1;
    if (inject.fault == SHORT)
        return 1;
    if (--inject.left != 0)
        return 0;
    inject.hits++;
    return 1;
}

static void *real(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (!function)
        abort();
    return function;
}

ssize_t read(int fd, void *buf, size_t size)
{
    static ssize_t (*next)(int, void *, size_t);
    if (!next)
        *(void **)&next = real("read");
    if (!hit(READ))
        return next(fd, buf, size);
    if (inject.fault == SHORT)
        return next(fd, buf, size < 3 ? size : 3);
    if (inject.fault == SHRINK)
        return 0;
    errno = inject.fault == INTERRUPT ? EINTR : inject.error;
    return -1;
}

int open(const char *path, int flags, ...)
{
    static int (*next)(const char *, int, ...);
    if (!next)
        *(void **)&next = real("open");
    if (!hit(OPEN))
        return next(path, flags, 0600);
    errno = inject.error;
    return -1;
}

int fstat(int fd, struct stat *st)
{
    static int (*next)(int, struct stat *);
    if (!next)
        *(void **)&next = real("fstat");
    if (!hit(FSTAT))
        return next(fd, st);
    errno = inject.error;
    return -1;
}

DIR *opendir(const char *path)
{
    static DIR *(*next)(const char *);
    if (!next)
        *(void **)&next = real("opendir");
    if (!hit(OPENDIR))
        return next(path);
    errno = inject.error;
    return NULL;
}

static struct host host;
static struct faqd_worker *worker;
static char *golden;

static char *answer(void)
{
    ask_text(&host, worker, "Puis-je mettre du marc de café au compost ?");
    return strdup(host.api.render(worker, FAQD_JSON, NULL));
}

static int setup(void **state)
{
    (void)state;
    start_host(&host, SMALL_PACK);
    worker = host.api.worker_new(&host.api);
    golden = answer();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(golden);
    host.api.worker_free(worker);
    host_end(&host);
    return 0;
}

static int reload(enum call call, enum fault fault, int error, long n, struct err *err)
{
    *err = (struct err){0};
    memset(&inject, 0, sizeof(inject));
    inject.call = call;
    inject.fault = fault;
    inject.error = error;
    inject.left = n;
    int rc = host_reload(&host, 0, err);
    inject.fault = NONE;
    char *now = answer();
    assert_string_equal(now, golden);
    free(now);
    return rc;
}

static void every_call_fails_once(void **state)
{
    (void)state;
    static const struct {
        enum call call;
        enum fault fault;
        int error;
        const char *says;
    } cases[] = {
        {READ, FAIL, EIO, "Input/output error"},
        {OPEN, FAIL, EMFILE, "Too many open files"},
        {OPEN, FAIL, EACCES, "Permission denied"},
        {FSTAT, FAIL, EIO, "not a regular file"},
        {OPENDIR, FAIL, EACCES, "Permission denied"},
        {OPENDIR, FAIL, ENFILE, "Too many open files in system"},
        {READ, SHRINK, 0, "column"}, /* the file is shorter than it was a moment ago */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        long n = 0;
        do {
            struct err err;
            char line[ERR_LINE_MAX];
            int rc = reload(cases[i].call, cases[i].fault, cases[i].error, ++n, &err);
            if (!inject.hits) {
                assert_int_equal(rc, FAQD_OK);
                break;
            }
            if (rc == FAQD_OK || !strstr(err_line(&err, line, sizeof(line)), cases[i].says) || !err.file[0])
                fail_msg("case %zu, call %ld: result %d, \"%s\"", i, n, rc, err_line(&err, line, sizeof(line)));
        } while (1);
        assert_true(n > 1); /* some call was hit */
    }
}

static void interrupted_and_short_reads_are_no_failure(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(reload(READ, INTERRUPT, 0, 0, &err), FAQD_OK);
    long interrupted = inject.seen[READ];
    assert_int_equal(reload(READ, SHORT, 0, 0, &err), FAQD_OK);
    assert_true(inject.seen[READ] > 1000); /* three bytes at a time */
    assert_true(interrupted > 4);
}

static void no_descriptor_is_left_open(void **state)
{
    (void)state;
    int before = open("/dev/null", 0);
    for (long n = 1; n < 12; n++) {
        struct err err;
        reload(READ, FAIL, EIO, n, &err);
        reload(FSTAT, FAIL, EIO, n, &err);
        reload(OPENDIR, FAIL, EIO, n, &err);
    }
    int after = open("/dev/null", 0);
    assert_int_equal(after, before + 1);
}

/* Which of the images are there. */
enum { NO_IMAGE, OWN, PREBUILT };

static char kept[512], own[512], ready[512];

static void remake(int which)
{
    static const struct cache none = {NULL, NULL}, own_only = {own, NULL};
    char file[1024];
    struct err err = {0};
    struct snapshot *snapshot = NULL;
    for (int i = 0; i < 2; i++) {
        kept_find(i ? own : ready, file);
        if (file[0])
            assert_int_equal(unlink(file), 0);
    }
    assert_int_equal(snapshot_load(kept, which == OWN ? &own_only : &none, &host.plugins, &host.api, &err, &snapshot),
                     FAQD_OK);
    if (which == PREBUILT)
        assert_int_equal(cache_prebuild(ready, kept, &snapshot->key, snapshot->image, &err), FAQD_OK);
    snapshot_free(snapshot);
}

static void kept_images_may_fail(void **state)
{
    (void)state;
    static const struct cache both = {own, ready};
    static const int errors[CALLS] = {[READ] = EIO, [OPEN] = EMFILE, [FSTAT] = EIO, [OPENDIR] = EACCES};
    snprintf(kept, sizeof(kept), "%s", temp_path("kept"));
    snprintf(own, sizeof(own), "%s", temp_path("own"));
    snprintf(ready, sizeof(ready), "%s", temp_path("ready"));
    kept_make(kept, "\"version\": \"1\"");
    for (int which = NO_IMAGE; which <= PREBUILT; which++)
        for (enum call call = READ; call < CALLS; call++) {
            long n = 0;
            do {
                struct err err = {0};
                struct snapshot *snapshot = NULL;
                remake(which);
                memset(&inject, 0, sizeof(inject));
                inject.call = call;
                inject.fault = FAIL;
                inject.error = errors[call];
                inject.left = ++n;
                int rc = snapshot_load(kept, &both, &host.plugins, &host.api, &err, &snapshot);
                inject.fault = NONE;
                /* with an image nothing that fails once can matter; without, the pack's own files may be hit */
                assert_true(rc == FAQD_OK || (which == NO_IMAGE && err.file[0]));
                snapshot_free(snapshot);
                kept_expect_same_answers(kept, &both);
            } while (inject.hits);
            assert_true(n > 1 || call == OPENDIR);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_fails_once),
        cmocka_unit_test(interrupted_and_short_reads_are_no_failure),
        cmocka_unit_test(kept_images_may_fail),
        cmocka_unit_test(no_descriptor_is_left_open),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
