/* SPDX-License-Identifier: MIT
 *
 * editor_keys.c - the keys that libedit does not have: a paste as one line, Tab for commands and topics.
 */
#include "editor_internal.h"

#include <string.h>

#include "clean.h"

/* The terminal says where a paste begins and ends: up to the end line feeds are spaces, and no key is a command. */
static unsigned char paste_key(EditLine *el, int key)
{
    static const wchar_t end[] = L"\033[201~";
    struct editor *ed = editor_self(el);
    size_t seen = 0, taken = 0;
    wchar_t c[2] = L"";

    (void)key;
    ed->pasting = true;
    while (end[seen] && el_wgetc(el, c) == 1) {
        if (c[0] == end[seen]) {
            seen++;
            continue;
        }
        seen = c[0] == end[0]; /* what looked like the end and was none held a control character: dropped */
        if (c[0] == L'\n' || c[0] == L'\r' || c[0] == L'\t')
            c[0] = L' ';
        if (clean_allows((uint32_t)c[0]) && taken++ < LINE_CHARS)
            el_winsertstr(el, c);
    }
    ed->pasting = false;
    return CC_REFRESH;
}

/* The longest beginning that all have in common, cut between characters. */
static size_t common_length(const struct strings *s)
{
    size_t len = strlen(s->items[0]);
    for (size_t i = 1; i < s->n; i++) {
        size_t same = 0;
        while (same < len && s->items[i][same] == s->items[0][same])
            same++;
        len = same;
    }
    while (len && ((unsigned char)s->items[0][len] & 0xC0) == 0x80)
        len--;
    return len;
}

static void replace_before_cursor(EditLine *el, const char *with)
{
    wchar_t wide[LINE_CHARS];
    const LineInfoW *line = el_wline(el);
    editor_to_wide(wide, LINE_CHARS, with);
    el_wdeletestr(el, (int)(line->cursor - line->buffer));
    el_winsertstr(el, wide);
}

static void list(struct editor *ed, const struct strings *found)
{
    editor_below_line(ed, "");
    for (size_t i = 0; i < found->n; i++)
        fprintf(ed->screen, "  %s\n", found->items[i]);
    editor_repaint(ed);
}

static unsigned char complete_key(EditLine *el, int key)
{
    struct editor *ed = editor_self(el);
    struct strings found = {0};
    struct buf typed;
    unsigned char result = CC_ERROR; /* a beep */

    (void)key;
    buf_init(&typed, BUF_MAX);
    editor_before_cursor(el, &typed);
    ed->complete(ed->user, buf_text(&typed), &found);
    if (found.n > 0) {
        size_t common = common_length(&found);
        bool further = found.n == 1 ? strcmp(found.items[0], buf_text(&typed)) != 0 : common > typed.len;
        if (!further && found.n > 1) {
            list(ed, &found);
            result = CC_NORM;
        } else if (further) {
            found.items[0][common] = '\0';
            replace_before_cursor(el, found.items[0]);
            result = CC_REFRESH;
        }
    }
    buf_free(&typed);
    strings_clear(&found);
    return result;
}

void editor_bind_keys(EditLine *el)
{
    el_wset(el, EL_ADDFN, L"faqd-complete", L"Complete a command or topic", complete_key);
    el_wset(el, EL_ADDFN, L"faqd-paste", L"Insert pasted text", paste_key);
    el_wset(el, EL_BIND, L"\t", L"faqd-complete", NULL);
    el_wset(el, EL_BIND, L"\\e[200~", L"faqd-paste", NULL);
    el_wset(el, EL_BIND, L"\\e[201~", L"ed-ignore", NULL); /* the end of a paste that was broken off */
    el_wset(el, EL_BIND, L"^R", L"em-inc-search-prev", NULL);
    el_wset(el, EL_BIND, L"\\e[3~", L"ed-delete-next-char", NULL);
}
