#pragma once

#include "manipulation/baseline.hpp"
#include "manipulation/recursive_least_squares.hpp"

#include <array>

namespace fettle::manipulation {

/// Time-of-week and temperature (Mathieu et al. 2011, LBNL): a mean for each of the week's 168 hours, and slopes over pieces of the outdoor
/// temperature, other ones in the hours when the building is occupied. Hours and slopes are fitted together, exactly, with older weeks
/// fading: around each hour's own fading means, the scatter of power and temperature gives the slopes. Without a temperature it is the
/// hours alone. 8 KB.
class Towt final : public Baseline {
 public:
  /// `keep` is the share of its weight that everything has after another interval.
  explicit Towt(double keep) : keep_{keep} {}

  std::optional<double> expect(const Context& context) const override;
  void learn(const Context& context, double value, double pace) override;
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

  bool is_occupied(std::size_t hour) const { return hours_.at(hour).busy > 0.65F; }

 private:
  static constexpr std::size_t pieces = 7;
  static constexpr std::size_t week = 168;
  static constexpr std::size_t bins = 40;

  using Warmth = std::array<double, pieces>;

  /// An hour of the week.
  struct Hour {
    float weight = 0;                    ///< how often it was seen, fading
    float level = 0;                     ///< mean
    std::array<float, pieces> warmth{};  ///< means
    float busy = 0;                      ///< how often more was drawn than the weather explains: occupied
  };

  /// The hours that are occupied, or those that are not.
  struct Regime {
    RecursiveLeastSquares slopes{pieces};
    std::array<std::uint16_t, bins> seen{};  ///< intervals by temperature

    void note_weather(double temperature);
  };

  static std::size_t hour_of(const Context& context);
  static Warmth warmth_of(const Context& context);
  std::optional<Hour> typical(std::size_t hour) const;
  bool knows_weather(const Regime& regime, const Context& context) const;
  void note_occupancy(Hour& hour, const Context& context, double value, double pace);

  double keep_;
  double intervals_ = 0;
  std::array<Hour, week> hours_{};
  std::array<Regime, 2> regimes_{};  ///< not occupied, occupied
  RecursiveLeastSquares plain_{3};   ///< of the weather alone, to tell who is there
};

}  // namespace fettle::manipulation
