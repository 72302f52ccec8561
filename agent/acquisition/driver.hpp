#pragma once

#include "acquisition/profile.hpp"
#include "core/clock.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/result.hpp"
#include "settings/node.hpp"

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace fettle::acquisition {

/// How a device and its wire get on, counted since the line was made.
struct LineQuality {
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;    ///< right ones, refusals included
  std::uint64_t refusals = 0;   ///< of these
  std::uint64_t timeouts = 0;   ///< nothing that could be an answer came in time
  std::uint64_t malformed = 0;  ///< something came, with a wrong check sum or shape
  std::uint64_t noise = 0;      ///< bytes that belonged to no frame
  double latency_p50 = 0;       ///< milliseconds from the question to the beginning of the answer, of the last answers
  double latency_p95 = 0;
  double busy = 0;  ///< milliseconds that the wire was taken by this device's questions, answers and silences
};

/// Which of a device's points are wanted: a bit for each PointClass.
using ClassSet = std::bitset<3>;

/// One device on a line, as its bus sees it. Used by one thread; must not outlive its Line.
class Driver {
 public:
  Driver() = default;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  virtual ~Driver() = default;

  /// Asks the device for everything; may block as long as its timeouts last, and no longer.
  /// `into` has one Reading a point of the profile, in the profile's order; value, quality and reason are filled in, the point is the
  /// bus's. So is the time, unless the driver knows better and sets one. What is left at Reason::not_read was not asked for, or has not
  /// come since the last call, and is not passed on. Returns how many are good. What the device refused is bad with the reason while the rest is good; an Error
  /// says that it gave nothing at all (and leaves `into` bad with that reason).
  virtual Result<std::size_t> read(std::span<Reading> into) = 0;

  /// Which points the next reads are to ask for; all until this is called. A device that cannot choose gives all.
  virtual void choose(ClassSet /*wanted*/) {}

  /// Asks a device that does not answer whether it is there, at as little cost to the others on its line as the line allows: true once it
  /// has answered anything. Nothing if the line knows no cheaper way than read().
  virtual std::optional<bool> stirs() { return std::nullopt; }

  /// Nothing if the protocol counts nothing.
  virtual std::optional<LineQuality> quality() const { return std::nullopt; }

  /// True if the device has said something of its own accord (a message, a row whose time has come) that a read would give right now;
  /// it is read as soon as the line calls `wake`, and whenever the bus has nothing else to do.
  virtual bool has_news() { return false; }

  /// Waits until there is something to read from a device that speaks of its own accord; false if it says nothing until the deadline.
  /// All others answer when they are asked.
  virtual bool await(std::chrono::steady_clock::time_point /*deadline*/) { return true; }

  /// What the last read found on the wire for a point, for people: "4366 199A"; empty if nothing.
  virtual std::string raw(std::size_t point) const = 0;

  /// Where a point comes from, as published: "modbus:1:30021".
  virtual std::string source(std::size_t point) const = 0;
};

/// One wire (a TCP host, a serial line) that its devices share.
/// Making one opens nothing, so that `fettle check` can make every line; the first read opens the wire, and after a failure a
/// later one opens it again, with a pause that grows.
class Line {
 public:
  /// Reads the whole `buses:` entry. Always returns a line, which is of no use if there were mistakes.
  using Factory = std::unique_ptr<Line>(const settings::Node& bus, settings::Mistakes& mistakes);

  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  virtual ~Line() = default;

  /// A device on this line. Reads the whole `devices:` entry; of no use if there were mistakes. The driver may keep the profile, but not
  /// look at the nodes and examples in it any more.
  virtual std::unique_ptr<Driver> attach(const SharedProfile& profile, const settings::Node& device,
                                         settings::Mistakes& mistakes) = 0;

  /// Called once before the first read, by a bus that polls: the clock that dates its readings, and what the line may call, from any
  /// thread, when one of its devices has news.
  virtual void start(const DomainClock& /*clock*/, std::function<void()> /*wake*/) {}

  /// Ends a read that blocks, and every later one, at once, with Fault::offline. The one call that other threads may make.
  virtual void cancel() = 0;
};

}  // namespace fettle::acquisition
