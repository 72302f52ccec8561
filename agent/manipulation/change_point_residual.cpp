#include "manipulation/baseline.hpp"
#include "manipulation/change_point_model.hpp"

namespace fettle::manipulation {
namespace {

constexpr const char* arguments = "a power and the outdoor temperature (`of: [power, outdoor_temperature]`)";
constexpr double fewest_days = 30;  ///< in which half of what was learned fades
constexpr BaselineUse residual{"change_point_residual", 1, Days{1}, 0.9, 28, 0.25};

/// A building's day by its weather.
class ChangePointBaseline final : public Baseline {
 public:
  explicit ChangePointBaseline(double keep) : model_{keep} {}

  std::optional<double> expect(const Context& context) const override {
    const double temperature = context.conditions.front();
    if (!model_.shape() || !model_.knows(temperature)) return std::nullopt;
    return model_.shape()->at(temperature);
  }
  void learn(const Context& context, double value, double pace) override {
    model_.learn(context.conditions.front(), value, pace);
  }
  void save(StateWriter& writer) const override { model_.save(writer); }
  bool restore(StateReader& reader) override { return model_.restore(reader); }

 private:
  ChangePointModel model_;
};

std::unique_ptr<Feature> make_residual(FeatureSettings&& settings) {
  need_arguments(settings, 2, 2, arguments);
  auto baseline = std::make_unique<ChangePointBaseline>(keep_of(settings, 365, fewest_days));
  return std::make_unique<BaselineResidual>(std::move(settings), residual, std::move(baseline));
}

using Figure = std::optional<double> (*)(const EnergyShape&);

/// One figure of a building's energy shape, each day: it follows the building, so that its drift can be seen. Bad (not learned) until the
/// shape predicts well enough, and while it has no such figure.
class ChangePointFigure final : public Feature, public Stateful {
 public:
  ChangePointFigure(FeatureSettings&& settings, const char* name, Figure figure)
      : target_{settings.target},
        id_{settings.id + "/" + name},
        hash_{manipulation::settings_hash(settings)},
        figure_{figure},
        means_{settings, residual.least_share},
        model_{keep_of(settings, 90, fewest_days)},
        probation_{{1, residual.trial_days, chosen(settings, {"largest_cv", residual.largest_cv, 0.01, 10})}} {
    need_interval(settings, residual.least_interval);
  }

  std::vector<PointId> inputs() const override { return means_.inputs(); }

  std::optional<Reading> derive(const Reading& reading) override {
    const auto day = means_.take(reading);
    if (!day) return std::nullopt;
    if (day->why != Reason::none) return bad(target_, day->end, day->why);
    const double power = day->means[0], temperature = day->means[1];
    double believed = power;
    if (model_.shape() && model_.knows(temperature)) {
      const double expected = model_.shape()->at(temperature);
      believed = probation_.believable(power, expected);
      probation_.judge(power, expected);
    }
    model_.learn(temperature, believed, 1);
    const auto value = probation_.passed() && model_.shape() ? figure_(*model_.shape()) : std::nullopt;
    return value ? good(target_, day->end, *value) : bad(target_, day->end, Reason::not_learned);
  }

  Stateful* memory() override { return this; }
  std::string state_id() const override { return id_; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return hash_; }
  void save(StateWriter& writer) const override {
    means_.save(writer);
    probation_.save(writer);
    model_.save(writer);
  }
  bool restore(StateReader& reader) override {
    auto means = means_;
    auto probation = probation_;
    if (!means.restore(reader) || !probation.restore(reader) || !model_.restore(reader)) return false;
    means_ = std::move(means);
    probation_ = probation;
    return true;
  }

 private:
  PointId target_;
  std::string id_;
  std::uint64_t hash_;
  Figure figure_;
  IntervalMeans means_;
  ChangePointModel model_;
  Probation probation_;
};

Registration<Feature> figure(const char* name, const char* summary, Figure figure) {
  return {name, summary, [name, figure](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
            need_arguments(settings, 2, 2, arguments);
            refuse_other_options(settings, {{"half_life_days"}, {"largest_cv"}});
            return std::make_unique<ChangePointFigure>(std::move(settings), name, figure);
          }};
}

std::optional<double> positive(double value) { return value > 0 ? std::optional{value} : std::nullopt; }

bool is_line(const EnergyShape& shape) { return shape.name == "2P"; }

const Registration<Feature> entry{"change_point_residual", "a day's mean power beyond what its weather explains",
                                  make_residual};
const auto base_entry =
    figure("base_load", "power that the weather has no part in, of days by their weather",
           [](const EnergyShape& shape) { return is_line(shape) ? std::nullopt : std::optional{shape.base}; });
const auto heating_entry = figure("heating_slope", "power for each kelvin below the balance point",
                                  [](const EnergyShape& shape) { return positive(shape.heating); });
const auto cooling_entry = figure("cooling_slope", "power for each kelvin above the balance point",
                                  [](const EnergyShape& shape) { return positive(shape.cooling); });
const auto heating_balance_entry = figure(
    "heating_balance_point", "outdoor temperature below which a building is heated", [](const EnergyShape& shape) {
      return is_line(shape) || shape.heating <= 0 ? std::nullopt : std::optional{shape.heating_from};
    });
const auto cooling_balance_entry = figure(
    "cooling_balance_point", "outdoor temperature above which a building is cooled", [](const EnergyShape& shape) {
      return is_line(shape) || shape.cooling <= 0 ? std::nullopt : std::optional{shape.cooling_from};
    });

}  // namespace
}  // namespace fettle::manipulation
