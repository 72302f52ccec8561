#include <fmt/format.h>
#include <gmock/gmock.h>

#include "examination.hpp"
#include "running_agent.hpp"
#include "support/certificates.hpp"

// `fettle doctor` and `fettle watch` against real brokers, a real Modbus server and the real binary.

namespace fettle {
namespace {

using test::patience;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// What `doctor` says about the broker of a site.
class BrokerCheck : public testing::Test {
 protected:
  std::vector<std::string> look(const std::string& broker) {
    const auto site = folder.write(
        "site.yaml",
        fmt::format("gateway: {{id: gw-7}}\nsite: {{id: HQ, tz: Europe/Berlin}}\nstore: {{folder: {}}}\nbroker: {}\n",
                    folder.file("store"), broker));
    std::vector<std::string> texts;
    for (const auto& each : Registry<doctor::DoctorCheck>::instance().find("broker")->make(admit(site)))
      texts.push_back(fmt::format("{} {} -> {}", doctor::name_of(each.grade), each.text, each.remedy));
    return texts;
  }
  std::vector<std::string> look_secured(const std::string& host, unsigned short port, const std::string& trusted) {
    return look(fmt::format("{{url: \"mqtts://{}:{}\", tls: {{ca: {}}}}}", host, port, trusted));
  }
  static std::string with(const test::Identity& identity) {
    return fmt::format("certfile {}\nkeyfile {}", identity.certificate, identity.key);
  }

  test::TempDir folder, other_folder;
  test::Authority authority{folder.path()}, stranger{other_folder.path(), "Another authority"};
};

TEST_F(BrokerCheck, goes_all_the_way_under_another_name_than_the_gateway_s) {
  const test::Mosquitto broker;
  const auto found = look(fmt::format("{{url: \"mqtt://127.0.0.1:{}\"}}", broker.port()));
  EXPECT_THAT(found, Contains(HasSubstr("ok lets us in (as gw-7-doctor")));
  EXPECT_THAT(found, Contains(HasSubstr("warning everything travels in clear")));
}

TEST_F(BrokerCheck, tells_whose_certificate_a_broker_shows) {
  const test::Mosquitto broker{with(authority.issue("localhost"))};
  const auto found = look_secured("localhost", broker.port(), authority.certificate());
  EXPECT_THAT(found, Contains(AllOf(StartsWith("ok TLSv1."),
                                    HasSubstr("certificate for localhost by Test authority, valid for"))));
  EXPECT_THAT(found, Contains(HasSubstr("ok lets us in")));
}

TEST_F(BrokerCheck, warns_of_a_certificate_that_soon_ends) {
  const test::Mosquitto broker{with(authority.issue("localhost", 5))};
  EXPECT_THAT(look_secured("localhost", broker.port(), authority.certificate()),
              Contains(AllOf(StartsWith("warning TLSv1."), HasSubstr("should renew it"))));
}

TEST_F(BrokerCheck, tells_that_a_broker_wants_a_certificate_of_ours) {
  const test::Mosquitto broker{fmt::format("{}\ncafile {}\nrequire_certificate true",
                                           with(authority.issue("localhost")), authority.certificate())};
  EXPECT_THAT(look_secured("localhost", broker.port(), authority.certificate()),
              ElementsAre(AllOf(StartsWith("problem does not take our certificate, or misses one: "),
                                HasSubstr("certificate required"), HasSubstr("broker.tls.certificate must be"))));
}

TEST_F(BrokerCheck, does_not_trust_another_authority) {
  const test::Mosquitto broker{with(stranger.issue("localhost"))};
  EXPECT_THAT(look_secured("localhost", broker.port(), authority.certificate()),
              ElementsAre(AllOf(StartsWith("problem its certificate is not trusted"), HasSubstr("by Another authority"),
                                HasSubstr("broker.tls.ca must be"))));
}

TEST_F(BrokerCheck, does_not_trust_a_certificate_that_has_ended) {
  const test::Mosquitto broker{with(authority.issue("localhost", -1))};
  EXPECT_THAT(look_secured("localhost", broker.port(), authority.certificate()),
              ElementsAre(AllOf(StartsWith("problem"), HasSubstr("expired"), HasSubstr("check the clock"))));
}

TEST_F(BrokerCheck, does_not_trust_the_certificate_of_another_host) {
  const auto certificate = folder.file("elsewhere.pem"), key = folder.file("elsewhere.key");
  test::Child openssl{{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                       "-days", "60", "-subj", "/CN=elsewhere.example", "-addext",
                       "subjectAltName=DNS:elsewhere.example", "-keyout", key, "-out", certificate}};
  ASSERT_EQ(openssl.wait(patience), 0) << openssl.output();
  const test::Mosquitto broker{with({certificate, key})};
  EXPECT_THAT(look_secured("localhost", broker.port(), certificate),
              ElementsAre(AllOf(StartsWith("problem"), HasSubstr("mismatch"), HasSubstr("for elsewhere.example"))));
}

TEST_F(BrokerCheck, notices_a_port_without_tls) {
  const test::Mosquitto broker;
  EXPECT_THAT(look_secured("localhost", broker.port(), authority.certificate()),
              Contains(AllOf(StartsWith("problem no TLS handshake"), HasSubstr("is this the port with TLS"))));
}

TEST_F(BrokerCheck, tells_a_wrong_password_from_a_broker_that_is_not_there) {
  const auto passwords = folder.file("passwords");
  ASSERT_EQ((test::Child{{"mosquitto_passwd", "-b", "-c", passwords, "gw-7", "right"}}.wait(patience)), 0);
  const test::Mosquitto broker{"password_file " + passwords};
  const auto with_password = [&](const std::string& password) {
    return look(fmt::format("{{url: \"mqtt://127.0.0.1:{}\", username: gw-7, password_file: {}}}", broker.port(),
                            folder.write("password", password)));
  };
  EXPECT_THAT(with_password("wrong"),
              Contains(AllOf(StartsWith("problem"), HasSubstr("rejects us"), HasSubstr("tried as gw-7-doctor"))));
  EXPECT_THAT(with_password("right"), Contains(HasSubstr("ok lets us in")));
  EXPECT_THAT(look(fmt::format("{{url: \"mqtt://127.0.0.1:{}\"}}", test::free_port())),
              ElementsAre(HasSubstr("refuses port")));
}

/// Beside a running agent, or without one.
class OnSite : public test::RealTimeAgent {
 protected:
  test::Child start_agent() {
    test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
    EXPECT_TRUE(watch.wait_for(test::hot_slot, patience)) << agent.output();
    return agent;
  }
  std::string output_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), FETTLE_BINARY);
    arguments.insert(arguments.end(), {"-c", site});
    test::Child child{arguments};
    EXPECT_TRUE(child.wait(patience));
    return child.output();
  }

  test::Subscriber watch{broker.port()};
};

TEST_F(OnSite, the_doctor_leaves_a_running_agent_and_what_it_holds_alone) {
  const auto agent = start_agent();
  const auto session = [this] {
    return boost::json::parse(output_of({"status", "--json"})).at("broker").at("session");
  };
  const auto before = session();
  const auto text = output_of({"doctor"});
  EXPECT_THAT(text, HasSubstr("the running agent is connected"));
  EXPECT_THAT(text, HasSubstr("answers the running agent; not connected to"));
  EXPECT_THAT(text, HasSubstr("refuses port")) << "of the bus that nobody serves";
  EXPECT_THAT(text, HasSubstr("agent: fettle "));
  EXPECT_EQ(session(), before) << "it was thrown out";
}

TEST_F(OnSite, the_status_tells_the_quality_of_each_line) {
  const auto agent = start_agent();
  const auto status = boost::json::parse(output_of({"status", "--json"}));
  const auto& line = status.at("buses").at(0).at("devices").at(0).at("line");
  EXPECT_GE(line.at("answers").to_number<int>(), 1);
  EXPECT_THAT(output_of({"status"}), HasSubstr("questions"));
}

TEST_F(OnSite, watch_asks_a_running_agent_and_the_buses_without_one) {
  const auto without = output_of({"watch", "--once", "pump"});
  EXPECT_THAT(without, HasSubstr("009B")) << "raw registers of its own";
  EXPECT_THAT(without, HasSubstr("bad: unsupported"));
  EXPECT_THAT(without, HasSubstr("lan   pump    answers"));
  const auto agent = start_agent();
  const auto with = output_of({"watch", "--once", "pump"});
  EXPECT_THAT(with, HasSubstr("pump    bearing_temperature  46.0"));
  EXPECT_THAT(with, Not(HasSubstr("raw")));
}

TEST_F(OnSite, watch_tells_a_pipe_each_new_reading) {
  test::Child child{{FETTLE_BINARY, "watch", "-c", site, "pump"}};
  EXPECT_TRUE(child.wait_for_line("pump/vibration  1.55 mm/s  good", patience)) << child.output();
  EXPECT_TRUE(child.wait_for_line("pump/vibration  1.55 mm/s  good", patience)) << "and the next one";
  EXPECT_EQ(child.terminate(), 0);
}

TEST_F(OnSite, watch_draws_on_a_terminal_and_gives_it_back) {
  test::ChildOptions options;
  options.is_fed = true;
  options.environment = {{"TERM", "xterm"}};
  test::Child child{{"script", "-qec", fmt::format("{} watch -c {} pump", FETTLE_BINARY, site), "/dev/null"}, options};
  ASSERT_TRUE(child.wait_for_line("1.55", patience)) << child.output();
  EXPECT_THAT(child.output(), HasSubstr("\x1b[?1049h"));
  ASSERT_TRUE(child.feed("q"));
  EXPECT_EQ(child.wait(patience), 0);
  EXPECT_THAT(child.output(), HasSubstr("\x1b[?25h\x1b[?1049l"));
}

}  // namespace
}  // namespace fettle
