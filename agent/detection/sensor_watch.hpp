#pragma once

#include "core/reading.hpp"
#include "core/state.hpp"
#include "core/verdicts.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace fettle::detection {

struct SensorWatchSettings {
  std::string id;                        ///< "AHU-07"
  std::vector<std::string> sensors;      ///< roles
  std::uint64_t meaning = 0;             ///< hash of what they are
  std::optional<std::size_t> mute = {};  ///< the one of them that is 1 while somebody works on the machine
};

/// Says when one of a machine's sensors does not measure any more: it stands still for longer than it ever did, shows what cannot be, leaps,
/// or has no value; and when nobody ends the work on the machine, which is not judged meanwhile. What each reading is worth is known when it
/// comes (manipulation/point_quality.hpp); here it is counted how long that lasts. A wire or a device that is silent is no sensor's fault,
/// and is left to those who watch the buses.
class SensorWatch final : public Stateful {
 public:
  static constexpr Duration step = std::chrono::hours{1};
  /// Of the finding's value: for how long the worst sensor has not measured, in parts of how long that may be.
  static constexpr double warn = 0.5, limit = 1;

  explicit SensorWatch(SensorWatchSettings settings);

  /// Whether a sensor stands still for longer than it ever did in operation: 1, or 0; bad while the machine rests, and while it does,
  /// standing still says nothing, and each move that the sensor measures. A sensor that nothing is noted of is judged by its readings alone.
  void note_standstill(std::size_t sensor, const Reading& standstill);
  /// A reading of any quality. A finding when an hour is over.
  std::optional<Finding> observe(std::size_t sensor, const Reading& reading);
  /// True if the sensor has not measured for so long that it is told.
  bool is_unfit(std::size_t sensor) const { return sensors_.at(sensor).share() >= limit; }
  /// It was put right.
  void start_anew();

  std::string state_id() const override { return settings_.id + "/sensors"; }
  std::uint32_t state_version() const override { return 2; }
  std::uint64_t settings_hash() const override { return settings_.meaning; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  struct Sensor {
    Time last{};
    float unfit = 0;                                          ///< seconds
    float longest = 0;                                        ///< that it had no value, and got one again by itself
    double value = std::numeric_limits<double>::quiet_NaN();  ///< the last good one
    Reason why = Reason::none;
    std::uint8_t has_measured = 0;  ///< one that never has is not wired yet; that is for information
    enum class Motion : std::uint8_t { unknown, moves, stands, rests } motion = Motion::unknown;

    void live(float seconds, Reason reason);
    float allowed() const;
    float share() const;
    std::optional<Reason> verdict(const Reading& reading) const;
  };

  std::optional<Reason> verdict(std::size_t sensor, const Reading& reading) const;
  std::string words_of(std::size_t sensor) const;
  std::string words_of_standing() const;
  bool stands_still(std::size_t sensor) const;

  SensorWatchSettings settings_;
  std::vector<Sensor> sensors_;
  std::int64_t step_ = -1;
};

}  // namespace fettle::detection
