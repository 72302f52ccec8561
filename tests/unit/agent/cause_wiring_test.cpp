#include "cause_wiring.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <filesystem>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// A boiler that feeds a machine with a coil, both of a made-up model: "cold" may come from the boiler, and "leak" explains "stuck".
class Chain {
 public:
  explicit Chain(const std::string& explained_by = "leak", const std::string& fed_by = "BOILER") {
    std::filesystem::create_directory(folder_.path() / "equipment");
    const auto mode = [](const std::string& name, const std::string& more) {
      return fmt::format(
          "  - {{mode: {0}, iso14224: LOO, part: p, cause: c, effect: e, severity: major, horizon: 9d, forecaster: "
          "none, {1}\n"
          "     indicators: [{{name: s_{0}, title: T, formula: {0}, quantity: temperature, every: 1h, warn: 10, limit: "
          "20, source: s}}],\n"
          "     advice: {{code: A, text: t, skills: [s], parts: [], minutes: 1, lead_time: 1d, safety: [], checks: "
          "[c]}}}}\n",
          name, more);
    };
    folder_.write("equipment/coil.yaml",
                  "class: coil\ntitle: Coil\nroles:\n"
                  "  cold: {quantity: temperature, title: Cold}\n  leak: {quantity: temperature, title: Leak}\n"
                  "  stuck: {quantity: temperature, title: Stuck}\nmodes:\n" +
                      mode("cold", "needs_supply: true,") + mode("leak", "") +
                      mode("stuck", fmt::format("explained_by: [{}],", explained_by)));
    folder_.write("log.csv", "time,a,b,m\n");
    const auto site = folder_.write(
        "site.yaml",
        fmt::format(
            "gateway: {{id: gw-1}}\nsite: {{id: S, tz: UTC}}\nstore: {{folder: store}}\nbuses: [{{id: h, driver: "
            "csv}}]\n"
            "devices: [{{id: log, bus: h, files: [log.csv], every: 1h, profile: {{protocol: csv, time: {{column: "
            "time}},\n"
            "  points: {{a: {{quantity: temperature, column: a}}, b: {{quantity: temperature, column: b}}, m: "
            "{{quantity: state, column: m}}}}}}}}]\n"
            "assets:\n  - {{id: BOILER, model: coil, points: {{leak: log/a}}}}\n"
            "  - {{id: COIL, model: coil, fed_by: [{}], points: {{cold: log/b, leak: log/b, stuck: log/b, maintenance: "
            "log/m}}}}\n",
            fed_by));
    installation_.emplace(load_installation(site));
    pipeline_.emplace(*installation_);
  }

  /// So many hours; the alerts as they are then, by "ASSET/mode".
  std::map<std::string, Alert> live(int hours, double boiler, double coil, bool maintained = false) {
    for (const Time end = now_ + 1h * hours; now_ < end; now_ += 1h) {
      for (const auto& asset : installation_->assets) {
        for (const auto& [role, point] : asset.roles) {
          const double value =
              role == "maintenance" ? (maintained ? 1 : 0) : (asset.asset.key == "BOILER" ? boiler : coil);
          keep(pipeline_->accept(good(point, now_, value)));
        }
      }
      keep(pipeline_->explain(now_, {}));
    }
    return latest_;
  }
  std::string mistakes() const {
    std::string text;
    for (const auto& mistake : installation_->confined.all()) text += mistake.path + ": " + mistake.text + "\n";
    return text;
  }
  const InstalledAsset& coil() const { return installation_->assets.back(); }
  const Installation& installation() const { return *installation_; }

 private:
  void keep(std::vector<Alert> alerts) {
    for (auto& alert : alerts) latest_[alert.asset + "/" + alert.mode] = std::move(alert);
  }

  test::TempDir folder_;
  std::optional<Installation> installation_;
  std::optional<Pipeline> pipeline_;
  std::map<std::string, Alert> latest_;
  Time now_ = start;
};

TEST(Causes, of_the_machine_itself_and_of_what_feeds_it_leave_one_visit_each) {
  Chain chain;
  ASSERT_EQ(chain.mistakes(), "");
  const auto told = chain.live(8, 25, 25);
  ASSERT_TRUE(told.contains("BOILER/leak"));
  EXPECT_TRUE(dispatch_grade(told.at("BOILER/leak")));
  EXPECT_EQ(told.at("COIL/cold").parent, told.at("BOILER/leak").id);
  EXPECT_TRUE(dispatch_grade(told.at("COIL/leak"))) << "water that leaks comes from no boiler's fault";
  EXPECT_EQ(told.at("COIL/stuck").parent, told.at("COIL/leak").id);
}

TEST(Causes, that_are_not_there_explain_nothing) {
  Chain chain;
  const auto told = chain.live(8, 5, 25);
  EXPECT_FALSE(told.contains("BOILER/leak"));
  EXPECT_TRUE(dispatch_grade(told.at("COIL/cold")));
}

TEST(Maintenance, is_a_time_in_which_nothing_is_concluded) {
  Chain chain;
  EXPECT_TRUE(chain.live(24, 5, 25, true).empty());
  const auto told = chain.live(8, 5, 25);
  EXPECT_TRUE(told.contains("COIL/leak"));
  EXPECT_FALSE(told.contains("BOILER/leak"));
}

TEST(Maintenance, that_nobody_ends_is_told) {
  Chain chain;
  EXPECT_TRUE(chain.live(3 * 24, 5, 25, true).empty());
  auto told = chain.live(5 * 24, 5, 25, true);
  ASSERT_TRUE(told.contains("COIL/sensor-fault"));
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(told.at("COIL/sensor-fault").severity, Severity::minor);
  EXPECT_EQ(told.at("COIL/sensor-fault").title, "COIL: maintenance has been on for days: nothing is judged meanwhile");
  told = chain.live(5 * 24, 5, 25);
  EXPECT_NE(told.at("COIL/sensor-fault").state, AlertState::active);
  EXPECT_TRUE(dispatch_grade(told.at("COIL/leak")));
}

TEST(Causes, must_be_known) {
  EXPECT_THAT(Chain("leek").mistakes(), HasSubstr("coil has no other mode \"leek\" (did you mean \"leak\"?)"));
  EXPECT_THAT(Chain("stuck").mistakes(), HasSubstr("coil has no other mode \"stuck\""));
  EXPECT_THAT(Chain("leak", "BOILR").mistakes(), HasSubstr("assets[1].fed_by[0]: there is no other machine \"BOILR\""));
  EXPECT_THAT(Chain("leak", "COIL").mistakes(), HasSubstr("assets[1].fed_by[0]: there is no other machine \"COIL\""));
}

TEST(Sensors, of_a_formula_are_what_measures_the_machine) {
  Chain chain;
  const auto& coil = chain.coil();
  const auto& model = chain.installation().models.front();
  EXPECT_THAT(sensors_of(coil, model, "leak - cold"), testing::SizeIs(2));
  EXPECT_THAT(inputs_of(coil, model, "leak"), testing::ElementsAre(coil.roles.at("leak")));
}

}  // namespace
}  // namespace fettle
