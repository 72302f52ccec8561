#pragma once

#include <string>
#include <vector>

#include "plants/plant_trial.hpp"

namespace fettle::plants {

/// What the lives with one fault came to, as a line of the table.
std::string fault_line(const Plant& plant, const Injection& injection, const std::vector<Story>& stories);

/// What the years without a fault came to.
std::string healthy_line(const Plant& plant, const std::vector<Story>& stories);

/// All of them together.
std::vector<std::string> closing_lines(const std::vector<Story>& faulty, const std::vector<Story>& healthy);

/// What the columns are, and how the table is made.
std::vector<std::string> heading(int lives, int years);

}  // namespace fettle::plants
