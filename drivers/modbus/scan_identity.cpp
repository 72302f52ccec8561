#include "modbus/scan_identity.hpp"

#include "modbus/sunspec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::Probe;

constexpr double enough = 10;  ///< bits: one device in a thousand would answer so by chance
constexpr int repeats = 2;     ///< of a question whose answer was garbled: a bad line must not hide who is there
constexpr double bits_per_register = 16, bits_per_character = 8, sunspec_bits = 32;

double certainty_of(const Probe& probe) {
  if (!probe.tells()) return 0;
  if (!probe.type) {
    const auto shortest =
        std::min_element(probe.texts.begin(), probe.texts.end(),
                         [](const auto& left, const auto& right) { return left.size() < right.size(); });
    return bits_per_character * static_cast<double>(shortest->size());
  }
  double fitting = 0;
  for (const auto& range : probe.numbers) fitting += static_cast<double>(range.highest - range.lowest) + 1;
  return bits_per_register * static_cast<double>(acquisition::words_of(*probe.type)) - std::log2(fitting);
}

Request request_of(const Probe& probe) { return {probe.table, probe.address, static_cast<std::uint16_t>(probe.count)}; }

bool is_it(Interview& interview, const DeviceProfile& profile) {
  if (!profile.sunspec.empty()) return find_sunspec_model(interview, interview.station(), profile.sunspec).has_value();
  return std::all_of(profile.identify.begin(), profile.identify.end(), [&interview](const Probe& probe) {
    if (!probe.tells()) return true;
    const auto words = interview.ask(interview.station(), request_of(probe));
    return words && matches(probe, *words);
  });
}

/// Whether an answer is news: a number that had to be that one, or that is 0, is none.
bool is_news(const Probe& probe, std::string_view said) {
  const bool could_be_others =
      !probe.type || !probe.tells() || probe.numbers.front().lowest < probe.numbers.front().highest;
  return could_be_others && !said.empty() && said != "?" && said != "0";
}

/// Maker and model of the block that every SunSpec device begins with.
std::string sunspec_text(Interview& interview) {
  constexpr std::uint16_t name_size = 16, first_name = 4;
  constexpr std::array<std::uint16_t, 2> marker{0x5375, 0x6E53};  // "SunS"
  constexpr std::array<std::uint16_t, 3> bases{40000, 50000, 0};
  for (const auto base : bases) {
    const auto found = interview.ask(interview.station(), {RegisterTable::holding, base, 2});
    if (!found || !std::equal(marker.begin(), marker.end(), found->begin())) continue;
    const auto begin = static_cast<std::uint16_t>(base + first_name);
    const auto names = interview.ask(interview.station(), {RegisterTable::holding, begin, 2 * name_size});
    if (!names) return {};
    auto text = acquisition::text_in(std::span{*names}.first(name_size));
    const auto model = acquisition::text_in(std::span{*names}.subspan(name_size));
    if (!model.empty()) text += (text.empty() ? "" : " ") + model;
    return text;
  }
  return {};
}

/// What the device says about itself, in the words of the profile that knows where it says so.
std::string text_of(Interview& interview, const DeviceProfile& profile) {
  if (!profile.sunspec.empty()) return sunspec_text(interview);
  std::string text;
  for (const auto& probe : profile.identify) {
    const auto words = interview.ask(interview.station(), request_of(probe));
    const auto said = words ? shown(probe, *words) : std::string{};
    if (is_news(probe, said)) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", probe.meaning, said);
  }
  return text;
}

}  // namespace

Result<Words> Interview::ask(const Station& station, const Request& request) {
  const Key key{request.table, request.address, request.count};
  if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
  auto answer = master_.ask(station, request);
  for (int again = 0; again < repeats && !answer && answer.error().fault == Fault::malformed; ++again)
    answer = master_.ask(station, request);
  const bool lasts = answer || answer.error().fault == Fault::unsupported || answer.error().fault == Fault::timeout;
  if (lasts) answers_.emplace(key, answer);
  return answer;
}

double certainty_of(const DeviceProfile& profile) {
  if (!profile.sunspec.empty()) return sunspec_bits;
  double bits = 0;
  for (const auto& probe : profile.identify) bits += certainty_of(probe);
  return bits;
}

Identity identify(Interview& interview, std::span<const DeviceProfile> profiles, const std::function<bool()>& goes_on) {
  std::vector<const DeviceProfile*> fitting;
  for (const auto& profile : profiles) {
    if (!goes_on()) break;
    if (profile.can_be_identified() && is_it(interview, profile)) fitting.push_back(&profile);
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const auto* left, const auto* right) { return certainty_of(*left) > certainty_of(*right); });
  Identity identity;
  for (const auto* profile : fitting) {
    if (identity.profile == nullptr && certainty_of(*profile) >= enough) {
      identity.profile = profile;
      identity.text = text_of(interview, *profile);
    } else {
      identity.others.push_back(profile->name);
    }
  }
  return identity;
}

}  // namespace fettle::modbus
