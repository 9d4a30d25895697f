/* SPDX-License-Identifier: MIT
 *
 * newer_minor.c - needs a newer minor number of the ABI than this one.
 */
#define NAME "newer_minor"
#define ABI_MINOR FAQD_ABI_MINOR + 1
#include "almost_good.h"
