// What a reading costs once everything has warmed up: no allocation, from the bus to the judgement. What a poll costs beside its readings
// (a batch, its way home) does not grow with them; a document that is published is made anew each time, and is no part of this.
#include "acquisition/bus.hpp"
#include "channels.hpp"
#include "pipeline.hpp"
#include "store/history.hpp"
#include "support/allocations.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <stdexcept>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

Installation example() { return load_installation(FETTLE_SOURCE_DIR "/config/site.example.yaml"); }

/// Every point of the example site once a minute, healthy and a little restless.
class Plant {
 public:
  void live(Duration span) {
    for (const auto end = now_ + span; now_ < end; now_ += 1min) {
      for (const auto& point : installation_.points) {
        const auto noise = 0.002 * static_cast<double>((count_ * 7 + point.id.index) % 13);
        alerts_ += pipeline_.accept(good(point.id, now_, level_of(point) * (1 + noise))).size();
      }
      ++count_;
    }
  }
  std::size_t alerts() const { return alerts_; }
  /// The failure modes that are not judged yet.
  std::vector<std::string> learning() const {
    std::vector<std::string> modes;
    const auto shares = pipeline_.learning();
    for (std::size_t place = 0; place < shares.size(); ++place) {
      if (shares[place] < 1) modes.push_back(pipeline_.modes().at(place).mode);
    }
    return modes;
  }

 private:
  /// Of machines that run and do some work.
  static double level_of(const Point& point) {
    static const std::map<std::string, double, std::less<>> levels{{"outdoor_temperature", 5},
                                                                   {"supply_temperature", 18},
                                                                   {"return_temperature", 22},
                                                                   {"chilled_supply_temperature", 7},
                                                                   {"chilled_return_temperature", 12},
                                                                   {"condensing_temperature", 38},
                                                                   {"condenser_leaving_temperature", 35},
                                                                   {"filter_dp", 0.08},
                                                                   {"fan_power", 3},
                                                                   {"power", 60},
                                                                   {"chilled_flow", 70}};
    const auto known = levels.find(point.role);
    if (known != levels.end()) return known->second;
    return point.quantity == Quantity::voltage ? 230 : point.quantity == Quantity::ratio ? 0.8 : 40;
  }

  Installation installation_ = example();
  Pipeline pipeline_{installation_};
  Time now_ = start;
  std::uint64_t count_ = 0;
  std::size_t alerts_ = 0;
};

TEST(SteadyState, a_reading_is_judged_without_allocating) {
  Plant plant;
  plant.live(std::chrono::days{28});
  EXPECT_THAT(plant.learning(), testing::Each("cavitation")) << "which takes readings every few seconds";
  // The watch finds readings with a rhythm of their own unusual now and then, and an alert is allocated.
  for (int attempt = 0; attempt < 10; ++attempt) {
    const auto alerts = plant.alerts();
    const auto before = test::allocations();
    plant.live(12h);
    if (plant.alerts() != alerts) continue;
    EXPECT_EQ(test::allocations() - before, 0);
    return;
  }
  FAIL() << "there is no half day without an alert";
}

TEST(SteadyState, a_reading_is_remembered_without_allocating) {
  const test::TempDir folder;
  const auto history = store::History::open(folder.path().string(), {.raw = 1min}, {"a", "b"}).value();
  const auto add = [&history](Duration from, Duration to) {
    for (auto at = from; at < to; at += 1s) {
      for (std::uint32_t point = 0; point < 2; ++point) history->add(good(PointId{point}, start + at, 1));
    }
  };
  add(0s, 5min);
  const auto before = test::allocations();
  add(5min, 14min);
  EXPECT_EQ(test::allocations() - before, 9) << "one a minute, for all points together";
}

class Device final : public acquisition::Driver {
 public:
  Result<std::size_t> read(std::span<Reading> into) override {
    for (auto& reading : into) reading = good({}, {}, 1);
    return into.size();
  }
  std::string raw(std::size_t) const override { return {}; }
  std::string source(std::size_t) const override { return {}; }
};

class Wire final : public acquisition::Line {
 public:
  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile&, const settings::Node&,
                                              settings::Mistakes&) override {
    return nullptr;
  }
  void cancel() override {}
};

/// A device of so many points, each a point of the installation.
Installation installation_of(std::size_t points) {
  Installation installation;
  InstalledDevice device;
  device.settings.key = "meter";
  device.settings.bus = "line";
  acquisition::DeviceProfile profile;
  profile.points.resize(points);
  device.profile = shared(std::move(profile));
  for (std::uint32_t point = 0; point < points; ++point) device.wiring.push_back({point, PointId{point}});
  installation.devices.push_back(std::move(device));
  return installation;
}

/// How often a poll of so many points allocates on its way from the bus to the installation's readings.
double allocations_a_poll(std::size_t points) {
  boost::asio::io_context home{1};
  const auto awake = boost::asio::make_work_guard(home);
  DeviceKinds kinds;
  Channels channels{installation_of(points), "line", kinds};
  std::vector<acquisition::BusDevice> devices(1);
  devices[0] = {"meter", std::make_unique<Device>(), points, acquisition::all_at(1ms), {}};
  for (std::uint32_t point = 0; point < points; ++point) devices[0].feeds.push_back({point, PointId{point}});
  std::size_t readings = 0;
  acquisition::BusSinks sinks;
  sinks.states = [](const acquisition::DeviceState&) {};
  sinks.readings = [&](std::vector<Reading> values) {
    boost::asio::post(home, [&, values = std::move(values)] { readings += channels.readings(values).size(); });
  };
  const acquisition::Bus bus{"line", std::make_unique<Wire>(), std::move(devices), DomainClock{}, std::move(sinks)};
  const auto poll = [&](std::size_t count) {
    for (const auto end = readings + count * points; readings < end;) {
      if (home.run_one_for(10s) == 0) throw std::runtime_error{"nothing comes from the bus"};
    }
  };
  poll(50);
  const auto before = test::allocations();
  poll(200);
  return static_cast<double>(test::allocations() - before) / 200;
}

TEST(SteadyState, a_poll_allocates_no_more_for_hundreds_of_readings_than_for_one) {
  const auto one = allocations_a_poll(1);
  EXPECT_LT(one, 10);
  EXPECT_LT(allocations_a_poll(500), one + 3);
}

}  // namespace
}  // namespace fettle
