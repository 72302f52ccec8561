#include "broker_gateway.hpp"
#include "paho_fixture.hpp"
#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr seconds patience{10};

/// Brokers with certificates of one authority, and a second authority that has nothing to do with it.
class TlsTest : public PahoBrokerTest {
 protected:
  static std::string with(const test::Identity& identity) {
    return fmt::format("certfile {}\nkeyfile {}", identity.certificate, identity.key);
  }
  /// Lets in only those with a certificate of the authority's, under the name in it.
  std::string with_names(const test::Identity& identity) const {
    return fmt::format("{}\ncafile {}\nrequire_certificate true\nuse_identity_as_username true", with(identity),
                       authority_.certificate());
  }
  BrokerSettings secured(unsigned short port, Transport transport = Transport::tls) const {
    BrokerSettings settings;
    settings.addresses = {{"localhost", port, transport}};
    settings.tls.authority = authority_.certificate();
    return settings;
  }
  BrokerSettings named(unsigned short port, const test::Identity& identity) const {
    auto settings = secured(port);
    settings.tls.certificate = identity.certificate;
    settings.tls.key = identity.key;
    return settings;
  }
  std::string outcome(const BrokerSettings& settings) {
    const auto broker = connecting(settings);
    return hears(notes_.heard.size() + 1) ? notes_.heard.back() : "nothing";
  }

  test::TempDir folder_, strange_folder_;
  test::Authority authority_{folder_.path()}, stranger_{strange_folder_.path(), "Another authority"};
  test::Identity host_ = authority_.issue("localhost");
};

TEST_F(TlsTest, trusts_the_authority_it_was_given) {
  const test::Mosquitto mosquitto{with(host_)};
  EXPECT_EQ(outcome(secured(mosquitto.port())), "connected");
}

TEST_F(TlsTest, does_not_trust_another_authority) {
  const test::Mosquitto mosquitto{with(stranger_.issue("localhost"))};
  EXPECT_THAT(outcome(secured(mosquitto.port())), HasSubstr("a certificate that we cannot trust (unable to get local issuer certificate"));
}

TEST_F(TlsTest, does_not_trust_a_certificate_that_has_ended) {
  const test::TempDir folder;
  const test::Mosquitto mosquitto{with(authority_.issue("localhost", -1, folder.path()))};
  EXPECT_THAT(outcome(secured(mosquitto.port())), HasSubstr("(certificate has expired; for localhost"));
}

TEST_F(TlsTest, does_not_trust_the_certificate_of_another_host) {
  test::Child openssl{{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                       "-days", "2", "-subj", "/CN=elsewhere.example", "-addext",
                       "subjectAltName=DNS:elsewhere.example", "-keyout", folder_.file("other.key"), "-out",
                       folder_.file("other.pem")}};
  ASSERT_EQ(openssl.wait(patience), 0) << openssl.output();
  const test::Mosquitto mosquitto{with({folder_.file("other.pem"), folder_.file("other.key")})};
  auto settings = secured(mosquitto.port());
  settings.tls.authority = folder_.file("other.pem");
  EXPECT_THAT(outcome(settings), HasSubstr("(hostname mismatch; for elsewhere.example"));
}

TEST_F(TlsTest, tells_a_broker_that_is_not_there_from_one_that_speaks_no_tls) {
  EXPECT_THAT(outcome(secured(test::free_port())), StartsWith("lost: cannot be reached: Connection refused"));
  const test::Mosquitto in_clear;
  EXPECT_THAT(outcome(secured(in_clear.port())), HasSubstr("turns us away in TLS (it ends the connection)"));
}

TEST_F(TlsTest, shows_its_own_certificate_to_a_broker_that_asks) {
  const test::Mosquitto mosquitto{with_names(host_)};
  EXPECT_THAT(outcome(secured(mosquitto.port())),
              HasSubstr("turns us away in TLS (tlsv13 alert certificate required)"));
  EXPECT_EQ(outcome(named(mosquitto.port(), authority_.issue("gw-0042"))), "connected");
  EXPECT_THAT(outcome(named(mosquitto.port(), stranger_.issue("gw-0042"))),
              HasSubstr("turns us away in TLS (tlsv1 alert unknown ca)"));
}

TEST_F(TlsTest, says_what_it_speaks_inside_where_a_service_wants_to_know) {
  const auto port = test::free_port();
  test::Child server{{"openssl", "s_server", "-accept", std::to_string(port), "-cert", host_.certificate, "-key",
                      host_.key, "-alpn", "x-amzn-mqtt-ca"},
                     {{}, {}, true}};
  ASSERT_TRUE(server.wait_for_line("ACCEPT", patience)) << server.output();
  const auto settings = secured(port);
  PahoBroker broker{settings, "gw-0042", home_.get_executor(), notes_};
  auto ours = approach(settings);
  ours.alpn = "x-amzn-mqtt-ca";
  broker.connect(ours);
  EXPECT_TRUE(server.wait_for_line("ALPN protocols selected: x-amzn-mqtt-ca", patience)) << server.output();
}

struct WebSocketCase {
  Transport transport;
  Protocol protocol;
  const char* name;
};

class WebSocket : public TlsTest, public ::testing::WithParamInterface<WebSocketCase> {};

INSTANTIATE_TEST_SUITE_P(Mqtt, WebSocket,
                         ::testing::Values(WebSocketCase{Transport::websocket, Protocol::mqtt_5, "ws_v5"},
                                           WebSocketCase{Transport::websocket, Protocol::mqtt_3_1_1, "ws_v3_1_1"},
                                           WebSocketCase{Transport::websocket_tls, Protocol::mqtt_5, "wss_v5"},
                                           WebSocketCase{Transport::websocket_tls, Protocol::mqtt_3_1_1, "wss_v3_1_1"}),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST_P(WebSocket, carries_documents_there_and_commands_back) {
  const bool is_secured = GetParam().transport == Transport::websocket_tls;
  // Beside a plain listener: with nothing but WebSockets, Mosquitto 2.0.11 does not start.
  const auto port = test::free_port();
  const test::Mosquitto mosquitto{
      fmt::format("listener {} 127.0.0.1\nprotocol websockets\n{}", port, is_secured ? with(host_) : std::string{})};
  auto settings = secured(port, GetParam().transport);
  settings.addresses.front().path = "/mqtt";
  settings.protocol = GetParam().protocol;
  const auto broker = listening(settings);
  ASSERT_EQ(notes_.heard.back(), "subscribed") << notes_.heard.front();
  auto command = message(7);
  command.topic = "wire/gw-0042/cmd/dispatch/ack";
  command.payload = std::string(5'000, 'x');
  broker->publish(command);
  ASSERT_TRUE(hears(4));
  EXPECT_THAT(notes_.heard, ::testing::IsSupersetOf({std::string{"published 7"}, "received on " + command.topic}));
  EXPECT_EQ(notes_.incoming.front().payload, command.payload);
}

/// The parts of the agent around the broker, with a certificate that is to be followed by another.
class BrokerRotation : public TlsTest {
 protected:
  BrokerSettings settings(unsigned short port) const {
    auto result = named(port, present_);
    result.incoming = incoming_.path().string();
    return result;
  }
  void bring(const test::Identity& pair) {
    std::filesystem::rename(pair.certificate, incoming_.file("certificate.pem"));
    std::filesystem::rename(pair.key, incoming_.file("key.pem"));
  }
  /// Rotates, and tells how that ended.
  static std::string rotate(test::PeerGateway& gateway) {
    std::optional<std::string> end;
    gateway.delivery().rotate([&end](const Result<void>& result) { end = result ? "done" : result.error().detail; });
    return gateway.run_until([&end] { return end.has_value(); }) ? *end : "no end";
  }

  test::TempDir incoming_, store_;
  test::Identity present_ = authority_.issue("gw-0042");
};

TEST_F(BrokerRotation, brings_a_new_certificate_to_use) {
  test::Mosquitto mosquitto{with_names(host_)};
  test::PeerGateway gateway{store_.path().string(), settings(mosquitto.port())};
  ASSERT_TRUE(gateway.run_until_sent());
  bring(authority_.issue("gw-0042", 60, incoming_.path()));
  const auto text = test::read_text(incoming_.file("certificate.pem"));
  EXPECT_EQ(rotate(gateway), "done");
  EXPECT_EQ(test::read_text(present_.certificate), text);
  gateway.raise({test::peer_alert(1, 1)});
  EXPECT_TRUE(gateway.run_until_sent());
  mosquitto.stop();
  mosquitto.start();
  ASSERT_TRUE(gateway.run_until([&gateway] { return gateway.delivery().counts().connections == 3; }));
  EXPECT_TRUE(gateway.run_until_sent()) << "the next connection is made with the new one as well";
}

/// The gateway trusts another authority than the broker does, so it cannot tell; only the broker can.
TEST_F(BrokerRotation, keeps_the_old_certificate_when_the_broker_does_not_know_the_new_authority) {
  const test::Mosquitto mosquitto{with_names(host_)};
  auto site = settings(mosquitto.port());
  site.tls.authority =
      folder_.write("both.pem", test::read_text(authority_.certificate()) + test::read_text(stranger_.certificate()));
  test::PeerGateway gateway{store_.path().string(), site};
  ASSERT_TRUE(gateway.run_until_sent());
  const auto old = test::read_text(present_.certificate);
  bring(stranger_.issue("gw-0042", 30, incoming_.path()));
  EXPECT_THAT(rotate(gateway), StartsWith("mqtts://localhost:"));
  EXPECT_EQ(test::read_text(present_.certificate), old);
  gateway.raise({test::peer_alert(1, 1)});
  EXPECT_TRUE(gateway.run_until_sent());
}

TEST_F(BrokerRotation, does_not_disturb_the_connection_for_a_pair_that_cannot_be_good) {
  const test::Mosquitto mosquitto{with_names(host_)};
  test::PeerGateway gateway{store_.path().string(), settings(mosquitto.port())};
  ASSERT_TRUE(gateway.run_until_sent());
  bring(authority_.issue("gw-0042", -1, incoming_.path()));
  EXPECT_THAT(rotate(gateway), HasSubstr("is valid from"));
  bring(authority_.issue("gw-0043", 30, incoming_.path()));
  EXPECT_THAT(rotate(gateway), HasSubstr("is for \"gw-0043\""));
  bring(stranger_.issue("gw-0042", 30, incoming_.path()));
  EXPECT_THAT(rotate(gateway), HasSubstr("does not vouch for"));
  EXPECT_EQ(gateway.delivery().counts().connections, 1U);
}

}  // namespace
}  // namespace fettle::delivery
