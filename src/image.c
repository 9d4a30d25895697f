/* SPDX-License-Identifier: MIT
 *
 * image.c - see image.h.
 */
#include "image.h"

#include "array.h"
#include "faqd_plugin.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Below the 2 TiB at the top of a 47-bit address space, where Linux puts libraries and stacks at random, above the
 * program and its heap (0x55... to 0x56...), and within what AddressSanitizer and ThreadSanitizer leave to programs. */
#define SLOTS_BASE ((uint64_t)0x7e9000000000)
#define SLOT_BYTES ((uint64_t)4 << 30)

struct image {
    unsigned char *memory; /* NULL: not filled, or being measured */
    size_t size;
    size_t used;        /* by all but texts */
    size_t texts_at;    /* where those begin */
    size_t texts_used;  /* by them */
    int slot;           /* -1: none */
    int reserved;       /* a page is mapped there */
    int failed;         /* out of memory */
    struct table texts; /* while it is measured: hash of a text -> its place among the texts */
    uint32_t *places;   /* while it is filled: of each text that image_text is given, in their order */
    size_t n_places;
};

static void *place(int slot)
{
    return (void *)(uintptr_t)(SLOTS_BASE + (uint64_t)slot * SLOT_BYTES);
}

/* Map at the slot's place, if nothing is there. */
static void *map_at(int slot, size_t size, int protection, int flags, int fd)
{
    void *memory = mmap(place(slot), size, protection, MAP_PRIVATE | MAP_FIXED_NOREPLACE | flags, fd, 0);
    if (memory == MAP_FAILED || memory == place(slot))
        return memory;
    munmap(memory, size); /* a kernel before 4.17 takes the place for a hint */
    return MAP_FAILED;
}

/* The first slot where nothing is, reserved by a page that cannot be touched; -1: none. */
static int take_slot(void)
{
    for (int slot = 0; sizeof(void *) == 8 && slot < IMAGE_SLOTS; slot++)
        if (map_at(slot, 1, PROT_NONE, MAP_ANONYMOUS, -1) != MAP_FAILED)
            return slot;
    return -1;
}

/* Nothing is mapped any more: neither the block nor the page in its place. */
static void unmap(struct image *image)
{
    if (image->memory)
        munmap(image->memory, image->size);
    else if (image->reserved)
        munmap(place(image->slot), 1);
    image->memory = NULL;
    image->reserved = 0;
}

static void reserve(struct image *image)
{
    image->slot = take_slot();
    image->reserved = image->slot >= 0;
}

int image_new(struct image **out)
{
    *out = calloc(1, sizeof(**out));
    if (!*out)
        return FAQD_ENOMEM;
    reserve(*out);
    return FAQD_OK;
}

void image_drop(struct image *image)
{
    unmap(image);
    reserve(image);
}

void image_free(struct image *image)
{
    if (!image)
        return;
    unmap(image);
    free(image);
}

/* ---------------------------------------------------------------------------------------------- filling ---- */

static size_t aligned(size_t at, size_t to)
{
    return (at + to - 1) / to * to;
}

void *image_copy(struct image *image, const void *bytes, size_t size)
{
    if (!bytes || !size)
        return image->memory ? NULL : (void *)bytes;
    size_t at = aligned(image->used, alignof(max_align_t));
    image->used = at + size;
    return image->memory ? memcpy(image->memory + at, bytes, size) : (void *)bytes;
}

/* Give a text its place: that of an equal one, or behind all others. */
static int place_text(struct image *image, const char *text)
{
    size_t size = strlen(text) + 1;
    uint64_t hash = table_hash_long(text, size);
    uint32_t at = table_get(&image->texts, hash);
    if (array_room((void **)&image->places, image->n_places, sizeof(*image->places)) != FAQD_OK)
        return FAQD_ENOMEM;
    if (at == TABLE_NONE) {
        at = (uint32_t)image->texts_used;
        image->texts_used += size;
        if (table_put(&image->texts, hash, at) != FAQD_OK)
            return FAQD_ENOMEM;
    }
    image->places[image->n_places++] = at;
    return FAQD_OK;
}

/* Texts lie together behind all else: few of them are needed to answer a question, and what is not needed should not
 * share a page with what is. The first pass gives them their places; in the second a text is written when its place is
 * reached. */
char *image_text(struct image *image, const char *text)
{
    if (!text)
        return NULL;
    if (!image->memory) {
        image->failed = image->failed || place_text(image, text) != FAQD_OK;
        return (char *)text;
    }
    uint32_t at = image->places[image->n_places++];
    char *copy = (char *)image->memory + image->texts_at + at;
    if (at == image->texts_used) {
        size_t size = strlen(text) + 1;
        memcpy(copy, text, size);
        image->texts_used += size;
    }
    return copy;
}

void image_table(struct image *image, struct table *table)
{
    table->slots = image_copy(image, table->slots, table_bytes(table));
}

static int get_memory(struct image *image)
{
    void *memory = MAP_FAILED;
    unmap(image);
    if (image->slot >= 0 && image->size <= SLOT_BYTES)
        memory = map_at(image->slot, image->size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS, -1);
    if (memory == MAP_FAILED) {
        image->slot = -1;
        memory = mmap(NULL, image->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (memory == MAP_FAILED)
        return FAQD_ENOMEM;
    madvise(memory, image->size,
            MADV_HUGEPAGE); /* all of it is written now: a page at a time takes four times as long */
    image->memory = memory;
    return FAQD_OK;
}

int image_fill(struct image *image, void *(*copy)(struct image *image, void *user), void *user)
{
    image->used = sizeof(struct image_head);
    copy(image, user);
    table_free(&image->texts);
    image->texts_at = image->used;
    image->size = image->used + image->texts_used;
    int rc = image->failed || image->texts_used > UINT32_MAX ? FAQD_ENOMEM : get_memory(image);
    if (rc == FAQD_OK) {
        image->used = sizeof(struct image_head);
        image->texts_used = image->n_places = 0;
        *image_head(image) = (struct image_head){.size = image->size, .root = copy(image, user)};
        mprotect(image->memory, image->size, PROT_READ); /* whoever writes from here on is stopped where he does */
    }
    free(image->places);
    image->places = NULL;
    return rc;
}

const void *image_root(const struct image *image)
{
    return image_head(image)->root;
}

/* ------------------------------------------------------------------------------------------------ files ---- */

int image_slot(const struct image *image)
{
    return image->slot;
}

uint64_t image_base(const struct image *image)
{
    return (uintptr_t)place(image->slot);
}

struct image_head *image_head(const struct image *image)
{
    return (struct image_head *)(void *)image->memory;
}

int image_move(struct image *image, uint64_t base)
{
    uint64_t slot = (base - SLOTS_BASE) / SLOT_BYTES;
    if (base < SLOTS_BASE || slot >= IMAGE_SLOTS || (base - SLOTS_BASE) % SLOT_BYTES)
        return FAQD_EINVAL;
    if ((int)slot == image->slot)
        return FAQD_OK;
    if (image->slot < 0 || map_at((int)slot, 1, PROT_NONE, MAP_ANONYMOUS, -1) == MAP_FAILED)
        return FAQD_DECLINED;
    unmap(image);
    image->slot = (int)slot;
    image->reserved = 1;
    return FAQD_OK;
}

int image_map(struct image *image, int fd, size_t size)
{
    int filled = image->memory != NULL;
    if (image->slot < 0 || size > SLOT_BYTES)
        return FAQD_DECLINED;
    unmap(image);
    void *memory = map_at(image->slot, size, PROT_READ, 0, fd);
    if (memory != MAP_FAILED) {
        image->memory = memory;
        image->size = size;
        return FAQD_OK;
    }
    return filled ? FAQD_ENOMEM : FAQD_DECLINED;
}
