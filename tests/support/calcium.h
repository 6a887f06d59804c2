#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/* What the tests use of Calcium, behind C functions: its own headers (before FLINT 3) are no C++. */

typedef struct calcium_number calcium_number;

calcium_number* calcium_integer(const char* digits);
calcium_number* calcium_sum(const calcium_number* a, const calcium_number* b);
calcium_number* calcium_difference(const calcium_number* a, const calcium_number* b);
calcium_number* calcium_product(const calcium_number* a, const calcium_number* b);
calcium_number* calcium_quotient(const calcium_number* a, const calcium_number* b);
calcium_number* calcium_exponential(const calcium_number* a);
calcium_number* calcium_square_root(const calcium_number* a);
void calcium_free(calcium_number* a);

/* Calcium's own answers: 1 yes, 0 no, -1 it does not know. */
int calcium_equal(const calcium_number* a, const calcium_number* b);
int calcium_less(const calcium_number* a, const calcium_number* b);

/* Forgets what was found out about numbers so far. None may be alive. */
void calcium_forget(void);

#ifdef __cplusplus
}
#endif
