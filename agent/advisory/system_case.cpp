#include "advisory/system_case.hpp"

namespace fettle::advisory {
namespace {

/// When somebody should look after it. None of them is dispatched by itself (contract 6.6).
int priority_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return 1;
    case Severity::major: return 2;
    case Severity::minor: return 3;
    case Severity::warning: return 4;
  }
  return 4;
}

}  // namespace

std::optional<Alert> SystemCase::report(Time now, const std::optional<Trouble>& trouble) {
  if (!trouble) return episode_.is_active() ? episode_.clear(now) : episode_.tick(now);
  Verdict verdict;
  verdict.kind = AlertKind::system;
  verdict.severity = trouble->severity;
  verdict.priority = priority_of(trouble->severity);
  verdict.title = trouble->title;
  verdict.text = trouble->text;
  return episode_.hold(now, verdict);
}

std::optional<Alert> SystemCase::report(Time now, bool wrong, const std::string& title, const std::string& text) {
  return report(now, wrong ? std::optional{Trouble{episode_.facts().severity, title, text}} : std::nullopt);
}

}  // namespace fettle::advisory
