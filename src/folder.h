/* SPDX-License-Identifier: MIT
 *
 * folder.h - folders of the program's own: of its state, of its cache.
 */
#ifndef FAQD_FOLDER_H
#define FAQD_FOLDER_H

#include <sys/types.h>

/* Make a folder and those above it, of this mode at most; one that is there stays as it is. 0, or -1 with errno. */
int folder_make(const char *folder, mode_t mode);

/* May this user write to it, or make it? */
int folder_can_be_made(const char *folder);

#endif
