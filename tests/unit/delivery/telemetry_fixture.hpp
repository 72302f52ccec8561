#pragma once

#include "delivery/telemetry.hpp"
#include "fakes.hpp"
#include "sample_alerts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <boost/json.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace fettle::test {

/// A spool in memory, of so many batches, with a disk that may be full.
class FakeSpool final : public delivery::TelemetrySpool {
 public:
  Beginning begin() override { return beginning; }
  bool reserve(std::uint64_t seq) override {
    reserved = disk_full ? reserved : seq;
    return !disk_full;
  }
  void end(std::uint64_t seq) override { ended = seq; }
  bool keep(std::span<const delivery::TelemetryBatch> batches) override {
    if (disk_full) return false;
    ++writes;
    for (const auto& batch : batches) rows.push_back(batch);
    while (rows.size() > room) {
      rows.pop_front();
      ++lost;
    }
    return true;
  }
  std::vector<delivery::TelemetryBatch> after(std::uint64_t seq, std::size_t at_most) override {
    std::vector<delivery::TelemetryBatch> result;
    for (const auto& row : rows) {
      if (row.seq > seq && result.size() < at_most) result.push_back(row);
    }
    return result;
  }
  void forget(std::uint64_t up_to) override {
    while (!rows.empty() && rows.front().seq <= up_to) rows.pop_front();
  }
  std::size_t count() override { return rows.size(); }
  std::uint64_t last() override { return rows.empty() ? 0 : rows.back().seq; }
  std::uint64_t dropped() override { return lost; }
  void count_dropped(std::uint64_t more) override { lost += more; }

  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> result;
    for (const auto& row : rows) result.push_back(row.seq);
    return result;
  }

  Beginning beginning{101, false};
  std::deque<delivery::TelemetryBatch> rows;
  std::size_t room = 1'000'000;
  std::uint64_t lost = 0, reserved = 0, ended = 0;
  int writes = 0;
  bool disk_full = false;
};

}  // namespace fettle::test

namespace fettle::delivery {

/// Telemetry of two devices, whose clock stands still unless the test moves it.
class TelemetryTest : public ::testing::Test {
 protected:
  static constexpr PointId filter_dp{0}, fan_speed{1}, power{2}, unknown{77};

  Telemetry& start(TelemetrySettings settings = {}) {
    telemetry_.emplace(
        home_, [this] { return now_; }, test::sample_gateway(), settings, devices_, spool_, [this] { ++changes_; },
        times_);
    return *telemetry_;
  }
  /// One poll of the air handler.
  void poll(double value = 212.4) { telemetry_->take({good(filter_dp, now_, value), good(fan_speed, now_, 900)}); }
  void polls(int count) {
    for (int number = 0; number < count; ++number) poll();
  }
  /// Everything that telemetry wants to send now.
  std::vector<Freight::Parcel> sent() {
    std::vector<Freight::Parcel> parcels;
    while (auto parcel = telemetry_->next()) parcels.push_back(std::move(*parcel));
    return parcels;
  }
  std::vector<std::uint64_t> sent_numbers() {
    std::vector<std::uint64_t> numbers;
    for (const auto& parcel : sent()) numbers.push_back(parcel.number);
    return numbers;
  }
  bool run_until(const std::function<bool()>& true_now) { return test::run_until(home_, true_now); }
  static TelemetryDevice device(std::string key, std::vector<TelemetryPoint> points, std::vector<PointId> sources) {
    return {std::move(key), std::make_shared<const std::vector<TelemetryPoint>>(std::move(points)), std::move(sources)};
  }
  static boost::json::object document(const Freight::Parcel& parcel) {
    return boost::json::parse(parcel.message.payload).as_object();
  }
  static bool is_replayed(const Freight::Parcel& parcel) { return document(parcel).contains("replayed"); }

  boost::asio::io_context home_;
  Time now_ = test::at("2026-11-21T09:15:00.120Z");
  std::vector<TelemetryDevice> devices_{
      device("ahu_1_io", {{"filter_dp", Quantity::pressure}, {"fan_speed", Quantity::rotational_speed}},
             {filter_dp, fan_speed}),
      device("pump_1_io", {{"power", Quantity::active_power}}, {power})};
  test::FakeSpool spool_;
  TelemetryTimes times_{std::chrono::milliseconds{5}, std::chrono::milliseconds{10}};
  int changes_ = 0;
  std::optional<Telemetry> telemetry_;
};

}  // namespace fettle::delivery
