#include "mbus/device.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace fettle::mbus {
namespace {

void set(Reading& reading, const acquisition::Decoded& decoded) {
  reading.value = decoded.value;
  reading.quality = decoded.reason == Reason::none ? Quality::good : Quality::bad;
  reading.reason = decoded.reason;
}

void set_bad(Reading& reading, Reason why) { set(reading, {std::numeric_limits<double>::quiet_NaN(), why}); }

}  // namespace

Device::Device(std::string key, const Address& address, std::vector<std::string> names, MbusProfile profile,
               Master& master)
    : key_{std::move(key)},
      address_{address},
      names_{std::move(names)},
      profile_{std::move(profile)},
      master_{master},
      raw_(profile_.points.size()),
      told_(profile_.points.size()) {}

Result<std::size_t> Device::read(std::span<Reading> into) {
  for (auto& raw : raw_) raw.clear();
  master_.count_into(&statistics_);
  const auto readout = master_.read(address_, {profile_.application_reset});
  master_.count_into(nullptr);  // the next device on the line has its own
  if (readout) return accept(*readout, into);
  const auto& error = readout.error();
  for (auto& reading : into) set_bad(reading, reason_of(error.fault));
  if (error.fault == Fault::offline) return error;  // which is about the wire, not about us
  return failure(error.fault, fmt::format("{} (M-Bus {}): {}", key_, to_text(address_), error.detail));
}

std::size_t Device::accept(const std::vector<Telegram>& readout, std::span<Reading> into) {
  std::size_t good = 0;
  for (std::size_t point = 0; point < profile_.points.size(); ++point) {
    const auto& wanted = profile_.points[point];
    const auto [record, telegram] = find_record(readout, wanted.selector);
    if (record == nullptr) {
      const bool cut =
          std::any_of(readout.begin(), readout.end(), [](const auto& each) { return !each.mistake.empty(); });
      set_bad(into[point], cut ? Reason::malformed : Reason::unsupported);
      complain(point, cut ? "its answer is cut" : "it does not send that record");
      continue;
    }
    const auto bytes = bytes_of(*record, *telegram);
    raw_[point].assign(bytes.begin(), bytes.end());
    set(into[point], wanted.decode(*record));
    if (into[point].reason == Reason::unsupported) complain(point, fmt::format("it is sent in {}", record->unit));
    good += into[point].is_good() ? 1U : 0U;
  }
  return good;
}

/// Once.
void Device::complain(std::size_t point, const std::string& what) {
  if (told_[point]) return;
  told_[point] = true;
  spdlog::warn("{}: {} ({}) cannot be had: {}", key_, names_[point], profile_.points[point].selector.to_text(), what);
}

std::string Device::raw(std::size_t point) const { return to_hex(raw_.at(point)); }

std::string Device::source(std::size_t point) const {
  return fmt::format("mbus:{}:{}", to_text(address_), profile_.points.at(point).selector.to_text());
}

}  // namespace fettle::mbus
