/* SPDX-License-Identifier: MIT
 *
 * connector_cannot_run.c - a connector without its run function.
 */
#define NAME "cannot_run"
#define OPS_SIZE sizeof(struct faqd_connector)
#include "almost_good_connector.h"
