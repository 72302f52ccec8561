#pragma once

#include "advisory/episode.hpp"
#include "advisory/judgement.hpp"
#include "advisory/steady_forecast.hpp"
#include "advisory/trend_ring.hpp"
#include "core/state.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace fettle::advisory {

class ModeCase;

/// Whose alerts may explain those of a case.
struct Relations {
  std::vector<const ModeCase*> causes;  ///< what they are about has the same signs as its consequence
  std::vector<const ModeCase*> rivals;  ///< of the same machine
  const ModeCase* sensor_fault =
      nullptr;  ///< of the machine's sensors; explains what is concluded from one that does not measure
  std::function<bool(PointId)> is_unfit;     ///< whether it is about that one
  std::vector<const ModeCase*> offers = {};  ///< opportunities of the same machine: at most one a month is told
};

/// The case file of one failure mode of one machine: signs of all its indicators come in, and become one alert (ISO 13374: advisory
/// generation). An indicator must be beyond its warning for three updates before it raises anything, for six if it has neither a trend nor
/// another one with sensors of its own beside it, and quiet for three before it clears anything. A fault that was worth a visit stays so until
/// it clears, or has been no more than half as far for a day. The updates of one that goes on while the machine rests are no more than three
/// periods apart.
class ModeCase final : public Stateful {
 public:
  ModeCase(SlotFacts facts, std::vector<IndicatorFacts> indicators);

  /// News of the indicator with that index, and how much this mode is believed. Gives back a revision to publish, if there is one.
  std::optional<Alert> consider(std::size_t indicator, const ModeHealth& health,
                                const std::optional<Prognosis>& prognosis, const Standing& standing = {});

  std::optional<Alert> tick(Time now) { return episode_.tick(now); }
  /// The cases must live as long as this one.
  void relate(Relations relations) { relations_ = std::move(relations); }
  /// Looks again which alert explains this one: the one with that id, which explains whatever is said of this machine, or one of its
  /// relations if the id is empty (differential.cpp).
  std::optional<Alert> explain(Time now, const std::string& explains_all);
  /// How clearly its signs speak for it, 0..1: the mean over indicators that have no sensor in common of how far they have come.
  /// None if nothing has been judged lately.
  std::optional<double> support(Time now) const;
  /// What it has wasted so far; the next revision shows it.
  void note_waste(const EnergyWaste& energy);
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
    int beyond = 0;         ///< consecutive updates that were at least `raised`
    int quiet = 0;          ///< consecutive quiet ones
    std::size_t group = 0;  ///< equal for those that have a sensor in common
  };

  void group_by_sensors();
  void count(Indicator& indicator);
  bool is_fresh(const Indicator& indicator, Time now) const;
  bool agreed(const Indicator& indicator) const;
  std::string explanation(Time now, Severity severity, int priority) const;
  bool yields_to(const ModeCase& rival, Time now, Severity severity, int priority) const;
  bool shares_a_sign_with(const ModeCase& rival) const;
  bool speaks_by_unfit_sensors() const;
  bool echoes(const Alert& cause) const;
  bool speaks_since(Time moment) const;
  bool is_offered_too_soon(Time now) const;
  bool lasting(const Indicator& indicator) const;
  bool speaks_for(const Indicator& indicator) const;
  bool is_worst(const Indicator& indicator) const;
  bool all_quiet() const;
  const Indicator& foreteller_of(const Indicator& sign) const;
  std::optional<Alert> hold(const Indicator& found, bool doubted);
  Verdict with_words(Verdict verdict, const Indicator& indicator, Time now) const;
  bool is_too_early(const Verdict& verdict, Time now);
  void note_worst(const Verdict& verdict, Time now);
  bool stays_worth_a_visit(const Verdict& verdict, Time now) const;
  Evidence evidence_of(const Indicator& indicator, Time now) const;

  Episode episode_;
  std::vector<Indicator> indicators_;
  std::optional<Time> calmer_since_;  ///< since when verdicts are calmer than what is published
  std::optional<double> worst_;       ///< index in this episode
  std::optional<Time> eased_since_;   ///< since when it is at most half as far
  Relations relations_;
  Time doubted_at_{};  ///< when it last spoke by a sensor that does not measure
  std::optional<EnergyWaste> wasted_;
  std::string explains_all_;  ///< id of the alert that explains whatever is said of this machine
};

}  // namespace fettle::advisory
