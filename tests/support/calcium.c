#include "support/calcium.h"

#include <stdlib.h>
#if __has_include(<flint/ca.h>)
#include <flint/ca.h> /* FLINT 3 holds Calcium */
#else
#include <calcium/ca.h>
#endif

struct calcium_number {
  ca_t value;
};

/* One context for all numbers. */
static ca_ctx_struct* context(void) {
  static ca_ctx_t raw;
  static int is_ready = 0;
  if (!is_ready) ca_ctx_init(raw);
  is_ready = 1;
  return raw;
}

static calcium_number* new_number(void) {
  calcium_number* number = malloc(sizeof *number);
  if (!number) abort();
  ca_init(number->value, context());
  return number;
}

typedef void (*unary)(ca_t, const ca_t, ca_ctx_t);
typedef void (*binary)(ca_t, const ca_t, const ca_t, ca_ctx_t);

static calcium_number* of_one(unary operation, const calcium_number* a) {
  calcium_number* result = new_number();
  operation(result->value, a->value, context());
  return result;
}

static calcium_number* of_two(binary operation, const calcium_number* a, const calcium_number* b) {
  calcium_number* result = new_number();
  operation(result->value, a->value, b->value, context());
  return result;
}

calcium_number* calcium_integer(const char* digits) {
  calcium_number* number = new_number();
  fmpz_t integer;
  fmpz_init(integer);
  if (fmpz_set_str(integer, digits, 10) != 0) abort();
  ca_set_fmpz(number->value, integer, context());
  fmpz_clear(integer);
  return number;
}

calcium_number* calcium_sum(const calcium_number* a, const calcium_number* b) { return of_two(ca_add, a, b); }
calcium_number* calcium_difference(const calcium_number* a, const calcium_number* b) {
  return of_two(ca_sub, a, b);
}
calcium_number* calcium_product(const calcium_number* a, const calcium_number* b) {
  return of_two(ca_mul, a, b);
}
calcium_number* calcium_quotient(const calcium_number* a, const calcium_number* b) {
  return of_two(ca_div, a, b);
}
calcium_number* calcium_exponential(const calcium_number* a) { return of_one(ca_exp, a); }
calcium_number* calcium_square_root(const calcium_number* a) { return of_one(ca_sqrt, a); }

void calcium_free(calcium_number* a) {
  ca_clear(a->value, context());
  free(a);
}

static int answer(truth_t truth) { return truth == T_TRUE ? 1 : truth == T_FALSE ? 0 : -1; }

int calcium_equal(const calcium_number* a, const calcium_number* b) {
  return answer(ca_check_equal(a->value, b->value, context()));
}

int calcium_less(const calcium_number* a, const calcium_number* b) {
  return answer(ca_check_lt(a->value, b->value, context()));
}

void calcium_forget(void) {
  ca_ctx_clear(context());
  ca_ctx_init(context());
}
