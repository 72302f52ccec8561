#pragma once

#include "replay_plots.hpp"
#include "replay_report.hpp"

#include <string>
#include <string_view>

namespace fettle {

/// Text as it may stand in a page.
std::string html(std::string_view text);

/// `<span class="severity major">major</span>`
std::string severity_mark(Severity severity);

/// The section of one alert: what, when, why, what to do. Its plots are added to `plots`.
std::string article_of(const AlertStory& story, std::size_t number, const ReplayedHistory& history, Plots& plots);

}  // namespace fettle
