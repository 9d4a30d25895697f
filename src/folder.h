/* SPDX-License-Identifier: MIT
 *
 * folder.h - folders of the program's own: of its state, of its cache.
 */
#ifndef FAQD_FOLDER_H
#define FAQD_FOLDER_H

/* Make a folder and those above it, closed to others; one that is there stays as it is. 0, or -1 with errno. */
int folder_make(const char *folder);

/* May this user write to it, or make it? */
int folder_can_be_made(const char *folder);

#endif
