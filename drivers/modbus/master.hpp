#pragma once

#include "modbus/pdu.hpp"
#include "modbus/statistics.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace fettle::modbus {

/// Who is asked, and how it wants to be asked.
struct Station {
  std::uint8_t unit = 1;
  Span timeout{};  ///< from the end of the request to the beginning of the answer
  Span min_gap{};  ///< silence before a request
};

/// Asks questions on one wire, and takes nothing for their answers that is not.
class Master {
 public:
  Master() = default;
  Master(const Master&) = delete;
  Master& operator=(const Master&) = delete;
  virtual ~Master() = default;

  virtual Result<Words> ask(const Station& station, const Request& request) = 0;

  /// Several questions to one station, as many at once as the other side takes. One answer a question, in their order; once the station
  /// is silent or the wire gone, what was not asked yet is not asked any more, and has the same Error.
  virtual std::vector<Result<Words>> ask_all(const Station& station, std::span<const Request> requests);

  /// Asks a station that was silent whether it is back, now or some time ago, as cheaply for the others as the wire allows.
  virtual bool knock(const Station& station, const Request& request) = 0;

  /// True if knocking costs the others nothing.
  virtual bool knocks_freely() const = 0;

  /// How many registers that nobody wants cost less than another request.
  virtual std::size_t break_even(const Station& station) const = 0;

  /// How long a question takes the wire while everything goes well; nothing if the wire is nobody's bottleneck.
  virtual std::optional<Span> wire_time(const Station& /*station*/, const Request& /*request*/) const {
    return std::nullopt;
  }

  /// Of a unit that was never asked: all zero.
  acquisition::LineQuality quality(std::uint8_t unit) const;

 protected:
  Statistics& statistics(std::uint8_t unit) { return statistics_[unit]; }
  const Statistics* known_statistics(std::uint8_t unit) const;
  /// The slowest unit's usual latency; zero as long as none has answered.
  Span slowest_latency() const;

 private:
  std::map<std::uint8_t, Statistics> statistics_;
};

/// Whatever is asked next of this station would only cost the others time.
inline bool is_silence(Fault fault) { return fault == Fault::timeout || fault == Fault::offline; }

}  // namespace fettle::modbus
