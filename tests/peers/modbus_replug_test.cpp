#include "modbus/rtu_master.hpp"
#include "modbus/serial_wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "modbus_line.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/serial_pair.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr auto patience = 30s;

/// A USB adapter with a meter behind it (unit 1 of fault_peer.py), which can be pulled out and put in again under any name.
class Adapter {
 public:
  explicit Adapter(fs::path folder) : folder_{std::move(folder)} {
    fs::create_directories(folder_ / "dev");
    fs::create_directories(folder_ / "class");
    fs::create_directories(usb() / "interface");
    for (const auto& [file, text] : {std::pair{"idVendor", "0403"}, {"idProduct", "6001"}, {"serial", "A50285BI"}})
      std::ofstream{usb() / file} << text << "\n";
  }

  void plug(const std::string& name) {
    name_ = name;
    wire_.emplace();
    meter_.emplace(test::python_peer("fault_peer.py", {wire_->right()}));
    test::wait_until_ready(*meter_);
    fs::create_symlink(wire_->left(), folder_ / "dev" / name);
    fs::create_directories(folder_ / "class" / name);
    fs::create_directory_symlink(usb() / "interface", folder_ / "class" / name / "device");
  }
  void unplug() {
    fs::remove(folder_ / "dev" / name_);
    fs::remove_all(folder_ / "class" / name_);
    meter_.reset();
    wire_.reset();
  }
  std::string port(const std::string& name) const { return (folder_ / "dev" / name).string(); }
  TerminalFolders folders() const { return {(folder_ / "class").string(), (folder_ / "dev").string()}; }

 private:
  fs::path usb() const { return folder_ / "devices/usb1/1-1"; }

  fs::path folder_;
  std::string name_;
  std::optional<test::SerialPair> wire_;
  std::optional<test::Child> meter_;
};

TEST(Replug, finds_an_adapter_by_its_usb_id_again_whatever_it_is_called_now) {
  const test::TempDir folder;
  Adapter adapter{folder.path()};
  adapter.plug("ttyUSB0");
  SerialWire wire{"usb:0403:6001:A50285BI", {19200, Parity::none, 1, {}}, adapter.folders()};
  RtuMaster master{wire, LineTiming::of(19200, 10)};
  const Station meter{1, 5s, {}};
  const Request question{RegisterTable::holding, 5, 1};
  EXPECT_EQ(master.ask(meter, question).value(), Words{105});
  adapter.unplug();
  EXPECT_EQ(master.ask(meter, question).error().detail, "no USB adapter 0403:6001:A50285BI is plugged in");
  adapter.plug("ttyUSB7");
  const auto deadline = wire.now() + patience;
  auto answer = master.ask(meter, question);
  while (!answer && wire.now() < deadline) answer = master.ask(meter, question);
  EXPECT_EQ(answer.value(), Words{105});
}

/// The real agent, and what its back office sees.
class ReplugPeers : public testing::Test {
 protected:
  std::string site() const {
    return folder.write("site.yaml", fmt::format(R"(gateway: {{id: gw-7, clock: trust}}
site: {{id: HQ, tz: Europe/Berlin, building: B2}}
broker: {{url: "mqtt://127.0.0.1:{}", reconnect_within: 100ms}}
store: {{folder: {}}}
telemetry: {{}}
buses: [{{id: line, driver: modbus_rtu, port: {}, baud: 19200, timeout: 5s}}]
devices:
  - {{id: meter, bus: line, unit: 1, every: 100ms, profile: {{protocol: modbus, points: {{
      p: {{quantity: state, unit: 1, type: u16, address: 5}}}}}}}}
)",
                                                 broker.port(), folder.file("store"), adapter.port("adapter")));
  }
  /// The meter's point in what is published next with this quality.
  boost::json::object published(const std::string& quality) {
    boost::json::object point;
    const auto has_quality = [&](const test::Received& received) {
      if (!received.topic.ends_with("/data/meter")) return false;
      point = boost::json::parse(received.payload).at("points").at(0).as_object();
      return point.at("quality").as_string() == quality;
    };
    EXPECT_TRUE(subscriber.wait_for(has_quality, patience)) << quality;
    return point;
  }

  test::TempDir folder;
  Adapter adapter{folder.path()};
  test::Mosquitto broker;
  test::Subscriber subscriber{broker.port()};
};

TEST_F(ReplugPeers, see_bad_values_while_the_adapter_is_out_and_good_ones_again_after) {
  adapter.plug("adapter");
  test::Child agent{{FETTLE_BINARY, "run", "-c", site()}};
  EXPECT_EQ(published("good").at("value").to_number<int>(), 105);
  for (int turn = 0; turn < 2; ++turn) {
    adapter.unplug();
    const auto lost = published("bad");
    EXPECT_EQ(lost.at("reason").as_string(), "offline");
    EXPECT_FALSE(lost.contains("value"));
    EXPECT_TRUE(agent.wait_for_line("bus line is offline", patience));
    adapter.plug("adapter");
    EXPECT_EQ(published("good").at("value").to_number<int>(), 105);
    EXPECT_TRUE(agent.wait_for_line("bus line is open again", patience));
  }
  EXPECT_THAT(agent.output(), HasSubstr("adapter (No such file or directory)"));
  EXPECT_EQ(agent.terminate(), 0);
}

}  // namespace
}  // namespace fettle::modbus
