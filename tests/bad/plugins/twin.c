/* SPDX-License-Identifier: MIT
 *
 * twin.c - a second module of a name that is taken.
 */
#define NAME "statements"
#include "almost_good.h"
