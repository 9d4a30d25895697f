/* SPDX-License-Identifier: MIT
 *
 * sync.c - fuzz target: what strangers write, on its way through the Matrix connector.
 *
 * Input: any bytes, taken for an answer of /sync. What must hold:
 *   - mending keeps the length, leaves nothing to mend, and what was JSON before is JSON after it;
 *   - the parser reads it or refuses it, with a next_batch if it reads it; so does the search for one in broken bytes;
 *   - every event that it yields has an id and a sender, or is state; text is cleaned to valid text without controls;
 *   - names are found in it or not, and once taken out are not found any more.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../plugins/matrix/clean.c"
#include "../../plugins/matrix/event.c"
#include "../../plugins/matrix/mend.c"
#include "../../plugins/matrix/mention.c"
#include "../../plugins/matrix/sync_parse.c"

#include "text.h"

#define OWN "@faq:example.org"

static const struct identity us = {OWN, "faq", "Mésothérapie FAQ"};

static void check_text(const char *body, const char *html)
{
    char *text = clean_text(clean_without_quote(body));
    if (!text)
        return;
    FUZZ_CHECK(text_valid(text, strlen(text)), "cleaned text is no UTF-8");
    for (const char *s = text; *s; s++)
        FUZZ_CHECK((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t', "a control character stays");
    mention_found(text, html, &us);
    mention_strip(text, &us);
    FUZZ_CHECK(!mention_found(text, NULL, &us), "still mentioned after it was taken out");
    mention_prefix(text, "!faq");
    clean_trim(text);
    free(text);
}

static void check_event(void *user, const struct event *e)
{
    (void)user;
    FUZZ_CHECK(e->id && e->sender, "an event without id or sender");
    FUZZ_CHECK(e->kind >= EVENT_MEMBER || e->kind == EVENT_OTHER || (e->id[0] && e->sender[0]), "a message of nobody");
    FUZZ_CHECK(e->kind < EVENT_MEMBER || e->state_key, "state without a key");
    if (e->body)
        check_text(e->body, e->html);
    if (e->rel_key)
        check_text(e->rel_key, NULL);
    if (e->displayname)
        check_text(e->displayname, NULL);
}

static void check_batch(struct sync_batch *batch)
{
    FUZZ_CHECK(batch->next_batch && batch->next_batch[0], "read without next_batch");
    for (size_t i = 0; i < batch->n_rooms; i++) {
        const struct sync_room *room = &batch->rooms[i];
        sync_events(room->state, false, OWN, check_event, NULL);
        sync_events(room->timeline, false, OWN, check_event, NULL);
        sync_events(room->timeline, true, OWN, check_event, NULL);
        sync_events(room->after, false, OWN, check_event, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char next[256];
    char error[160] = "";
    struct sync_batch batch = {0};
    char *bytes = malloc(size + 1);
    FUZZ_CHECK(bytes, "out of memory");
    memcpy(bytes, data, size);
    mend_find(bytes, size, "next_batch", next, sizeof(next));
    json_t *before = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
    mend_json(bytes, size);
    FUZZ_CHECK(mend_json(bytes, size) == 0, "mended twice");
    json_t *after = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
    FUZZ_CHECK(!before || after, "mending broke what was whole");
    json_decref(before);
    json_decref(after);
    int rc = sync_parse(bytes, size, &batch, error, sizeof(error));
    if (rc == FAQD_OK)
        check_batch(&batch);
    else
        FUZZ_CHECK(error[0] && !batch.root && !batch.rooms, "refused without a word, or with something left");
    sync_batch_free(&batch);
    free(bytes);
    return 0;
}
