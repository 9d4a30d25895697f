/* SPDX-License-Identifier: MIT
 *
 * lang.h - the two languages, as indexes and as bits of a mask.
 */
#ifndef FAQD_LANG_H
#define FAQD_LANG_H

enum lang { LANG_FR = 0, LANG_EN = 1, LANGS = 2 };
#define LANG_BIT(lang) (1u << (lang))
#define LANG_BOTH 3u

extern const char *const lang_names[LANGS];
int lang_find(const char *name); /* "fr" -> LANG_FR; -1 */

static inline enum lang lang_other(enum lang lang)
{
    return lang == LANG_FR ? LANG_EN : LANG_FR;
}

#endif
