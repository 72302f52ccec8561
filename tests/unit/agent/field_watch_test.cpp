#include "field_watch.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;

/// A sensor of the gateway itself, whose file is rewritten.
class FieldWatchTest : public testing::Test {
 protected:
  FieldWatchTest() {
    show("21500");
    const auto site = folder.write(
        "site.yaml",
        fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin}}\nstore: {{folder: {}}}\n"
                    "buses: [{{id: board, driver: sysfs, root: {}}}]\n"
                    "devices:\n  - {{id: chip, bus: board, hwmon: cpu, every: {{fast: 100ms, normal: 1h}},\n"
                    "     profile: {{protocol: sysfs, points: {{"
                    "t: {{quantity: temperature, file: temp1_input, class: fast}},\n"
                    "     u: {{quantity: voltage, file: in1_input}}}}}}}}\n",
                    folder.file("store"), folder.path().string()));
    installation = load_installation(site);
    for (const auto& mistake : installation.confined.all()) ADD_FAILURE() << to_text(mistake);
    watch.emplace(home, installation, std::vector<std::string>{});
  }

  void show(const std::string& text) const {
    const auto chip = folder.path() / "class/hwmon/hwmon0";
    std::filesystem::create_directories(chip);
    std::ofstream{chip / "name"} << "cpu\n";
    std::ofstream{chip / "in1_input"} << "12000\n";
    std::ofstream{chip / "temp1_input"} << text << '\n';
  }

  /// Looks until it is so; false if that takes too long.
  bool wait(const std::function<bool(const FieldView&)>& is_so) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      home.restart();
      home.run_one_for(100ms);
      if (is_so(watch->look())) return true;
    }
    return false;
  }

  test::TempDir folder;
  boost::asio::io_context home;
  Installation installation;
  std::optional<FieldWatch> watch;
};

TEST_F(FieldWatchTest, shows_a_value_only_with_what_it_was_made_of) {
  const auto is_made_of_it = [](const PointReport& report) {
    if (!report.reading.is_good()) return report.raw.empty();
    return fmt::format("{:.0f}", report.reading.value * 1000) == report.raw;
  };
  bool always = true;
  const auto until = [&](const std::string& raw) {
    return wait([&](const FieldView& view) {
      always = always && is_made_of_it(view.points[0].report);
      return view.points[0].report.raw == raw;
    });
  };
  EXPECT_TRUE(until("21500"));
  show("22500");
  EXPECT_TRUE(until("22500"));
  std::filesystem::remove(folder.path() / "class/hwmon/hwmon0/temp1_input");
  EXPECT_TRUE(wait([](const FieldView& view) { return !view.points[0].report.reading.is_good(); }));
  EXPECT_EQ(watch->look().points[0].report.raw, "") << "of the reading before";
  EXPECT_TRUE(always);
}

TEST_F(FieldWatchTest, knows_how_often_the_points_of_each_class_are_read) {
  const auto view = watch->look();
  ASSERT_EQ(view.points.size(), 2U);
  EXPECT_EQ(view.points[0].every, 100ms);
  EXPECT_EQ(view.points[1].every, 1h);
  EXPECT_EQ(view.from, FieldView::From::buses);
}

}  // namespace
}  // namespace fettle
