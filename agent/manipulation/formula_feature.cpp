#include "manipulation/feature.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

/// A derived quantity or an indicator: a formula over points, silent (bad) while the machine's run state says so.
class FormulaFeature final : public Feature {
 public:
  explicit FormulaFeature(FeatureSettings&& settings)
      : target_{settings.target},
        formula_{formula_of(settings)},
        latest_{std::move(settings.arguments)},
        gate_{settings.gate} {
    values_.reserve(formula_.used().size());
  }

  std::vector<PointId> inputs() const override { return gate_.with(latest_.points()); }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    if (!latest_.take(reading)) return std::nullopt;
    if (const auto why = gate_.closed(reading.time); why != Reason::none) return bad(target_, reading.time, why);
    const auto why = latest_.values(reading.time, values_);
    if (why != Reason::none) return bad(target_, reading.time, why);
    const double value = formula_(values_);
    if (std::isnan(value)) return bad(target_, reading.time, Reason::undefined);
    return good(target_, reading.time, value);
  }

 private:
  PointId target_;
  Formula formula_;
  Latest latest_;
  Gate gate_;
  std::vector<double> values_;
};

const Registration<Feature> entry{"formula", "a formula of the equipment model over its roles",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<FormulaFeature>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
