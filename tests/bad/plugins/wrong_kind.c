/* SPDX-License-Identifier: MIT
 *
 * wrong_kind.c - neither a module nor a connector.
 */
#define NAME "wrong_kind"
#define KIND 7
#include "almost_good.h"
