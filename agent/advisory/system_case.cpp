#include "advisory/system_case.hpp"

namespace fettle::advisory {

std::optional<Alert> SystemCase::report(Time now, bool wrong, const std::string& title, const std::string& text) {
  if (!wrong) return episode_.is_active() ? episode_.clear(now) : episode_.tick(now);
  Verdict verdict;
  verdict.kind = AlertKind::system;
  verdict.severity = episode_.facts().severity;
  verdict.priority = 3;
  verdict.title = title;
  verdict.text = text;
  return episode_.hold(now, verdict);
}

}  // namespace fettle::advisory
