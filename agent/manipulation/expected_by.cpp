#include "manipulation/baseline.hpp"
#include "manipulation/recursive_least_squares.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr std::size_t most_terms = 4;
using Terms = std::array<double, most_terms>;

/// A law that machines of a kind obey, but for coefficients that each has of its own.
struct Law {
  BaselineUse use;
  const char* summary;
  const char* arguments;  ///< what it takes, for people
  std::size_t conditions;
  std::size_t terms;
  Terms (*of)(std::span<const double> conditions);
};

constexpr Duration sample = std::chrono::minutes{5};
constexpr double for_good = 36'500;  ///< days: machines do not change the law that they obey
constexpr Days first_weeks{14};      ///< of running, after which a law is known where the machine has been

/// Affinity: with the speed of a fan or a pump its pressure rises by the square, and its power by the cube; the offset is its drive's.
const std::array laws{
    Law{{"affinity_residual", 1, sample, 0.5, 7, 0.30, for_good},
        "a fan's or pump's power beyond what its speed explains (offset and cube)",
        "a power and a speed (`of: [power, speed]`)",
        1,
        2,
        [](std::span<const double> by) {
          return Terms{1, by[0] * by[0] * by[0]};
        }},
    Law{{"head_residual", 1, sample, 0.5, 7, 0.30, for_good},
        "a fan's or pump's pressure beyond what its speed explains (offset and square)",
        "a pressure and a speed (`of: [pressure, speed]`)",
        1,
        2,
        [](std::span<const double> by) {
          return Terms{1, by[0] * by[0]};
        }},
    Law{{"load_residual", 1, sample, 0.5, 7, 0.30, for_good},
        "a current or power beyond what the load explains (offset, linear, square)",
        "a current or power and a load (`of: [current, load]`)",
        1,
        3,
        [](std::span<const double> by) {
          return Terms{1, by[0], by[0] * by[0]};
        }},
    Law{{"cop_residual", 1, sample, 0.5, 7, 0.30, for_good},
        "a chiller's or heat pump's efficiency beyond what lift and load explain (both and their product)",
        "an efficiency, a lift and a load (`of: [cop, lift, load]`)",
        2,
        4,
        [](std::span<const double> by) {
          return Terms{1, by[0], by[1], by[0] * by[1]};
        }},
};

/// A law with its coefficients, learned. 440 bytes.
class LawBaseline final : public Baseline {
 public:
  LawBaseline(const Law& law, double keep, double settled)
      : law_{law}, keep_{keep}, settled_{settled}, fit_{law.terms} {}

  std::optional<double> expect(const Context& context) const override {
    const auto terms = law_.of(context.conditions);
    // Four times as far away as samples are on average, and nearly alone there: where the machine has hardly been.
    constexpr double far = 4, alone = 0.02;
    const double usual = static_cast<double>(law_.terms) / fit_.weight();
    if (fit_.weight() < enough || fit_.uncertainty(terms) > std::max(far * usual, alone)) return std::nullopt;
    return fit_.predict(terms);
  }

  /// What is known is not learned again: a fault that takes months would be learned with it.
  void learn(const Context& context, double value, double pace) override {
    if (fit_.weight() >= settled_ && expect(context)) return;
    const auto terms = law_.of(context.conditions);
    if (!std::all_of(terms.begin(), terms.end(), [](double each) { return std::abs(each) < largest; })) return;
    fit_.fade(std::pow(keep_, pace));
    fit_.learn(terms, value, pace);
  }

  void start_anew() override { fit_ = RecursiveLeastSquares{law_.terms}; }
  void save(StateWriter& writer) const override { fit_.save(writer); }
  bool restore(StateReader& reader) override {
    RecursiveLeastSquares other{law_.terms};
    if (!other.restore(reader) || !reader.complete()) return false;
    fit_ = other;
    return true;
  }

 private:
  static constexpr double enough = 100;    ///< samples
  static constexpr double largest = 1e12;  ///< of a term that can mean anything

  const Law& law_;
  double keep_;
  double settled_;  ///< samples
  RecursiveLeastSquares fit_;
};

std::unique_ptr<Feature> make(const Law& law, FeatureSettings&& settings) {
  need_arguments(settings, 1 + law.conditions, 1 + law.conditions, law.arguments);
  const double settled = to_hours(first_weeks) / to_hours(settings.every);
  auto baseline = std::make_unique<LawBaseline>(law, keep_of(settings, 365, 7), settled);
  return std::make_unique<BaselineResidual>(std::move(settings), law.use, std::move(baseline));
}

/// Registers all laws.
struct Entries {
  Entries() {
    for (const auto& law : laws) {
      Registry<Feature>::instance().add(std::string{law.use.name}, law.summary,
                                        [&law](FeatureSettings&& settings) { return make(law, std::move(settings)); });
    }
  }
} const entries;

}  // namespace
}  // namespace fettle::manipulation
