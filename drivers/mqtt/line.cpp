#include "mqtt/line.hpp"

#include "acquisition/whole_pace.hpp"
#include "mqtt/device.hpp"
#include "mqtt/profile.hpp"
#include "mqtt/topic.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace fettle::mqtt_input {
namespace {

using namespace std::chrono_literals;

/// So many messages may wait for the bus; what comes beyond is dropped, and said so.
constexpr int most_waiting = 2'000;
/// A device that misses two of its reports in a row is silent.
constexpr int missed_reports = 3;
constexpr Duration shortest_timeout = 10s;

}  // namespace

Line::Line(BrokerSettings settings) : settings_{std::move(settings)} {}

Line::~Line() = default;

std::unique_ptr<acquisition::Driver> Line::attach(const acquisition::SharedProfile& profile,
                                                  const settings::Node& device, settings::Mistakes& mistakes) {
  auto fields = acquisition::device_fields(device, mistakes);
  DeviceSettings settings;
  settings.key = fields.text("id", "");
  settings.every = acquisition::whole_pace(fields, 1min, "a device that publishes sends its values when it wants to");
  settings.timeout =
      fields.duration("timeout", 1ms, std::max<Duration>(missed_reports * settings.every, shortest_timeout));
  const auto name = fields.text("device", settings.key);
  fields.finish();
  acquisition::is_of_protocol(*profile, "mqtt", "speaks MQTT", device, mistakes);
  if (name.empty() || name.find('#') != std::string::npos || name.find('\0') != std::string::npos)
    mistakes.add(device["device"], fmt::format("\"{}\" cannot be part of a topic", name));
  settings::Mistakes told_with_the_profile;
  settings.messages = read_messages(*profile, told_with_the_profile);
  for (auto& point : settings.messages.points) point.topic = with_device(point.topic, name);
  settings.messages.availability = with_device(settings.messages.availability, name);
  return std::make_unique<Device>(std::move(settings), profile, *this);
}

void Line::start(const DomainClock& clock, std::function<void()> wake) {
  clock_ = clock;
  wake_ = std::move(wake);
}

/// The bus's thread, which may wait in pump_until(), is the only one that is disturbed.
void Line::cancel() {
  cancelled_ = true;
  inbox_.stop();
}

void Line::open() {
  PahoClient::Ears ears;
  ears.arrived = [this](Arrival arrival) {
    if (counts_.waiting >= most_waiting) {
      ++counts_.dropped;
      return;
    }
    ++counts_.waiting;
    boost::asio::post(inbox_, [this, arrival = std::move(arrival)] {
      --counts_.waiting;
      deliver(arrival);
    });
    wake_();
  };
  ears.link = [this](std::optional<Error> trouble) {
    boost::asio::post(inbox_, [this, trouble = std::move(trouble)] {
      up_since_ = trouble ? std::nullopt : std::optional{std::chrono::steady_clock::now()};
      trouble_ = trouble;
      refusals_.clear();
    });
    wake_();
  };
  ears.refused = [this](std::string filter, std::string why) {
    boost::asio::post(inbox_, [this, filter = std::move(filter), why = std::move(why)] { refusals_[filter] = why; });
    wake_();
  };
  client_ = std::make_unique<PahoClient>(settings_, std::move(ears));
  for (const auto* device : devices_) {
    for (const auto& filter : device->filters()) client_->subscribe(filter);
  }
  client_->start();
}

bool Line::pump() {
  if (cancelled_) return false;
  if (!client_) open();
  inbox_.restart();
  const bool any = inbox_.poll() > 0;
  report_dropped();
  return any;
}

void Line::pump_until(Moment deadline) {
  if (pump()) return;
  inbox_.restart();
  const auto waiting = boost::asio::make_work_guard(inbox_);
  if (!cancelled_) inbox_.run_one_until(deadline);
}

std::string Line::refusal(const std::string& filter) const {
  const auto found = refusals_.find(filter);
  return found == refusals_.end() ? std::string{} : found->second;
}

void Line::add(Device& device) {
  devices_.push_back(&device);
  if (!client_) return;
  for (const auto& filter : device.filters()) client_->subscribe(filter);
}

void Line::remove(const Device& device) { std::erase(devices_, &device); }

void Line::deliver(const Arrival& arrival) {
  for (auto* const device : devices_) device->hear(arrival);
}

void Line::report_dropped() {
  const auto dropped = counts_.dropped.exchange(0);
  if (dropped > 0)
    spdlog::warn("bus {}: {} messages came faster than they could be taken, and are lost", settings_.bus, dropped);
}

}  // namespace fettle::mqtt_input
