/* SPDX-License-Identifier: MIT
 *
 * no_symbol.c - a shared object like any other: it exports no descriptor.
 */
#include "faqd_plugin.h"

FAQD_EXPORT int something_else(void);

int something_else(void)
{
    return 0;
}
