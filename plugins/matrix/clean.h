/* SPDX-License-Identifier: MIT
 *
 * clean.h - what a person wrote, as plain readable text: composed (NFC), without control characters, without those that
 * reorder or hide text, without the quotation that old clients put in front of a reply. Pure functions.
 */
#ifndef MATRIX_CLEAN_H
#define MATRIX_CLEAN_H

#include <stddef.h>

/* Of longer texts only so much is read; the host answers 4096 bytes at most, and a mention may stand before them. */
enum { CLEAN_MAX = 8192 };

/* A copy to be freed; NULL: out of memory, or no UTF-8. */
char *clean_text(const char *text);

/* Behind the lines of a legacy reply ("> <@alice:...> ..." and a blank line) at the beginning; `text` if there is none.
 */
const char *clean_without_quote(const char *text);

/* Take blanks off both ends, in place; the new beginning. */
char *clean_trim(char *text);

#endif
