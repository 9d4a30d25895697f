/* SPDX-License-Identifier: MIT
 *
 * question.c - fuzz target: any message, in any state of a conversation, through the whole dispatcher with the shipped
 * pack.
 *
 * Input: a first line "LANG STATE" (both may be empty), then messages, separated by lines "%%"; each follows the one
 * before with the state that it gave. What must hold:
 *   - every block is a text of the pack, and can be printed (vetted.h);
 *   - the same message in the same state gives the same bytes again;
 *   - corrections and words point into the message that was read;
 *   - no message takes more CPU time than FUZZ_ASK_MS (times FUZZ_SLOWDOWN).
 */
#include "fuzz.h"
#include "render.h"
#include "vetted.h"

#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 3

static struct dispatch *dispatch(void)
{
    static struct dispatch *d;
    if (!d)
        d = dispatch_new();
    FUZZ_CHECK(d, "out of memory");
    return d;
}

/* The answer as JSON; the caller frees. */
static struct str rendered(const struct faqd_answer_view *view)
{
    struct str out;
    str_init(&out, (size_t)1024 * 1024);
    FUZZ_CHECK(render_json(view, "Sources", &out) == FAQD_OK, "the answer cannot be written as JSON");
    return out;
}

static void check_question(const struct question *q, size_t len)
{
    uint32_t from = 0;
    FUZZ_CHECK(q->n_words <= QUESTION_WORDS_MAX && q->n_hits <= QUESTION_HITS_MAX, "too many words or hits");
    FUZZ_CHECK(q->text_len < sizeof(q->text) && strlen(q->text) == q->text_len, "its text is not terminated");
    for (size_t i = 0; i < q->n_words; i++) {
        const struct word *word = &q->words[i];
        FUZZ_CHECK(word->len > 0, "word %zu is empty", i);
        FUZZ_CHECK(word->from >= from && word->from < word->to && word->to <= len, "word %zu has no place", i);
        FUZZ_CHECK(word->at + word->len <= q->text_len, "word %zu is not in the text", i);
        from = word->from;
    }
    for (size_t i = 0; i < q->n_windows; i++) {
        const struct window *w = &q->windows[i];
        FUZZ_CHECK(w->count > 0 && w->count <= WINDOW_WORDS && (size_t)w->first + w->count <= q->n_words &&
                       w->from < w->to && w->to <= q->text_len,
                   "window %zu is out of range", i);
    }
}

/* Ask, check the answer, give back its JSON and put its state into `state`. */
static struct str ask(const struct fuzz_part *text, const char *lang, char *state, int64_t idle, int *rc)
{
    struct faqd_answer_view view;
    const struct snapshot *snapshot = fuzz_snapshot();
    struct dispatch *d = dispatch();
    struct faqd_message message = {.struct_size = sizeof(message),
                                   .text = text->text,
                                   .text_len = text->len,
                                   .lang = lang,
                                   .state = state,
                                   .idle_seconds = idle};
    double from = fuzz_cpu_ms();
    *rc = dispatch_ask(d, snapshot, &message, &view);
    double ms = fuzz_cpu_ms() - from;
    FUZZ_CHECK(ms <= FUZZ_ASK_MS * FUZZ_SLOWDOWN, "it took %.1f ms", ms);
    FUZZ_CHECK(*rc == FAQD_OK || *rc == FAQD_ELIMIT, "the result is %d", *rc);
    FUZZ_CHECK((*rc == FAQD_ELIMIT) == (view.outcome == FAQD_UNAVAILABLE), "result %d, outcome %d", *rc, view.outcome);
    if (*rc == FAQD_OK)
        check_question(d->q, text->len);
    const char *why = vetted_answer(snapshot->pack, &view);
    FUZZ_CHECK(!why, "%s", why);
    struct str json = rendered(&view);
    memcpy(state, view.state, strlen(view.state) + 1);
    return json;
}

/* A message whose answer nobody compares. */
static void turn(const struct fuzz_part *text, const char *lang, char *state, int64_t idle)
{
    int rc = 0;
    struct str json = ask(text, lang, state, idle, &rc);
    str_free(&json);
}

/* The same message twice, from the same state. */
static void turn_twice(const struct fuzz_part *text, const char *lang, char *state)
{
    char before[ANSWER_STATE_MAX + 1];
    int rc = 0;
    int again_rc = 0;
    memcpy(before, state, sizeof(before));
    struct str json = ask(text, lang, state, 0, &rc);
    struct str again = ask(text, lang, before, 0, &again_rc);
    if (rc == FAQD_OK && again_rc == FAQD_OK) /* else the clock may have stopped one of them */
        FUZZ_CHECK(strcmp(str_text(&json), str_text(&again)) == 0, "two answers to one message:\n%s\n%s",
                   str_text(&json), str_text(&again));
    str_free(&json);
    str_free(&again);
}

FUZZ_BEGIN_WITH_HOST

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part rest = {(const char *)data, size};
    struct fuzz_part head = {"", 0};
    struct fuzz_part text;
    char state[ANSWER_STATE_MAX + 1] = "";
    fuzz_line(&rest, &head);
    char *lang = fuzz_string(&head);
    char *space = strchr(lang, ' ');
    if (space) {
        *space = '\0';
        strncpy(state, space + 1, sizeof(state) - 1);
    }
    for (int i = 1; fuzz_part(&rest, &text); i++) {
        if (i == TURNS_MAX || !rest.text) {
            turn_twice(&text, lang, state);
            break;
        }
        turn(&text, lang, state, i == 2 ? CONVERSATION_IDLE_SECONDS + 1 : 0);
    }
    free(lang);
    return 0;
}
