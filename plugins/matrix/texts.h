/* SPDX-License-Identifier: MIT
 *
 * texts.h - the few sentences that are the connector's own, about the channel itself. Each says it in both languages:
 * they are shown where nothing is known of the reader.
 */
#ifndef MATRIX_TEXTS_H
#define MATRIX_TEXTS_H

#define TEXT_ENCRYPTED                                                                                                 \
    "Je suis un programme qui ne sait pas lire les salons chiffrés : ici, je ne peux pas répondre. "                 \
    "Posez-moi vos questions dans un salon non chiffré.\n\n"                                                          \
    "I am a program that cannot read encrypted rooms: I cannot answer here. "                                          \
    "Please ask me in a room without encryption."

#define TEXT_MEDIA                                                                                                     \
    "Je ne lis que du texte : écrivez-moi votre question.\n\n"                                                        \
    "I only read text: please write your question."

#define TEXT_SLOWER                                                                                                    \
    "Cela fait beaucoup de messages : je me tais un instant.\n\n"                                                      \
    "That is a lot of messages: I will be silent for a moment."

#define TEXT_OPENED                                                                                                    \
    "Ce salon n'est pas chiffré : ici, je peux vous répondre. N'y écrivez rien de personnel.\n\n"                   \
    "This room is not encrypted: I can answer you here. Please write nothing personal."

#endif
