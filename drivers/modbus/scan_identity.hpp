#pragma once

#include "acquisition/profile.hpp"
#include "modbus/master.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace fettle::modbus {

using acquisition::DeviceProfile;

/// Asks one unit on behalf of many profiles, each thing once.
class Interview final : public Master {
 public:
  Interview(Master& master, const Station& station) : master_{master}, station_{station} {}

  Result<Words> ask(const Station& station, const Request& request) override;
  bool knock(const Station& station, const Request& request) override { return ask(station, request).has_value(); }
  bool knocks_freely() const override { return false; }
  std::size_t break_even(const Station& station) const override { return master_.break_even(station); }

  const Station& station() const { return station_; }
  /// Forgets the answers, so that counters are seen to move.
  void ask_anew() { answers_.clear(); }

 private:
  using Key = std::tuple<RegisterTable, std::uint16_t, std::uint16_t>;

  Master& master_;
  Station station_;
  std::map<Key, Result<Words>> answers_;
};

/// What a device is by its own answers.
struct Identity {
  const DeviceProfile* profile = nullptr;  ///< null: nothing that it said tells
  std::string text;                        ///< "iEM3155, serial number 1234"
  std::vector<std::string> others;         ///< profiles that the same answers would fit, less certainly
};

/// How many bits of an answer the probes of a profile pin down: 16 for one register that must be a single number. An answer that fits fewer
/// than a handful could be anybody's.
double certainty_of(const DeviceProfile& profile);

/// Reads the identification registers of every Modbus profile. `goes_on` is called before each profile; false ends it.
Identity identify(Interview& interview, std::span<const DeviceProfile> profiles, const std::function<bool()>& goes_on);

}  // namespace fettle::modbus
