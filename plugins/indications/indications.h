/* SPDX-License-Identifier: MIT
 *
 * indications.h - what the files of the module "indications" share: its table and one answer under way.
 *
 * The kinds of rows of the table are told apart by how their names begin; a cell lists statements, unless said
 * otherwise:
 *
 *   condition_ENTITY  use    (it is among the uses: by whom, what for); a condition that no source lists has none
 *                     more   (details, said when nothing else was asked)
 *                     works  (what the sources say of the result)
 *                     limit  (how far it goes)
 *                     near   (for one that no source lists: what they do say of something close)
 *   zone_ENTITY       where  (a source names this part of the body), topic (a topic id)
 *   treatment_ENTITY  about  (what a source says of it), topic (a topic id)
 *   do_outside        say    (no source lists this condition; gap {condition}), topic
 *   do_unknown        say    (no source lists it, for a word that nobody knows)
 *   do_zone           say    (no source names this zone; gap {zone})
 *   do_doctor         say    (the remark that ends an answer on a condition that is listed), topic
 */
#ifndef INDICATIONS_H
#define INDICATIONS_H

#include "../module.h"

enum {
    MAX_SAID = 16, /* nobody reads more; a visitor who names everything gets the first ones */
};

/* One answer under way. It lives on the stack of the call, so that threads do not meet. */
struct talk {
    const struct faqd_host *host;
    const struct faqd_content *content;
    const struct faqd_query *query;
    struct faqd_reply *reply;
    const char *said[MAX_SAID]; /* conditions share statements: each is said once */
    size_t n_said;
    int rc; /* the last error */
};

/* table.c: open(), and reading the table */
int table_check(const struct faqd_host *host, const struct faqd_content *content);
size_t row_of(const struct talk *talk, const char *prefix, const char *name); /* FAQD_NO_ROW: none */
int has_cell(const struct talk *talk, size_t row, const char *column);

/* indications.c: saying. FAQD_NO_ROW and columns that a row lacks say nothing. */
void say_cell(struct talk *talk, enum faqd_block_kind kind, size_t row, const char *column);
void say_about(struct talk *talk, enum faqd_block_kind kind, const char *statement, const struct faqd_slot *slot);
void say_own(struct talk *talk);
void undocumented(struct talk *talk);
void also_topic(struct talk *talk, size_t row);
int is_action(const struct talk *talk, const char *action);

/* The slots of a type that the question is about, one a call; *at begins as 0. NULL: no more. A condition of an earlier
 * turn gives way to one of this message, a negated one to one that is wanted ("not for my back, for my knee"); if all
 * are negated, they are meant ("doesn't it work on cellulite?"). */
const struct faqd_slot *asked(const struct talk *talk, const char *type, size_t *at);

/* conditions.c, others.c: FAQD_DECLINED if there is nothing to say, else FAQD_OK; errors are in talk->rc */
int say_conditions(struct talk *talk);
int say_zones(struct talk *talk);
int say_beside(struct talk *talk);

#endif
