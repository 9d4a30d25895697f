/* SPDX-License-Identifier: MIT
 *
 * command.h - what an operator does by hand: faqd matrix login | logout | status [ACCOUNT].
 */
#ifndef MATRIX_COMMAND_H
#define MATRIX_COMMAND_H

#include "faqd_plugin.h"
#include "settings.h"

enum { COMMAND_USAGE = 2, COMMAND_SOFTWARE = 70, COMMAND_CONFIG = 78 };

/* Carry a command out; the exit status. */
int command_run(const struct faqd_host *host, const struct accounts *accounts, int argc, char **argv);

/* Are the files that the settings name there, and fit? FAQD_OK, or FAQD_EINVAL after a record in the log. */
int command_check(const struct faqd_host *host, const struct settings *settings);

#endif
