#include "mbus/scan_findings.hpp"

#include "mbus/line.hpp"
#include "mbus/offer.hpp"
#include "mbus/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace fettle::mbus {
namespace {

using acquisition::DeviceProfile;
using acquisition::FoundDevice;

/// The profile that names most of what a meter sends, and nothing that it does not.
const DeviceProfile* fitting(const std::vector<DeviceProfile>& profiles, const std::vector<Telegram>& readout,
                             bool& on_battery) {
  const DeviceProfile* best = nullptr;
  for (const auto& profile : profiles) {
    if (profile.protocol != "mbus" || (best != nullptr && best->points.size() >= profile.points.size())) continue;
    settings::Mistakes checked_at_load;
    const auto own = read_profile(profile, checked_at_load);
    if (!fits(own, readout)) continue;
    best = &profile;
    on_battery = own.on_battery;
  }
  return best;
}

std::string troubles_of(std::uint8_t status) {
  constexpr std::uint8_t power_low = 0x04, permanent = 0x08, temporary = 0x10;
  std::vector<std::string> troubles;
  if ((status & power_low) != 0) troubles.emplace_back("its battery is low");
  if ((status & permanent) != 0) troubles.emplace_back("a permanent error");
  if ((status & temporary) != 0) troubles.emplace_back("a temporary error");
  return fmt::format("{}", fmt::join(troubles, ", "));
}

void tell_readout(const std::vector<Telegram>& readout, FoundDevice& device) {
  const auto& header = readout.front().header;
  device.identity = description_of(header.meter);
  device.values = offer_of(readout);
  if (readout.size() > 1) device.learned.push_back(fmt::format("needs {} telegrams for a readout", readout.size()));
  if (const auto troubles = troubles_of(header.status); !troubles.empty())
    device.troubles.push_back("says of itself: " + troubles);
  for (const auto& telegram : readout) {
    if (!telegram.mistake.empty())
      device.troubles.push_back("sends what cannot be read to its end: " + telegram.mistake);
  }
}

bool is_mute(const FoundMeter& meter) { return meter.records.empty(); }

/// A meter that gives no readout does not say its number at its address. If there is one of that kind in each list, it is the same.
void merge_mute(std::vector<Located>& by_address, const std::vector<FoundMeter>& by_number) {
  const auto is_located_mute = [](const Located& each) { return is_mute(each.meter); };
  if (std::count_if(by_address.begin(), by_address.end(), is_located_mute) != 1) return;
  if (std::count_if(by_number.begin(), by_number.end(), is_mute) != 1) return;
  std::find_if(by_address.begin(), by_address.end(), is_located_mute)->meter.secondary =
      std::find_if(by_number.begin(), by_number.end(), is_mute)->secondary;
}

}  // namespace

std::vector<Located> located(std::vector<FoundMeter> by_address, std::vector<FoundMeter> by_number) {
  std::vector<Located> all;
  for (auto& meter : by_address) all.push_back({std::move(meter), false});
  merge_mute(all, by_number);
  std::sort(by_number.begin(), by_number.end(), [](const FoundMeter& left, const FoundMeter& right) {
    return to_text(*left.secondary) < to_text(*right.secondary);
  });
  for (auto& meter : by_number) {
    const auto known = std::find_if(all.begin(), all.end(), [&meter](const Located& each) {
      return !each.by_number && each.meter.secondary && each.meter.secondary == meter.secondary;
    });
    if (known == all.end()) {
      all.push_back({std::move(meter), true});
    } else {
      known->by_number = true;
    }
  }
  return all;
}

Address address_of(const Located& located, const std::vector<Located>& all) {
  constexpr std::uint8_t of_every_new_meter = 0;
  const auto& meter = located.meter;
  const bool by_number = located.by_number && meter.secondary;
  if (meter.address && (*meter.address != of_every_new_meter || !by_number)) return *meter.address;
  if (!meter.secondary) return meter.address.value_or(of_every_new_meter);
  auto number_alone = SecondaryAddress{};
  number_alone.digits = meter.secondary->digits;
  const auto has_that_number = std::count_if(all.begin(), all.end(), [&number_alone](const Located& each) {
    return each.meter.secondary && each.meter.secondary->digits == number_alone.digits;
  });
  return has_that_number > 1 ? *meter.secondary : number_alone;
}

FoundDevice device_of(const Address& address, const Located& located, const Result<std::vector<Telegram>>& readout,
                      const std::vector<DeviceProfile>& profiles) {
  FoundDevice device;
  const bool is_primary = std::holds_alternative<std::uint8_t>(address);
  device.where = (is_primary ? "address " : "meter ") + to_text(address);
  device.place = {is_primary ? "address" : "secondary", to_text(address)};
  if (located.meter.secondary) device.identity = description_of(*located.meter.secondary);
  if (!readout || readout->empty()) {
    const auto& why = readout ? located.meter.trouble : readout.error().detail;
    device.troubles.push_back(why.empty() ? "was not read out" : "confirms, but gives no readout: " + why);
    return device;
  }
  tell_readout(*readout, device);
  bool on_battery = is_on_battery(readout->front().header.meter);
  const auto* const profile = fitting(profiles, *readout, on_battery);
  if (profile != nullptr) device.profile = profile->name;
  if (on_battery) device.rest = kind_to_batteries;
  device.speaks = {{"protocol", "mbus"}};
  if (on_battery) device.speaks.emplace_back("battery", "true");
  return device;
}

std::vector<std::string> collision_hints(const std::vector<Collision>& collisions, bool found_by_number) {
  std::vector<std::string> hints;
  for (const auto& each : collisions) {
    const bool is_address = each.at.starts_with("address");
    hints.push_back(
        fmt::format("{}: several meters answer at once; {}", is_address ? each.at : "number " + each.at,
                    !is_address ? "they share number, maker and medium, so give them addresses of their own, one by one"
                    : found_by_number ? "they are asked by their secondary addresses instead"
                                      : "give each an address of its own, or look for them one by one"));
  }
  return hints;
}

}  // namespace fettle::mbus
