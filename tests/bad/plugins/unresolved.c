/* SPDX-License-Identifier: MIT
 *
 * unresolved.c - it calls a function that nobody has: found out when it is opened, not when it is called.
 */
#define NAME "unresolved"
int nobody_has_this(void);
#define ANSWER nobody_has_this
#include "almost_good.h"
