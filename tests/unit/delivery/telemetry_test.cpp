#include "telemetry_fixture.hpp"

#include <gmock/gmock.h>

namespace fettle::delivery {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(TelemetryTest, makes_a_batch_of_each_poll) {
  start().link_up();
  poll(212.4);
  now_ += std::chrono::seconds{1};
  telemetry_->take({good(power, now_, 4.2), good(unknown, now_, 1)});
  const auto parcels = sent();
  ASSERT_THAT(parcels, SizeIs(2));
  EXPECT_EQ(parcels[0].message.topic, "fettle/v1/gw-0042/data/ahu_1_io");
  EXPECT_EQ(parcels[0].number, 101U);
  EXPECT_EQ(document(parcels[0]).at("seq").as_int64(), 101);
  EXPECT_THAT(document(parcels[0]).at("points").as_array(), SizeIs(2));
  EXPECT_EQ(parcels[1].message.topic, "fettle/v1/gw-0042/data/pump_1_io");
  EXPECT_EQ(parcels[1].number, 102U);
  EXPECT_THAT(document(parcels[1]).at("points").as_array(), SizeIs(1)) << "the other point is not published";
  EXPECT_FALSE(parcels[0].message.retain);
  EXPECT_FALSE(is_replayed(parcels[0]));
  EXPECT_EQ(changes_, 2);
}

TEST_F(TelemetryTest, has_nothing_to_say_about_other_points) {
  start().link_up();
  telemetry_->take({good(unknown, now_, 1)});
  telemetry_->take({});
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(telemetry_->state().next_seq, 101U) << "no number is lost";
}

TEST_F(TelemetryTest, publishes_one_poll_of_a_device_in_each_period) {
  TelemetrySettings settings;
  settings.every = std::chrono::seconds{10};
  start(settings).link_up();
  now_ = test::at("2026-11-21T09:15:00Z");
  for (int second = 0; second < 30; ++second, now_ += std::chrono::milliseconds{1'001}) {
    poll(second);
    telemetry_->take({good(power, now_, second)});
  }
  std::vector<double> values;
  for (const auto& parcel : sent()) {
    values.push_back(document(parcel).at("points").as_array().front().at("value").to_number<double>());
  }
  EXPECT_THAT(values, ElementsAre(0, 0, 10, 10, 20, 20));
}

TEST_F(TelemetryTest, spreads_a_device_with_many_points_over_several_batches) {
  std::vector<TelemetryPoint> points;
  std::vector<PointId> sources;
  std::vector<Reading> readings;
  for (std::uint32_t index = 0; index < 600; ++index) {
    points.push_back({fmt::format("point_{}", index), Quantity::count});
    sources.push_back(PointId{index});
    readings.push_back(good(PointId{index}, now_, index));
  }
  devices_ = {device("big", points, sources)};
  start().link_up();
  telemetry_->take(readings);
  const auto parcels = sent();
  ASSERT_THAT(parcels, SizeIs(3));
  EXPECT_THAT(document(parcels[2]).at("points").as_array(), SizeIs(100));
}

TEST_F(TelemetryTest, never_writes_while_the_broker_acknowledges_soon) {
  times_.late = std::chrono::seconds{5};
  start().link_up();
  for (int number = 0; number < 50; ++number) {
    poll();
    for (const auto& parcel : sent()) telemetry_->delivered(parcel.number);
    home_.run_for(std::chrono::milliseconds{1});
    home_.restart();
  }
  EXPECT_EQ(spool_.writes, 0);
  EXPECT_EQ(telemetry_->state().waiting, 0U);
  EXPECT_EQ(spool_.reserved, 100'101U) << "numbers are set apart in blocks";
}

TEST_F(TelemetryTest, has_room_in_memory_for_all_devices_that_are_read_in_the_same_moment) {
  constexpr std::uint32_t devices = 100, points = 100;
  times_.late = std::chrono::seconds{5};
  devices_.clear();
  std::vector<std::vector<Reading>> readings(devices);
  for (std::uint32_t number = 0; number < devices; ++number) {
    std::vector<TelemetryPoint> names;
    std::vector<PointId> sources;
    for (std::uint32_t point = 0; point < points; ++point) {
      names.push_back({fmt::format("point_{}", point), Quantity::active_power});
      sources.push_back(PointId{number * points + point});
      readings[number].push_back(good(sources.back(), now_, 1234.567));
    }
    devices_.push_back(device(fmt::format("device_{}", number), names, sources));
  }
  start().link_up();
  for (const auto& poll : readings) telemetry_->take(poll);
  EXPECT_EQ(telemetry_->state().waiting_in_memory, devices);
  EXPECT_EQ(spool_.writes, 0) << "flash memory wears out by writing";
}

TEST_F(TelemetryTest, writes_what_is_not_acknowledged_in_time) {
  start().link_up();
  polls(3);
  EXPECT_THAT(sent_numbers(), ElementsAre(101, 102, 103));
  telemetry_->delivered(101);
  ASSERT_TRUE(run_until([this] { return spool_.count() == 2; }));
  EXPECT_THAT(spool_.numbers(), ElementsAre(102, 103));
  EXPECT_THAT(sent_numbers(), IsEmpty()) << "they are on their way already";
  telemetry_->delivered(103);
  telemetry_->delivered(102);
  ASSERT_TRUE(run_until([this] { return spool_.count() == 0; })) << "and are cleared away when they have arrived";
  EXPECT_EQ(telemetry_->state().dropped, 0U);
}

TEST_F(TelemetryTest, keeps_on_disk_what_is_read_while_there_is_no_link) {
  start();
  polls(3);
  EXPECT_THAT(sent(), IsEmpty());
  ASSERT_TRUE(run_until([this] { return spool_.count() == 3; }));
  poll();
  telemetry_->link_up();
  const auto parcels = sent();
  std::vector<std::uint64_t> numbers;
  for (const auto& parcel : parcels) numbers.push_back(document(parcel).at("seq").to_number<std::uint64_t>());
  EXPECT_EQ(numbers.front(), 101U);
  EXPECT_TRUE(is_replayed(parcels.front()));
}

TEST_F(TelemetryTest, sends_again_in_order_what_was_not_acknowledged_when_the_link_broke) {
  TelemetrySettings settings;
  settings.catch_up = 1'000;
  start(settings).link_up();
  polls(5);
  const auto first = sent();
  ASSERT_THAT(first, SizeIs(5));
  telemetry_->delivered(101);
  telemetry_->delivered(104);
  telemetry_->link_lost();
  EXPECT_THAT(sent(), IsEmpty());
  polls(2);
  ASSERT_TRUE(run_until([this] { return telemetry_->state().waiting_in_memory == 0; }));
  telemetry_->link_up();
  std::vector<Freight::Parcel> again;
  ASSERT_TRUE(run_until([this, &again] {
    for (auto& parcel : sent()) again.push_back(std::move(parcel));
    return again.size() == 5;
  }));
  std::vector<std::uint64_t> numbers;
  for (const auto& parcel : again) numbers.push_back(parcel.number);
  EXPECT_THAT(numbers, ElementsAre(102, 103, 105, 106, 107));
  EXPECT_EQ(again[0].message.payload, marked_replayed(first[1].message.payload)) << "the same but for the mark";
}

TEST_F(TelemetryTest, takes_up_after_a_restart_what_was_left_on_disk) {
  spool_.rows = {{99, "ahu_1_io", R"({"seq":99})"}, {100, "pump_1_io", R"({"seq":100})"}};
  start().link_up();
  poll();
  std::vector<std::string> topics;
  ASSERT_TRUE(run_until([this, &topics] {
    for (const auto& parcel : sent()) topics.push_back(fmt::format("{} {}", parcel.number, parcel.message.topic));
    return topics.size() == 3;
  }));
  EXPECT_THAT(topics, ElementsAre("99 fettle/v1/gw-0042/data/ahu_1_io", "100 fettle/v1/gw-0042/data/pump_1_io",
                                  "101 fettle/v1/gw-0042/data/ahu_1_io"));
}

TEST_F(TelemetryTest, comes_to_the_end_of_a_backlog_although_as_much_is_made) {
  TelemetrySettings settings;
  settings.catch_up = 200;
  start(settings);
  polls(100);
  telemetry_->link_up();
  EXPECT_TRUE(telemetry_->state().catching_up);
  std::uint64_t latest = 100;
  ASSERT_TRUE(run_until([this, &latest] {
    poll();
    for (const auto& parcel : sent()) {
      EXPECT_EQ(parcel.number, latest + 1) << "in order";
      latest = parcel.number;
      telemetry_->delivered(latest);
    }
    return !telemetry_->state().catching_up;
  }));
  poll();
  const auto live = sent();
  ASSERT_THAT(live, SizeIs(1));
  EXPECT_FALSE(is_replayed(live.front()));
}

TEST_F(TelemetryTest, says_how_many_batches_found_no_room) {
  spool_.room = 10;
  start();
  polls(15);
  ASSERT_TRUE(run_until([this] { return telemetry_->state().waiting_in_memory == 0; }));
  EXPECT_EQ(telemetry_->state().dropped, 5U);
  telemetry_->link_up();
  poll();
  EXPECT_THAT(spool_.numbers(), ElementsAre(106, 107, 108, 109, 110, 111, 112, 113, 114, 115)) << "the oldest went";
  std::vector<std::int64_t> told;
  ASSERT_TRUE(run_until([this, &told] {
    for (const auto& parcel : sent()) told.push_back(document(parcel).at("dropped").as_int64());
    return told.size() == 11;
  }));
  EXPECT_EQ(told.back(), 5);
}

TEST_F(TelemetryTest, keeps_a_bounded_number_in_memory_while_the_disk_is_full) {
  spool_.disk_full = true;
  start();
  polls(5'000);
  const auto full = telemetry_->state();
  EXPECT_GT(full.dropped, 1'000U);
  EXPECT_EQ(full.dropped + full.waiting_in_memory, 5'000U);
  spool_.disk_full = false;
  ASSERT_TRUE(run_until([this] { return telemetry_->state().waiting_in_memory == 0; }));
  EXPECT_EQ(spool_.rows.front().seq, 101 + full.dropped) << "the oldest went";
  EXPECT_EQ(spool_.rows.back().seq, 5'100U);
}

TEST_F(TelemetryTest, leaves_nothing_in_memory_when_it_stops) {
  start().link_up();
  polls(4);
  ASSERT_THAT(sent(), SizeIs(4));
  telemetry_->delivered(101);
  telemetry_->stop();
  EXPECT_THAT(spool_.numbers(), ElementsAre(102, 103, 104));
  EXPECT_EQ(spool_.ended, 105U) << "the next run goes on without a gap";
  poll();
  EXPECT_EQ(spool_.count(), 3U);
}

TEST_F(TelemetryTest, tells_of_a_crash_in_the_first_batch_after_it) {
  spool_.beginning = {5'000, true};
  start().link_up();
  polls(2);
  const auto parcels = sent();
  ASSERT_THAT(parcels, SizeIs(2));
  EXPECT_EQ(document(parcels[0]).at("seq").as_int64(), 5'000);
  EXPECT_TRUE(document(parcels[0]).at("afterCrash").as_bool());
  EXPECT_FALSE(document(parcels[1]).contains("afterCrash"));
}

TEST_F(TelemetryTest, dates_what_was_read_before_the_clock_was_right) {
  start().link_up();
  telemetry_->set_clock({ClockSync::none, std::nullopt});
  now_ = test::at("1970-01-01T00:00:10Z");
  poll(1);
  EXPECT_THAT(sent(), IsEmpty()) << "nothing is dated 1970";
  now_ = test::at("2026-11-21T09:15:00Z");
  telemetry_->set_clock({ClockSync::ntp, 5.0});
  const auto parcels = sent();
  ASSERT_THAT(parcels, SizeIs(1));
  const auto point = document(parcels.front()).at("points").as_array().front().as_object();
  const auto time = parse_rfc3339(std::string_view{point.at("time").as_string()}).value();
  EXPECT_LE(time, now_);
  EXPECT_GT(time, now_ - std::chrono::minutes{1});
  EXPECT_EQ(point.at("ageMs").as_int64(), (now_ - time).count());
}

TEST_F(TelemetryTest, publishes_old_times_where_the_operator_vouches_for_them) {
  start().link_up();
  telemetry_->set_clock({ClockSync::manual, std::nullopt});
  now_ = test::at("2016-06-01T00:00:00Z");
  poll();
  EXPECT_THAT(sent(), SizeIs(1));
}

}  // namespace
}  // namespace fettle::delivery
