/* SPDX-License-Identifier: MIT
 *
 * no_version.c - its descriptor lacks a version.
 */
#define NAME "no_version"
#define VERSION NULL
#include "almost_good.h"
