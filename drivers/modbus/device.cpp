#include "modbus/device.hpp"

#include "modbus/sunspec.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::RegisterField;

void set_bad(Reading& reading, Reason why) {
  reading.value = std::numeric_limits<double>::quiet_NaN();
  reading.quality = Quality::bad;
  reading.reason = why;
}

void set(Reading& reading, const acquisition::Decoded& decoded) {
  reading.value = decoded.value;
  reading.quality = decoded.reason == Reason::none ? Quality::good : Quality::bad;
  reading.reason = decoded.reason;
}

/// Whatever is asked next of this device would only cost the others time.
bool ends_the_read(Fault fault) { return fault == Fault::timeout || fault == Fault::offline; }

}  // namespace

Device::Device(std::string key, const Station& station, acquisition::DeviceProfile profile, Master& master)
    : key_{std::move(key)},
      station_{station},
      profile_{std::move(profile)},
      master_{master},
      plan_{plan_reads(profile_)},
      told_(profile_.points.size()),
      raw_(profile_.points.size()) {}

Result<std::size_t> Device::read(std::span<Reading> into) {
  begin(into);
  if (!find_registers()) return conclude(into);
  std::size_t part = 0;
  while (part < plan_.size()) {
    const auto words = master_.ask(station_, plan_[part].request);
    if (words) {
      accept(plan_[part], *words, into);
      ++part;
      continue;
    }
    failure_ = words.error();
    if (ends_the_read(failure_->fault)) break;
    refuse(part, *failure_, into);
    if (failure_->fault != Fault::unsupported) ++part;
  }
  return conclude(into);
}

void Device::begin(std::span<Reading> into) {
  failure_.reset();
  answered_ = false;
  for (auto& raw : raw_) raw.clear();  // which keeps its memory
  for (auto& reading : into) set_bad(reading, Reason::not_read);
  for (const auto& part : given_up_) set_bad(into[part.points.front()], Reason::unsupported);
  // A device that refused everything is more likely out of order than without any registers.
  if (!plan_.empty() || given_up_.empty()) return;
  probing_ = true;
  plan_.push_back(std::move(given_up_.front()));
  given_up_.erase(given_up_.begin());
}

void Device::accept(const PlannedRead& part, const Words& words, std::span<Reading> into) {
  answered_ = true;
  for (const auto point : part.points) {
    const auto& field = profile_.points[point].field;
    const auto extent = extent_of(field);
    const auto own = std::span{words}.subspan(extent.first - part.request.address, extent.count());
    raw_[point].assign(own.begin(), own.end());
    set(into[point], decode(field, own));
  }
  if (!std::exchange(probing_, false)) return;
  std::move(given_up_.begin(), given_up_.end(), std::back_inserter(plan_));
  given_up_.clear();
}

bool Device::find_registers() {
  if (profile_.sunspec.empty() || base_) return true;
  const auto found = find_sunspec_model(master_, station_, profile_.sunspec);
  if (!found) {
    failure_ = found.error();
  } else if (!acquisition::move_registers(profile_, *found)) {
    failure_ = Error{Fault::malformed, fmt::format("the SunSpec model at {} goes beyond the last register", *found)};
  } else {
    base_ = *found;
    plan_ = plan_reads(profile_);
  }
  return base_.has_value();
}

/// Registers that are refused together may be had one by one; one that is refused alone is given up.
void Device::refuse(std::size_t part, const Error& error, std::span<Reading> into) {
  for (const auto point : plan_[part].points) set_bad(into[point], reason_of(error.fault));
  if (error.fault != Fault::unsupported) return;
  if (plan_[part].points.size() == 1) return give_up(part, error);
  const auto& request = plan_[part].request;
  spdlog::info("{}: {} registers from {} on are {}, so they are read one by one", key_, request.count, request.address,
               error.detail);
  auto pieces = split(plan_[part], profile_);
  const auto place = plan_.erase(plan_.begin() + static_cast<std::ptrdiff_t>(part));
  plan_.insert(place, std::make_move_iterator(pieces.begin()), std::make_move_iterator(pieces.end()));
}

void Device::give_up(std::size_t part, const Error& error) {
  const auto point = plan_[part].points.front();
  if (!told_[point]) {
    spdlog::warn("{}: {} (register {}) is {}, and not asked for again", key_, profile_.points[point].name,
                 reference_of(profile_.points[point].field), error.detail);
  }
  told_[point] = true;
  given_up_.push_back(std::move(plan_[part]));
  plan_.erase(plan_.begin() + static_cast<std::ptrdiff_t>(part));
}

Result<std::size_t> Device::conclude(std::span<Reading> into) const {
  if (failure_) {
    for (auto& reading : into) {
      if (reading.reason == Reason::not_read) reading.reason = reason_of(failure_->fault);
    }
    if (!answered_ && failure_->fault == Fault::offline) return *failure_;  // which is about the wire, not about us
    if (!answered_) return failure(failure_->fault, fmt::format("{}: {}", key_, failure_->detail));
  }
  const auto good = std::count_if(into.begin(), into.end(), [](const Reading& each) { return each.is_good(); });
  return static_cast<std::size_t>(good);
}

std::string Device::raw(std::size_t point) const {
  return acquisition::to_hex(profile_.points.at(point).field, raw_.at(point));
}

std::string Device::source(std::size_t point) const {
  const auto& field = profile_.points.at(point).field;
  if (profile_.sunspec.empty()) return fmt::format("modbus:{}:{}", station_.unit, reference_of(field));
  return fmt::format("modbus:{}:sunspec+{}", station_.unit, field.address - base_.value_or(0));
}

}  // namespace fettle::modbus
