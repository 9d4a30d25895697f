/* SPDX-License-Identifier: MIT
 *
 * config_private.h - what config.c and config_packs.c share.
 */
#ifndef FAQD_CONFIG_PRIVATE_H
#define FAQD_CONFIG_PRIVATE_H

#include "config.h"
#include "jread.h"

/* A path of the file as seen from elsewhere: relative ones begin at the file's folder. FAQD_OK or FAQD_ELIMIT. */
int config_path(const struct config *config, const char *value, char *out, size_t size);

/* Take over the member "packs". */
int config_read_packs(struct config *config, struct jread *r, const json_t *packs);
/* Find the folders of the default pack and of all others. */
int config_find_packs(struct config *config, struct err *err);

#endif
