#include "delivery/azure_words.hpp"

#include "delivery/alert_document.hpp"
#include "sample_alerts.hpp"
#include "sample_commands.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery::azure {
namespace {

using ::testing::HasSubstr;

const Names names{"gw-0042", "fettle/v1"};
constexpr auto json_in_utf8 = "devices/gw-0042/messages/events/$.ct=application%2Fjson%3Bcharset%3Dutf-8&$.ce=utf-8";

Message message(const std::string& rest, std::string payload) {
  return {"fettle/v1/gw-0042/" + rest, std::move(payload), "application/json", false};
}

Message alert_message(const Alert& alert) {
  return message("alert/" + alert.slot(), alert_document(alert, test::sample_asset(), test::sample_gateway(), 5512));
}

TEST(AzureEvent, of_an_alert_carries_what_routes_look_at) {
  const auto alert = alert_message(test::sample_prediction());
  const auto event = as_event(names, alert, false).value();
  EXPECT_EQ(event.topic, std::string{json_in_utf8} +
                             "&$.mid=01JD8Q4Z7T3V9XK2M5N6P8R0SA-3&t=alert&rev=3&state=active&severity=major&"
                             "test=false&slot=AHU-07%2Ffilter-clog");
  EXPECT_EQ(event.payload, alert.payload);
  EXPECT_FALSE(event.retain);
}

TEST(AzureEvent, of_a_test_that_is_closed_says_so) {
  auto alert = test::closed(test::sample_prediction());
  alert.test = true;
  EXPECT_THAT(as_event(names, alert_message(alert), false)->topic,
              HasSubstr("&t=alert&rev=3&state=closed&severity=major&test=true&slot="));
}

/// As the stock Logic App of Connected Field Service takes it from its queue: a list, and in each element the names that it reads.
TEST(AzureEvent, can_be_a_list_with_one_element) {
  const auto alert = alert_message(test::sample_prediction());
  const auto event = as_event(names, alert, true).value();
  EXPECT_EQ(event.payload, "[" + alert.payload + "]");
  const auto item = boost::json::parse(event.payload).as_array().at(0).as_object();
  for (const auto* const name : {"time", "eventtoken", "readingtype", "reading", "threshold", "deviceid"}) {
    EXPECT_TRUE(item.contains(name)) << name;
  }
}

TEST(AzureEvent, of_data_an_answer_and_the_will) {
  EXPECT_EQ(as_event(names, message("data/ahu_1_io", "{}"), false)->topic,
            std::string{json_in_utf8} + "&t=data&device=ahu_1_io");
  auto answer = message("res/azure", R"({"status":200})");
  answer.correlation = "message/m 1";
  EXPECT_EQ(as_event(names, answer, false)->topic, std::string{json_in_utf8} + "&$.cid=m%201&t=res&status=200");
  EXPECT_EQ(as_event(names, message("status", lost_status(test::sample_gateway(), 1812)), false)->topic,
            std::string{json_in_utf8} + "&t=status&state=lost");
}

TEST(AzureEvent, is_refused_where_the_hub_would_refuse_it) {
  EXPECT_THAT(as_event(names, message("data/d", std::string(largest_message + 1, 'x')), false).error().detail,
              HasSubstr("262145 bytes"));
  EXPECT_FALSE(as_event(names, message("alert/A/m", "no document"), false));
  EXPECT_FALSE(as_event(names, message("elsewhere", "{}"), false));
}

TEST(AzureTwin, gets_the_whole_status_each_time) {
  StatusFacts facts{1812, test::at("2026-11-21T08:00:03Z"), test::at("2026-11-21T09:15:00Z"), 17, 5512, 2, 1, {}};
  facts.open = {{"AHU-07/filter-clog", "01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}};
  const auto patch = as_twin_patch(names, message("status", online_status(test::sample_gateway(), facts)), 4).value();
  EXPECT_EQ(patch.topic, "$iothub/twin/PATCH/properties/reported/?$rid=4");
  EXPECT_EQ(patch.payload,
            R"({"status":{"gateway":"gw-0042","state":"online","session":1812,"since":"2026-11-21T08:00:03Z",)"
            R"("time":"2026-11-21T09:15:00Z","heartbeat":300,"mode":"operational","clock":{"sync":"ntp","errMs":12},)"
            R"("info":17,"sequence":"0000000000005512","queued":2,"dropped":1,)"
            R"("open":[{"slot":"AHU-07/filter-clog","id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}],)"
            R"("openMore":null,"reason":null}})");
}

TEST(AzureTwin, forgets_with_a_farewell_what_was_said_before) {
  const auto farewell = offline_status(test::sample_gateway(), 1812, test::at("2026-11-21T09:15:00Z"), "stopped");
  EXPECT_EQ(as_twin_patch(names, message("status", farewell), 5)->payload,
            R"({"status":{"gateway":"gw-0042","state":"offline","session":1812,"since":null,)"
            R"("time":"2026-11-21T09:15:00Z","heartbeat":null,"mode":null,"clock":null,"info":null,"sequence":null,)"
            R"("queued":null,"dropped":null,"open":null,"openMore":null,"reason":"stopped"}})");
}

TEST(AzureTwin, has_room_for_a_part_of_a_long_digest) {
  StatusFacts facts{1812, test::at("2026-11-21T08:00:03Z"), test::at("2026-11-21T09:15:00Z"), 17, 5512, 2, 1, {}};
  for (int number = 0; number < 100; ++number) {
    facts.open.push_back(
        {fmt::format("{}-{}/{}", std::string(60, 'A'), number, std::string(60, 'm')), "01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"});
  }
  const auto patch = as_twin_patch(names, message("status", online_status(test::sample_gateway(), facts)), 1).value();
  EXPECT_LE(patch.payload.size(), largest_status + 16);
  const auto status = boost::json::parse(patch.payload).at("status");
  const auto shown = status.at("open").as_array().size();
  EXPECT_GT(shown, 50U);
  EXPECT_EQ(status.at("openMore").as_int64(), static_cast<std::int64_t>(100 - shown));
}

TEST(AzureTwin, gets_the_info_without_points_where_they_do_not_fit) {
  const auto info = [](std::size_t length) {
    return fmt::format(R"({{"gateway":"gw-0042","assets":[{{"id":"A","points":["{}"],"modes":[]}}]}})",
                       std::string(length, 'p'));
  };
  EXPECT_THAT(as_twin_patch(names, message("info", info(10)), 1)->payload, HasSubstr(R"("points":["pppppppppp"])"));
  EXPECT_EQ(as_twin_patch(names, message("info", info(largest_info)), 1)->payload,
            R"({"info":{"gateway":"gw-0042","assets":[{"id":"A","modes":[]}],)"
            R"("ring":null,"held":null,"change":null,"update":null}})");
  const auto hopeless = fmt::format(R"({{"gateway":"{}"}})", std::string(largest_info, 'x'));
  EXPECT_THAT(as_twin_patch(names, message("info", hopeless), 1).error().detail, HasSubstr("several gateways"));
}

TEST(AzureTwin, forgets_of_the_info_what_is_over) {
  InfoFacts facts;
  facts.gateway = test::sample_gateway();
  facts.change = ChangeReport{"c-7", "dispatch/m.lee", "applied", 0, {}};
  const auto patch = as_twin_patch(names, message("info", info_document(facts, 17, command_time())), 1).value();
  const auto info = boost::json::parse(patch.payload).at("info");
  EXPECT_EQ(boost::json::serialize(info.at("change")),
            R"({"jti":"c-7","by":"dispatch/m.lee","state":"applied","start":null,"rev":null,"why":null})");
  for (const auto* const over : {"held", "update", "ring"}) EXPECT_TRUE(info.at(over).is_null()) << over;
}

TEST(AzureTwin, answers_by_the_number_of_the_request) {
  const auto answer = parse_twin_answer("$iothub/twin/res/204/?$rid=12&$version=7");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->request, 12U);
  for (const auto* const other : {"$iothub/twin/res/204/", "$iothub/twin/res/x/?$rid=1",
                                  "$iothub/twin/res/204/?$rid=", "$iothub/methods/POST/ack/?$rid=1"}) {
    EXPECT_FALSE(parse_twin_answer(other)) << other;
  }
}

TEST(AzureMethod, becomes_a_command_whose_answer_finds_its_way_back) {
  const auto call = on_topic("$iothub/methods/POST/ack/?$rid=1a", R"({"id":"01JD"})");
  const auto command = as_command(names, call, "x-1", command_time());
  ASSERT_TRUE(command);
  EXPECT_EQ(command->topic, "fettle/v1/gw-0042/cmd/azure/ack");
  EXPECT_EQ(command->payload, R"({"jti":"x-1","iss":"azure","aud":"gw-0042","iat":1795530660,"exp":1795530720,)"
                              R"("op":"ack","args":{"id":"01JD"}})");
  auto answer = message("res/azure", R"({"jti":"x-1","op":"ack","status":404})");
  answer.correlation = command->correlation;
  const auto response = as_method_response(answer);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->topic, "$iothub/methods/res/404/?$rid=1a");
  EXPECT_EQ(response->payload, answer.payload);
}

TEST(AzureMessage, becomes_a_command_that_its_own_id_names) {
  const auto sent = on_topic(
      "devices/gw-0042/messages/devicebound/"
      "%24.mid=m-7&%24.to=%2Fdevices%2Fgw-0042%2Fmessages%2FdeviceBound&iothub-ack=full",
      R"({"CommandName":"sync","Parameters":{}})");
  const auto command = as_command(names, sent, "x-1", command_time());
  ASSERT_TRUE(command);
  EXPECT_EQ(command->topic, "fettle/v1/gw-0042/cmd/azure/sync");
  EXPECT_THAT(command->payload, HasSubstr(R"("jti":"m-7")"));
  EXPECT_EQ(command->correlation, "message/m-7");
  const auto nameless =
      as_command(names, on_topic("devices/gw-0042/messages/devicebound/", R"({"op":"sync"})"), "x-1", command_time());
  EXPECT_THAT(nameless->payload, HasSubstr(R"("jti":"x-1")"));
}

TEST(AzureMessage, for_somebody_else_is_none) {
  EXPECT_FALSE(as_command(names, on_topic("devices/gw-0043/messages/devicebound/", "{}"), "x", command_time()));
  EXPECT_FALSE(as_command(names, on_topic("$iothub/methods/POST/ack", "{}"), "x", command_time()));
}

}  // namespace
}  // namespace fettle::delivery::azure
