#include "pulse/device.hpp"

#include "pulse/kept_count.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fettle::pulse {
namespace {

using std::chrono::steady_clock;

/// Flash memory wears out by writing; a crash loses this much at most, a clean stop nothing.
constexpr std::chrono::minutes keep_period{15};

constexpr std::array<std::pair<std::string_view, Counts>, 4> words{{
    {"total", Counts::total},
    {"rate", Counts::rate},
    {"pulses", Counts::pulses},
    {"lost", Counts::lost},
}};

}  // namespace

std::vector<Counts> read_counts(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes) {
  auto all = acquisition::profile_fields(profile, mistakes);
  all.finish();
  std::vector<Counts> counts;
  for (const auto& point : profile.points) {
    auto fields = acquisition::point_fields(point, mistakes);
    counts.push_back(fields.choice<Counts>("counts", words));
    fields.finish();
    const bool bare = counts.back() == Counts::pulses || counts.back() == Counts::lost;
    if (bare && point.quantity != Quantity::count)
      mistakes.add(point.node["quantity"], "pulses are counted, so this is a count");
  }
  return counts;
}

Device::Device(DeviceSettings settings, const acquisition::DeviceProfile& profile, std::vector<Counts> counts,
               Kernel& kernel, const std::atomic<bool>& cancelled)
    : settings_{std::move(settings)}, counts_{std::move(counts)}, cancelled_{cancelled}, line_{settings_.edge, kernel} {
  for (const auto& point : profile.points) scalings_.push_back(point.scaling);
}

Device::~Device() { keep(); }

Result<void> Device::open() {
  if (cancelled_) return failure(Fault::offline, "the bus is being closed");
  if (line_.is_open()) return {};
  if (!counter_) {
    if (!settings_.file.empty()) {
      const auto kept = load_count(settings_.file);
      if (!kept) return kept.error();
      kept_ = *kept;
    }
    counter_.emplace(kept_, settings_.timeout);
    kept_at_ = steady_clock::now();
  }
  auto opened = line_.open();
  if (opened) counter_->begin(steady_clock::now());
  return opened;
}

Result<void> Device::count() {
  if (auto opened = open(); !opened) return opened;
  const auto edges = line_.take();
  if (!edges) return edges.error();
  for (const auto& edge : *edges) counter_->count(edge);
  return {};
}

Result<std::size_t> Device::read(std::span<Reading> into) {
  const auto unseen = counter_ ? counter_->unseen() : 0;
  if (const auto counted = count(); !counted) {
    std::fill(into.begin(), into.end(), bad({}, {}, reason_of(counted.error().fault)));
    return counted.error();
  }
  const auto lost = counter_->unseen() - unseen;
  if (lost > 0 && !lossy_) {
    spdlog::warn("{}: {} pulses came faster than they were read; the total has them, when they came is not known",
                 settings_.key, lost);
  }
  lossy_ = lost > 0;
  const auto rate = counter_->take_rate(steady_clock::now());
  for (std::size_t point = 0; point < into.size(); ++point) into[point] = reading_of(point, rate, lossy_);
  if (steady_clock::now() - kept_at_ >= keep_period) keep();
  const auto good = std::count_if(into.begin(), into.end(), [](const Reading& each) { return each.is_good(); });
  return static_cast<std::size_t>(good);
}

Reading Device::reading_of(std::size_t point, std::optional<double> rate, bool gap) const {
  const auto pulses = static_cast<double>(counter_->total());
  double value = 0;
  switch (counts_[point]) {
    case Counts::total: value = settings_.start + pulses * settings_.worth.value; break;
    case Counts::rate:
      if (!rate) return bad({}, {}, Reason::too_few);
      value = *rate * settings_.worth.value * rate_of(settings_.worth.total)->scale;
      break;
    case Counts::pulses: value = pulses; break;
    case Counts::lost: value = static_cast<double>(counter_->unseen()); break;
  }
  const auto decoded = decode(value, scalings_[point]);
  if (decoded.reason != Reason::none) return bad({}, {}, decoded.reason);
  if (gap) return {{}, {}, decoded.value, Quality::uncertain, Reason::too_few};
  return good({}, {}, decoded.value);
}

void Device::keep() {
  if (settings_.file.empty() || !counter_ || counter_->total() == kept_) return;
  kept_at_ = steady_clock::now();
  if (const auto saved = save_count(settings_.file, counter_->total()); !saved) {
    spdlog::warn("{}: {}; its total will be lost with the agent's end", settings_.key, saved.error().detail);
    return;
  }
  kept_ = counter_->total();
}

std::string Device::raw(std::size_t point) const {
  if (!counter_) return {};
  return fmt::format("{} pulses", counts_.at(point) == Counts::lost ? counter_->unseen() : counter_->total());
}

std::string Device::source(std::size_t point) const {
  const auto* const word = std::find_if(words.begin(), words.end(),
                                        [this, point](const auto& each) { return each.second == counts_.at(point); });
  return fmt::format("pulse:{}:{}", settings_.edge.line, word->first);
}

}  // namespace fettle::pulse
