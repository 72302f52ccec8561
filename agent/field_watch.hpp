#pragma once

#include "agent_status.hpp"
#include "field_report.hpp"
#include "live_readings.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fettle {

/// A point that is looked at, with its latest reading.
struct WatchedPoint {
  PointReport report;
  Duration every{};  ///< how often it is read
};

/// The field at one moment.
struct FieldView {
  enum class From : std::uint8_t { agent, lost_agent, buses };

  Time now{};
  From from = From::buses;
  std::vector<WatchedPoint> points;
  std::vector<BusStatus> buses;
};

/// Looks at the field again and again. Where an agent runs on this site's store, it is asked what it knows; where none does, the buses are
/// opened and polled as the agent would, at the same paces. It gives the buses back when an agent is started, and does not open them when
/// one ends.
class FieldWatch {
 public:
  /// All devices if none is named. Both references outlive it; what the buses tell comes by `home`.
  FieldWatch(boost::asio::io_context& home, const Installation& installation, const std::vector<std::string>& devices);
  FieldWatch(const FieldWatch&) = delete;
  FieldWatch& operator=(const FieldWatch&) = delete;
  ~FieldWatch();

  /// What is known now. Asking an agent may take two seconds, if it is very busy.
  FieldView look();
  /// False while a device has not been read even once.
  bool is_complete() const;

 private:
  struct OwnBus;
  /// A device's line and its first point among all.
  struct Watched {
    std::size_t device = 0;
    std::size_t first_point = 0;
  };

  /// How long a device had taken its wire at some moment.
  struct Count {
    double busy = 0;
    std::chrono::steady_clock::time_point at{};
    std::optional<double> load = std::nullopt;  ///< until then
  };

  void measure_loads();
  void list_points(const std::vector<std::string>& devices);
  void open_buses();
  std::unique_ptr<OwnBus> open(const settings::BusSettings& settings, const std::vector<Watched>& devices);
  acquisition::BusDevice make_device(OwnBus& own, const Watched& watched, acquisition::Line& line);
  template <class Work>
  void tell_home(OwnBus& from, const std::weak_ptr<const bool>& alive, Work work);
  void take_over(const std::vector<LiveReading>& readings);
  bool is_watched(const std::string& device) const;

  boost::asio::io_context& home_;
  const Installation& installation_;
  std::vector<Watched> watched_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;  ///< by device and point
  std::map<std::string, Count> counts_;                                ///< by device
  FieldView view_;
  std::vector<std::unique_ptr<OwnBus>> buses_;
};

}  // namespace fettle
