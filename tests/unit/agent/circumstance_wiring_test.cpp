#include "circumstance_wiring.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <filesystem>
#include <functional>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// A meter, what lies between, and a fan that is called for and draws nothing as soon as there is no voltage.
class Building {
 public:
  explicit Building(const std::string& between = "board", const std::string& condition = "voltage > 195") {
    std::filesystem::create_directory(folder_.path() / "equipment");
    write_model("meter", "voltage", "voltage < 1", fmt::format("supplies: [\"{}\"]\n", condition));
    write_model("board", "current", "current > 100", "");
    write_model("ups", "current", "current > 100", "own_supply: true\n");
    write_model("fan", "power", "power < 1", "");
    folder_.write("log.csv", "time,v,c,p\n");
    const auto site = folder_.write(
        "site.yaml",
        fmt::format("gateway: {{id: gw-1}}\nsite: {{id: S, tz: UTC}}\nstore: {{folder: store}}\nbuses: [{{id: h, "
                    "driver: csv}}]\n"
                    "devices: [{{id: log, bus: h, files: [log.csv], every: 1m, profile: {{protocol: csv, time: "
                    "{{column: time}},\n"
                    "  points: {{v: {{quantity: voltage, column: v}}, c: {{quantity: current, column: c}}, p: "
                    "{{quantity: active_power, column: p}}}}}}}}]\n"
                    "assets:\n  - {{id: FAN, model: fan, fed_by: [BETWEEN], points: {{power: log/p}}}}\n"
                    "  - {{id: BETWEEN, model: {}, fed_by: [METER], points: {{current: log/c}}}}\n"
                    "  - {{id: METER, model: meter, points: {{voltage: log/v}}}}\n",
                    between));
    installation_.emplace(load_installation(site));
    pipeline_.emplace(*installation_);
  }

  /// So many minutes; the assets of which there were alerts by then.
  std::set<std::string> live(int minutes, double voltage, double power) {
    for (const Time end = now_ + 1min * minutes; now_ < end; now_ += 1min) {
      for (const auto& asset : installation_->assets) {
        for (const auto& [role, point] : asset.roles) {
          const double value = role == "voltage" ? voltage : role == "power" ? power : 10;
          const auto reading = std::isnan(value) ? bad(point, now_, Reason::timeout) : good(point, now_, value);
          for (const auto& alert : pipeline_->accept(reading)) told_.insert(alert.asset);
        }
      }
    }
    return told_;
  }

  void set_clock(Duration step) { now_ += step; }

  std::string mistakes() const {
    std::string text;
    for (const auto& mistake : installation_->confined.all()) text += mistake.path + ": " + mistake.text + "\n";
    return text;
  }

 private:
  void write_model(const std::string& name, const std::string& role, const std::string& sign, const std::string& more) {
    const std::map<std::string, std::string> quantities{
        {"voltage", "voltage"}, {"current", "current"}, {"power", "active_power"}};
    folder_.write(
        "equipment/" + name + ".yaml",
        fmt::format("class: {0}\ntitle: T\n{3}roles: {{{1}: {{quantity: {4}, required: true, title: T}}}}\nmodes:\n"
                    "  - {{mode: gone, iso14224: FTS, part: p, cause: c, effect: e, severity: major, horizon: 9d, "
                    "forecaster: none,\n"
                    "     indicators: [{{name: s, title: T, formula: {2}, quantity: ratio, every: 5m, warn: 0.5, "
                    "limit: 1, source: s}}],\n"
                    "     advice: {{code: A, text: t, skills: [s], parts: [], minutes: 1, lead_time: 1d, safety: [], "
                    "checks: [c]}}}}\n",
                    name, role, sign, more, quantities.at(role)));
  }

  test::TempDir folder_;
  std::optional<Installation> installation_;
  std::optional<Pipeline> pipeline_;
  std::set<std::string> told_;
  Time now_ = start;
};

TEST(Supply, that_is_lost_is_no_fault_of_what_hangs_on_it) {
  Building building;
  ASSERT_EQ(building.mistakes(), "");
  building.live(60, 230, 500);
  EXPECT_EQ(building.live(60, 0, 0), std::set<std::string>{"METER"});
  EXPECT_EQ(building.live(9, 230, 0), std::set<std::string>{"METER"}) << "drives take their time to come back";
  EXPECT_THAT(building.live(30, 230, 0), testing::Contains("FAN"));
}

TEST(Supply, is_back_also_by_a_clock_that_was_set_back) {
  Building building;
  building.set_clock(24h);
  building.live(60, 230, 500);
  building.live(5, 0, 0);
  building.set_clock(-24h);
  EXPECT_THAT(building.live(60, 230, 0), testing::Contains("FAN"));
}

TEST(Supply, that_is_there_excuses_nothing) {
  Building building;
  building.live(60, 230, 500);
  EXPECT_EQ(building.live(30, 230, 0), std::set<std::string>{"FAN"});
}

TEST(Supply, of_which_nothing_is_known_any_more_excuses_nothing) {
  Building building;
  building.live(60, 230, 500);
  building.live(10, 0, 0);
  EXPECT_THAT(building.live(40, no_value, 0), testing::Contains("FAN"));
}

TEST(Supply, of_its_own_makes_a_machine_independent) {
  Building building{"ups"};
  building.live(60, 230, 500);
  EXPECT_THAT(building.live(30, 0, 0), testing::Contains("FAN"));
}

TEST(Supply, is_told_by_a_sound_formula) {
  EXPECT_THAT(Building("board", "volts > 195").mistakes(), HasSubstr("supplies[0]: "));
}

}  // namespace
}  // namespace fettle
