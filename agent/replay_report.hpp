#pragma once

#include "replay_courses.hpp"
#include "replay_summary.hpp"

#include <string>
#include <vector>

namespace fettle {

/// All that a replay has brought to light.
struct ReplayedHistory {
  const Installation& installation;
  const Pipeline& pipeline;
  const ReplaySummary& summary;
  const std::vector<AlertStory>& stories;
  const CourseBook& courses;
};

/// One page (HTML) that holds everything it shows: what would have been told, and why. It loads nothing from anywhere.
std::string report_page(const ReplayedHistory& history);

}  // namespace fettle
