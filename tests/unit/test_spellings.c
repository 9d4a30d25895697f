/* SPDX-License-Identifier: MIT
 *
 * test_spellings.c - every question that the shipped pack names is understood however its letters are typed: with
 * composed or combining accents, with either apostrophe, without accents, in capitals. And no pattern runs into its
 * limit on any of them.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static struct host host;
static struct dispatch *dispatch;
static const struct snapshot *snapshot;

static char *with_options(const char *text, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &out, UTF8PROC_NULLTERM | UTF8PROC_STABLE | options) < 0)
        fail_msg("utf8proc cannot map \"%s\"", text);
    return (char *)out;
}

static char *composed(const char *text)
{
    return with_options(text, UTF8PROC_COMPOSE);
}

static char *decomposed(const char *text)
{
    return with_options(text, UTF8PROC_DECOMPOSE);
}

static char *without_accents(const char *text)
{
    return with_options(text, UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK);
}

static char *typographic(const char *text)
{
    return replaced(text, "'", "\xe2\x80\x99");
}

static char *typewritten(const char *text)
{
    return replaced(text, "\xe2\x80\x99", "'");
}

static char *capitals(const char *text)
{
    struct str out;
    str_init(&out, 1 << 16);
    for (const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)text; *s;) {
        utf8proc_int32_t cp = 0;
        utf8proc_uint8_t bytes[4];
        s += utf8proc_iterate(s, -1, &cp);
        str_add(&out, (char *)bytes, (size_t)utf8proc_encode_char(utf8proc_toupper(cp), bytes));
    }
    return out.data ? out.data : strdup("");
}

/* "outcome intent intent (language)" */
static const char *understood(const char *question)
{
    static char out[400];
    struct faqd_answer_view view;
    struct faqd_message message = {.struct_size = sizeof(message), .text = question, .text_len = strlen(question)};
    assert_int_equal(dispatch_ask(dispatch, snapshot, &message, &view), FAQD_OK);
    size_t at = (size_t)snprintf(out, sizeof(out), "%d", (int)view.outcome);
    for (size_t i = 0; i < view.n_intents; i++)
        at += (size_t)snprintf(out + at, sizeof(out) - at, " %s", view.intents[i]);
    snprintf(out + at, sizeof(out) - at, " (%s)", view.lang);
    if (dispatch->match.limits + dispatch->safety.limits)
        fail_msg("a pattern runs into its limit on \"%s\"", question);
    return out;
}

static size_t try_all(const char *question)
{
    static char *(*const ways[])(const char *text) = {composed,    decomposed,  without_accents,
                                                      typographic, typewritten, capitals};
    char plain[400];
    strcpy(plain, understood(question));
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        char *other = ways[i](question);
        if (strcmp(understood(other), plain) != 0)
            fail_msg("\"%s\" is %s, but \"%s\" is %s", question, plain, other, understood(other));
        free(other);
    }
    return 1;
}

static void each_question_in_every_spelling(void **state)
{
    (void)state;
    size_t tried = 0;
    start_host(&host, SHIPPED_PACK);
    snapshot = snapshots_acquire(&host.packs[0]->snapshots);
    dispatch = dispatch_new();
    for (size_t i = 0; i < snapshot->pack->n_intents; i++) {
        for (int lang = 0; lang < LANGS; lang++) {
            const struct intent_words *words = &snapshot->pack->intents[i].words[lang];
            for (size_t n = 0; n < words->n_ask; n++)
                tried += try_all(words->ask[n]);
            for (size_t n = 0; n < words->n_not; n++)
                tried += try_all(words->not_these[n]);
        }
    }
    print_message("%zu questions\n", tried);
    assert_true(tried > 1000);
    dispatch_free(dispatch);
    snapshots_release(&host.packs[0]->snapshots, (struct snapshot *)snapshot);
    host_end(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question_in_every_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
