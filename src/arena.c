/* SPDX-License-Identifier: MIT
 *
 * arena.c - see arena.h. Chunks grow with what was taken before, so that large arenas have few.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_BYTES_MIN ((size_t)64 * 1024)
#define CHUNK_BYTES_MAX ((size_t)1024 * 1024)

struct arena_chunk { /* at its beginning */
    alignas(max_align_t) struct arena_chunk *next;
    size_t used; /* bytes, of size: this head, and what was taken */
    size_t size;
};

static size_t chunk_bytes(const struct arena *arena)
{
    size_t bytes = CHUNK_BYTES_MIN;
    while (bytes < arena->total && bytes < CHUNK_BYTES_MAX)
        bytes *= 2;
    return bytes;
}

/* From the system and back to it: malloc would keep for good what it gave to another thread than the main one. */
static struct arena_chunk *new_chunk(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return NULL;
    chunk->used = sizeof(*chunk);
    chunk->size = size;
    arena->total += size;
    return chunk;
}

static struct arena_chunk *chunk_for(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->chunks;
    if (chunk && chunk->size - chunk->used >= size)
        return chunk;
    size_t bytes = chunk_bytes(arena);
    int alone = size > bytes / 4;
    chunk = new_chunk(arena, alone ? sizeof(*chunk) + size : bytes);
    if (!chunk)
        return NULL;
    /* A big block of its own goes behind the chunk that still has room. */
    if (alone && arena->chunks) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct arena_chunk *chunk = NULL;
    if (size <= SIZE_MAX / 2) {
        size = size ? (size + align - 1) / align * align : align;
        chunk = chunk_for(arena, size);
    }
    if (!chunk) {
        arena->failed = 1;
        return NULL;
    }
    void *block = (unsigned char *)chunk + chunk->used;
    chunk->used += size;
    return block;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size) {
        arena->failed = 1;
        return NULL;
    }
    return arena_alloc(arena, count * size);
}

char *arena_text(struct arena *arena, const char *bytes, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    if (copy)
        memcpy(copy, bytes, len);
    return copy;
}

void arena_join(struct arena *arena, struct arena *other)
{
    struct arena_chunk **last = &arena->chunks;
    while (*last)
        last = &(*last)->next;
    *last = other->chunks;
    arena->total += other->total;
    arena->failed |= other->failed;
    *other = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *next = NULL;
    for (struct arena_chunk *chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        munmap(chunk, chunk->size);
    }
    *arena = (struct arena){0};
}
