#include "operations/operation.hpp"

namespace fettle::operations {
namespace {

Deed diagnose(Desk& desk, const Claims& /*claims*/) {
  Deed deed;
  deed.answer.body = desk.diagnosis();
  return deed;
}

const Registration<Operation<Tier::read>> entry{"diag", "counters, buses, disk, certificate, latest errors", diagnose};

}  // namespace
}  // namespace fettle::operations
