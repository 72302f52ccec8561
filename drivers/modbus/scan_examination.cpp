#include "modbus/scan_examination.hpp"

#include "modbus/spans.hpp"
#include "modbus/sunspec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::extent_of;
using std::chrono::milliseconds;

constexpr std::uint16_t most_registers = 125;
constexpr int measured_questions = 16;

/// Where meters keep their numbers, by experience: the maps of the shipped profiles.
constexpr std::array<std::uint16_t, 8> usual_places{0, 50, 512, 2999, 4096, 19000, 20480, 50520};
constexpr std::uint16_t block_size = 50;

}  // namespace

acquisition::FoundDevice found_at(std::uint8_t unit) {
  acquisition::FoundDevice found;
  found.where = fmt::format("unit {}", unit);
  found.place = {"unit", std::to_string(unit)};
  return found;
}

Examination::Examination(ScanLine& line, ScanLine& measuring, const Station& station,
                         std::span<const DeviceProfile> profiles, std::function<bool()> goes_on)
    : line_{line},
      measuring_{measuring},
      station_{station},
      profiles_{profiles},
      goes_on_{std::move(goes_on)},
      interview_{line, station},
      found_{found_at(station.unit)} {}

acquisition::FoundDevice Examination::run() {
  if (is_of_two_voices()) return found_;
  identify();
  if (profile_ == nullptr && goes_on_()) ask_for_names();
  if (profile_ == nullptr && goes_on_()) try_profiles();
  if (profile_ == nullptr && goes_on_()) look_for_numbers();
  if (profile_ == nullptr && goes_on_()) learn_size();
  if (profile_ != nullptr && goes_on_()) read_all();
  if (goes_on_()) learn_pause();
  found_.quality = measuring_.quality(station_.unit);
  return found_;
}

/// Asked first, because nothing that two units say at once can be believed.
bool Examination::is_of_two_voices() {
  constexpr int times = 3;
  const auto question = register_question({RegisterTable::holding, 0, 1});
  int twice = 0, garbled = 0;
  for (int time = 0; time < times; ++time) {
    const auto hearing = line_.listen_for_voices(station_, question);
    if (hearing.answers > 1) ++twice;
    if (hearing.answers == 0 && hearing.noise > 0) ++garbled;
  }
  if (twice > 0) found_.troubles.emplace_back("answers twice: two devices have this number");
  if (twice == 0 && garbled == times) {
    found_.troubles.emplace_back(
        "answers, but never with a right check sum: two devices with this number, or another rate");
  }
  return !found_.troubles.empty();
}

void Examination::identify() {
  const auto identity = modbus::identify(interview_, profiles_, goes_on_);
  profile_ = identity.profile;
  found_.identity = identity.text;
  if (profile_ != nullptr) {
    found_.profile = profile_->name;
  }
  for (const auto& other : identity.others) {
    found_.fits.push_back(fmt::format("has an answer that {} would give as well", other));
  }
}

void Examination::ask_for_names() {
  const auto names = line_.inquire(station_, device_id_question());
  if (names) found_.identity = device_id_text(*names);
  if (!found_.identity.empty()) return;
  const auto server = line_.inquire(station_, server_id_question());
  if (server) found_.identity = server_id_text(*server);
}

/// Would a device of that profile answer so? Asked only for what has bounds: voltages, frequency, power factors, counters.
Fit Examination::fit_of(const DeviceProfile& profile) {
  std::vector<std::size_t> telling;
  for (const auto point : in_order(profile)) {
    if (is_telling(profile.points[point].quantity)) telling.push_back(point);
  }
  FitCount count;
  for (const auto& read : plan_reads(profile, telling, profile.gap, std::vector<bool>(profile.points.size()))) {
    const auto words = interview_.ask(station_, read.request);
    if (!words) return {};
    for (const auto point : read.points) {
      const auto& field = profile.points[point].field;
      const auto extent = extent_of(field);
      const auto own = std::span{*words}.subspan(extent.first - read.request.address, extent.count());
      count.note(profile.points[point].quantity, decode(field, own));
    }
  }
  return count.fit();
}

void Examination::try_profiles() {
  constexpr std::size_t shown = 3;
  std::vector<std::pair<Fit, const DeviceProfile*>> fits;
  for (const auto& profile : profiles_) {
    if (!goes_on_()) break;
    if (profile.can_be_identified() || profile.link.units.empty()) continue;
    if (const auto fit = fit_of(profile); fit.tells()) fits.emplace_back(fit, &profile);
  }
  std::stable_sort(fits.begin(), fits.end(),
                   [](const auto& left, const auto& right) { return left.first.plausible > right.first.plausible; });
  if (fits.size() > shown) fits.resize(shown);
  for (const auto& [fit, profile] : fits) {
    found_.fits.push_back(fmt::format("could be {}: {} values of {} quantities are plausible, none is not",
                                      profile->name, fit.plausible, fit.quantities));
  }
}

std::vector<Block> Examination::read_blocks() {
  std::vector<Block> blocks;
  for (const auto table : {RegisterTable::input, RegisterTable::holding}) {
    for (const auto address : usual_places) {
      if (!goes_on_()) return blocks;
      for (const auto count : {block_size, std::uint16_t{2}}) {
        const Request request{table, address, count};
        const auto words = interview_.ask(station_, request);
        if (!words) continue;
        blocks.push_back({table, address, *words, {}});
        answered_.push_back(request);
        break;
      }
    }
  }
  return blocks;
}

void Examination::look_for_numbers() {
  auto blocks = read_blocks();
  interview_.ask_anew();
  for (auto& block : blocks) {
    const auto later =
        interview_.ask(station_, {block.table, block.address, static_cast<std::uint16_t>(block.words.size())});
    if (later) block.later = *later;
  }
  const auto scores = score_orders(blocks);
  if (!scores.empty()) found_.fits.push_back(to_text(scores.front()));
}

/// By halving: the most registers that are given in one answer, from where anything is given at all.
void Examination::learn_size() {
  if (answered_.empty()) return;
  auto request = answered_.front();
  const auto gives = [&](std::uint16_t count) {
    request.count = count;
    return line_.ask(station_, request).has_value();
  };
  std::uint16_t most = request.count;
  if (gives(most_registers)) {
    most = most_registers;
  } else {
    for (std::uint16_t beyond = most_registers; most + 1 < beyond && goes_on_();) {
      const auto middle = static_cast<std::uint16_t>((most + beyond) / 2);
      (gives(middle) ? most : beyond) = middle;
    }
  }
  found_.learned.push_back(fmt::format("gives {} registers from {} {} on in one request", most,
                                       request.table == RegisterTable::input ? "input" : "holding", request.address));
}

/// All points once, as the agent will, to know how long that takes.
void Examination::read_all() {
  auto profile = *profile_;
  if (!profile.sunspec.empty()) {
    const auto base = find_sunspec_model(interview_, station_, profile.sunspec);
    if (!base || !acquisition::move_registers(profile, *base)) return;
  }
  const auto gap = std::min(profile.gap, line_.break_even(station_));
  const auto reads = plan_reads(profile, in_order(profile), gap, std::vector<bool>(profile.points.size()));
  const auto begin = std::chrono::steady_clock::now();
  std::size_t refused = 0;
  for (const auto& read : reads) {
    if (!goes_on_()) return;
    const auto words = line_.ask(station_, read.request);
    if (words) answered_.push_back(read.request);
    if (!words && words.error().fault == Fault::unsupported) ++refused;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  found_.reading = took.count();
  found_.learned.push_back(fmt::format("all {} points take {} request{}", profile.points.size(), reads.size(),
                                       reads.size() == 1 ? "" : "s"));
  if (refused > 0) found_.learned.push_back(fmt::format("refuses {} of them, which are then asked in pieces", refused));
  learn_holes(profile);
}

/// Whether registers that the profile does not know may be asked for together with those that it does.
void Examination::learn_holes(const DeviceProfile& profile) {
  if (profile.gap > 0 || profile.one_value_per_request) return;
  const auto gap = line_.break_even(station_);
  for (const auto& read : plan_reads(profile, in_order(profile), gap, std::vector<bool>(profile.points.size()))) {
    std::size_t wanted = 0;
    for (const auto point : read.points) wanted += extent_of(profile.points[point].field).count();
    if (wanted >= read.request.count) continue;
    const bool gives = line_.ask(station_, read.request).has_value();
    found_.learned.push_back(
        fmt::format("{} registers between those that its profile knows", gives ? "gives" : "refuses"));
    return;
  }
}

/// Some devices miss a question that follows an answer too soon.
void Examination::learn_pause() {
  constexpr std::array<milliseconds, 4> pauses{milliseconds{0}, milliseconds{20}, milliseconds{50}, milliseconds{100}};
  const auto known = profile_ == nullptr ? Duration{0} : profile_->min_gap;
  const auto shortest = std::min_element(answered_.begin(), answered_.end(),
                                         [](const auto& left, const auto& right) { return left.count < right.count; });
  const auto request = shortest == answered_.end() ? Request{RegisterTable::holding, 0, 1} : *shortest;
  for (const auto pause : pauses) {
    if (pause < known && pause != pauses.back()) continue;
    auto station = station_;
    station.min_gap = pause;
    int lost = 0;
    for (int time = 0; time < measured_questions && goes_on_(); ++time) {
      const auto answer = measuring_.ask(station, request);
      if (!answer && answer.error().fault == Fault::timeout) ++lost;
    }
    if (lost > 0) continue;
    if (pause > known) found_.pause = pause;
    if (pause > known) found_.learned.push_back(fmt::format("needs a pause of {} ms before a question", pause.count()));
    return;
  }
  found_.troubles.emplace_back("loses questions however slowly it is asked");
}

}  // namespace fettle::modbus
