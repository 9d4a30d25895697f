/* SPDX-License-Identifier: MIT
 *
 * host_private.h - the functions of the host's table, in files of their own. What they do is documented in
 * faqd_plugin.h.
 */
#ifndef FAQD_HOST_PRIVATE_H
#define FAQD_HOST_PRIVATE_H

#include "host.h"

struct faqd_worker {
    struct host *host;
    struct host_pack *pack;    /* which the next message is for */
    struct snapshot *snapshot; /* held until the next message: the last answer points into it */
    struct host_pack *held;    /* of which it is one */
    struct dispatch *dispatch;
    struct statistics_counter *counter;
    struct faqd_answer_view view;
    struct str rendered;
};

static inline struct host *host_of(const struct faqd_host *api)
{
    return (struct host *)api; /* api is the first member of a struct host that we made ourselves */
}

/* host_worker.c */
struct faqd_worker *host_worker_new(const struct faqd_host *api);
void host_worker_free(struct faqd_worker *worker);
int host_use_pack(struct faqd_worker *worker, const char *name);
int host_ask(struct faqd_worker *worker, const struct faqd_message *message, struct faqd_answer_view *out);
int host_welcome(struct faqd_worker *worker, const char *lang, struct faqd_answer_view *out);
const char *host_render(struct faqd_worker *worker, enum faqd_format format, size_t *len);
const char *host_explain(struct faqd_worker *worker, size_t *len);
void host_topics(struct faqd_worker *worker, const char *lang,
                 void (*each)(void *user, const char *topic, const char *label), void *user);

/* host_store.c */
int host_path(const struct faqd_host *api, const char *named, char *out, size_t size);
int host_store_open(const struct faqd_host *api, const char *name, struct faqd_store **out);

/* host_count.c */
void host_count(struct faqd_worker *worker, const char *connector);
int host_vote(const struct faqd_host *api, const char *connector, const char *id, const char *lang, int vote);
int host_unvote(const struct faqd_host *api, const char *connector, const char *id, const char *lang, int vote);

/* host_status.c */
void host_health(const struct faqd_host *api, const char *connector, int ok, const char *text);
void host_figure(const struct faqd_host *api, const char *connector, const char *name, int64_t value);
const char *host_status(struct faqd_worker *worker, size_t *len);
/* Note how a load of the pack ended. */
void host_note_load(struct host *host, struct host_pack *pack, int rc, const struct err *err);

#endif
