#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

Deed acknowledge(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto id = arguments.text("id", 1, 64);
  Acknowledgement ack{claims.who(), desk.now, arguments.text_if_any("note", 500), arguments.reference_if_any("ref")};
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (const auto fit = delivery::check_acknowledgement(ack); !fit) return refusal(400, fit.error().detail);
  const auto found = find_open(desk, id);
  if (found.episode == nullptr) return found.refused;
  auto alert = found.episode->acknowledge(std::move(ack));
  return alert ? revised({std::move(*alert)}) : revised({*found.episode->alert()});
}

const Registration<Operation<Tier::service>> entry{"ack", "somebody has taken an alert on", acknowledge};

}  // namespace
}  // namespace fettle::operations
