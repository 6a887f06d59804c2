#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "attention/random.hpp"
#include "attention/tiled_backward.hpp"
#include "bench/machine.hpp"
#include "bench/results.hpp"

// Measures the parts of attention, tiled attention, and the machine itself, in one run, and writes
// docs/measurements/attention.{json,md} and the pictures. One thread; processor time, the least of all
// repetitions: what other programs take from the machine then counts least.

using namespace attention;
using benchmark::DoNotOptimize;

namespace {

template <typename Scalar>
struct Inputs {
  Matrix<Scalar> X, W, Q, K, V, S, A;

  explicit Inputs(Index T) {
    std::mt19937_64 random(1);
    const Index d = bench::d;
    X = draw_matrix<Scalar>(random, T, d, 1);
    W = draw_matrix<Scalar>(random, d, 3 * d, d);
    Q = draw_matrix<Scalar>(random, T, d, 1);
    K = draw_matrix<Scalar>(random, T, d, 1);
    V = draw_matrix<Scalar>(random, T, d, 1);
  }
};

std::string name_of(float) { return "float"; }
std::string name_of(double) { return "double"; }

template <typename Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), [body](benchmark::State& state) mutable { body(state); })
      ->MinTime(0.03)
      ->Repetitions(5)
      ->ReportAggregatesOnly(false);
}

/// The body of a benchmark that makes its inputs first: prepare() returns what is then run again and again.
template <typename Prepare>
void add_run(const std::string& name, Prepare prepare) {
  add(name, [prepare](benchmark::State& state) {
    auto run = prepare();
    for (auto _ : state) DoNotOptimize(run());
  });
}

/// Each part of attention as chapter 6 writes it.
template <typename Scalar>
void add_parts(Index T) {
  using M = Matrix<Scalar>;
  const std::string end = "/" + name_of(Scalar()) + "/" + std::to_string(T);
  const Scalar root = sqrt_of<Scalar>(bench::d);
  const auto scores = [T] {
    const Inputs<Scalar> in(T);
    return M(in.Q * in.K.transpose() / sqrt_of<Scalar>(bench::d));
  };
  add_run("projections" + end, [T] {
    return [in = Inputs<Scalar>(T), P = M()]() mutable { return (P.noalias() = in.X * in.W, P.data()); };
  });
  add_run("scores" + end, [T, root] {
    return [in = Inputs<Scalar>(T), S = M(), root]() mutable {
      S.noalias() = in.Q * in.K.transpose();
      return (S /= root, S.data());
    };
  });
  add_run("softmax" + end,
          [scores] { return [Z = scores(), A = M()]() mutable { return (A = softmax_rows(Z), A.data()); }; });
  add_run("A V" + end, [T, scores] {
    return [V = Inputs<Scalar>(T).V, A = softmax_rows(scores()), Y = M()]() mutable {
      return (Y.noalias() = A * V, Y.data());
    };
  });
  add_run("output projection" + end, [T] {
    return [in = Inputs<Scalar>(T), W_O = M(Inputs<Scalar>(T).W.leftCols(bench::d)), Y = M()]() mutable {
      return (Y.noalias() = in.V * W_O, Y.data());
    };
  });
}

/// Whole attention: plain, as softmax_rows(Q Kᵀ / √d) V; and tiled, forward and backward.
template <typename Scalar>
void add_whole(Index T) {
  using M = Matrix<Scalar>;
  const std::string end = "/" + name_of(Scalar()) + "/" + std::to_string(T);
  add_run("plain" + end, [T] {
    return [in = Inputs<Scalar>(T), Y = M()]() mutable {
      const M Z = in.Q * in.K.transpose() / sqrt_of<Scalar>(bench::d);
      return (Y = softmax_rows(Z) * in.V, Y.data());
    };
  });
  for (const bool causal : {false, true})
    add_run((causal ? "tiled causal" : "tiled") + end, [T, causal] {
      return [in = Inputs<Scalar>(T), causal, Y = TiledAttention<Scalar>()]() mutable {
        return (Y = tiled_attention(in.Q, in.K, in.V, {.causal = causal}), Y.Y.data());
      };
    });
  add_run("tiled backward" + end, [T] {
    const Inputs<Scalar> in(T);
    return [in, forward = tiled_attention(in.Q, in.K, in.V)] {
      return tiled_attention_backward(in.Q, in.K, in.V, forward, in.X).dQ(0, 0);
    };
  });
}

/// The two products of a tile, alone: the rate that Eigen's product reaches in its loop.
template <typename Scalar>
void add_machine() {
  using M = Matrix<Scalar>;
  const std::string end = "/" + name_of(Scalar());
  add_run("tile products" + end, [] {
    return [in = Inputs<Scalar>(bench::block_keys), Z = M(), Y = M()]() mutable {
      Z.noalias() = in.Q.topRows(bench::block_queries) * in.K.transpose();
      return (Y.noalias() = Z * in.V, Y.data());
    };
  });
  add_run("multiply-adds" + end, [] {
    return [] {
      Scalar factor = Scalar(0.5);
      DoNotOptimize(factor);
      return bench::MultiplyAdds<Scalar>::run(factor);
    };
  });
}

/// Keeps the least time of each benchmark.
class LeastTimes : public benchmark::ConsoleReporter {
 public:
  explicit LeastTimes(std::map<std::string, double>& seconds) : seconds_(seconds) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const double time = run.cpu_accumulated_time / static_cast<double>(run.iterations);
      const auto [at, is_new] = seconds_.try_emplace(run.run_name.function_name, time);
      at->second = std::min(at->second, time);
    }
    ConsoleReporter::ReportRuns(runs);
  }

 private:
  std::map<std::string, double>& seconds_;
};

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(": ") + 2);
  return "unknown";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// The lines that a command prints; none where it fails.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return lines;
  std::string line;
  for (int c; (c = std::fgetc(pipe)) != EOF;)
    if (c == '\n')
      lines.push_back(std::exchange(line, {}));
    else
      line += static_cast<char>(c);
  return pclose(pipe) == 0 ? lines : std::vector<std::string>{};
}

/// Run as a process of its own: tiled attention over T tokens, and the peak of its memory.
int print_peak_memory(Index T) {
  const Inputs<float> in(T);
  const auto result = tiled_attention(in.Q, in.K, in.V);
  if (!result.Y.allFinite()) return 1;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << usage.ru_maxrss << '\n';
  return 0;
}

/// What PyTorch needs for the same, by a script that prints the BLAS it uses, and a line "T seconds" each.
void add_torch(bench::Results& results, const std::string& name, const std::string& command) {
  const auto lines = lines_of(command);
  for (std::size_t k = 1; k < lines.size(); ++k) {
    const std::size_t blank = lines[k].find(' ');
    results.seconds[name + "/float/" + lines[k].substr(0, blank)] = std::stod(lines[k].substr(blank));
  }
  if (!lines.empty()) results.torch += (results.torch.empty() ? "" : ", ") + lines[0];
}

/// The largest errors in float of plain and tiled attention, against double, which is 2^29 times as fine.
void add_errors(bench::Results& results, Index T) {
  const Inputs<float> in(T);
  const Inputs<double> fine(T);
  const Matrix<double> exact = tiled_attention(fine.Q, fine.K, fine.V).Y;
  const Matrix<float> Z = in.Q * in.K.transpose() / sqrt_of<float>(bench::d);
  const Matrix<float> plain = softmax_rows(Z) * in.V, tiled = tiled_attention(in.Q, in.K, in.V).Y;
  results.values["error of plain"] = (plain.cast<double>() - exact).cwiseAbs().maxCoeff();
  results.values["error of tiled"] = (tiled.cast<double>() - exact).cwiseAbs().maxCoeff();
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

void register_all() {
  for (const long T : bench::lengths) {
    add_parts<float>(T);
    add_parts<double>(T);
    add_whole<float>(T);
    add_whole<double>(T);
  }
  add_machine<float>();
  add_machine<double>();
  add_run("triad",
          [] { return [triad = bench::Triad()]() mutable { return (triad.run(), triad.a.data()); }; });
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 3 && std::string(argv[1]) == "--memory") return print_peak_memory(std::stol(argv[2]));
  benchmark::Initialize(&argc, argv);
  if (argc < 2) {
    std::cerr << argv[0] << ": say the folder to write to, and commands that time PyTorch\n";
    return 2;
  }
  bench::Results results{today(), processor(), "g++ " __VERSION__, BENCH_FLAGS, {}, {}, ""};
  register_all();
  LeastTimes reporter(results.seconds);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  const std::string names[] = {"torch", "torch with OpenBLAS"};
  for (int k = 2; k < argc && k < 4; ++k) add_torch(results, names[k - 2], argv[k]);
  add_errors(results, 4096);
  for (const std::string& line : lines_of(std::string(argv[0]) + " --memory 16384"))
    results.values["peak memory"] = std::stod(line);
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write(folder / "attention.json", to_json(results));
  write(folder / "attention.md", to_markdown(results));
  write(folder / "attention-shares.svg", shares_svg(results));
  write(folder / "attention-roofline.svg", roofline_svg(results));
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
