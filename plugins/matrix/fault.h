/* SPDX-License-Identifier: MIT
 *
 * fault.h - a place where the tests let the process die, to prove that no answer is lost or doubled by it.
 *
 * FAQD_MATRIX_KILL=STEP or STEP:N in the environment kills the process (SIGKILL) when STEP is passed for the N-th time.
 * Read once, when the connector opens. Without the variable a step costs one comparison.
 */
#ifndef MATRIX_FAULT_H
#define MATRIX_FAULT_H

struct fault {
    char step[32]; /* "": none */
    long left;
};

void fault_init(struct fault *fault);
void fault_pass(struct fault *fault, const char *step);

#endif
