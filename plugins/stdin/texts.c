/* SPDX-License-Identifier: MIT
 *
 * texts.c - the table of texts.h, French and English side by side so that they cannot drift apart. Spaces before
 * French punctuation are plain: the line breaking knows them.
 */
#include "texts.h"

#include <string.h>

static const struct {
    const char *fr;
    const char *en;
} text_table[TEXT_COUNT] = {
    [TEXT_START_HINT] = {"? : des questions pour commencer - /help : les commandes - Ctrl-D : quitter",
                         "?: questions to start with - /help: the commands - Ctrl-D: quit"},
    [TEXT_HELP] = {"Posez votre question, ou tapez une commande :", "Ask your question, or type a command:"},
    [TEXT_HELP_HELP] = {"cette aide", "this help"},
    [TEXT_HELP_LANG] = {"langue des réponses : fr, en, ou auto (celle de la question)",
                        "language of the answers: fr, en, or auto (that of the question)"},
    [TEXT_HELP_TOPICS] = {"les sujets auxquels ce programme répond", "the topics that this program answers"},
    [TEXT_HELP_SOURCES] = {"les sources de la dernière réponse", "the sources of the last answer"},
    [TEXT_HELP_WHY] = {"pourquoi cette réponse", "why this answer"},
    [TEXT_HELP_FEEDBACK] = {"la dernière réponse était utile (+) ou non (-)",
                            "the last answer was useful (+) or not (-)"},
    [TEXT_HELP_CLEAR] = {"oublier la conversation et l'historique, vider l'écran",
                         "forget the conversation and the history, wipe the screen"},
    [TEXT_HELP_QUIT] = {"quitter (aussi Ctrl-D, ou deux fois Ctrl-C)", "quit (also Ctrl-D, or Ctrl-C twice)"},
    [TEXT_HELP_SUGGEST] = {"des questions pour commencer", "questions to start with"},
    [TEXT_HELP_SLASH] = {"envoyer un texte qui commence par une barre oblique", "send a text that begins with a slash"},
    [TEXT_HELP_PICK] = {"Un choix proposé se prend par son numéro ou par ses premières lettres.",
                        "Take an offered choice by its number or by its first letters."},
    [TEXT_HELP_KEYS] = {"Tab complète commandes et sujets ; Ctrl-C efface la ligne.",
                        "Tab completes commands and topics; Ctrl-C clears the line."},
    [TEXT_EMERGENCY] = {"URGENCE", "EMERGENCY"},
    [TEXT_EMERGENCY_WORD] = {"URGENCE : ", "EMERGENCY: "},
    [TEXT_SOURCES] = {"Sources :", "Sources:"},
    [TEXT_NO_SOURCES] = {"La dernière réponse ne cite pas de source.", "The last answer cites no source."},
    [TEXT_NO_ANSWER] = {"Il n'y a pas encore de réponse.", "There is no answer yet."},
    [TEXT_TOPICS] = {"Sujets :", "Topics:"},
    [TEXT_NO_TOPICS] = {"Aucun sujet n'est chargé.", "No topic is loaded."},
    [TEXT_SUGGESTIONS] = {"Des questions pour commencer :", "Questions to start with:"},
    [TEXT_NO_SUGGESTIONS] = {"Aucune suggestion.", "No suggestions."},
    [TEXT_UNKNOWN_COMMAND] = {"Commande inconnue : {}.", "Unknown command: {}."},
    [TEXT_DID_YOU_MEAN] = {" Vouliez-vous dire {} ?", " Did you mean {}?"},
    [TEXT_SEE_HELP] = {" /help donne la liste.", " /help lists them."},
    [TEXT_LANG_IS] = {"Langue : français.", "Language: English."},
    [TEXT_LANG_AUTO] = {"Langue : celle de chaque question.", "Language: that of each question."},
    [TEXT_LANG_USAGE] = {"Langues connues : /lang fr, /lang en, /lang auto.",
                         "Known languages: /lang fr, /lang en, /lang auto."},
    [TEXT_FEEDBACK_THANKS] = {"Merci, c'est noté.", "Thank you, noted."},
    [TEXT_FEEDBACK_TWICE] = {"Cette réponse a déjà votre avis.", "You have already rated this answer."},
    [TEXT_FEEDBACK_USAGE] = {"Utile : /feedback +   Pas utile : /feedback -",
                             "Useful: /feedback +   Not useful: /feedback -"},
    [TEXT_CLEARED] = {"Conversation et historique oubliés.", "Conversation and history forgotten."},
    [TEXT_CLEAR_FAILED] = {"Le fichier d'historique n'a pas pu être vidé.", "The history file could not be wiped."},
    [TEXT_INTERRUPT] = {"Encore une fois Ctrl-C pour quitter.", "Ctrl-C once more to quit."},
    [TEXT_CORRECTED] = {"Lu : {}", "Read as: {}"},
    [TEXT_PICK] = {"Tapez un numéro ou les premières lettres.", "Type a number or the first letters."},
    [TEXT_LOST] = {"? montre des questions possibles, /topics les sujets.",
                   "? shows questions to ask, /topics the topics."},
    [TEXT_HISTORY_ON] = {"L'historique est gardé dans {} ; une espace en tête de ligne l'évite, /clear "
                         "l'efface.",
                         "History is kept in {}; a leading space keeps a line out, /clear wipes it."},
    [TEXT_HISTORY_FAILED] = {"L'historique ne peut pas être gardé dans {}.", "History cannot be kept in {}."},
    [TEXT_UNAVAILABLE] = {"Le service est momentanément indisponible.", "The service is unavailable at the moment."},
};

const char *text(const char *lang, enum text_id id)
{
    return strcmp(lang, "fr") == 0 ? text_table[id].fr : text_table[id].en;
}

void text_fill(struct buf *out, const char *lang, enum text_id id, const char *filling)
{
    const char *whole = text(lang, id);
    const char *gap = strstr(whole, "{}");
    if (!gap) {
        buf_puts(out, whole);
        return;
    }
    buf_add(out, whole, (size_t)(gap - whole));
    buf_puts(out, filling);
    buf_puts(out, gap + 2);
}
