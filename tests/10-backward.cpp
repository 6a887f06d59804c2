#include "derivation/rounding.hpp"
#include "support/every_chapter.hpp"

namespace {

/// What only this chapter's facts ask for: an exponential that is off, a weight where the mask forbids it, a
/// gradient where none may be, a matrix doubled or set to 0.
std::vector<Mistake> more_mistakes() {
  const auto zero = [](Table<Exact>& table) { table.values *= Exact(0); };
  const auto first_off = [](Table<Exact>& table) { table.values(0, 0) += 1; };
  const auto corner_off = [](Table<Exact>& table) { table.values(table.rows() - 1, table.cols() - 1) += 1; };
  return {{"strong", "dA", zero},
          {"unscaled", "dQ", zero},
          {"unscaled", "dK", zero},
          {"unscaled", "dS", zero},
          {"strong", "dQ", corner_off},
          {"strong", "dQ", first_off},
          {"walk", "dZ", first_off},
          {"strong", "dZ_read", zero},
          {"strong", "dZ", zero},
          {"ex3", "K_c", corner_off},
          {"strong", "B", corner_off},
          {"row", "J", first_off},
          {"strong", "dQ", [](Table<Exact>& table) { table.values(moved_row, moved_col) += 1; }}};
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  std::vector<Mistake> mistakes = one_entry_off(committed(stem));
  for (Mistake& mistake : more_mistakes()) mistakes.push_back(std::move(mistake));
  // An example at a time, with the mistakes that are made in it: the whole chapter would be derived too
  // often.
  const std::vector<std::function<void(Page&)>> parts = {one_score, one_row,   last_token, all_tokens,
                                                         unscaled,  exercises, sums};
  std::size_t examples = 0;
  for (const auto& part : parts) {
    Page page;
    part(page);
    examples += page.examples().size();
    std::vector<Mistake> here;
    for (const Mistake& mistake : mistakes)
      for (const auto& example : page.examples())
        if (example.name == mistake.example) here.push_back(mistake);
    CHECK(lines(facts_that_cannot_fail(part, here)) == "");
  }
  CHECK(examples == committed(stem).examples.size());
}

TEST_CASE("the gradients of the last token agree with what is known of the published example") {
  // Computed once more by others, in doubles, and rounded (dK is cut off) to eight digits.
  const Derivation derivation = committed(stem);
  const auto near = [&](const std::string& name, Index i, Index j, double expected) {
    CHECK_MESSAGE(std::abs(to_double(values(derivation, "walk", name)(i, j)) - expected) < 1e-8,
                  name << "[" << i << "," << j << "]");
  };
  const std::vector<double> dA = {0.5, -0.1, 0.2, 0}, dZ = {0.08753071, -0.06212471, 0.01239082, -0.03779682},
                            dQ = {0.01311400, 0.00004256, -0.00593392, 0.00526755},
                            dK = {0.00437653, -0.00310624, 0.00061954, -0.00188984};
  for (Index j = 0; j < 4; ++j) {
    const auto k = static_cast<std::size_t>(j);
    near("dA", 3, j, dA[k]);
    near("dZ", 3, j, dZ[k]);
    near("dQ", 3, j, dQ[k]);
    near("dK", j, 3, dK[k]);
    for (Index column = 0; column < 3; ++column)
      CHECK(values(derivation, "walk", "dK")(j, column) == Exact(0));
    CHECK(values(derivation, "walk", "dV")(j, 0) == values(derivation, "walk", "A")(3, j));
  }
}

TEST_CASE("the four tokens with a gradient for every output: every fact holds as well") {
  Page page;
  page.example("full", "");
  const auto in = four_tokens(page);
  const auto head = forward_causally(page, in);
  const auto dY = page.given(
      "dY", {{"1", "0", "-1", "2"}, {"0", "3", "1", "0"}, {"2", "-1", "0", "1"}, {"1", "1", "0", "-2"}});
  const auto gradients = backward_causally(page, in, head, dY);
  hold_against_duals(page, dY, gradients, [](const auto& input) -> DualMatrix {
    return attention::attention<Dual>(input[0] * input[1], input[0] * input[2], input[0] * input[3],
                                      attention::causal_mask(4))
        .Y;
  });
  const auto& facts = page.examples().front().facts;
  CHECK(facts.size() == 17);
  for (const auto& fact : facts) CHECK_MESSAGE(fact.holds, fact.claim);
}

namespace {

/// L in double, as a program would compute it: the head of the example strong, and the gradient of its
/// output.
class MachineL {
 public:
  explicit MachineL(const Derivation& derivation)
      : Q_(doubles(derivation, "Q")),
        K_(doubles(derivation, "K")),
        V_(doubles(derivation, "V")),
        dC_(doubles(derivation, "dC")) {}
  double moved(double h) const {
    Matrix<double> Q = Q_;
    Q(moved_row, moved_col) += h;
    return attention::attention(Q, K_, V_).Y.cwiseProduct(dC_).sum();
  }
  double central(double h) const { return (moved(h) - moved(-h)) / (2 * h); }
  double one_sided(double h) const { return (moved(h) - moved(0)) / h; }

 private:
  static Matrix<double> doubles(const Derivation& derivation, const std::string& name) {
    return numbers::as_scalars<double>(values(derivation, "strong", name));
  }
  Matrix<double> Q_, K_, V_, dC_;
};

/// L along the moved entry, from the steps of the example strong.
MovedInput strong_query(const Derivation& derivation) {
  const auto term = [&](const std::string& name) {
    Term result;
    result.exact = step(derivation, "strong", name).exact;
    result.machine = step(derivation, "strong", name).machine;
    return result;
  };
  return moved_query({term("Q"), term("K"), term("V"), term("A")}, term("dC"), term("dQ"));
}

/// How far a double of L can be from L: the rounding bound of C, weighted; the six products and five sums of
/// L itself; and the moved entry, rounded when it is moved. Twice that, since L is taken at neighbouring
/// points.
double bound_of_L(const Derivation& derivation, double slope) {
  constexpr double u = 0x1p-53;
  const auto weights = numbers::as_scalars<double>(values(derivation, "strong", "dC")).cwiseAbs().eval();
  const auto C = step(derivation, "strong", "C").machine.values.cwiseAbs().eval();
  const auto bound = derivation::rounding_bounds(*find_example(derivation, "strong")).at("C");
  const double moved = 1.1 * u * std::abs(slope);
  return 2 * (weights.cwiseProduct(bound).sum() + 6 * u * weights.cwiseProduct(C).sum() + moved);
}

}  // namespace

TEST_CASE("finite differences in double are off by no more than truncation and rounding allow") {
  const Derivation derivation = committed(stem);
  const MovedInput input = strong_query(derivation);
  const DifferenceLosses loss = difference_losses(input);
  const MachineL L(derivation);
  const double slope = to_double(input.slope), B = bound_of_L(derivation, slope);
  double closest = 0;
  for (std::size_t k = 0; k < loss.exponent.size(); ++k) {
    const double h = std::pow(10, loss.exponent[k]);
    const double central = std::abs(L.central(h) - slope);
    const double one_sided = std::abs(L.one_sided(h) - slope);
    INFO("h = 1e", loss.exponent[k], ": central ", central, ", one-sided ", one_sided);
    CHECK(central <= loss.central[k] + B / h);
    CHECK(one_sided <= loss.one_sided[k] + 2 * B / h);
    closest = std::max(closest, central / (loss.central[k] + B / h));
  }
  CHECK(closest > 1e-3);  // the bound is not slack
  CHECK(B > loss.storing[0] / 10);
}

TEST_CASE("a slope that is off by a thousandth is noticed by a central difference, and so is half of it") {
  const Derivation derivation = committed(stem);
  const MovedInput input = strong_query(derivation);
  const double slope = to_double(input.slope), B = bound_of_L(derivation, slope), h = 1e-4;
  const double allowed = to_double(central_error(input, Exact(1) / Exact(10000))) + B / h;
  const double measured = MachineL(derivation).central(h);
  CHECK(std::abs(measured - slope) <= allowed);
  CHECK(std::abs(measured - slope * 1.001) > allowed);
  CHECK(std::abs(measured - slope / 2) > allowed);
}
