#pragma once

#include "replay_alerts.hpp"
#include "replay_courses.hpp"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace fettle {

/// Gathers the plots of a report, and writes their data for the page's script. Alerts about the same indicator share its course.
class Plots {
 public:
  explicit Plots(std::string zone) : zone_{std::move(zone)} {}

  /// What one alert shows of one indicator's course; gives the plot's number.
  std::size_t add(const AlertStory& story, const Course& course, Quantity quantity);
  /// `{"zone": ..., "series": [...], "plots": [...]}`
  std::string json() const;

 private:
  std::size_t series_of(const Course& course, Quantity quantity, Time from, Time to);

  std::string zone_;
  std::map<std::tuple<const Course*, Time, Time>, std::size_t> known_;
  std::vector<std::string> series_, plots_;
};

}  // namespace fettle
