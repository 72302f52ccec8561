#pragma once

#include "acquisition/bus.hpp"
#include "channels.hpp"
#include "core/state.hpp"
#include "installation.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fettle {

/// The buses at work. They count their values by device and profile point; which points of the installation those are is looked up on
/// home, so that a bus that new settings do not concern works on without missing a reading.
class Buses {
 public:
  using TakeReadings = std::function<void(const std::vector<Reading>& readings)>;
  /// `bus` is its place in the installation's list.
  using TakeState = std::function<void(std::size_t bus, acquisition::DeviceState state)>;

  /// Both are called on home.
  Buses(boost::asio::io_context& home, const DomainClock& clock, TakeReadings readings, TakeState states);
  Buses(const Buses&) = delete;
  Buses& operator=(const Buses&) = delete;
  ~Buses();

  /// Ends the buses that are gone or changed, starts the new ones, and leaves the others alone.
  void follow(const Installation& installation);

  std::size_t size() const { return running_.size(); }

  /// The key of a bus that has not come back from its wire for minutes, far longer than any deadline there; empty if all are at work.
  std::string stuck(std::chrono::steady_clock::time_point now) const;

  /// What the buses learn of their points; nothing in it has learned yet after a start.
  std::vector<Stateful*> learned();
  /// Of those, what began with the last follow().
  std::vector<Stateful*> started();

 private:
  struct Running;
  std::shared_ptr<Running> start(const Installation& installation, std::size_t place);
  void take(Running& running, const std::vector<Reading>& values);

  boost::asio::io_context& home_;
  DomainClock clock_;
  TakeReadings take_readings_;
  TakeState take_state_;
  DeviceKinds kinds_;
  std::vector<std::shared_ptr<Running>> running_;  ///< shared with handlers on their way home, which hold them weakly
};

/// How often each class of a device's points is wanted. One without points is in no hurry, so that nobody is woken for nothing.
acquisition::Paces paces_of(const InstalledDevice& device);

}  // namespace fettle
