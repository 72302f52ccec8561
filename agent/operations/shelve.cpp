#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

constexpr Duration longest = Days{90};

Deed shelve(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto id = arguments.text("id", 1, 64);
  const bool take_down = arguments.is_null("until");
  Shelving shelving{claims.who(), desk.now, {}, {}};
  if (!take_down) {
    shelving.until = arguments.time("until");
    shelving.reason = arguments.text("reason", 3, 200);
    if (shelving.until <= desk.now) arguments.reject("until", "is over already");
    if (shelving.until > desk.now + longest) arguments.reject("until", "is more than 90 days away");
  }
  if (!arguments.mistake().empty()) return malformed(arguments);
  const auto found = find_open(desk, id);
  if (found.episode == nullptr) return found.refused;
  if (!take_down && found.episode->alert()->severity == Severity::critical) {
    return refusal(409, "a critical alert cannot be put aside");
  }
  auto alert = take_down ? found.episode->unshelve(desk.now, claims.who()) : found.episode->shelve(std::move(shelving));
  return alert ? revised({std::move(*alert)}) : revised({*found.episode->alert()});
}

const Registration<Operation<Tier::service>> entry{"shelve", "nobody wants to hear of an alert until a given time",
                                                   shelve};

}  // namespace
}  // namespace fettle::operations
