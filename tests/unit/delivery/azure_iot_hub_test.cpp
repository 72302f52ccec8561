#include "delivery/azure_iot_hub.hpp"

#include "delivery/alert_document.hpp"
#include "layer_fixture.hpp"
#include "sample_commands.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr auto status = R"({"gateway":"gw-0042","state":"online","session":1812})";

/// A device of a hub, with the key of which each octet is its number.
class AzureTest : public LayerTest {
 protected:
  AzureIotHub& layer() {
    if (!layer_) {
      times_.wall_clock = [this] { return test::at(wall_time_); };
      layer_ = std::make_unique<AzureIotHub>(facts_, settings_, ear_, inner(), times_);
    }
    return *layer_;
  }
  void connect() {
    const auto will = message("fettle/v1/gw-0042/status", R"({"gateway":"gw-0042","state":"lost","session":1812})");
    layer().connect({{"hub.example", 8883, Transport::tls}, {}, {will, std::chrono::seconds{60}}});
  }
  void answer(const std::string& topic) { broker_->listener.received(on_topic(topic, "")); }

  test::TempDir folder_;
  AzureSettings settings_{folder_.write("key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"), false};
  AzureTimes times_;
  std::string wall_time_ = "2026-11-26T09:40:00Z";
  std::unique_ptr<AzureIotHub> layer_;
};

TEST_F(AzureTest, logs_in_with_a_token_for_a_day_and_leaves_its_will_with_the_events) {
  connect();
  const auto& approach = broker_->approaches.at(0);
  ASSERT_TRUE(approach.login);
  EXPECT_EQ(approach.login->username, "hub.example/gw-0042/?api-version=2021-04-12");
  EXPECT_EQ(approach.login->password,
            "SharedAccessSignature sr=hub.example%2Fdevices%2Fgw-0042&"
            "sig=awaHy%2Fy05MmqxR6OJqyjxhvc06D6tNdSS9c99fboJGA%3D&se=1795772400");
  EXPECT_EQ(approach.will.message.topic,
            "devices/gw-0042/messages/events/$.ct=application%2Fjson%3Bcharset%3Dutf-8&$.ce=utf-8&t=status&state=lost");
  EXPECT_FALSE(approach.will.message.retain);
}

TEST_F(AzureTest, has_no_password_beside_a_certificate) {
  settings_.key_file.clear();
  connect();
  EXPECT_EQ(broker_->approaches.at(0).login->username, "hub.example/gw-0042/?api-version=2021-04-12");
  EXPECT_EQ(broker_->approaches.at(0).login->password, "");
}

TEST_F(AzureTest, does_not_try_with_a_key_that_is_none_or_a_clock_that_is_wrong) {
  folder_.write("key", "HostName=hub.example;SharedAccessKey=x");
  connect();
  wall_time_ = "1970-01-01T00:00:20Z";
  connect();
  EXPECT_THAT(ear_.heard, IsEmpty()) << "not before the caller has returned";
  settle();
  EXPECT_THAT(ear_.heard, ElementsAre(AllOf(StartsWith("lost: "), HasSubstr("is no device key")),
                                      AllOf(StartsWith("lost: "), HasSubstr("the clock is wrong"))));
  EXPECT_THAT(broker_->approaches, IsEmpty());
}

TEST_F(AzureTest, says_what_to_check_when_the_hub_rejects_it) {
  connect();
  broker_->listener.rejected("rejects us");
  EXPECT_THAT(ear_.heard, ElementsAre(AllOf(HasSubstr("rejects us; check that device gw-0042 is there and enabled"),
                                            HasSubstr("it is 2026-11-26T09:40:00Z here"))));
}

TEST_F(AzureTest, asks_for_a_new_connection_before_the_token_ends) {
  times_.renew_after = milliseconds{1};
  connect();
  broker_->listener.connected({});
  EXPECT_TRUE(hears("login expires"));
}

TEST_F(AzureTest, subscribes_to_three_filters_and_answers_for_them_once) {
  connect();
  broker_->listener.connected({});
  layer().subscribe("fettle/v1/gw-0042/cmd/#");
  EXPECT_THAT(broker_->filters,
              ElementsAre("$iothub/twin/res/#", "$iothub/methods/POST/#", "devices/gw-0042/messages/devicebound/#"));
  broker_->listener.subscribed("");
  broker_->listener.subscribed("not authorized");
  EXPECT_THAT(ear_.heard, ElementsAre("connected"));
  broker_->listener.subscribed("");
  EXPECT_THAT(ear_.heard, ElementsAre("connected", "subscribed: not authorized"));
}

TEST_F(AzureTest, counts_a_status_as_published_when_the_hub_has_changed_the_twin) {
  layer().publish(message("fettle/v1/gw-0042/status", status));
  EXPECT_EQ(sent().topic, "$iothub/twin/PATCH/properties/reported/?$rid=1");
  broker_->acknowledge_all();
  EXPECT_THAT(ear_.heard, IsEmpty());
  answer("$iothub/twin/res/204/?$rid=1&$version=3");
  answer("$iothub/twin/res/204/?$rid=1&$version=3");
  EXPECT_THAT(ear_.heard, ElementsAre("published 7"));
}

TEST_F(AzureTest, tells_why_the_hub_does_not_change_the_twin) {
  layer().publish(message("fettle/v1/gw-0042/status", status));
  answer("$iothub/twin/res/429/?$rid=1");
  EXPECT_THAT(ear_.heard, ElementsAre(HasSubstr("refused 7: IoT Hub is throttling (429)")));
}

TEST_F(AzureTest, does_not_wait_for_ever_for_the_twin) {
  times_.twin_patience = milliseconds{1};
  layer().publish(message("fettle/v1/gw-0042/status", status));
  EXPECT_TRUE(hears("refused 7: IoT Hub has not said whether it changed the twin"));
}

TEST_F(AzureTest, counts_an_alert_as_published_when_the_hub_has_it) {
  const auto alert = test::sample_prediction();
  layer().publish(message("fettle/v1/gw-0042/alert/" + alert.slot(),
                          alert_document(alert, test::sample_asset(), test::sample_gateway(), 1)));
  EXPECT_THAT(sent().topic, StartsWith("devices/gw-0042/messages/events/"));
  broker_->acknowledge_all();
  EXPECT_THAT(ear_.heard, ElementsAre("published 7"));
}

TEST_F(AzureTest, wraps_alerts_alone) {
  settings_.in_array = true;
  const auto alert = test::sample_prediction();
  layer().publish(message("fettle/v1/gw-0042/alert/" + alert.slot(),
                          alert_document(alert, test::sample_asset(), test::sample_gateway(), 1)));
  EXPECT_THAT(sent().payload, StartsWith("[{"));
  layer().publish(message("fettle/v1/gw-0042/data/meter", "{}"));
  EXPECT_EQ(sent().payload, "{}");
}

TEST_F(AzureTest, refuses_what_the_hub_would_refuse_without_asking_it) {
  layer().publish(message("fettle/v1/gw-0042/data/meter", std::string(azure::largest_message + 1, 'x')));
  EXPECT_THAT(ear_.heard, IsEmpty()) << "not before the caller has returned";
  settle();
  EXPECT_THAT(ear_.heard, ElementsAre(AllOf(StartsWith("refused 7: "), HasSubstr("IoT Hub takes 262144"))));
  EXPECT_THAT(broker_->messages, IsEmpty());
}

TEST_F(AzureTest, gives_each_call_of_a_method_an_id_of_its_own) {
  layer();
  for (int call = 0; call < 2; ++call) broker_->listener.received(on_topic("$iothub/methods/POST/sync/?$rid=1", ""));
  ASSERT_EQ(ear_.incoming.size(), 2U);
  EXPECT_EQ(ear_.incoming[0].topic, "fettle/v1/gw-0042/cmd/azure/sync");
  EXPECT_NE(ear_.incoming[0].payload, ear_.incoming[1].payload);
  auto answer = message("fettle/v1/gw-0042/res/azure", R"({"status":200})");
  answer.correlation = ear_.incoming[0].correlation;
  layer().publish(answer);
  EXPECT_EQ(sent().topic, "$iothub/methods/res/200/?$rid=1");
}

}  // namespace
}  // namespace fettle::delivery
