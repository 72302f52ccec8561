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

/// So many reads without an answer tell a device that is silent from an answer that was lost.
constexpr int telling_silences = 3;

/// What a skipped register costs is asked for once in so many reads: the answer follows the device's latency, and each new one means a
/// new plan.
constexpr unsigned reads_a_plan = 64;

}  // namespace

Device::Device(std::string key, const Station& station, acquisition::SharedProfile profile, Master& master)
    : key_{std::move(key)},
      station_{station},
      profile_{std::move(profile)},
      master_{master},
      plan_{*profile_},
      told_(profile_->points.size()),
      heard_(profile_->points.size()) {
  std::size_t registers = 0;
  for (const auto& point : profile_->points) {
    raw_begins_.push_back(static_cast<std::uint32_t>(registers));
    registers += extent_of(point.field).count();
  }
  raw_.resize(registers);
}

Result<std::size_t> Device::read(std::span<Reading> into) {
  begin(into);
  const auto* wanted = find_registers() ? wanted_reads() : nullptr;
  auto pieces = wanted == nullptr ? std::vector<PlannedRead>{} : ask(*wanted, into);
  while (!pieces.empty()) pieces = ask(pieces, into);
  if (answered_ && silences_ > 0) plan_.forgive();  // it may have been switched on just now, and have more to give soon
  silences_ = failure_ && !answered_ && is_silence(failure_->fault) ? silences_ + 1 : 0;
  return conclude(into);
}

/// A line that cannot knock for nothing is patient with answers that were lost.
std::optional<bool> Device::stirs() {
  if (silences_ < telling_silences && !master_.knocks_freely()) return std::nullopt;
  return master_.knock(station_, plan_.smallest());
}

void Device::begin(std::span<Reading> into) {
  failure_.reset();
  answered_ = false;
  std::fill(heard_.begin(), heard_.end(), false);
  for (std::size_t point = 0; point < into.size(); ++point) {
    set_bad(into[point],
            plan_.wants(point, wanted_) && plan_.is_given_up(point) ? Reason::unsupported : Reason::not_read);
  }
}

/// A device that refused everything is more likely out of order than without any registers, so it is asked for one thing.
const std::vector<PlannedRead>* Device::wanted_reads() {
  if (plan_.is_everything_given_up()) {
    const auto answer = master_.ask(station_, plan_.smallest());
    if (!answer) {
      failure_ = answer.error();
      return nullptr;
    }
    plan_.forgive();
  }
  return &plan_.reads(wanted_, break_even());
}

std::size_t Device::break_even() {
  if (reads_++ % reads_a_plan == 0) break_even_ = master_.break_even(station_);
  return break_even_;
}

/// What was refused as a whole is left to be asked for in pieces.
std::vector<PlannedRead> Device::ask(const std::vector<PlannedRead>& reads, std::span<Reading> into) {
  std::vector<Request> requests;
  for (const auto& read : reads) requests.push_back(read.request);
  const auto answers = master_.ask_all(station_, requests);
  std::vector<PlannedRead> pieces;
  for (std::size_t place = 0; place < reads.size(); ++place) {
    if (answers[place]) {
      accept(reads[place], *answers[place], into);
      continue;
    }
    failure_ = answers[place].error();
    if (is_silence(failure_->fault)) return {};
    auto instead = refuse(reads[place], *failure_, into);
    std::move(instead.begin(), instead.end(), std::back_inserter(pieces));
  }
  return pieces;
}

void Device::accept(const PlannedRead& part, const Words& words, std::span<Reading> into) {
  answered_ = true;
  for (const auto point : part.points) {
    const auto& field = profile_->points[point].field;
    const auto extent = extent_of(field);
    const auto own = std::span{words}.subspan(extent.first - part.request.address, extent.count());
    std::copy(own.begin(), own.end(), raw_.begin() + static_cast<std::ptrdiff_t>(raw_begins_[point]));
    heard_[point] = true;
    set(into[point], decode(field, own));
  }
}

std::vector<PlannedRead> Device::refuse(const PlannedRead& part, const Error& error, std::span<Reading> into) {
  for (const auto point : part.points) set_bad(into[point], reason_of(error.fault));
  if (error.fault != Fault::unsupported) return {};
  if (part.points.size() == 1) {
    give_up(part.points.front(), error);
  } else {
    spdlog::info("{}: {} registers from {} on are {}, so they are read in pieces", key_, part.request.count,
                 part.request.address, error.detail);
  }
  return plan_.refused(part);
}

bool Device::find_registers() {
  if (profile_->sunspec.empty() || base_) return true;
  const auto found = find_sunspec_model(master_, station_, profile_->sunspec);
  if (!found) {
    failure_ = found.error();
    return false;
  }
  auto moved = std::make_shared<acquisition::DeviceProfile>(*profile_);
  if (!acquisition::move_registers(*moved, *found)) {
    failure_ = Error{Fault::malformed, fmt::format("the SunSpec model at {} goes beyond the last register", *found)};
    return false;
  }
  base_ = *found;
  plan_.registers_moved(*moved);
  profile_ = std::move(moved);
  return true;
}

void Device::give_up(std::size_t point, const Error& error) {
  if (!told_[point]) {
    spdlog::warn("{}: {} (register {}) is {}, and not asked for again", key_, profile_->points[point].name,
                 reference_of(profile_->points[point].field), error.detail);
  }
  told_[point] = true;
}

Result<std::size_t> Device::conclude(std::span<Reading> into) const {
  if (failure_) {
    for (std::size_t point = 0; point < into.size(); ++point) {
      if (into[point].reason == Reason::not_read && plan_.wants(point, wanted_))
        into[point].reason = reason_of(failure_->fault);
    }
    if (!answered_ && failure_->fault == Fault::offline) return *failure_;  // which is about the wire, not about us
    if (!answered_) return failure(failure_->fault, fmt::format("{}: {}", key_, failure_->detail));
  }
  const auto good = std::count_if(into.begin(), into.end(), [](const Reading& each) { return each.is_good(); });
  return static_cast<std::size_t>(good);
}

std::optional<std::chrono::microseconds> Device::wire_time(acquisition::ClassSet wanted) const {
  std::vector<std::size_t> points;
  for (const auto point : in_order(*profile_)) {
    if (plan_.wants(point, wanted)) points.push_back(point);
  }
  const auto gap = std::min(profile_->gap, master_.break_even(station_));
  Span total{};
  for (const auto& read : plan_reads(*profile_, points, gap, std::vector<bool>(profile_->points.size()))) {
    const auto duration = master_.wire_time(station_, read.request);
    if (!duration) return std::nullopt;
    total += *duration;
  }
  return std::chrono::ceil<std::chrono::microseconds>(total);
}

std::string Device::raw(std::size_t point) const {
  if (!heard_.at(point)) return {};
  const auto& field = profile_->points[point].field;
  return acquisition::to_hex(field, std::span{raw_}.subspan(raw_begins_[point], extent_of(field).count()));
}

std::string Device::source(std::size_t point) const {
  const auto& field = profile_->points.at(point).field;
  if (profile_->sunspec.empty()) return fmt::format("modbus:{}:{}", station_.unit, reference_of(field));
  return fmt::format("modbus:{}:sunspec+{}", station_.unit, field.address - base_.value_or(0));
}

}  // namespace fettle::modbus
