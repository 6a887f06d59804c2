#include "derivation/merge_steps.hpp"

namespace derivation {
namespace {

Term two_to(const Term& exponents) { return power(number(Exact(2)), exponents); }

/// What both parts have, added up in the scale of the larger maximum.
Term write_rescaled(Page& page, const std::string& name, const std::string& title, const Term& F,
                    const Term& a, const Term& b) {
  const Term both = page.step(name + "_both", "Both, side by side", concatenate({a, b}));
  const Term product = page.step(name + "_rescaled", "Both, rescaled", entrywise_product(F, both));
  return page.step(name, title, row_sums(product));
}

/// Half of the columns of Z, and of the values in a row.
Part write_half(Page& page, const Term& Z, const Term& V_row, int half, const std::string& index) {
  const Term Z_half = page.step("Z" + index, "Scores of half of the keys", head(Z, half, 2));
  const Term row = page.step("V_row" + index, "Their values, in a row", head(V_row, half, 2));
  const Term V = page.step("V" + index, "Their values", transpose(row));
  const Part part = write_part(page, Z_half, V, index);
  page.step("part" + index, "m, l and O of these keys", side_by_side(part));
  return part;
}

}  // namespace

Part write_part(Page& page, const Term& Z, const Term& V, const std::string& index) {
  const Term m = page.step("m" + index, "Maximum", row_maxima(Z));
  const Term D = page.step("D" + index, "Shifted scores", Z - m);
  const Term E = page.step("E" + index, "Their powers of 2", two_to(D));
  const Term l = page.step("l" + index, "Sum", row_sums(E));
  return {m, l, page.step("O" + index, "Output, not yet divided", E * V)};
}

Merged write_merge(Page& page, const Part& a, const Part& b) {
  const Term both = page.step("m_both", "Both maxima", concatenate({a.m, b.m}));
  const Term m = page.step("m", "The larger one", row_maxima(both));
  const Term D = page.step("D", "Both maxima less the larger one", both - m);
  const Term F = page.step("F", "Factors", two_to(D));
  const Term l = write_rescaled(page, "l", "Sum", F, a.l, b.l);
  return {F, {m, l, write_rescaled(page, "O", "Output, not yet divided", F, a.O, b.O)}};
}

Merged merge(const Part& a, const Part& b) {
  Page sheet;
  sheet.example("merge", "");
  return write_merge(sheet, a, b);
}

std::vector<Part> keys_of(const Term& Z, const Term& V) {
  const int n = static_cast<int>(Z.cols());
  Page sheet;
  sheet.example("keys", "");
  const Term row = sheet.step("row", "", transpose(V));
  std::vector<Part> keys;
  for (int j = 1; j <= n; ++j) {
    const std::string index = "_" + std::to_string(j);
    const Term score = sheet.step("Z" + index, "", head(Z, j, n));
    const Term value = sheet.step("V" + index, "", head(row, j, n));
    keys.push_back(write_part(sheet, score, value, index));
  }
  return keys;
}

Term side_by_side(const Part& part) { return concatenate({part.m, part.l, part.O}); }

Part part_of(const Term& row) {
  Page sheet;
  sheet.example("part", "");
  return {sheet.step("m", "", head(row, 1, 3)), sheet.step("l", "", head(row, 2, 3)),
          sheet.step("O", "", head(row, 3, 3))};
}

Computed table_of(const std::vector<Part>& parts) {
  std::vector<Term> rows;
  for (const Part& part : parts) rows.push_back(side_by_side(part));
  return stacked(rows);
}

Halves write_halves(Page& page, const Term& Z, const Term& V) {
  const Term row = page.step("V_row", "Values in a row", transpose(V));
  const Part a = write_half(page, Z, row, 1, "_a");
  const Part b = write_half(page, Z, row, 2, "_b");
  const Part both = write_merge(page, a, b).both;
  const Part whole = write_part(page, Z, V, "_w");
  page.fact("the two parts merge to the m, l and O of the whole row",
            side_by_side(both) == side_by_side(whole));
  return {a, b, both};
}

Part given_part(Page& page, const std::string& index, const std::string& which, const std::string& m,
                const std::string& l, const std::string& O) {
  return {page.given("m" + index, "Maximum of the " + which, {{m}}),
          page.given("l" + index, "Sum of the " + which, {{l}}),
          page.given("O" + index, "Output of the " + which + ", not yet divided", {{O}})};
}

}  // namespace derivation
