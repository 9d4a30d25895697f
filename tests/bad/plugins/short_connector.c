/* SPDX-License-Identifier: MIT
 *
 * short_connector.c - a connector whose table of functions ends too early.
 */
#define NAME "short_connector"
#define OPS_SIZE offsetof(struct faqd_connector, check)
#include "almost_good_connector.h"
