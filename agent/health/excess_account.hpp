#pragma once

#include "health/waste_account.hpp"

#include <array>
#include <cstdint>

namespace fettle::health {

struct ExcessSettings {
  std::string id;               ///< state id: "METER-01/energy-waste"
  Duration every{};             ///< between two readings of the excess
  std::uint64_t meaning = 0;    ///< hash of what the excess is made of
  std::optional<double> price;  ///< per kWh
  std::string currency;
};

/// Adds up what is drawn beyond what was expected, from the day on which that began. The indicator is a score that is 0 while nothing adds
/// up: so it began after the last 0, on the day from which a step explains the days since then best.
class ExcessAccount final : public WasteAccount {
 public:
  explicit ExcessAccount(ExcessSettings settings) : settings_{std::move(settings)} {}

  void judge(const ModeHealth& health) override;
  /// A reading of the excess; bad while it is not known.
  void draw(const Reading& excess) override;
  std::optional<EnergyWaste> waste() const override;
  void recall(const EnergyWaste& published) override;
  void start_anew() override { account_ = {}; }

  std::string state_id() const override { return settings_.id + "/excess"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return settings_.meaning; }
  void save(StateWriter& writer) const override { writer.put(account_); }
  bool restore(StateReader& reader) override;

 private:
  static constexpr std::size_t longest = 56;  ///< days in which the beginning is looked for

  struct Account {
    std::array<double, longest> days{};  ///< kWh, the latest last; the first `count`
    std::uint32_t count = 0;
    std::int64_t today_number = 0;  ///< days since 1970
    double today = 0;
    double earlier = 0;      ///< kWh since it began, before those days
    std::int64_t since = 0;  ///< day on which it began
    bool open = false;
  };

  void turn_to(std::int64_t number);
  void find_beginning();
  void drop_first(std::uint32_t count);

  ExcessSettings settings_;
  Account account_;
  std::optional<Time> last_;  ///< reading
};

}  // namespace fettle::health
