#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

Deed restart(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto target = arguments.text_if_any("target", 16);
  const bool is_host = target == "host";
  if (!is_host && !target.empty() && target != "agent") arguments.reject("target", "must be agent or host");
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (is_host && !desk.works.installation.site.gateway.updates) {
    return refusal(403, "this gateway does not restart its host", "target: agent; or gateway.updates in its site file");
  }
  Deed deed;
  deed.answer.status = 202;
  deed.afterwards = is_host ? desk.restart_host : desk.restart;
  return deed;
}

const Registration<Operation<Tier::maintenance>> entry{
    "restart", "ends the agent in good order and starts it again; or its host", restart};

}  // namespace
}  // namespace fettle::operations
