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
static const char *const noise[] = {"xu", "zzyx", "12", "bab", "lum", "kak", "abab", "xbakop"};
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

/* What may be repeated, how often, and in which order it is tried. */
static void write_loop(struct random *r, struct str *out)
{
    static const char *const how_often[] = {"*", "+", "?", "{0,2}", "{1,3}", "{2,}", "*?", "+?", "{0,4}?", "*+"};
    switch (random_below(r, 4)) {
    case 0: str_addf(out, "(%s )%s%s", pick(r), how_often[random_below(r, COUNT(how_often))], pick(r)); break;
    case 1: str_addf(out, "(?:\\\\w+ )%s%s", how_often[random_below(r, COUNT(how_often))], pick(r)); break;
    case 2:
        str_addf(out, "(({c%zu}|%s) )%s%s", random_below(r, 5), pick(r), how_often[random_below(r, COUNT(how_often))],
                 pick(r));
        break;
    default: str_addf(out, "%s( \\\\w+)%s", pick(r), how_often[random_below(r, COUNT(how_often))]);
    }
}

static void write_sequence(struct random *r, struct str *out, int depth);

static void write_atom(struct random *r, struct str *out, int depth)
{
    switch (random_below(r, depth < 2 ? 20 : 12)) {
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
    case 17: str_adds(out, random_below(r, 2) ? "\\\\d+" : "[0-9]+"); break;
    case 18: write_loop(r, out); break;
    case 19: str_addf(out, "%s\\\\b.*\\\\b%s", pick(r), pick(r)); break;
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

/* Words that begin, end, or begin and end anywhere. F: letters of a word, W: a word, C: a class. */
static void write_inside(struct random *r, struct str *out)
{
    static const char *const shapes[] = {"\\\\w*F\\\\w*",
                                         "\\\\w*F",
                                         "F\\\\w*",
                                         "\\\\w+F\\\\w*",
                                         "F\\\\w*F",
                                         "\\\\w*F\\\\w*F\\\\w+",
                                         "\\\\w*(F F)\\\\w*",
                                         "\\\\w*(F W|F)\\\\w*",
                                         "\\\\w*(F|F W F)\\\\w*",
                                         "\\\\w*(F |F W )F\\\\w*",
                                         "\\\\w*(F( F| W)?)\\\\w*",
                                         "\\\\w*(F( W)?F)\\\\w*",
                                         "\\\\w*(F|Fs?|W F)",
                                         "\\\\w*((F|F) (W )?F)\\\\w*",
                                         "\\\\w*(F (\\\\w+ ){0,2}F)\\\\w*",
                                         "\\\\w*(F( \\\\w+){0,2} F)\\\\w*",
                                         "(\\\\w*F )?W",
                                         "W( F\\\\w*)?",
                                         "(\\\\w*F ){1,2}\\\\w*F",
                                         "(W|\\\\w*F|\\\\w*F W)",
                                         "\\\\w*F {gap}\\\\w*F",
                                         "F.*F",
                                         "\\\\w*(F.*F)\\\\w*",
                                         "(F|F).*(F|F)\\\\w*",
                                         "F.*F.*F\\\\w*",
                                         "\\\\w*F.* W",
                                         "\\\\w*(F.*W)",
                                         "F.*?F\\\\w*",
                                         "F.+\\\\bF\\\\w*",
                                         "W\\\\b.*F",
                                         ".*F\\\\w*",
                                         "(?=.*F).*F\\\\w*",
                                         "(?!.*F)\\\\w*F",
                                         "^(?=.*(F|F F))\\\\w*F",
                                         "(?=\\\\w*F)(F|W)\\\\w* W",
                                         "\\\\w*(?<t1>F)\\\\w* \\\\k<t1>\\\\w*",
                                         "(?<t0>\\\\w*F) (W )?\\\\k<t0>",
                                         "\\\\w*(?<t1>F)\\\\w*",
                                         "(?<t0>\\\\w*F) W",
                                         "\\\\w*[bdl]F",
                                         "{cC} \\\\w*F",
                                         "\\\\w*F {cC}",
                                         "\\\\w*\\\\d+ F\\\\w*",
                                         "1\\\\d+|\\\\d+\\\\w*|F\\\\d*"};
    for (const char *s = shapes[random_below(r, COUNT(shapes))]; *s; s++) {
        const char *word = pick(r);
        size_t from = random_below(r, strlen(word));
        if (*s == 'F')
            str_add(out, word + from, 1 + random_below(r, strlen(word) - from));
        else if (*s == 'W')
            str_adds(out, word);
        else if (*s == 'C')
            str_addf(out, "%zu", random_below(r, 5));
        else
            str_addc(out, *s);
    }
}

static void write_part(struct random *r, struct str *out)
{
    size_t kind = random_below(r, 16);
    if (kind >= 13) {
        write_inside(r, out);
        return;
    }
    if (kind >= 10) { /* what must, or must not, lie ahead; a word that comes again */
        if (kind == 12)
            str_addf(out, "(?<t1>%s) \\\\k<t1>", pick(r));
        else
            str_addf(out, "(?%c.*\\\\b%s\\\\b).*\\\\b%s", kind == 10 ? '=' : '!', pick(r), pick(r));
        return;
    }
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

static struct pattern *plain_pattern(const struct pack *pack, const char *part, enum lang lang)
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

#define PARTS_MAX 8

#define ALTERNATIVES_MAX 8

struct plain_part {
    int without;
    size_t n;
    struct {
        char text[512];
        struct pattern *pattern;
    } alternatives[ALTERNATIVES_MAX]; /* at its top, each by itself: "{a}|b" is an entity or a word */
};

struct plain_rule {
    struct plain_part parts[PARTS_MAX];
    size_t n;
};

struct plain {
    const struct pack *pack;
    struct pattern_scratch *scratch;
    struct plain_rule *rules;
    struct pattern **terms;
};

/* Is every alternative a {name} or plain words? Only then names are entities rather than their words. */
static int is_symbolic(const char *text)
{
    if (strpbrk(text, "\\^$*+[.") || strstr(text, "(?"))
        return 0;
    for (const char *s = text; (s = strchr(s, '{')); s++)
        if ((s > text && s[-1] != '|') || !strchr("|", s[strcspn(s, "}") + 1]))
            return 0;
    return 1;
}

static void read_alternatives(const struct pack *pack, const char *text, enum lang lang, struct plain_part *out)
{
    int depth = is_symbolic(text) ? 0 : 1000; /* never at the top: one alternative */
    const char *from = text;
    for (const char *s = text;; s++) {
        depth += *s == '(';
        depth -= *s == ')';
        if (*s && (*s != '|' || depth))
            continue;
        assert_true(out->n < ALTERNATIVES_MAX && s - from < 512);
        snprintf(out->alternatives[out->n].text, 512, "%.*s", (int)(s - from), from);
        out->alternatives[out->n].pattern = plain_pattern(pack, out->alternatives[out->n].text, lang);
        out->n++;
        from = s + 1;
        if (!*s)
            return;
    }
}

static void read_rule(const struct pack *pack, const struct rule *rule, struct plain_rule *out)
{
    char text[2048];
    snprintf(text, sizeof(text), "%s", rule_text(pack, rule));
    for (char *save = NULL, *part = strtok_r(text, "&", &save); part; part = strtok_r(NULL, "&", &save)) {
        struct plain_part *p = &out->parts[out->n++];
        assert_true(out->n <= PARTS_MAX);
        part += strspn(part, " ");
        p->without = *part == '!';
        part += p->without;
        for (size_t len = strlen(part); len && part[len - 1] == ' ';)
            part[--len] = '\0';
        read_alternatives(pack, part, (enum lang)rule->lang, p);
    }
}

struct plain *plain_new(const struct pack *pack)
{
    struct plain *plain = calloc(1, sizeof(*plain));
    assert_non_null(plain);
    plain->pack = pack;
    plain->scratch = pattern_scratch_new();
    plain->rules = calloc(pack->n_rules + 1, sizeof(*plain->rules));
    plain->terms = calloc(pack->n_terms + 1, sizeof(*plain->terms));
    assert_true(plain->scratch && plain->rules && plain->terms);
    for (size_t i = 0; i < pack->n_rules; i++)
        read_rule(pack, &pack->rules[i], &plain->rules[i]);
    for (size_t i = 0; i < pack->n_terms; i++)
        if (pack->terms[i].kind != TERM_ONE_OF)
            plain->terms[i] = plain_pattern(pack, pack->term_texts[i], (enum lang)pack->terms[i].lang);
    return plain;
}

void plain_free(struct plain *plain)
{
    for (size_t i = 0; i < plain->pack->n_rules; i++)
        for (size_t p = 0; p < plain->rules[i].n; p++)
            for (size_t a = 0; a < plain->rules[i].parts[p].n; a++)
                pattern_free(plain->rules[i].parts[p].alternatives[a].pattern);
    for (size_t i = 0; i < plain->pack->n_terms; i++)
        pattern_free(plain->terms[i]);
    pattern_scratch_free(plain->scratch);
    free(plain->rules);
    free(plain->terms);
    free(plain);
}

static int finds(const struct plain *plain, const struct pattern *pattern, const struct question *q)
{
    struct pattern_span span;
    const struct window *w = &q->windows[0];
    enum pattern_result result =
        pattern_find(pattern, plain->scratch, q->text + w->from, w->to - w->from, 0, &span, NULL);
    return result == PATTERN_YES ? 1 : result == PATTERN_NO ? 0 : -1;
}

int plain_term(const struct plain *plain, uint32_t term, const struct question *q)
{
    return finds(plain, plain->terms[term], q);
}

int plain_match(const struct plain *plain, uint32_t id, const struct question *q)
{
    const struct rule *rule = &plain->pack->rules[id];
    int all = 1;
    for (size_t i = 0; i < plain->rules[id].n; i++) {
        const struct plain_part *part = &plain->rules[id].parts[i];
        int there = 0;
        for (size_t a = 0; a < part->n; a++) {
            int one = 0;
            if (!names_entity(plain->pack, part->alternatives[a].text, (enum lang)rule->lang, q, &one))
                one = finds(plain, part->alternatives[a].pattern, q);
            if (one < 0)
                return -1;
            there |= one;
        }
        all &= there != part->without;
    }
    return all;
}

uint64_t plain_words(const struct plain *plain, uint32_t term, const struct question *q)
{
    const struct window *w = &q->windows[0];
    const char *text = q->text + w->from;
    size_t len = w->to - w->from;
    uint64_t found = 0;
    struct pattern_span span;
    for (size_t at = 0; at <= len; at = span.to > at ? span.to : at + 1) {
        if (pattern_find(plain->terms[term], plain->scratch, text, len, at, &span, NULL) != PATTERN_YES)
            break;
        for (size_t i = 0; i < w->count; i++) {
            size_t from = q->words[w->first + i].at - w->from;
            size_t to = i + 1 < w->count ? q->words[w->first + i + 1].at - w->from - 1 : len;
            found |= from < span.to && to > span.from ? (uint64_t)1 << i : 0;
        }
    }
    return found;
}
