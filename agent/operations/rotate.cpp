#include "operations/operation.hpp"

namespace fettle::operations {
namespace {

Deed rotate(Desk& desk, const Claims& /*claims*/) {
  if (!desk.can_rotate) return refusal(409, desk.can_rotate.error().detail, "put a new pair into broker.tls.incoming");
  Deed deed;
  deed.answer.status = 202;
  deed.afterwards = desk.rotate;
  return deed;
}

const Registration<Operation<Tier::maintenance>> entry{
    "rotate", "connects with a new certificate, and keeps it if the broker takes it", rotate};

}  // namespace
}  // namespace fettle::operations
