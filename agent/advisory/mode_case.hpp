#pragma once

#include "advisory/episode.hpp"
#include "advisory/judgement.hpp"
#include "advisory/steady_forecast.hpp"
#include "advisory/trend_ring.hpp"
#include "core/state.hpp"

#include <optional>
#include <vector>

namespace fettle::advisory {

/// The case file of one failure mode of one machine: signs of all its indicators come in, and become one alert (ISO 13374: advisory
/// generation). An indicator must be beyond its warning for three updates before it raises anything, without a trend for six, and quiet
/// for three before it clears anything.
class ModeCase final : public Stateful {
 public:
  ModeCase(SlotFacts facts, std::vector<IndicatorFacts> indicators);

  /// News of the indicator with that index, and how much this mode is believed. Gives back a revision to publish, if there is one.
  std::optional<Alert> consider(std::size_t indicator, const ModeHealth& health,
                                const std::optional<Prognosis>& prognosis, const Standing& standing = {});

  std::optional<Alert> tick(Time now) { return episode_.tick(now); }
  void restore(Alert alert) { episode_.restore(std::move(alert)); }
  const Episode& episode() const { return episode_; }
  Episode& episode() { return episode_; }
  /// It was put right: what was seen before says nothing about it any more.
  void start_anew();

  std::string state_id() const override;
  std::uint32_t state_version() const override { return 2; }
  std::uint64_t settings_hash() const override;
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  struct Indicator {
    IndicatorFacts facts;
    TrendRing trend;
    ModeHealth health{};
    std::optional<Prognosis> prognosis{};  ///< steadied
    SteadyForecast forecast{};
    Sign sign = Sign::quiet;
    int beyond = 0;  ///< consecutive updates that were at least `raised`
    int quiet = 0;   ///< consecutive quiet ones
  };

  void count(Indicator& indicator);
  bool lasting(const Indicator& indicator) const;
  bool is_worst(const Indicator& indicator) const;
  bool all_quiet() const;
  std::optional<Alert> hold(const Indicator& indicator, bool doubted);
  Verdict with_words(Verdict verdict, const Indicator& indicator, Time now) const;
  bool is_too_early(const Verdict& verdict, Time now);
  Evidence evidence_of(const Indicator& indicator, Time now) const;

  Episode episode_;
  std::vector<Indicator> indicators_;
  std::optional<Time> calmer_since_;  ///< since when verdicts are calmer than what is published
};

}  // namespace fettle::advisory
