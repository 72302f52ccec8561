#pragma once

#include "health/waste_account.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>

namespace fettle::health {

struct EnergySettings {
  std::string id;                                              ///< state id: "AHU-07/filter-clog"
  Duration every{};                                            ///< between two readings of the power
  std::uint64_t meaning = 0;                                   ///< hash of what share and power are made of
  std::function<double(double baseline, double value)> share;  ///< of the power that is wasted
  std::optional<double> price;                                 ///< per kWh
  std::string currency;
};

/// Adds up what a failure mode wastes, from the first significant sign of it until it is back at its baseline: the share that the
/// indicator tells, of the power that the machine draws while it runs. An estimate against the machine's own baseline.
class EnergyAccount final : public WasteAccount {
 public:
  explicit EnergyAccount(EnergySettings settings) : settings_{std::move(settings)} {}

  void judge(const ModeHealth& health) override;
  /// A reading of the power; bad while the machine does not run.
  void draw(const Reading& power) override;
  std::optional<EnergyWaste> waste() const override;
  void recall(const EnergyWaste& published) override;
  void start_anew() override;

  std::string state_id() const override { return settings_.id + "/energy"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return settings_.meaning; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  static constexpr std::size_t week = 7;

  struct Account {
    bool open = false;
    Time since{};
    double kwh = 0;
    double share = 0;
    int quiet = 0;  ///< consecutive updates at the baseline
    Time day_begun{};
    double today = 0;
    std::array<double, week> days{};  ///< kWh of the last whole days; buildings live by the week
    std::uint32_t whole_days = 0;
  };

  void turn_days(Time now);

  EnergySettings settings_;
  Account account_;
  std::optional<Time> last_;  ///< reading
};

}  // namespace fettle::health
