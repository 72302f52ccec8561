#pragma once

#include "core/time.hpp"
#include "delivery/freight.hpp"
#include "delivery/telemetry_document.hpp"
#include "delivery/telemetry_pacer.hpp"
#include "delivery/telemetry_queue.hpp"
#include "delivery/telemetry_settings.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace fettle::delivery {

/// Real times.
struct TelemetryTimes {
  std::chrono::milliseconds look{250};  ///< how often is looked for what is late
  std::chrono::milliseconds late{
      500};  ///< without an acknowledgement so long, a batch goes to disk; at the next look while cut off
};

/// How telemetry fares, for status and diag.
struct TelemetryState {
  std::uint64_t next_seq = 0, dropped = 0;
  std::size_t waiting = 0, waiting_in_memory = 0;  ///< not acknowledged by the broker
  bool catching_up = false;
};

/// Publishes what devices are read: each poll a batch with a number of its own, in order, each until the broker has acknowledged it.
/// A value appears in the batch of the poll that read it and in no other, so an old one never has a fresh time. Lives on home.
class Telemetry final : public Freight {
 public:
  using Now = std::function<Time()>;
  using Changed = std::function<void()>;

  /// `spool` outlives it. `now` is the domain clock; `changed` is told that there may be something to send (Delivery::freight_changed).
  Telemetry(boost::asio::io_context& home, Now now, GatewayFacts gateway, const TelemetrySettings& settings,
            std::vector<TelemetryDevice> devices, TelemetrySpool& spool, Changed changed, TelemetryTimes times = {});
  ~Telemetry() override;

  /// The readings of one poll of one device; those of points that are not published are left out.
  void take(const std::vector<Reading>& poll);
  /// How right the clock is. What is read while it is certainly wrong waits, and is dated when it is right.
  void set_clock(const ClockState& clock);
  /// Before a clean end: all that is not acknowledged goes to disk. Nothing is taken afterwards.
  void stop();

  TelemetryState state() const;

  std::optional<Parcel> next() override;
  void delivered(std::uint64_t number) override;
  void link_lost() override;
  void link_up() override;

 private:
  using Steady = std::chrono::steady_clock;

  /// Readings of one device.
  struct Poll {
    std::size_t device = 0;
    std::vector<TelemetryValue> values;
    Steady::time_point taken;
    Time stamp{};  ///< what the domain clock said then
  };
  /// Where a point's readings go.
  struct Place {
    std::uint32_t device = nowhere, point = 0;
  };
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  std::optional<Poll> sorted(const std::vector<Reading>& readings) const;
  bool is_due(const Poll& poll);
  bool is_clock_impossible(Time now) const;
  void hold(Poll poll);
  void release_held();
  void publish(const Poll& poll);
  void add(std::size_t device, std::span<const TelemetryValue> values);
  void reserve_numbers();
  void begin_catching_up();
  void await_look();
  void look();
  void await_pace();

  Now now_;
  GatewayFacts gateway_;
  TelemetrySettings settings_;
  std::vector<TelemetryDevice> devices_;
  std::vector<Place> places_;  ///< by PointId
  std::vector<std::optional<std::int64_t>>
      periods_;  ///< by device: the `every` that the latest published poll fell into
  TelemetrySpool& spool_;
  TelemetryQueue queue_;
  TelemetryPacer pacer_;
  Changed changed_;
  TelemetryTimes times_;

  std::deque<Poll> held_;  ///< until the clock is possible
  std::uint64_t next_seq_ = 1, reserved_ = 0;
  bool after_crash_ = false, linked_ = false, catching_up_ = false, looking_ = false, pacing_ = false, stopped_ = false;
  boost::asio::steady_timer looker_, pace_;
  std::shared_ptr<const bool>
      alive_;  ///< shared with queued handlers as weak pointers, so that a late one finds nobody
};

}  // namespace fettle::delivery
