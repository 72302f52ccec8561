#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

Deed restart(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto target = arguments.text_if_any("target", 16);
  if (target == "host") return refusal(403, "this gateway does not restart its host", "target: agent");
  if (!target.empty() && target != "agent") arguments.reject("target", "must be agent");
  if (!arguments.mistake().empty()) return malformed(arguments);
  Deed deed;
  deed.answer.status = 202;
  deed.afterwards = desk.restart;
  return deed;
}

const Registration<Operation<Tier::maintenance>> entry{"restart", "ends the agent in good order and starts it again",
                                                       restart};

}  // namespace
}  // namespace fettle::operations
