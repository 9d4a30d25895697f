/* SPDX-License-Identifier: MIT
 *
 * pattern.c - see pattern.h.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "pattern.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ^ and $ are the ends of sentences. Only named groups capture: every captured group makes the frames bigger that the
 * interpreter copies at each step (a third of the time of a search, measured). */
#define PATTERN_OPTIONS                                                                                                \
    (PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | PCRE2_NO_AUTO_POSSESS | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF |     \
     PCRE2_NEVER_UCP)

struct pattern {
    pcre2_code *code;
    size_t n_groups;
    uint32_t groups[PATTERN_GROUPS_MAX];
    const char *names[PATTERN_GROUPS_MAX]; /* in the compiled code's own name table */
};

struct pattern_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
};

static int read_names(struct pattern *pattern, struct err *err)
{
    uint32_t count = 0;
    uint32_t size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    if (count > PATTERN_GROUPS_MAX)
        return err_set(err, FAQD_ELIMIT, "more than %d named groups", PATTERN_GROUPS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        PCRE2_SPTR entry = table + (size_t)i * size;
        pattern->groups[i] = ((uint32_t)entry[0] << 8) | entry[1];
        pattern->names[i] = (const char *)entry + 2;
    }
    pattern->n_groups = count;
    return FAQD_OK;
}

int pattern_new(const char *text, struct err *err, struct pattern **out)
{
    static const char head[] = "\\b(?:";
    static const char tail[] = ")\\b";
    size_t len = strlen(text);
    int rc = FAQD_ENOMEM;
    *out = NULL;
    if (len > PATTERN_TEXT_MAX)
        return err_set(err, FAQD_ELIMIT, "%zu bytes with its word classes written out, more than %zu", len,
                       PATTERN_TEXT_MAX);
    struct pattern *pattern = calloc(1, sizeof(*pattern));
    char *whole = malloc(len + sizeof(head) + sizeof(tail));
    if (!pattern || !whole) {
        err_set(err, rc, "out of memory");
        goto fail;
    }
    snprintf(whole, len + sizeof(head) + sizeof(tail), "%s%s%s", head, text, tail);
    int code = 0;
    PCRE2_SIZE at = 0;
    pattern->code = pcre2_compile((PCRE2_SPTR)whole, PCRE2_ZERO_TERMINATED, PATTERN_OPTIONS, &code, &at, NULL);
    if (!pattern->code) {
        char why[160] = "";
        rc = code == PCRE2_ERROR_HEAP_FAILED ? FAQD_ENOMEM : FAQD_EINVAL;
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof(why));
        size_t byte = at > strlen(head) ? at - strlen(head) : 0;
        err_set(err, rc, "byte %zu: %s", byte < len ? byte : len, why);
        goto fail;
    }
    rc = read_names(pattern, err);
    if (rc != FAQD_OK)
        goto fail;
    free(whole);
    *out = pattern;
    return FAQD_OK;

fail:
    free(whole);
    pattern_free(pattern);
    return rc;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

void pattern_engine(char out[PATTERN_ENGINE_SIZE])
{
    out[0] = '\0';
    pcre2_config(PCRE2_CONFIG_VERSION, out); /* at least 24 bytes, says pcre2api(3) */
}

size_t pattern_groups(const struct pattern *pattern)
{
    return pattern->n_groups;
}

const char *pattern_group_name(const struct pattern *pattern, size_t group)
{
    return pattern->names[group];
}

struct pattern_scratch *pattern_scratch_new(void)
{
    struct pattern_scratch *scratch = calloc(1, sizeof(*scratch));
    if (!scratch)
        return NULL;
    scratch->data = pcre2_match_data_create(PATTERN_GROUPS_MAX + 1, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    if (!scratch->data || !scratch->context) {
        pattern_scratch_free(scratch);
        return NULL;
    }
    pcre2_set_match_limit(scratch->context, PATTERN_MATCH_LIMIT);
    pcre2_set_depth_limit(scratch->context, PATTERN_DEPTH_LIMIT);
    pcre2_set_heap_limit(scratch->context, PATTERN_HEAP_LIMIT_KIB);
    return scratch;
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    free(scratch);
}

enum pattern_result pattern_find(const struct pattern *pattern, struct pattern_scratch *scratch, const char *subject,
                                 size_t len, size_t start, struct pattern_span *span, struct pattern_span *groups)
{
    int rc = pcre2_match(pattern->code, (PCRE2_SPTR)subject, len, start, PCRE2_NO_UTF_CHECK, scratch->data,
                         scratch->context);
    if (rc == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO;
    if (rc == PCRE2_ERROR_NOMEMORY)
        return PATTERN_NO_MEMORY;
    if (rc < 0)
        return PATTERN_OVER_LIMIT;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scratch->data);
    *span = (struct pattern_span){ends[0], ends[1] > ends[0] ? ends[1] : ends[0]};
    uint32_t pairs = rc > 0 ? (uint32_t)rc : 0;
    for (size_t i = 0; groups && i < pattern->n_groups; i++) {
        uint32_t group = pattern->groups[i];
        groups[i] = (struct pattern_span){1, 0};
        if (group < pairs && ends[2 * group] != PCRE2_UNSET)
            groups[i] = (struct pattern_span){ends[2 * group], ends[2 * group + 1]};
    }
    return PATTERN_YES;
}
