#include "alert_list.hpp"

#include "delivery/alert_document.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

namespace fettle {

AlertList parse_alert_list(const std::string& json) {
  AlertList list;
  boost::system::error_code error;
  const auto documents = boost::json::parse(json, error);
  if (error || !documents.is_array()) {
    list.unreadable = 1;
    return list;
  }
  for (const auto& document : documents.get_array()) {
    if (auto alert = delivery::parse_alert_document(boost::json::serialize(document))) {
      list.alerts.push_back(std::move(*alert));
    } else {
      ++list.unreadable;
    }
  }
  return list;
}

void sort_by_urgency(std::vector<Alert>& alerts) {
  const auto urgency = [](const Alert& alert) {
    return std::tuple{-static_cast<int>(alert.severity), alert.priority, alert.raised_at};
  };
  std::stable_sort(alerts.begin(), alerts.end(),
                   [&urgency](const Alert& left, const Alert& right) { return urgency(left) < urgency(right); });
}

}  // namespace fettle
