#pragma once

#include "acquisition/driver.hpp"
#include "mqtt/broker_settings.hpp"
#include "mqtt/paho_client.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace fettle::mqtt_input {

class Device;

/// A broker, and the devices that publish to it. What comes in on the client's threads is handed over through `inbox_`, which runs on
/// the bus's thread only.
class Line final : public acquisition::Line {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit Line(BrokerSettings settings);
  ~Line() override;

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override;
  void start(const DomainClock& clock, std::function<void()> wake) override;
  void cancel() override;

  /// Connects, the first time; then gives the devices what has come. False if nothing had.
  bool pump();
  /// The same, but waits until something comes.
  void pump_until(Moment deadline);

  void add(Device& device);
  void remove(const Device& device);

  const DomainClock& clock() const { return clock_; }
  bool cancelled() const { return cancelled_; }
  const BrokerSettings& settings() const { return settings_; }
  /// Why there is no connection; nothing while there is one, or none was tried to the end yet.
  const std::optional<Error>& trouble() const { return trouble_; }
  /// Why the broker does not let us listen to a topic; empty if it does.
  std::string refusal(const std::string& filter) const;
  /// Since when there is one.
  std::optional<Moment> up_since() const { return up_since_; }

 private:
  /// Shared with the client's callbacks: how many messages wait for the bus, and how many were too many.
  struct Counts {
    std::atomic<int> waiting{0};
    std::atomic<std::uint64_t> dropped{0};
  };

  void open();
  void deliver(const Arrival& arrival);
  void report_dropped();

  BrokerSettings settings_;
  DomainClock clock_;
  std::function<void()> wake_ = [] {};
  std::vector<Device*> devices_;
  std::optional<Error> trouble_;
  std::map<std::string, std::string> refusals_;
  std::optional<Moment> up_since_;
  Counts counts_;
  std::atomic<bool> cancelled_{false};
  boost::asio::io_context inbox_{1};
  std::unique_ptr<PahoClient> client_;  ///< last: it calls us until it is gone
};

}  // namespace fettle::mqtt_input
