#include "acquisition/bus.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace fettle::acquisition {
namespace {

using std::chrono::steady_clock;

constexpr int tolerated_timeouts = 3;
constexpr int telling_misses = 2;
constexpr std::chrono::seconds first_pause{1};
constexpr Duration longest_pause = std::chrono::minutes{1};
constexpr std::chrono::seconds report_period{10};
constexpr std::chrono::nanoseconds longest_sleep = std::chrono::minutes{1};  // so that a clock that is set is noticed

/// A rehearsal at many times the speed leaves a silent device alone for as much shorter, or a minute would be days of its history.
Backoff::Rule pauses(const DomainClock& clock) {
  return {tolerated_timeouts, first_pause, std::max<Backoff::Pause>(first_pause, clock.real(longest_pause))};
}

/// Of a device that speaks of its own accord: silence is neither good nor bad until the driver says so.
bool said_nothing(const std::vector<Reading>& answer) {
  return std::all_of(answer.begin(), answer.end(), [](const Reading& each) { return each.reason == Reason::not_read; });
}

std::vector<Paces> paces(const std::vector<BusDevice>& devices) {
  std::vector<Paces> result;
  result.reserve(devices.size());
  for (const auto& device : devices) result.push_back(device.every);
  return result;
}

}  // namespace

Bus::Bus(std::string key, std::unique_ptr<Line> line, std::vector<BusDevice> devices, const DomainClock& clock,
         BusSinks sinks)
    : key_{std::move(key)},
      line_{std::move(line)},
      clock_{clock},
      sinks_{std::move(sinks)},
      plan_{paces(devices), clock.now()} {
  devices_.reserve(devices.size());
  for (auto& device : devices) {
    const auto size = device.profile_points;
    devices_.push_back(
        {std::move(device), std::vector<Reading>(size), Backoff{pauses(clock)}, {}, false, 0, false, 0, {}});
  }
  line_->start(clock_, [this] { boost::asio::post(sleep_, [] {}); });
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

Bus::~Bus() {
  thread_.request_stop();
  sleep_.stop();
  line_->cancel();
  thread_.join();
}

void Bus::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    beat();
    const auto now = clock_.now();
    auto turn = plan_.take(now);
    if (!turn) turn = with_news();
    if (turn) {
      poll(*turn, stop);
    } else {
      sleep_.run_one_for(
          std::min(longest_sleep, clock_.real(std::min(plan_.wait(now), Duration{std::chrono::days{1}}))));
    }
  }
}

void Bus::beat() {
  const auto now = steady_clock::now();
  if (!sinks_.beats || now - beaten_ < report_period) return;
  beaten_ = now;
  sinks_.beats();
}

/// A device that has something to say of its own accord, to be read as a whole.
std::optional<PollPlan::Turn> Bus::with_news() {
  for (std::size_t place = 0; place < devices_.size(); ++place) {
    if (devices_[place].device.driver->has_news()) return PollPlan::Turn{place, ClassSet{}.set()};
  }
  return std::nullopt;
}

void Bus::poll(const PollPlan::Turn& turn, const std::stop_token& stop) {
  auto& polled = devices_[turn.device];
  const auto begin = steady_clock::now();
  const bool alone = is_left_alone(polled);
  if (stop.stop_requested()) return;
  if (alone) return leave_alone(turn.device);
  polled.device.driver->choose(turn.classes);
  const auto result = polled.device.driver->read(polled.answer);
  if (stop.stop_requested()) return;  // what was broken off says nothing about the device
  polled.state.milliseconds = std::chrono::duration<double, std::milli>{steady_clock::now() - begin}.count();
  deliver(polled);
  if (result && said_nothing(polled.answer)) return;
  note(turn.device, result);
}

/// A device that does not answer costs the others on its line as little as that line allows.
bool Bus::is_left_alone(Polled& polled) {
  if (polled.device.driver->has_news()) return false;
  const bool silent = !polled.known || (!polled.state.answering && polled.state.fault == Fault::timeout);
  if (!silent) return !polled.backoff.may_try(steady_clock::now());
  if (const auto stirs = polled.device.driver->stirs()) return !*stirs;
  return !polled.backoff.may_try(steady_clock::now());
}

void Bus::leave_alone(std::size_t place) {
  auto& polled = devices_[place];
  ++polled.backed_off;
  if (!polled.known) {
    for (auto& reading : polled.answer) reading = bad({}, {}, Reason::timeout);
    note(place, failure(Fault::timeout, fmt::format("{}: no answer", polled.device.key)));
  } else if (steady_clock::now() - polled.reported >= report_period) {
    report(place);
  }
  deliver(polled);
}

void Bus::deliver(const Polled& polled) const {
  const auto now = clock_.now();
  std::vector<Reading> batch;
  batch.reserve(polled.device.feeds.size());
  for (const auto& feed : polled.device.feeds) {
    auto reading = polled.answer.at(feed.profile_point);
    if (reading.reason == Reason::not_read) continue;
    reading.point = feed.point;
    if (reading.time == Time{}) reading.time = now;
    batch.push_back(reading);
  }
  if (!batch.empty()) sinks_.readings(std::move(batch));
}

void Bus::note(std::size_t place, const Result<std::size_t>& result) {
  auto& polled = devices_[place];
  ++polled.state.reads;
  const bool changed = result ? succeeded(polled) : failed(polled, result.error());
  if (changed || steady_clock::now() - polled.reported >= report_period) report(place);
}

bool Bus::succeeded(Polled& polled) {
  polled.backoff.succeeded();
  polled.misses = 0;
  if (polled.state.answering) return false;
  log_recovery(polled);
  polled.state.answering = true;
  polled.state.detail.clear();
  return true;
}

bool Bus::failed(Polled& polled, const Error& error) {
  auto& state = polled.state;
  ++state.failed;
  ++polled.misses;
  if (error.fault == Fault::timeout) polled.backoff.failed(steady_clock::now());
  log_failure(polled, error);
  const bool changed = !polled.known || state.answering || error.fault != state.fault;
  state.answering = false;
  state.fault = error.fault;
  state.detail = error.detail;
  return changed;
}

void Bus::report(std::size_t place) {
  auto& polled = devices_[place];
  polled.known = true;
  polled.reported = steady_clock::now();
  polled.state.device = place;
  polled.state.time = clock_.now();
  polled.state.skipped = plan_.skipped(place) + polled.backed_off;
  polled.state.quality = polled.device.driver->quality();
  sinks_.states(polled.state);
}

/// One poll that is lost among many is no news, except the very first. A wire that is gone is one event, however many devices hang on it.
void Bus::log_failure(Polled& polled, const Error& error) {
  const bool offline = error.fault == Fault::offline;
  const bool known = polled.told && (polled.state.fault == Fault::offline) == offline;
  if (known || (!offline && polled.known && polled.misses < telling_misses)) return;
  polled.told = true;
  if (!offline) {
    if (std::exchange(offline_, false)) spdlog::info("bus {} is open again", key_);
    spdlog::warn("{}", error.detail);
  } else if (!std::exchange(offline_, true)) {
    spdlog::warn("bus {} is offline: {}", key_, error.detail);
  }
}

void Bus::log_recovery(Polled& polled) {
  if (std::exchange(offline_, false)) spdlog::info("bus {} is open again", key_);
  if (std::exchange(polled.told, false) && polled.state.fault != Fault::offline)
    spdlog::info("{} answers again", polled.device.key);
}

}  // namespace fettle::acquisition
