/* SPDX-License-Identifier: MIT
 *
 * arena.c - see arena.h. Chunks of 64 KiB: a pack of two thousand patterns fills a few dozen.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)64 * 1024)

struct arena_chunk {
    struct arena_chunk *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

static struct arena_chunk *chunk_for(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->chunks;
    if (chunk && chunk->size - chunk->used >= size)
        return chunk;
    size_t bytes = size > CHUNK_BYTES / 4 ? size : CHUNK_BYTES;
    chunk = calloc(1, sizeof(*chunk) + bytes);
    if (!chunk)
        return NULL;
    chunk->size = bytes;
    arena->total += sizeof(*chunk) + bytes;
    /* A big block of its own goes behind the chunk that still has room. */
    if (bytes == size && arena->chunks) {
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
    void *block = chunk->data + chunk->used;
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

void arena_free(struct arena *arena)
{
    struct arena_chunk *next = NULL;
    for (struct arena_chunk *chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *arena = (struct arena){0};
}
