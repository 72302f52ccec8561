#pragma once

#include "advisory/mode_case.hpp"
#include "advisory/trust.hpp"
#include "detection/asset_watch.hpp"
#include "detection/detector.hpp"
#include "detection/sensor_watch.hpp"
#include "health/assessor.hpp"
#include "health/energy_account.hpp"
#include "installation.hpp"
#include "manipulation/feature.hpp"
#include "prognosis/forecaster.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// A failure mode that is followed on an asset, with the registered names of its parts.
struct FollowedMode {
  AssetId asset;
  std::string mode, iso14224, action, detector;
};

/// Everything that a pipeline is made of; built once by wire_up(). What is told by point may end before the last point.
struct PipelineParts {
  /// What happens to the readings of one indicator's median point.
  struct Indicator {
    std::string name;
    std::unique_ptr<detection::Detector> detector;
    health::Assessor assessor;
    std::unique_ptr<prognosis::Forecaster> forecaster;
    std::size_t mode_case = 0;
    std::size_t place = 0;  ///< among the indicators of its mode
    std::optional<std::size_t> meter = {};
    std::vector<std::size_t> learners = {};  ///< features whose learning it hangs on
    Quantity quantity = Quantity::ratio;
  };

  /// What a failure mode wastes.
  struct Meter {
    std::unique_ptr<health::WasteAccount> account;
    std::size_t mode_case = 0;
  };

  /// What looks at a machine as a whole.
  struct Watch {
    static constexpr std::string_view mode = "unspecified-anomaly", indicator = "unusualness";
    std::unique_ptr<detection::AssetWatch> watch;
    health::Assessor assessor;
    std::size_t mode_case = 0;
  };

  /// What looks after a machine's sensors.
  struct SensorWatch {
    static constexpr std::string_view mode = "sensor-fault", indicator = "unfit-sensors";
    std::unique_ptr<detection::SensorWatch> watch;
    health::Assessor assessor;
    std::size_t mode_case = 0;
    std::vector<PointId> points;  ///< as its sensors
  };

  /// The reading of a sensor, or whether it stands still in operation.
  struct SensorChannel {
    std::uint32_t watch = 0, place = 0;
    bool standstill = false;
  };

  /// The reading that a watch takes.
  struct Channel {
    std::uint32_t watch = 0, place = 0;
    Quantity quantity = Quantity::ratio;
  };

  /// Whether a machine has something to give to those that hang on it.
  struct Supply {
    AssetId of;
    PointId tells;
    std::optional<Time> missed_at;  ///< when it had not, most recently
  };

  /// Why a machine's readings may say nothing about it.
  struct Circumstances {
    std::optional<PointId> maintenance;  ///< tells whether somebody works on it, as a switch or a maintenance plan does
    bool is_maintained = false;
    std::vector<std::size_t> supplies;  ///< that it hangs on
  };

  std::vector<Point> points;  ///< the installation's, then the derived ones; of use only while the parts are made
  std::vector<std::unique_ptr<manipulation::Feature>> features;
  std::vector<std::vector<std::size_t>> listeners;  ///< by point: features to ask
  std::vector<std::optional<std::size_t>> judged;   ///< by point: the indicator it is the median of
  std::vector<Indicator> indicators;
  std::vector<std::optional<std::size_t>> metered;  ///< by point: the meter that it is the power of
  std::vector<Meter> meters;
  std::vector<std::optional<Channel>> watched;  ///< by point
  std::vector<Watch> watches;
  std::vector<std::optional<SensorChannel>> sensed;  ///< by point
  std::vector<SensorWatch> sensor_watches;
  std::vector<std::optional<std::uint32_t>> concerned;  ///< by point of a machine that has them: its circumstances
  std::vector<Circumstances> circumstances;
  std::vector<Supply> supplies;
  std::vector<std::optional<std::uint32_t>> supplying;  ///< by point: the supply that it tells of
  std::vector<std::unique_ptr<advisory::ModeCase>> cases;
  std::vector<FollowedMode> modes;  ///< as cases

  /// Notes what one of the tables by point says of a point.
  template <class T>
  static void note(std::vector<std::optional<T>>& table, PointId point, T what) {
    if (table.size() <= point.index) table.resize(point.index + std::size_t{1});
    table[point.index] = what;
  }
};

/// What one period of an indicator led to, only to be looked at; null where it did not come so far.
struct Judgement {
  std::size_t mode = 0;  ///< into Pipeline::modes()
  std::string_view
      indicator;          ///< its name in the equipment model; or what a watched reading is called, which has no health
  const Reading& period;  ///< its median
  Quantity quantity = Quantity::ratio;
  const Finding* finding = nullptr;
  const ModeHealth* health = nullptr;
  const Prognosis* prognosis = nullptr;
};

/// One reading's way: manipulation -> detection -> health -> prognosis -> advisory. Pure: no clock, no thread, no file; the same readings
/// in give the same alerts out. Does not allocate for a reading that leads to no alert.
class Pipeline {
 public:
  explicit Pipeline(const Installation& installation);

  /// Takes a reading in whose quality is known (manipulation/point_quality.hpp); gives back the alert revisions it leads to.
  std::vector<Alert> accept(const Reading& reading);
  /// Lets time pass where no reading comes.
  std::vector<Alert> tick(Time now);

  /// Continues an open episode, or remembers a closed one. False if its slot is not followed any more.
  bool restore(const Alert& alert);
  /// The episode with this id, open or the slot's last closed one; null if there is none.
  advisory::Episode* episode(std::string_view id);
  /// Every slot's.
  std::vector<const advisory::Episode*> episodes() const;
  /// Ends an episode with what a technician found. `fixed` lets the mode learn its baseline anew; the verdict counts for or against the
  /// trust in this mode (advisory/trust.hpp).
  std::vector<Alert> close(Time now, std::string_view id, const Outcome& outcome);
  /// Tells the trust of outcomes that were recorded before a restart.
  void recall_outcome(const std::string& slot, const Outcome& outcome);
  /// For each asset key the alert that explains its alerts; those of assets that are not named may explain each other.
  std::vector<Alert> explain(Time now, const std::map<std::string, std::string>& parents);
  /// Commissioning begins or ends: open and future alerts are tests, or are none any more.
  std::vector<Alert> set_test(Time now, bool test);
  /// Every part that has something to remember.
  std::vector<Stateful*> learned();

  /// Shows every judgement to somebody.
  void on_judgement(std::function<void(const Judgement&)> watcher) { watcher_ = std::move(watcher); }

  /// Share of the learning that is done, 0..1, by place in modes().
  std::vector<double> learning() const;

  const std::vector<FollowedMode>& modes() const { return parts_.modes; }

 private:
  Reason silenced(const Reading& reading);
  void follow(const Reading& reading, std::vector<Alert>& alerts);
  advisory::ModeCase* case_with(std::string_view id);
  template <class Act>
  std::vector<Alert> for_every_case(const Act& act);
  void start_anew(const advisory::ModeCase& mode_case);
  void note_waste();
  void judge(PipelineParts::Indicator& indicator, const Reading& median, std::vector<Alert>& alerts);
  void watch(const PipelineParts::Channel& channel, const Reading& reading, std::vector<Alert>& alerts);
  void watch_sensor(const PipelineParts::SensorChannel& channel, const Reading& reading, std::vector<Alert>& alerts);
  void show(const PipelineParts::Channel& channel, const Reading& reading) const;
  advisory::Standing standing_of(const advisory::ModeCase& mode_case, Time now) const;

  PipelineParts parts_;
  advisory::Trust trust_;
  std::function<void(const Judgement&)> watcher_;
};

/// Makes the parts for every asset whose model and roles are there.
PipelineParts wire_up(const Installation& installation);

}  // namespace fettle
