#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

Deed set_mode(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto mode = arguments.text("mode", 1, 32);
  const bool test = mode == "commissioning";
  if (!test && mode != "operational") arguments.reject("mode", "must be commissioning or operational");
  const auto until = arguments.time_if_any("until").value_or(desk.now + Commissioning::longest);
  if (test && until <= desk.now) arguments.reject("until", "is over already");
  if (test && until > desk.now + Commissioning::longest) arguments.reject("until", "is more than 7 days away");
  if (!arguments.mistake().empty()) return malformed(arguments);
  Deed deed;
  deed.answer.body["mode"] = mode;
  if (test) deed.answer.body["until"] = to_rfc3339(until);
  // Before the answer: a power cut between the two only makes the requester ask for the same once more.
  desk.commissioning.set(test ? std::optional{until} : std::nullopt);
  deed.afterwards = desk.resend_status;
  return deed;
}

const Registration<Operation<Tier::service>> entry{
    "mode", "commissioning, in which every alert is a test, or operational", set_mode};

}  // namespace
}  // namespace fettle::operations
