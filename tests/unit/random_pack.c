/* SPDX-License-Identifier: MIT
 *
 * random_pack.c - see random_pack.h. Words are few and alike, so that random questions match often.
 */
#include "random_pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const words[] = {"ba",   "be",      "dabo", "debo",  "dabos", "lumi",
                                    "lume", "lumiere", "kako", "kakos", "pa",    "no"};
static const char *const noise[] = {"xu", "zzyx", "12", "bab", "lum", "kak"};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *pick(struct random *r)
{
    return words[random_below(r, COUNT(words))];
}

/* ------------------------------------------------------------------------------------------------ write ---- */

static void write_form(struct random *r, struct str *out)
{
    switch (random_below(r, 7)) {
    case 0: str_addf(out, "%s?", pick(r)); break;
    case 1: str_addf(out, "%s %s", pick(r), pick(r)); break;
    case 2: str_addf(out, "%s( %s)?", pick(r), pick(r)); break;
    case 3: str_addf(out, "(%s|%s) %s", pick(r), pick(r), pick(r)); break;
    case 4: str_adds(out, random_below(r, 2) ? "lum*" : "kako*"); break;
    default: str_adds(out, pick(r));
    }
}

static void write_forms(struct random *r, struct str *out)
{
    for (int lang = 0; lang < LANGS; lang++) {
        str_addf(out, "%s\"%s\": [", lang ? ", " : "", lang_names[lang]);
        for (size_t n = 1 + random_below(r, 3); n > 0; n--) {
            str_addc(out, '"');
            write_form(r, out);
            str_adds(out, n > 1 ? "\", " : "\"");
        }
        str_addc(out, ']');
    }
}

static void write_lexicon(struct random *r, const char *dir)
{
    struct str out;
    str_init(&out, 1 << 20);
    str_adds(&out, "{\"classes\": {");
    for (int i = 0; i < 5; i++) {
        str_addf(&out, "%s\"c%d\": {", i ? ",\n" : "", i);
        write_forms(r, &out);
        str_addc(&out, '}');
    }
    str_adds(&out, "},\n\"entities\": {");
    for (int t = 0; t < 2; t++) {
        str_addf(&out, "%s\"t%d\": {", t ? ",\n" : "", t);
        for (int e = 0; e < 3; e++) {
            str_addf(&out, "%s\"e%d\": {\"name\": {\"fr\": \"E\", \"en\": \"E\"}, ", e ? ",\n" : "", e);
            write_forms(r, &out);
            str_addc(&out, '}');
        }
        str_addc(&out, '}');
    }
    str_adds(
        &out,
        "},\n\"function\": {\"fr\": [\"pa\"], \"en\": [\"pa\"]}, \"neutral\": {\"fr\": [\"no\"], \"en\": [\"no\"]}}");
    write_file(temp_path("%s/lexicon.json", dir), str_text(&out), out.len);
    str_free(&out);
}

static void write_sequence(struct random *r, struct str *out, int depth);

static void write_atom(struct random *r, struct str *out, int depth)
{
    switch (random_below(r, depth < 2 ? 17 : 12)) {
    case 0: str_addf(out, "%s?", pick(r)); break;
    case 1:
    case 2: str_addf(out, "{c%zu}", random_below(r, 5)); break;
    case 3: str_addf(out, "{t%zu}", random_below(r, 2)); break;
    case 4: str_addf(out, "{t%zu:e%zu}", random_below(r, 2), random_below(r, 3)); break;
    case 5: str_addf(out, "%.2s\\\\w*", pick(r)); break;
    case 6: str_adds(out, "\\\\w+"); break;
    case 7: str_adds(out, "{unknown}"); break;
    case 8: str_addf(out, "[bdl]%s", pick(r) + 1); break;
    case 12:
    case 13:
    case 14:
        str_adds(out, random_below(r, 2) ? "(" : "(?:");
        write_sequence(r, out, depth + 1);
        str_addc(out, '|');
        write_sequence(r, out, depth + 1);
        str_adds(out, random_below(r, 4) ? ")" : "|)");
        break;
    case 15: str_addf(out, "(%s ){%zu,2}%s", pick(r), random_below(r, 2), pick(r)); break;
    case 16: str_addf(out, "(%s)+", pick(r)); break;
    default: str_adds(out, pick(r));
    }
}

static void write_sequence(struct random *r, struct str *out, int depth)
{
    size_t atoms = 1 + random_below(r, 3);
    for (size_t i = 0; i < atoms; i++) {
        if (i)
            str_adds(out, random_below(r, 6) ? " " : random_below(r, 2) ? " ?" : " {gap}");
        if (random_below(r, 5) == 0) {
            str_addf(out, "(%s )?", pick(r));
        } else if (random_below(r, 9) == 0) {
            str_adds(out, "(?:");
            write_atom(r, out, depth);
            str_adds(out, " )?");
        }
        write_atom(r, out, depth);
        if (random_below(r, 8) == 0)
            str_addf(out, "( %s)?", pick(r));
    }
}

static void write_part(struct random *r, struct str *out)
{
    size_t kind = random_below(r, 10);
    if (kind == 0) {
        str_addf(out, "(?<t%zu>", random_below(r, 2));
        write_sequence(r, out, 1);
        str_addc(out, ')');
        return;
    }
    if (kind == 1)
        str_addc(out, '^');
    write_sequence(r, out, 0);
    if (kind == 2) {
        str_addc(out, '|');
        write_sequence(r, out, 0);
    }
    if (kind == 3)
        str_addc(out, '$');
}

static void write_patterns(struct random *r, struct str *out)
{
    for (size_t n = 0; n < 4; n++) {
        str_adds(out, n ? ", \"" : "\"");
        write_part(r, out);
        for (size_t more = random_below(r, 3); more > 0; more--) {
            str_adds(out, random_below(r, 3) ? " & " : " & !");
            write_part(r, out);
        }
        str_addc(out, '"');
    }
}

static void write_intents(struct random *r, const char *dir)
{
    struct str out;
    str_init(&out, 1 << 20);
    str_adds(&out, "{\"module\": \"statements\", \"intents\": [\n");
    for (int i = 0; i < 12; i++) {
        str_addf(&out,
                 "%s{\"id\": \"i%d\", \"topic\": \"x\", \"label\": {\"fr\": \"x\", \"en\": \"x\"}, \"safety\": %s",
                 i ? ",\n" : "", i, i % 4 ? "false" : "true");
        for (int lang = 0; lang < LANGS; lang++) {
            str_addf(&out, ", \"%s\": {\"patterns\": [", lang_names[lang]);
            write_patterns(r, &out);
            str_adds(&out, "], \"ask\": [\"x\"]}");
        }
        str_addc(&out, '}');
    }
    str_adds(&out, "]}");
    write_file(temp_path("%s/intents.json", dir), str_text(&out), out.len);
    str_free(&out);
}

void random_pack_write(struct random *r, const char *dir)
{
    char *meta = read_file(SMALL_PACK "/pack.json", NULL);
    char *anchors = replaced(meta, "\"anchors\": [\"compost\"]", "\"anchors\": [\"c0\"]");
    char *hints = replaced(anchors, "\"hints\": [\"heap\"]", "\"hints\": [\"c1\"]");
    char *rivals = replaced(hints, "\"rivals\": [\"method\"]", "\"rivals\": []");
    mkdir(temp_path("%s", dir), 0700);
    write_text(temp_path("%s/pack.json", dir), rivals);
    write_lexicon(r, dir);
    write_intents(r, dir);
    free(meta);
    free(anchors);
    free(hints);
    free(rivals);
}

void random_question(struct random *r, size_t count, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t n = 1 + random_below(r, count); n > 0 && at + 16 < size; n--) {
        const char *word = random_below(r, 6) ? pick(r) : noise[random_below(r, COUNT(noise))];
        at += (size_t)snprintf(out + at, size - at, "%s%s", at ? " " : "", word);
    }
}

/* ------------------------------------------------------------------------------------------- definition ---- */

/* {name} at *s written out; *s is left behind it. 0: it is no name but a quantifier. */
static int write_out(const struct pack *pack, const char **s, enum lang lang, struct str *out)
{
    char name[64];
    size_t len = strcspn(*s + 1, "}");
    if ((*s)[1] < 'a' || (*s)[1] > 'z' || len >= sizeof(name))
        return 0;
    memcpy(name, *s + 1, len);
    name[len] = '\0';
    *s += len + 2;
    if (strcmp(name, "gap") == 0)
        str_adds(out, "(?:\\w+ ){0,3}");
    else if (strcmp(name, "unknown") == 0)
        str_adds(out, "_\\w+");
    else
        assert_int_equal(lexicon_expand(pack->lexicon, lexicon_find(pack->lexicon, name), lang, out), FAQD_OK);
    return 1;
}

struct pattern *plain_pattern(const struct pack *pack, const char *part, enum lang lang)
{
    struct str out;
    struct err err = {0};
    struct pattern *pattern = NULL;
    str_init(&out, PATTERN_TEXT_MAX);
    for (const char *s = part; *s;) {
        if (*s == '\\') {
            str_add(&out, s, 2);
            s += 2;
        } else if (*s != '{' || !write_out(pack, &s, lang, &out)) {
            str_addc(&out, *s++);
        }
    }
    if (pattern_new(str_text(&out), &err, &pattern) != FAQD_OK)
        fail_msg("\"%s\" as \"%s\": %s", part, str_text(&out), err.text);
    str_free(&out);
    return pattern;
}

/* A part that is one entity or type: its words stand there, and are no part of a longer name of the type. */
static int names_entity(const struct pack *pack, const char *part, enum lang lang, const struct question *q, int *there)
{
    char name[64];
    size_t len = strlen(part);
    if (part[0] != '{' || strcspn(part, "}") != len - 1 || len - 2 >= sizeof(name))
        return 0;
    memcpy(name, part + 1, len - 2);
    name[len - 2] = '\0';
    uint32_t id = lexicon_find(pack->lexicon, name);
    if (id == SYMBOL_NONE || (lexicon_symbol(pack->lexicon, id)->kind != SYMBOL_ENTITY &&
                              lexicon_symbol(pack->lexicon, id)->kind != SYMBOL_TYPE))
        return 0;
    *there = 0;
    for (size_t i = 0; i < q->n_hits; i++) {
        const struct symbol *symbol = lexicon_symbol(pack->lexicon, q->hits[i].symbol);
        int same = q->hits[i].symbol == id || (symbol->kind == SYMBOL_ENTITY && symbol->type == id);
        *there |= same && !q->hits[i].hidden && (q->hits[i].langs & LANG_BIT(lang));
    }
    return 1;
}

static int plain_part(const struct pack *pack, struct pattern_scratch *scratch, const char *part, enum lang lang,
                      const struct question *q)
{
    int there = 0;
    if (names_entity(pack, part, lang, q, &there))
        return there;
    struct pattern *pattern = plain_pattern(pack, part, lang);
    struct pattern_span span;
    const struct window *w = &q->windows[0];
    enum pattern_result result = pattern_find(pattern, scratch, q->text + w->from, w->to - w->from, 0, &span, NULL);
    pattern_free(pattern);
    return result == PATTERN_YES ? 1 : result == PATTERN_NO ? 0 : -1;
}

int plain_match(const struct pack *pack, struct pattern_scratch *scratch, const struct rule *rule,
                const struct question *q)
{
    char text[2048];
    int all = 1;
    snprintf(text, sizeof(text), "%s", rule->text);
    for (char *save = NULL, *part = strtok_r(text, "&", &save); part; part = strtok_r(NULL, "&", &save)) {
        part += strspn(part, " ");
        int without = *part == '!';
        part += without;
        for (size_t len = strlen(part); len && part[len - 1] == ' ';)
            part[--len] = '\0';
        int there = plain_part(pack, scratch, part, rule->lang, q);
        if (there < 0)
            return -1;
        all &= there != without;
    }
    return all;
}
