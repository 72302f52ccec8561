#pragma once

#include "advisory/slot.hpp"

#include <string_view>

namespace fettle::advisory {

/// "AHU-07 supply filter reaches its limit in about 9 days"
std::string title_of(const Verdict& verdict, const SlotFacts& facts, const std::string& words, Time now);

/// The title of a prediction with so much time left.
std::string predicted_title(const SlotFacts& facts, Duration left);

/// The reasoning in a few sentences, for dispatcher and technician; `words` are the detector's, if it has any.
std::string text_of(const Verdict& verdict, const SlotFacts& facts, const std::string& words, Time now);

/// A quantity as people read it: a temperature in °C, a ratio in %. The text is empty for a number without a unit.
struct DisplayUnit {
  std::string_view text;
  double scale = 1;
};
DisplayUnit display_unit(Quantity quantity);

/// "212.4 Pa", "31.5 °C", "4.1 %": as a person writes it.
std::string with_unit(double value, Quantity quantity);

/// Fills {building}, {floor} and {area} into a note; empty if a place it names is not known, or if the whole is longer than the 300
/// characters that a document has for it: half a promise is none.
std::string fill_note(const std::string& note, const Asset& asset);

}  // namespace fettle::advisory
