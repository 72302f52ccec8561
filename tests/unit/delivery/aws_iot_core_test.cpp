#include "delivery/aws_iot_core.hpp"

#include "layer_fixture.hpp"
#include "sample_commands.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto shadow_topic = "$aws/things/gw-0042/shadow/name/fettle/update";
constexpr auto request_topic = "$aws/commands/things/gw-0042/executions/2bd65c51-4cfd/request/json";

class AwsTest : public LayerTest {
 protected:
  void publish_status() {
    const StatusFacts facts{1812,
                            test::at("2026-11-21T08:00:03Z"),
                            test::at("2026-11-21T09:15:00Z"),
                            17,
                            5512,
                            2,
                            1,
                            {{"AHU-07/filter-clog", "01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}}};
    layer_.publish(message("fettle/v1/gw-0042/status", online_status(test::sample_gateway(), facts)));
  }

  AwsIotCore layer_{facts_, true, ear_, inner()};
};

TEST_F(AwsTest, leaves_our_topics_as_they_are) {
  const auto alert = message("fettle/v1/gw-0042/alert/AHU-07/filter-clog", "{}");
  layer_.publish(alert);
  EXPECT_EQ(sent().topic, alert.topic);
  EXPECT_EQ(sent().payload, "{}");
  EXPECT_TRUE(sent().retain);
  broker_->acknowledge_all();
  EXPECT_THAT(ear_.heard, ElementsAre("published 7"));
}

TEST_F(AwsTest, lets_the_shadow_follow_the_status_that_has_arrived) {
  publish_status();
  EXPECT_THAT(broker_->messages, SizeIs(1));
  broker_->acknowledge_all();
  ASSERT_THAT(broker_->messages, SizeIs(2));
  EXPECT_EQ(sent().topic, shadow_topic);
  EXPECT_FALSE(sent().retain);
  EXPECT_EQ(
      sent().payload,
      R"({"state":{"reported":{"gateway":"gw-0042","state":"online","session":1812,"since":"2026-11-21T08:00:03Z",)"
      R"("time":"2026-11-21T09:15:00Z","heartbeat":300,"mode":"operational","clock":{"sync":"ntp","errMs":12},)"
      R"("info":17,"sequence":"0000000000005512","queued":2,"dropped":1,)"
      R"("open":[{"slot":"AHU-07/filter-clog","id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}],)"
      R"("openMore":null,"reason":null}}})");
  EXPECT_THAT(ear_.heard, ElementsAre("published 7")) << "the shadow's acknowledgement is the layer's own";
}

TEST_F(AwsTest, keeps_the_shadow_within_its_limit) {
  StatusFacts facts{1812, test::at("2026-11-21T08:00:03Z"), test::at("2026-11-21T09:15:00Z"), 17, 5512, 2, 1, {}};
  for (int number = 0; number < 100; ++number) {
    facts.open.push_back(
        {fmt::format("{}-{}/filter-clog", std::string(50, 'A'), number), "01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"});
  }
  const auto shadow = aws::as_shadow("gw-0042", online_status(test::sample_gateway(), facts));
  ASSERT_TRUE(shadow);
  EXPECT_LE(shadow->payload.size(), aws::largest_shadow);
  EXPECT_GT(shadow->payload.size(), aws::largest_shadow - 200);
}

TEST_F(AwsTest, leaves_a_shadow_that_ends_each_connection_out_ever_longer_and_says_so_from_the_second_time_on) {
  std::vector<int> shadows;
  std::vector<std::string> told;
  for (int number = 0; number < 16; ++number) {
    publish_status();
    broker_->acknowledge(broker_->messages.size() - 1);
    if (sent().topic != shadow_topic) continue;
    shadows.push_back(number);
    broker_->listener.connection_lost("closed");
    told.push_back(ear_.extras["the shadow"]);
  }
  EXPECT_THAT(shadows, ElementsAre(0, 1, 3, 7, 15));
  EXPECT_EQ(told[0], "") << "it may have been the network";
  EXPECT_EQ(told[1],
            std::string{"AWS IoT Core does not take the shadow: the connection ends whenever it is sent; check "
                        "iot:Publish on "} +
                shadow_topic + " in the policy, or set broker.shadow: false");
}

TEST_F(AwsTest, takes_its_complaint_back_when_a_shadow_was_acknowledged_and_not_rejected_by_the_next_status) {
  const auto status_and_shadow = [this] {
    publish_status();
    broker_->acknowledge(broker_->messages.size() - 1);
    broker_->acknowledge(broker_->messages.size() - 1);
  };
  const auto reject = [this](const std::string& payload) {
    broker_->listener.received(on_topic(std::string{shadow_topic} + "/rejected", payload));
    return ear_.extras["the shadow"];
  };
  status_and_shadow();
  EXPECT_THAT(reject(R"({"code":413,"message":"too large","clientToken":"x"})"), HasSubstr("shadow: 413 too large; "));
  EXPECT_THAT(reject(std::string(10'000, 'x')), ::testing::SizeIs(::testing::Lt(500U)));
  status_and_shadow();
  EXPECT_NE(ear_.extras["the shadow"], "");
  publish_status();
  broker_->acknowledge(broker_->messages.size() - 1);
  EXPECT_EQ(ear_.extras["the shadow"], "");
}

TEST_F(AwsTest, forgets_a_shadow_that_flew_in_a_former_connection) {
  publish_status();
  broker_->acknowledge(0);
  layer_.connect({{"endpoint", 8883, Transport::tls}, {}, {}});
  publish_status();
  broker_->acknowledge(2);
  EXPECT_EQ(sent().topic, shadow_topic);
}

TEST_F(AwsTest, tells_login_and_policy_as_the_remedy_for_a_rejection) {
  broker_->listener.rejected("rejects us");
  EXPECT_THAT(ear_.heard, ElementsAre("rejected: rejects us; check that the certificate is active, and that its policy "
                                      "allows iot:Connect for gw-0042"));
}

TEST_F(AwsTest, takes_commands_by_topic_by_execution_and_hears_of_a_rejected_shadow) {
  layer_.subscribe("fettle/v1/gw-0042/cmd/#");
  EXPECT_THAT(broker_->filters,
              ElementsAre("fettle/v1/gw-0042/cmd/#", "$aws/commands/things/gw-0042/executions/+/request/json",
                          "$aws/things/gw-0042/shadow/name/fettle/update/rejected"));
  for (const auto* const refusal : {"", "not authorized", ""}) broker_->listener.subscribed(refusal);
  EXPECT_THAT(ear_.heard, ElementsAre("subscribed: not authorized"));
  const auto own = command(close_claims());
  broker_->listener.received(own);
  EXPECT_EQ(ear_.incoming.back().topic, own.topic);
  EXPECT_EQ(ear_.incoming.back().payload, own.payload);
}

TEST_F(AwsTest, turns_an_execution_into_a_command_and_its_answer_into_the_end) {
  broker_->listener.received(on_topic(request_topic, R"({"op":"ack","args":{"id":"01JD"}})"));
  ASSERT_THAT(ear_.incoming, SizeIs(1));
  EXPECT_EQ(ear_.incoming[0].topic, "fettle/v1/gw-0042/cmd/aws/ack");
  EXPECT_EQ(ear_.incoming[0].payload, R"({"jti":"2bd65c51-4cfd","iss":"aws","aud":"gw-0042","iat":1795252500,)"
                                      R"("exp":1795252560,"op":"ack","args":{"id":"01JD"}})");
  auto answer = message("fettle/v1/gw-0042/res/aws", R"({"status":200})");
  answer.correlation = ear_.incoming[0].correlation;
  layer_.publish(answer);
  EXPECT_EQ(sent().topic, "$aws/commands/things/gw-0042/executions/2bd65c51-4cfd/response/json");
  EXPECT_EQ(sent().payload, R"({"status":"SUCCEEDED","result":{"answer":{"s":"{\"status\":200}"}}})");
}

TEST_F(AwsTest, says_whether_an_execution_was_rejected_or_failed) {
  const auto end = [this](const std::string& text) {
    auto answer = message("fettle/v1/gw-0042/res/aws", text);
    answer.correlation = "execution/2bd65c51-4cfd";
    layer_.publish(answer);
    return boost::json::parse(sent().payload).as_object();
  };
  const auto rejected = end(R"({"status":404,"error":"no such alert"})");
  EXPECT_EQ(rejected.at("status"), "REJECTED");
  EXPECT_EQ(boost::json::serialize(rejected.at("statusReason")),
            R"({"reasonCode":"404","reasonDescription":"no such alert"})");
  EXPECT_EQ(end(R"({"status":503,"error":"down"})").at("status"), "FAILED");
}

TEST_F(AwsTest, answers_a_requester_of_the_same_name_on_our_own_topics) {
  auto answer = message("fettle/v1/gw-0042/res/aws", R"({"status":200})");
  answer.correlation = "c-7";
  layer_.publish(answer);
  EXPECT_EQ(sent().topic, "fettle/v1/gw-0042/res/aws");
  EXPECT_EQ(sent().correlation, "c-7");
}

TEST_F(AwsTest, refuses_what_is_too_large_without_asking) {
  layer_.publish(message("fettle/v1/gw-0042/data/meter", std::string(aws::largest_message + 1, 'x')));
  settle();
  EXPECT_THAT(ear_.heard, ElementsAre(HasSubstr("is 131073 bytes long; AWS IoT Core takes 131072")));
  EXPECT_THAT(broker_->messages, IsEmpty());
}

TEST_F(AwsTest, says_mqtt_inside_tls_on_the_port_of_the_web) {
  layer_.connect({{"endpoint", 443, Transport::tls}, {}, {}});
  layer_.connect({{"endpoint", 8883, Transport::tls}, {}, {}});
  EXPECT_EQ(broker_->approaches.at(0).alpn, "x-amzn-mqtt-ca");
  EXPECT_EQ(broker_->approaches.at(1).alpn, "");
}

}  // namespace
}  // namespace fettle::delivery
