#pragma once

#include "manipulation/feature.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace fettle::manipulation {

constexpr PointId state_point{0};
constexpr PointId power_point{1};
constexpr PointId third_point{2};
constexpr PointId target_point{9};
constexpr Time monday{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

inline Argument point(PointId id, Duration every) { return {Input{id, every}, 0}; }
inline Argument figure(double value) { return {std::nullopt, value}; }

/// Makes a registered feature.
inline std::unique_ptr<Feature> make_feature(std::string_view kind, std::vector<Argument> of,
                                             std::map<std::string, double> with = {}, Duration every = {}) {
  FeatureSettings settings;
  settings.target = target_point;
  settings.every = std::max(every, slowest(of));
  settings.arguments = std::move(of);
  settings.options = std::move(with);
  settings.zone = std::make_shared<const Zone>();
  settings.id = "PUMP-01/tested";
  return Registry<Feature>::instance().find(kind)->make(std::move(settings));
}

inline Bytes saved(Feature& feature) {
  StateWriter writer;
  feature.memory()->save(writer);
  return writer.take();
}

inline bool restored(Feature& feature, const Bytes& bytes) {
  StateReader reader{bytes};
  return feature.memory()->restore(reader);
}

/// Equal to the bit, also where the value is no number.
inline void expect_same(const std::optional<Reading>& one, const std::optional<Reading>& other) {
  ASSERT_EQ(one.has_value(), other.has_value());
  if (!one) return;
  EXPECT_EQ(one->time, other->time);
  EXPECT_EQ(one->reason, other->reason);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(one->value), std::bit_cast<std::uint64_t>(other->value));
}

}  // namespace fettle::manipulation
