/* SPDX-License-Identifier: MIT
 *
 * texts.h - what the chat itself says, in French and English. (Answers come from the pack, through the host.)
 */
#ifndef STDIN_TEXTS_H
#define STDIN_TEXTS_H

#include "buf.h"

enum text_id {
    TEXT_START_HINT,
    TEXT_HELP,
    TEXT_HELP_HELP,
    TEXT_HELP_LANG,
    TEXT_HELP_TOPICS,
    TEXT_HELP_SOURCES,
    TEXT_HELP_WHY,
    TEXT_HELP_FEEDBACK,
    TEXT_HELP_CLEAR,
    TEXT_HELP_QUIT,
    TEXT_HELP_SUGGEST,
    TEXT_HELP_SLASH,
    TEXT_HELP_PICK,
    TEXT_HELP_KEYS,
    TEXT_EMERGENCY,
    TEXT_EMERGENCY_WORD,
    TEXT_SOURCES,
    TEXT_NO_SOURCES,
    TEXT_NO_ANSWER,
    TEXT_TOPICS,
    TEXT_NO_TOPICS,
    TEXT_SUGGESTIONS,
    TEXT_NO_SUGGESTIONS,
    TEXT_UNKNOWN_COMMAND,
    TEXT_DID_YOU_MEAN,
    TEXT_SEE_HELP,
    TEXT_LANG_IS,
    TEXT_LANG_AUTO,
    TEXT_LANG_USAGE,
    TEXT_FEEDBACK_THANKS,
    TEXT_FEEDBACK_TWICE,
    TEXT_FEEDBACK_USAGE,
    TEXT_CLEARED,
    TEXT_CLEAR_FAILED,
    TEXT_INTERRUPT,
    TEXT_CORRECTED,
    TEXT_PICK,
    TEXT_LOST,
    TEXT_HISTORY_ON,
    TEXT_HISTORY_FAILED,
    TEXT_UNAVAILABLE,
    TEXT_COUNT
};

/* `lang` "fr" for French, English else. The text may hold one gap, written {}. */
const char *text(const char *lang, enum text_id id);

/* Append the text with its gap filled. */
void text_fill(struct buf *out, const char *lang, enum text_id id, const char *filling);

#endif
