#include "delivery/paho_broker.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Writes down what it hears.
class Notes final : public BrokerListener {
 public:
  void connected(const Welcome& welcome) override {
    heard.emplace_back(welcome.session_present ? "connected again" : "connected");
    receive_maximum = welcome.receive_maximum;
  }
  void connection_lost(const std::string& reason) override { heard.push_back("lost: " + reason); }
  void published(std::uint64_t token) override { heard.push_back("published " + std::to_string(token)); }
  void received(const Incoming& /*message*/) override {}
  void refused(std::uint64_t token, const std::string& reason) override {
    heard.push_back("refused " + std::to_string(token) + ": " + reason);
  }

  std::vector<std::string> heard;
  std::size_t receive_maximum = 0;
};

class PahoBrokerTest : public ::testing::Test {
 protected:
  static BrokerSettings settings_for(unsigned short port) {
    BrokerSettings settings;
    settings.host = "127.0.0.1";
    settings.port = port;
    return settings;
  }
  PahoBroker broker_for(const BrokerSettings& settings) {
    return PahoBroker{settings, "gw-0042", home_.get_executor(), notes_};
  }
  static Will will() { return {{"wire/gw-0042/status", "lost"}, seconds{60}}; }
  static Message message(std::uint64_t token) {
    return {"wire/gw-0042/alert/a/b", "text", "application/json", true, seconds{60}, token};
  }
  bool hears(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + seconds{10};
    while (notes_.heard.size() < count && std::chrono::steady_clock::now() < deadline) {
      home_.restart();
      home_.run_one_until(deadline);
    }
    return notes_.heard.size() >= count;
  }

  boost::asio::io_context home_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(home_);
  Notes notes_;
};

TEST_F(PahoBrokerTest, acknowledges_each_message_by_its_token) {
  const test::Mosquitto mosquitto;
  auto broker = broker_for(settings_for(mosquitto.port()));
  broker.connect(will());
  ASSERT_TRUE(hears(1));
  broker.publish(message(7));
  broker.publish(message(8));
  ASSERT_TRUE(hears(3));
  EXPECT_THAT(notes_.heard, ElementsAre("connected", "published 7", "published 8"));
}

TEST_F(PahoBrokerTest, tells_how_much_the_broker_wants_in_flight) {
  const test::Mosquitto mosquitto{"max_inflight_messages 5"};
  auto broker = broker_for(settings_for(mosquitto.port()));
  broker.connect(will());
  ASSERT_TRUE(hears(1));
  EXPECT_EQ(notes_.receive_maximum, 5U);
}

TEST_F(PahoBrokerTest, tells_whether_the_broker_remembers) {
  const test::Mosquitto mosquitto;
  auto broker = broker_for(settings_for(mosquitto.port()));
  broker.connect(will());
  ASSERT_TRUE(hears(1));
  broker.connect(will());
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard, ElementsAre("connected", "connected again"));
}

TEST_F(PahoBrokerTest, says_why_there_is_no_connection) {
  auto broker = broker_for(settings_for(test::free_port()));
  broker.connect(will());
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(notes_.heard.front(), StartsWith("lost: cannot be reached"));
}

TEST_F(PahoBrokerTest, says_that_a_name_is_unknown_without_holding_up_home) {
  auto settings = settings_for(1883);
  settings.host = "no-such-host.invalid";
  auto broker = broker_for(settings);
  const auto before = std::chrono::steady_clock::now();
  broker.connect(will());
  broker.publish(message(1));
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds{100});
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard.back(), StartsWith("lost: "));
}

class Login : public PahoBrokerTest, public ::testing::WithParamInterface<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Mqtt, Login, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1), [](const auto& each) {
  return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
});

TEST_P(Login, with_a_wrong_password_is_told) {
  const test::TempDir folder;
  const auto passwords = folder.file("passwords");
  EXPECT_EQ((test::Child{{"mosquitto_passwd", "-b", "-c", passwords, "gw-0042", "right"}}.wait(seconds{10})), 0);
  const test::Mosquitto mosquitto{"password_file " + passwords};
  auto settings = settings_for(mosquitto.port());
  settings.protocol = GetParam();
  settings.username = "gw-0042";
  settings.password = "wrong";
  auto wrong = broker_for(settings);
  wrong.connect(will());
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(notes_.heard.front(),
              HasSubstr(GetParam() == Protocol::mqtt_5 ? "rejects us: Not authorized"
                                                       : "rejects us: does not let this gateway in"));
  settings.password = "right";
  auto right = broker_for(settings);
  right.connect(will());
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(notes_.heard.back(), "connected");
}

TEST_F(PahoBrokerTest, hears_when_a_message_is_refused) {
  const test::TempDir folder;
  const auto rights = folder.write("acl", "topic write fettle/v1/gw-0042/status\n");
  const test::Mosquitto mosquitto{"acl_file " + rights};
  auto broker = broker_for(settings_for(mosquitto.port()));
  broker.connect(will());
  ASSERT_TRUE(hears(1));
  broker.publish(message(7));
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard.back(), AllOf(StartsWith("refused 7: "), HasSubstr("Not authorized")));
}

TEST_F(PahoBrokerTest, hears_nothing_of_a_connection_it_has_replaced) {
  test::Mosquitto mosquitto;
  auto broker = broker_for(settings_for(mosquitto.port()));
  for (int number = 0; number < 10; ++number) broker.connect(will());
  ASSERT_TRUE(hears(1));
  broker.publish(message(1));
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(notes_.heard.back(), "published 1");
  EXPECT_EQ(notes_.heard.size(), 2U);
}

TEST_F(PahoBrokerTest, can_be_ended_at_any_moment) {
  const test::Mosquitto mosquitto;
  for (int number = 0; number < 10; ++number) {
    auto broker = std::make_unique<PahoBroker>(settings_for(mosquitto.port()), "gw-0042", home_.get_executor(), notes_);
    broker->connect(will());
    home_.restart();
    home_.run_for(milliseconds{number});
    for (std::uint64_t token = 0; token < 20; ++token) broker->publish(message(token));
    const auto heard = notes_.heard.size();
    broker.reset();
    home_.restart();
    home_.poll();
    EXPECT_EQ(notes_.heard.size(), heard) << "nothing is heard of a broker that is gone";
  }
}

/// Not a test of its own: the program that the test below kills.
TEST_F(PahoBrokerTest, DISABLED_speaks_once_and_waits) {
  auto broker = broker_for(settings_for(static_cast<unsigned short>(std::stoi(std::getenv("FETTLE_TEST_PORT")))));
  auto last_words = will();
  last_words.delay = seconds{1};
  broker.connect(last_words);
  ASSERT_TRUE(hears(1));
  broker.publish(message(1));
  hears(100);
}

TEST_F(PahoBrokerTest, leaves_a_will_that_waits_for_its_delay) {
  const test::Mosquitto mosquitto;
  test::Subscriber subscriber{mosquitto.port()};
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  test::Child process{
      {self, "--gtest_also_run_disabled_tests", "--gtest_filter=PahoBrokerTest.DISABLED_speaks_once_and_waits"},
      {{{"FETTLE_TEST_PORT", std::to_string(mosquitto.port())}}, {}}};
  ASSERT_TRUE(subscriber.next(seconds{10})) << process.output();
  process.kill();
  const auto killed = std::chrono::steady_clock::now();
  const auto lost = subscriber.next(seconds{10});
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->payload, "lost");
  EXPECT_GT(std::chrono::steady_clock::now() - killed, milliseconds{500});
}

/// A certificate for a host, signed by itself.
void make_certificate(const test::TempDir& folder, const std::string& name, const std::string& host) {
  test::Child openssl{{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                       "-days", "2", "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host, "-keyout",
                       folder.file(name + ".key"), "-out", folder.file(name + ".pem")}};
  ASSERT_EQ(openssl.wait(seconds{10}), 0) << openssl.output();
}

class TlsTest : public PahoBrokerTest {
 protected:
  void connect_trusting(const std::string& authority, const std::string& certificate) {
    const test::Mosquitto mosquitto{"certfile " + folder_.file(certificate + ".pem") + "\nkeyfile " +
                                    folder_.file(certificate + ".key")};
    auto settings = settings_for(mosquitto.port());
    settings.host = "localhost";
    settings.tls = TlsFiles{folder_.file(authority + ".pem"), {}, {}};
    auto broker = broker_for(settings);
    broker.connect(will());
    ASSERT_TRUE(hears(1));
  }
  void SetUp() override {
    make_certificate(folder_, "good", "localhost");
    make_certificate(folder_, "unknown", "localhost");
    make_certificate(folder_, "other_host", "elsewhere.example");
  }

  test::TempDir folder_;
};

TEST_F(TlsTest, trusts_the_authority_it_was_given) {
  connect_trusting("good", "good");
  EXPECT_EQ(notes_.heard.front(), "connected");
}

TEST_F(TlsTest, does_not_trust_another_authority) {
  connect_trusting("unknown", "good");
  EXPECT_THAT(notes_.heard.front(), StartsWith("lost: "));
}

TEST_F(TlsTest, does_not_trust_the_certificate_of_another_host) {
  connect_trusting("other_host", "other_host");
  EXPECT_THAT(notes_.heard.front(), StartsWith("lost: "));
}

}  // namespace
}  // namespace fettle::delivery
