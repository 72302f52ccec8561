#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The payload of Sparkplug B (specification 3.0, 6.4): as much of it as alerts and commands need, so no templates, data sets or properties.
namespace fettle::delivery::sparkplug {

/// As numbered by the specification (6.4.16).
enum class DataType : std::uint32_t { int32 = 3, int64 = 4, float64 = 10, boolean = 11, string = 12 };

/// Nothing is a null.
using Value = std::variant<std::monostate, std::int64_t, double, bool, std::string>;

struct Metric {
  std::string name;  ///< "Alerts/filter-clog/State"
  Time time{};       ///< when the value came about
  DataType type = DataType::string;
  Value value = {};
  bool is_historical = false;  ///< the value is not the present one
};

struct Payload {
  Time time{};                                ///< when it was sent
  std::optional<std::uint8_t> sequence = {};  ///< of everything that a node sends between its birth and its death
  std::vector<Metric> metrics = {};
};

/// As protobuf.
std::string encode(const Payload& payload);

/// What a command writes: a metric and its new value.
struct Wish {
  std::string name;  ///< empty: it was named by an alias
  Value value = {};
};

/// The metrics of an NCMD or a DCMD; what carries none of our kinds of value reads as null. Fails with `malformed` on what is no protobuf
/// of this kind.
Result<std::vector<Wish>> decode_command(std::string_view payload);

}  // namespace fettle::delivery::sparkplug
