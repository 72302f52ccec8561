#pragma once

#include "replay_plots.hpp"
#include "replay_report.hpp"

#include <set>
#include <string>
#include <string_view>

namespace fettle {

/// Text as it may stand in a page.
std::string html(std::string_view text);

/// `<span class="severity major">major</span>`
std::string severity_mark(Severity severity);

/// "come once in 1,200 periods of 10 minutes": how often a value of such evidence is seen where nothing has changed. 0: the period is unknown.
std::string rarity_text(double evidence, Duration period);

/// The section of one alert, by its place in the stories: what, when, why, what to do. Its plots are added to `plots`; it points to those that
/// are told in full as well.
std::string article_of(std::size_t number, const std::set<std::size_t>& in_full, const ReplayedHistory& history,
                       Plots& plots);

}  // namespace fettle
