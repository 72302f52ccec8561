#include "replay.hpp"

#include "channels.hpp"
#include "core/median.hpp"
#include "csv/read_ahead.hpp"
#include "replay_site.hpp"

#include <algorithm>
#include <utility>

namespace fettle {
namespace {

constexpr Duration tick_period = std::chrono::minutes{1};
/// In a gap of years nobody looks as often.
constexpr Duration long_gap = std::chrono::hours{1}, rare_tick = std::chrono::hours{1};
constexpr std::uint64_t rows_between_questions = 1024;
constexpr std::size_t steps_looked_at = 1000;

Time after(Time time, Duration period) {
  const auto since = time.time_since_epoch();
  return Time{(since / period + 1) * period};
}

}  // namespace

/// A bus of recorded devices; what it says about one point depends on what that point said before.
struct Replay::Bus {
  std::string key;
  Channels channels;
  std::uint32_t used = 0;  ///< channels of the devices so far
};

/// One device's history, one row in front.
class Replay::Source {
 public:
  Source(const InstalledDevice& device, const settings::Node& bus_node, Bus& bus, boost::asio::thread_pool& reader)
      : bus_{bus},
        recording_{csv::Recording{*device.profile, device.settings.node, bus_node}, reader},
        values_(device.profile->points.size()) {
    for (auto& value : values_) value.point = PointId{bus.used++};
    told_.key = device.settings.key;
    told_.every = device.settings.every;
    told_.files = recording_.files();
  }

  void stop_after(std::optional<Time> to) { recording_.stop_after(to); }

  Result<void> advance() {
    const auto next = recording_.next();
    has_row_ = next && *next;
    if (!next) return next.error();
    return {};
  }

  bool has_row() const { return has_row_; }
  Time time() const { return recording_.time(); }

  /// The row's readings, as the points of the installation get them.
  std::vector<Reading> take_row() {
    const auto readings = recording_.readings();
    for (std::size_t place = 0; place < values_.size(); ++place) {
      const auto channel = values_[place].point;
      values_[place] = readings[place];
      values_[place].point = channel;
    }
    count(readings);
    return bus_.channels.readings(values_);
  }

  const csv::ReadAhead& recording() const { return recording_; }

  ReplayedDevice told() const {
    auto told = told_;
    const auto& left = recording_.left();
    told.left = {left.all(), left.reasons(), left.remedy(), left.garbled, left.named, left.named_cells};
    if (!steps_.empty()) {
      auto steps = steps_;
      told.step = std::chrono::round<Duration>(std::chrono::duration<double, std::milli>{median_in_place(steps)});
    }
    return told;
  }

 private:
  void count(std::span<const Reading> readings) {
    ++told_.rows;
    told_.readings += readings.size();
    told_.bad += static_cast<std::uint64_t>(
        std::count_if(readings.begin(), readings.end(), [](const Reading& each) { return !each.is_good(); }));
    if (told_.last) {
      const auto step = time() - *told_.last;
      told_.covered += std::min(step, std::max<Duration>(2 * told_.every, long_gap));
      if (steps_.size() < steps_looked_at) steps_.push_back(static_cast<double>(step.count()));
    }
    if (!told_.first) told_.first = time();
    told_.last = time();
  }

  Bus& bus_;
  csv::ReadAhead recording_;
  std::vector<Reading> values_;
  bool has_row_ = false;
  std::vector<double> steps_;
  ReplayedDevice told_;
};

Replay::Replay(const Installation& installation) : installation_{installation}, pipeline_{installation} {
  DeviceKinds kinds;
  for (const auto& device : installation.devices) {
    if (!is_recorded(installation, device)) continue;
    const auto& key = device.settings.bus;
    auto bus = std::find_if(buses_.begin(), buses_.end(), [&key](const auto& each) { return each->key == key; });
    if (bus == buses_.end()) {
      buses_.push_back(std::make_unique<Bus>(Bus{key, Channels{installation, key, kinds}}));
      bus = std::prev(buses_.end());
    }
    const auto settings = std::find_if(installation.site.buses.begin(), installation.site.buses.end(),
                                       [&key](const auto& each) { return each.key == key; });
    sources_.push_back(std::make_unique<Source>(device, settings->node, **bus, reader_));
  }
}

Replay::~Replay() = default;

Replay::Source* Replay::earliest() {
  Source* earliest = nullptr;
  for (const auto& source : sources_) {
    if (source->has_row() && (earliest == nullptr || source->time() < earliest->time())) earliest = source.get();
  }
  return earliest;
}

Result<void> Replay::run(const ReplaySpan& span, const TakeAlert& take, const GoOn& go_on) {
  for (const auto& source : sources_) {
    source->stop_after(span.to);
    if (auto advanced = source->advance(); !advanced) return advanced;
  }
  for (std::uint64_t looked_at = 0; auto* source = earliest(); ++looked_at) {
    if (looked_at % rows_between_questions == 0 && !go_on()) break;
    if (span.to && source->time() > *span.to) break;
    if (!span.from || source->time() >= *span.from) {
      let_time_pass(source->time(), take);
      feed(*source, take);
    }
    if (auto advanced = source->advance(); !advanced) return advanced;
  }
  return {};
}

void Replay::let_time_pass(Time until, const TakeAlert& take) {
  if (rows_ == 0) next_tick_ = after(until, tick_period);
  for (const Time since = now_; next_tick_ <= until;) {
    for (const auto& alert : pipeline_.explain(next_tick_, {})) take(alert);
    for (const auto& alert : pipeline_.tick(next_tick_)) take(alert);
    next_tick_ = after(next_tick_, next_tick_ - since < long_gap ? tick_period : rare_tick);
  }
}

void Replay::feed(Source& source, const TakeAlert& take) {
  now_ = source.time();
  ++rows_;
  for (const auto& reading : source.take_row()) {
    for (const auto& alert : pipeline_.accept(reading)) take(alert);
  }
}

double Replay::share_done() const {
  std::uint64_t read = 0;
  std::uint64_t all = 0;
  for (const auto& source : sources_) {
    read += source->recording().bytes_read();
    all += source->recording().bytes();
  }
  return all == 0 ? 0 : static_cast<double>(read) / static_cast<double>(all);
}

std::vector<ReplayedDevice> Replay::devices() const {
  std::vector<ReplayedDevice> devices;
  for (const auto& source : sources_) devices.push_back(source->told());
  return devices;
}

}  // namespace fettle
