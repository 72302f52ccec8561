#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "delivery/sparkplug_payload.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

/// An alert slot in Sparkplug's words (contract 7.5).
namespace fettle::delivery::sparkplug {

/// All metrics of a slot, "Alerts/{mode}/State" and so on, always the same ones in the same order, as its latest alert document says. Without
/// one they are null, as of `now`. Ack, ShelveHours and Close can be written; what they show is what came of it.
std::vector<Metric> slot_metrics(std::string_view mode, std::string_view document, Time now);

/// What somebody has written to a slot, as an operation of the contract with its arguments.
struct Order {
  std::string op;
  boost::json::object args;
};

/// The failure mode of "Alerts/{mode}/{input}"; empty if the name has another form.
std::string mode_of(std::string_view metric);

/// `document` is the slot's latest alert document. Fails, with a sentence on what would have been right, if nothing is open there, if
/// the metric cannot be written, or not with this value.
Result<Order> order_of(const Wish& wish, std::string_view document, Time now);

}  // namespace fettle::delivery::sparkplug
