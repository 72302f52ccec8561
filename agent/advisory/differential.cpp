// Differential diagnosis: which alert explains which, so that one cause is one visit.
#include "advisory/mode_case.hpp"

#include <algorithm>
#include <optional>

namespace fettle::advisory {
namespace {

/// By which a rival has to be the clearer one.
constexpr double margin = 0.2;

constexpr Duration month = std::chrono::hours{30 * 24};

/// Of a cause that is gone: the periods that it spoilt are judged when they are over.
constexpr Duration echo = std::chrono::hours{24};

bool overlap(const std::vector<PointId>& some, const std::vector<PointId>& others) {
  return std::any_of(some.begin(), some.end(),
                     [&others](PointId each) { return std::find(others.begin(), others.end(), each) != others.end(); });
}

/// Somebody comes for it, or knows about it and has put it aside.
bool is_seen_to(const Alert& alert) { return alert.state == AlertState::active && alert.priority < 4; }

/// The end of a chain of explanations.
const std::string& root_of(const Alert& alert) { return alert.parent.empty() ? alert.id : alert.parent; }

}  // namespace

/// Two that have no sensor in common are independent of each other. Of sensors that are not known, nothing can be told.
void ModeCase::group_by_sensors() {
  for (std::size_t place = 0; place < indicators_.size(); ++place) {
    auto& its = indicators_[place];
    its.group = place;
    for (std::size_t before = 0; before < place; ++before) {
      const auto& other = indicators_[before];
      const bool apart = !its.facts.sensors.empty() && !other.facts.sensors.empty() &&
                         !overlap(its.facts.sensors, other.facts.sensors);
      if (apart || other.group == its.group) continue;
      for (std::size_t each = 0; each < place; ++each) {
        if (indicators_[each].group == its.group) indicators_[each].group = other.group;
      }
      its.group = other.group;
    }
  }
}

std::optional<double> ModeCase::support(Time now) const {
  double sum = 0;
  int groups = 0;
  for (std::size_t group = 0; group < indicators_.size(); ++group) {
    std::optional<double> furthest;
    for (const auto& each : indicators_) {
      if (each.group == group && is_fresh(each, now))
        furthest = std::max(furthest.value_or(0), std::clamp(each.health.index, 0.0, 1.0));
    }
    if (!furthest) continue;
    sum += *furthest;
    ++groups;
  }
  return groups == 0 ? std::nullopt : std::optional{sum / groups};
}

std::optional<Alert> ModeCase::explain(Time now, const std::string& explains_all) {
  explains_all_ = explains_all;
  const auto* const alert = episode_.is_open() ? episode_.alert() : nullptr;
  return episode_.explain(now, alert == nullptr ? explains_all_ : explanation(now, alert->severity, alert->priority));
}

/// The id of the alert that explains one of this mode; empty if there is none. What can wait longer is no cause: it has not come so far.
std::string ModeCase::explanation(Time now, Severity severity, int priority) const {
  if (!explains_all_.empty()) return explains_all_;
  const auto* const own = episode_.is_open() ? episode_.alert() : nullptr;
  const auto lingers = [&](const Alert& other) {
    return own != nullptr && own->parent == root_of(other) && echoes(other);
  };
  const auto* const doubt = relations_.sensor_fault ? relations_.sensor_fault->episode_.alert() : nullptr;
  if (doubt != nullptr && is_seen_to(*doubt)) {
    const bool echoes_doubt = own != nullptr && own->parent == doubt->id && !speaks_since(doubted_at_ + echo);
    if (speaks_by_unfit_sensors() || echoes_doubt) return doubt->id;
  } else if (doubt != nullptr && lingers(*doubt)) {
    return doubt->id;
  }
  for (const auto* cause : relations_.causes) {
    const auto* const other = cause->episode_.alert();
    if (other == nullptr || (own != nullptr && root_of(*other) == own->id)) continue;
    if ((is_seen_to(*other) && other->priority <= priority) || lingers(*other)) return root_of(*other);
  }
  for (const auto* rival : relations_.rivals) {
    if (yields_to(*rival, now, severity, priority)) return root_of(*rival->episode_.alert());
  }
  return {};
}

/// Of two alerts that the same sensor speaks for, the clearer one leads; unless it is clearer by the margin, the one that came first. It
/// must be as grave and as urgent: nothing hides behind what can wait longer.
bool ModeCase::yields_to(const ModeCase& rival, Time now, Severity severity, int priority) const {
  const auto* const other = rival.episode_.alert();
  if (other == nullptr) return false;
  const auto* const own = episode_.is_open() ? episode_.alert() : nullptr;
  const bool yielded = own != nullptr && own->parent == root_of(*other);
  if (!is_seen_to(*other)) return yielded && echoes(*other);
  const bool weightier = other->severity >= severity && other->priority <= priority && priority < 4;
  if (!weightier || (own != nullptr && root_of(*other) == own->id)) return false;
  const auto others = rival.support(now);
  const auto ours = support(now);
  if (!others || !ours) return yielded;  // after a restart
  const bool came_first = own == nullptr || own->priority == 4 || yielded || other->raised_at < own->raised_at;
  return *others - *ours > (came_first ? -margin : margin) && (yielded || shares_a_sign_with(rival));
}

/// Nobody is to be tired with good advice: a machine has one opportunity a month, this one or another.
bool ModeCase::is_offered_too_soon(Time now) const {
  if (episode_.facts().kind != AlertKind::service || episode_.is_open()) return false;
  const auto is_recent = [now](const ModeCase* offer) {
    const auto* const alert = offer->episode_.alert();
    return alert != nullptr && std::chrono::abs(now - alert->raised_at) < month;
  };
  return is_recent(this) || std::any_of(relations_.offers.begin(), relations_.offers.end(), is_recent);
}

bool ModeCase::speaks_by_unfit_sensors() const {
  return std::any_of(indicators_.begin(), indicators_.end(), [this](const Indicator& each) {
    return each.beyond > 0 && std::any_of(each.facts.inputs.begin(), each.facts.inputs.end(), relations_.is_unfit);
  });
}

/// What was explained by an alert that is gone stays so until it is seen again when that is long ago. Of one that is still there its
/// urgency decides, for nothing hides behind what can wait longer.
bool ModeCase::echoes(const Alert& cause) const {
  if (cause.state == AlertState::active) return false;
  const auto gone = cause.cleared_at ? cause.cleared_at : cause.closed_at;
  return gone && !speaks_since(*gone + echo);
}

bool ModeCase::speaks_since(Time moment) const {
  return std::any_of(indicators_.begin(), indicators_.end(),
                     [moment](const Indicator& each) { return each.beyond > 0 && each.health.time >= moment; });
}

bool ModeCase::shares_a_sign_with(const ModeCase& rival) const {
  const auto speaks = [](const Indicator& each) { return each.sign >= Sign::raised; };
  return std::any_of(indicators_.begin(), indicators_.end(), [&](const Indicator& own) {
    return speaks(own) && std::any_of(rival.indicators_.begin(), rival.indicators_.end(), [&](const Indicator& other) {
             return speaks(other) && overlap(own.facts.sensors, other.facts.sensors);
           });
  });
}

}  // namespace fettle::advisory
