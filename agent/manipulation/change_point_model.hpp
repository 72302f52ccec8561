#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace fettle::manipulation {

/// What a building draws on a day of some outdoor temperature: base + heating × (balance − T)+ + cooling × (T − cooling_balance)+.
/// The shapes are those of ASHRAE Guideline 14: a straight line (2P), with heating or cooling alone (3PH, 3PC), both from one point (4P)
/// or with a dead band between (5P).
struct EnergyShape {
  std::string_view name;
  double base = 0;
  double heating = 0, cooling = 0;  ///< per K; a straight line that rises is cooling from 0 degC on
  double heating_from = 0, cooling_from = 0;
  double score = 0;  ///< BIC, the smaller the better

  double at(double temperature) const;
};

/// Days by temperature as sums per degree; every shape with every change point on whole degrees from 5 to 25 is fitted exactly, and the
/// best by BIC that has no slope of the wrong sign is taken. Older days fade. 2.9 KB; a fit costs about 50 µs, once a day.
class ChangePointModel {
 public:
  explicit ChangePointModel(double keep) : keep_{keep} {}

  void learn(double temperature, double value, double pace);
  const std::optional<EnergyShape>& shape() const { return shape_; }
  /// True within the temperatures that were seen.
  bool knows(double temperature) const;
  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t bins = 60;
  static constexpr int coldest = -20;

  /// Of the days within one degree.
  struct Sums {
    double n = 0, t = 0, tt = 0, y = 0, ty = 0, yy = 0;
  };
  /// Of the days up to a degree, for all degrees.
  using Running = std::array<Sums, bins + 1>;

  void fit();
  void consider(const Running& running, std::string_view name, std::optional<int> heating, std::optional<int> cooling);

  double keep_;
  std::array<Sums, bins> days_{};
  std::optional<EnergyShape> shape_;
};

}  // namespace fettle::manipulation
