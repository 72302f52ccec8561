#pragma once

#include "installation.hpp"
#include "pipeline.hpp"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// Which part of a history is replayed; both ends belong to it.
struct ReplaySpan {
  std::optional<Time> from, to;
};

/// What a history had that could not be used, with the first few of it as "ahu.csv:17: why".
struct LeftOut {
  std::uint64_t all_rows = 0;
  std::string reasons;        ///< "2 without a time, 1 repeated, 0 out of order"
  std::string remedy;         ///< where most rows are left out for one reason
  std::uint64_t garbled = 0;  ///< values that are no numbers
  std::vector<std::string> rows, values;
};

/// What became of one device's history.
struct ReplayedDevice {
  std::string key;
  std::vector<std::string> files;
  std::uint64_t rows = 0, readings = 0;
  std::uint64_t bad = 0;  ///< of the readings
  std::optional<Time> first, last;
  Duration covered{};            ///< without the gaps
  Duration every{};              ///< as the site file says
  std::optional<Duration> step;  ///< what usually lies between two rows
  LeftOut left;
};

/// Recorded history through the very pipeline that the agent has, as fast as it can be read: no clock, no broker, no journal. The same
/// files give the same alerts.
class Replay {
 public:
  /// Of an installation whose histories were checked when it was loaded, and which outlives the replay.
  explicit Replay(const Installation& installation);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay();

  using TakeAlert = std::function<void(const Alert& alert)>;
  /// Asked once in a while; false ends the replay.
  using GoOn = std::function<bool()>;

  /// The rows of all devices by their times, in the site file's order where these are the same; each row's readings in the order of the
  /// points. Between them time passes in steps, as the agent lets it. Fails if a file cannot be read any more.
  Result<void> run(const ReplaySpan& span, const TakeAlert& take, const GoOn& go_on);

  Pipeline& pipeline() { return pipeline_; }
  const Installation& installation() const { return installation_; }
  /// How far it has come.
  Time now() const { return now_; }
  std::uint64_t rows() const { return rows_; }
  double share_done() const;
  std::vector<ReplayedDevice> devices() const;

 private:
  class Source;
  struct Bus;

  Source* earliest();
  void let_time_pass(Time until, const TakeAlert& take);
  void feed(Source& source, const TakeAlert& take);

  const Installation& installation_;
  Pipeline pipeline_;
  std::vector<std::unique_ptr<Bus>> buses_;
  std::vector<std::unique_ptr<Source>> sources_;  ///< in the site file's order
  boost::asio::thread_pool reader_{1};            ///< of files, ahead of what is judged; ends before the sources
  Time now_{}, next_tick_{};
  std::uint64_t rows_ = 0;
};

}  // namespace fettle
