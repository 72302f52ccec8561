#pragma once

#include "acquisition/backoff.hpp"
#include "acquisition/driver.hpp"
#include "acquisition/poll_plan.hpp"
#include "core/clock.hpp"
#include "core/reading.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fettle::acquisition {

/// Where a value of a device goes: one point of its profile feeds one point of the installation.
struct Feed {
  std::uint32_t profile_point = 0;
  PointId point;
};

/// A device that a bus polls.
struct BusDevice {
  std::string key;
  std::unique_ptr<Driver> driver;
  std::size_t profile_points = 0;  ///< how many points its profile has
  Paces every{};
  std::vector<Feed> feeds;  ///< a profile point may feed several
};

/// How a device fares.
struct DeviceState {
  std::size_t device = 0;  ///< its place on the bus
  bool answering = false;
  Fault fault = Fault::timeout;  ///< while it does not answer
  std::string detail;            ///< the Error's sentence; empty while it answers
  Time time{};                   ///< when this was found
  std::uint64_t reads = 0;       ///< polls, whatever came of them
  std::uint64_t failed = 0;      ///< of these, without any answer
  std::uint64_t skipped = 0;     ///< polls left out: the bus was busy, or the device is being left alone
  double milliseconds = 0;       ///< that the last read took
  std::optional<LineQuality> quality;
};

/// Where a bus delivers; all are called in the bus's own thread, and have to pass the value on.
struct BusSinks {
  std::function<void(std::vector<Reading>)> readings;  ///< one batch a poll
  /// When a device begins or ceases to answer, when the fault changes, and every ten seconds for the counters.
  std::function<void(DeviceState)> states;
  /// That the bus is at work: every minute at least, unless a read takes longer, and every ten seconds at most. Nobody need listen.
  std::function<void()> beats{};
};

/// Polls the devices of one line in a thread of its own, until it is destroyed. Nothing that happens on its wire delays another bus.
class Bus {
 public:
  Bus(std::string key, std::unique_ptr<Line> line, std::vector<BusDevice> devices, const DomainClock& clock,
      BusSinks sinks);
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;
  /// Ends a read that blocks at once.
  ~Bus();

 private:
  struct Polled {
    BusDevice device;
    std::vector<Reading> answer;
    Backoff backoff;
    DeviceState state;
    bool known = false;  ///< a state was reported
    int misses = 0;      ///< polls in a row without an answer
    bool told = false;   ///< that it does not answer stands in the log
    std::uint64_t backed_off = 0;
    Backoff::Moment reported;
  };

  void run(const std::stop_token& stop);
  void beat();
  std::optional<PollPlan::Turn> with_news();
  void poll(const PollPlan::Turn& turn, const std::stop_token& stop);
  static bool is_left_alone(Polled& polled);
  void leave_alone(std::size_t place);
  void deliver(const Polled& polled) const;
  void note(std::size_t place, const Result<std::size_t>& result);
  /// These two return true if the device's state is another one now.
  bool succeeded(Polled& polled);
  bool failed(Polled& polled, const Error& error);
  void report(std::size_t place);
  void log_failure(Polled& polled, const Error& error);
  void log_recovery(Polled& polled);

  std::string key_;
  boost::asio::io_context sleep_{1};  // before line_, which may wake it until it is gone
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> awake_{sleep_.get_executor()};
  std::unique_ptr<Line> line_;
  DomainClock clock_;
  BusSinks sinks_;
  std::vector<Polled> devices_;  // after line_: drivers go first
  PollPlan plan_;
  bool offline_ = false;  // as last logged
  Backoff::Moment beaten_;
  std::jthread thread_;
};

}  // namespace fettle::acquisition
