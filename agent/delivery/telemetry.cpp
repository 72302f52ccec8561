#include "delivery/telemetry.hpp"

#include "core/earliest.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

namespace fettle::delivery {
namespace {

/// Numbers are set apart in blocks, so that counting costs a few writes a day; after a crash the rest of a block is never used.
constexpr std::uint64_t block = 100'000;
/// A device with more points fills several batches.
constexpr std::size_t most_values = 250;
/// Of batches that the broker has not acknowledged, in bytes: some for the smallest installation, and for a larger one two polls of all
/// its devices in the same moment.
constexpr std::size_t least_memory = 512'000, memory_a_point = 256;
/// Of polls that wait for a clock.
constexpr std::size_t most_held = 2'000;
/// No agent has ever run before.
constexpr Time earliest = earliest_possible;

std::size_t memory_for(const std::vector<TelemetryDevice>& devices) {
  std::size_t points = 0;
  for (const auto& device : devices) points += device.points->size();
  return least_memory + points * memory_a_point;
}

}  // namespace

Telemetry::Telemetry(boost::asio::io_context& home, Now now, GatewayFacts gateway, const TelemetrySettings& settings,
                     std::vector<TelemetryDevice> devices, TelemetrySpool& spool, Changed changed, TelemetryTimes times)
    : now_{std::move(now)},
      gateway_{std::move(gateway)},
      settings_{settings},
      devices_{std::move(devices)},
      periods_(devices_.size()),
      spool_{spool},
      queue_{spool, memory_for(devices_)},
      pacer_{settings.catch_up},
      changed_{std::move(changed)},
      times_{times},
      looker_{home},
      pace_{home},
      alive_{std::make_shared<const bool>(true)} {
  for (std::uint32_t device = 0; device < devices_.size(); ++device) {
    const auto sources = std::exchange(devices_[device].sources, {});
    for (std::uint32_t point = 0; point < sources.size(); ++point) {
      const auto index = sources[point].index;
      if (index >= places_.size()) places_.resize(index + 1);
      places_[index] = Place{device, point};
    }
  }
  places_.shrink_to_fit();
  const auto beginning = spool_.begin();
  next_seq_ = reserved_ = beginning.seq;
  after_crash_ = beginning.after_crash;
}

Telemetry::~Telemetry() = default;

void Telemetry::take(const std::vector<Reading>& poll) {
  if (stopped_) return;
  auto found = sorted(poll);
  if (!found || !is_due(*found)) return;
  if (is_clock_impossible(found->stamp)) return hold(std::move(*found));
  release_held();
  publish(*found);
}

std::optional<Telemetry::Poll> Telemetry::sorted(const std::vector<Reading>& readings) const {
  std::optional<Poll> poll;
  for (const auto& reading : readings) {
    const auto place = reading.point.index < places_.size() ? places_[reading.point.index] : Place{};
    if (place.device == nowhere) continue;
    if (!poll) {
      poll = Poll{place.device, {}, Steady::now(), now_()};
      poll->values.reserve(readings.size());
    }
    if (place.device == poll->device)
      poll->values.push_back({&devices_[place.device].points->at(place.point), reading});
  }
  return poll;
}

/// The first poll in each period of `every`, so that no poll that comes early or late makes it drift.
bool Telemetry::is_due(const Poll& poll) {
  if (settings_.every == Duration{}) return true;
  const auto period = poll.values.front().reading.time.time_since_epoch() / settings_.every;
  auto& latest = periods_.at(poll.device);
  return std::exchange(latest, period) != period;
}

bool Telemetry::is_clock_impossible(Time now) const { return gateway_.clock.sync == ClockSync::none && now < earliest; }

void Telemetry::hold(Poll poll) {
  held_.push_back(std::move(poll));
  if (held_.size() <= most_held) return;
  held_.pop_front();
  spool_.count_dropped(1);
}

/// A clock that was wrong when they were read is right now, and how long ago that was the steady clock knows.
void Telemetry::release_held() {
  for (auto& poll : std::exchange(held_, {})) {
    const auto elapsed = std::chrono::duration_cast<Duration>(Steady::now() - poll.taken);
    const auto correction = now_() - elapsed - poll.stamp;
    for (auto& value : poll.values) value.reading.time += correction;
    publish(poll);
  }
}

void Telemetry::set_clock(const ClockState& clock) {
  gateway_.clock = clock;
  if (!stopped_ && !held_.empty() && !is_clock_impossible(now_())) release_held();
}

void Telemetry::publish(const Poll& poll) {
  const std::span values{poll.values};
  for (std::size_t from = 0; from < values.size(); from += most_values) {
    add(poll.device, values.subspan(from, std::min(most_values, values.size() - from)));
  }
  await_look();
  changed_();
}

void Telemetry::add(std::size_t device, std::span<const TelemetryValue> values) {
  reserve_numbers();
  const auto& key = devices_[device].key;
  const TelemetryFacts facts{next_seq_++, queue_.dropped(), now_(), std::exchange(after_crash_, false)};
  queue_.add({facts.seq, key, telemetry_document(gateway_, key, facts, values)}, Steady::now());
  if (catching_up_) pacer_.grant();
}

/// Long before the block is used up, so that a disk that is full for hours costs nothing. Should it last longer, the numbers go on; the
/// next run begins above them because they rise more slowly than the time does.
void Telemetry::reserve_numbers() {
  if (next_seq_ + block / 2 < reserved_) return;
  const auto wanted = next_seq_ + block;
  if (spool_.reserve(wanted)) reserved_ = wanted;
}

void Telemetry::stop() {
  if (std::exchange(stopped_, true)) return;
  looker_.cancel();
  pace_.cancel();
  queue_.spill();
  queue_.forget_delivered();
  spool_.count_dropped(queue_.waiting_in_memory() + held_.size());
  spool_.end(next_seq_);
}

TelemetryState Telemetry::state() const {
  return {next_seq_, queue_.dropped(), queue_.waiting() + held_.size(), queue_.waiting_in_memory() + held_.size(),
          catching_up_};
}

std::optional<Freight::Parcel> Telemetry::next() {
  if (!linked_ || stopped_) return std::nullopt;
  if (!queue_.has_unsent()) {
    if (std::exchange(catching_up_, false)) spdlog::info("telemetry: the backlog is sent");
    return std::nullopt;
  }
  if (catching_up_ && !pacer_.take(Steady::now())) {
    await_pace();
    return std::nullopt;
  }
  auto batch = queue_.next();
  if (!batch) return std::nullopt;
  Parcel parcel;
  parcel.number = batch->seq;
  parcel.message.topic = telemetry_topic(gateway_, batch->device);
  parcel.message.payload = catching_up_ ? marked_replayed(std::move(batch->document)) : std::move(batch->document);
  parcel.message.retain = false;
  return parcel;
}

void Telemetry::delivered(std::uint64_t number) {
  queue_.delivered(number);
  await_look();
}

void Telemetry::link_lost() {
  linked_ = catching_up_ = false;
  pace_.cancel();
  queue_.link_lost();
  await_look();
}

void Telemetry::link_up() {
  linked_ = true;
  if (queue_.has_unsent()) begin_catching_up();
}

void Telemetry::begin_catching_up() {
  if (std::exchange(catching_up_, true)) return;
  spdlog::info("telemetry: {} batches have waited for the broker and are sent now", queue_.waiting());
  pacer_.begin(Steady::now());
  changed_();
}

void Telemetry::await_look() {
  if (stopped_ || std::exchange(looking_, true)) return;
  looker_.expires_after(times_.look);
  looker_.async_wait([this, alive = std::weak_ptr{alive_}](const boost::system::error_code& code) {
    if (!code && !alive.expired()) look();
  });
}

/// Writes what is late to disk, and clears there what the broker has by now.
void Telemetry::look() {
  looking_ = false;
  const auto patience = linked_ ? times_.late : std::chrono::milliseconds{0};
  const auto oldest = queue_.oldest_in_memory();
  if (oldest && Steady::now() - *oldest >= patience) {
    queue_.spill();
    if (linked_ && queue_.has_unsent()) begin_catching_up();
  }
  queue_.forget_delivered();
  if (queue_.oldest_in_memory() || queue_.is_expecting()) await_look();
}

void Telemetry::await_pace() {
  if (std::exchange(pacing_, true)) return;
  pace_.expires_after(pacer_.wait());
  pace_.async_wait([this, alive = std::weak_ptr{alive_}](const boost::system::error_code&) {
    if (alive.expired()) return;
    pacing_ = false;
    changed_();  // also when it was cut short: the link may be up again by now
  });
}

}  // namespace fettle::delivery
