#include "sysfs/device.hpp"

#include "sysfs/files.hpp"
#include "text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fettle::sysfs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view one_wire_file = "w1_slave";
constexpr std::string_view raw_ending = "_raw";

/// "in_voltage0_raw" -> in_voltage0_scale, or in_voltage_scale that all channels share.
std::optional<double> channel_setting(const fs::path& file, std::string_view what) {
  auto name = file.filename().string();
  name.resize(name.size() - raw_ending.size());
  auto shared = name;
  while (!shared.empty() && shared.back() >= '0' && shared.back() <= '9') shared.pop_back();
  for (const auto& channel : {name, shared}) {
    const auto number = read_number(file.parent_path() / fmt::format("{}_{}", channel, what));
    if (number) return *number;
  }
  return std::nullopt;
}

}  // namespace

Result<double> read_value(const fs::path& file, std::string& raw) {
  auto text = read_file(file);
  if (!text) return text.error();
  raw = text::trimmed(*text);
  if (file.filename() == one_wire_file) {
    if (auto value = parse_w1_slave(*text); value) return value;
    text = read_file(file);  // one disturbed transmission is no news
    if (!text) return text.error();
    raw = text::trimmed(*text);
    return parse_w1_slave(*text);
  }
  const auto number = text::parse_number(raw);
  if (!number) {
    return failure(Fault::malformed, fmt::format("{} holds no number (\"{}\")", file.string(), raw.substr(0, 40)));
  }
  if (!file.filename().string().ends_with(raw_ending)) return *number;
  return (*number + channel_setting(file, "offset").value_or(0)) * channel_setting(file, "scale").value_or(1);
}

Device::Device(std::string key, Place place, std::vector<FilePoint> points, const Shared& shared)
    : key_{std::move(key)},
      place_{std::move(place)},
      points_{std::move(points)},
      shared_{shared},
      raw_(points_.size()),
      filters_(points_.size()) {}

Result<std::size_t> Device::read(std::span<Reading> into) {
  failure_.reset();
  std::fill(raw_.begin(), raw_.end(), std::string{});
  const auto folder = find(place_, shared_.root);
  if (!folder) failure_ = folder.error();
  bool answered = false;
  for (std::size_t point = 0; point < into.size(); ++point) {
    if (shared_.cancelled) failure_ = failure(Fault::offline, "the bus is being closed");
    const bool possible = folder && !shared_.cancelled;
    into[point] = possible ? read_point(*folder, point) : bad({}, {}, reason_of(failure_->fault));
    answered = answered || !raw_[point].empty();
  }
  if (failure_ && !answered) {
    if (failure_->fault == Fault::offline) return *failure_;
    return failure(failure_->fault, fmt::format("{}: {}", key_, failure_->detail));
  }
  const auto good = std::count_if(into.begin(), into.end(), [](const Reading& each) { return each.is_good(); });
  return static_cast<std::size_t>(good);
}

Reading Device::read_point(const fs::path& folder, std::size_t point) {
  const auto& [file, scaling] = points_[point];
  const auto value = read_value(folder / file, raw_[point]);
  if (!value) {
    failure_ = value.error();
    return bad({}, {}, reason_of(failure_->fault));
  }
  if (place_.kind == PlaceKind::one_wire && !filters_[point].accept(*value)) return bad({}, {}, Reason::no_value);
  const auto decoded = decode(*value, scaling);
  return decoded.reason == Reason::none ? good({}, {}, decoded.value) : bad({}, {}, decoded.reason);
}

std::string Device::source(std::size_t point) const {
  return fmt::format("sysfs:{}/{}", place_.text(), points_.at(point).file);
}

}  // namespace fettle::sysfs
