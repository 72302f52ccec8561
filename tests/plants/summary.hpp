#pragma once

#include <string>

#include "plants/verdict.hpp"

namespace fettle::plants {

/// The verdict as a table for people, one row a failure; days are counted from `start`.
std::string summary(const Verdict& verdict, Time start);

/// "4 x bag filter F7, 1 x seal"; "no parts" if it names none.
std::string what_to_bring(const Document& document);

/// "day 23.4"
std::string day_of(Time time, Time start);

}  // namespace fettle::plants
