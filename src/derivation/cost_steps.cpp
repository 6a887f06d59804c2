#include "derivation/cost_steps.hpp"

#include <cmath>

namespace derivation {

Matrix<Exact> for_each(const Term& numbers, const std::function<long(long)>& count) {
  return numbers.values().unaryExpr([&](const Exact& n) { return Exact(count(std::lround(to_double(n)))); });
}

Computed counted(const Term& numbers, const std::function<long(long)>& count) {
  Computed counts = known(for_each(numbers, count));
  counts.operands = {numbers.name};
  return counts;
}

Multiplications write_multiplications(Page& page, const Term& T, long d) {
  const auto costs = [d](long t) { return attention::head_costs({t, d, d, d}); };
  const Term P =
      page.computed("P", "Multiplications of the four projections", "4 T d^2",
                    counted(T, [&](long t) { return attention::projection_multiplications(costs(t)); }));
  const Term B =
      page.computed("B", "Multiplications of Q Kᵀ and A V", "2 T^2 d",
                    counted(T, [&](long t) { return attention::product_multiplications(costs(t)); }));
  return {P, B};
}

Multiplications prove_multiplications(Page& page, const Term& T, long d) {
  const auto [P, B] = write_multiplications(page, T, d);
  page.fact("the projections take 4 T d²", P == for_each(T, [d](long t) { return 4 * t * d * d; }));
  page.fact("the products take 2 T² d", B == for_each(T, [d](long t) { return 2 * t * t * d; }));
  return {P, B};
}

WorkOfHeads write_work_of_heads(Page& page, const Term& H, long T, long d_model) {
  const auto costs = [=](long h) { return attention::head_costs({T, d_model, d_model / h, d_model / h}); };
  const Term products =
      page.computed("products", "Multiplications of all heads' Q Kᵀ and A V", "2 T^2 d_k H",
                    counted(H, [&](long h) { return h * attention::product_multiplications(costs(h)); }));
  const Term exponentials =
      page.computed("exponentials", "Exponentials of all heads", "H T^2",
                    counted(H, [&](long h) { return h * costs(h)[2].operations.exponentials; }));
  page.fact("all heads together take 2 T² d_model multiplications",
            products == constant(H.rows(), 1, 2 * T * T * d_model));
  page.fact("there are H T² exponentials", exponentials == for_each(H, [T](long h) { return h * T * T; }));
  return {products, exponentials};
}

Times write_times(Page& page, const std::vector<attention::PartCost>& parts, int ops_a_us, int bytes_a_us) {
  const Index n = static_cast<Index>(parts.size());
  Matrix<Exact> done(n, 1), moved(n, 1);
  Labels labels;
  for (Index i = 0; i < n; ++i) {
    const attention::PartCost& part = parts[static_cast<std::size_t>(i)];
    done(i, 0) = operations(part);
    moved(i, 0) = 4 * (part.read + part.written);
    labels.rows.push_back(part.name);
  }
  const Term ops = page.computed("ops", "Operations", "", known(done), labels);
  const Term bytes = page.computed("bytes", "Bytes", "", known(moved), labels);
  const Term per_byte = page.step("per_byte", "Operations for each byte", ops / bytes);
  const Term compute = page.step("compute", "µs for the operations, " + std::to_string(ops_a_us) + " a µs",
                                 ops / number(Exact(ops_a_us)));
  const Term move = page.step("move", "µs for the bytes, " + std::to_string(bytes_a_us) + " a µs",
                              bytes / number(Exact(bytes_a_us)));
  return {per_byte, compute, move, write_longer(page, "least", "µs at the least", compute, move)};
}

Term write_longer(Page& page, const std::string& name, const std::string& title, const Term& compute,
                  const Term& move, const std::string& index) {
  const Term both = page.step("both" + index, "Side by side", concatenate({compute, move}));
  return page.step(name, title, row_maxima(both));
}

}  // namespace derivation
