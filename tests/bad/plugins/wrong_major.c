/* SPDX-License-Identifier: MIT
 *
 * wrong_major.c - built for another major number of the ABI.
 */
#define NAME "wrong_major"
#define ABI_MAJOR FAQD_ABI_MAJOR + 1
#include "almost_good.h"
