#include "operations/alert_operation.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::operations {
namespace {

Deed send_slot(Desk& desk, const std::string& slot) {
  const auto marked = desk.ledger.write([&slot](store::Journal& journal) { return journal.mark_slot_dirty(slot); });
  if (!marked) return refusal(500, "the journal cannot be read: " + marked.error().detail);
  if (*marked == 0) return refusal(404, fmt::format("there is no document of {}", slot), "close it as expired");
  Deed deed;
  deed.answer.body["alerts"] = *marked;
  deed.afterwards = desk.resend_alerts;
  return deed;
}

Deed synchronise(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto slot = arguments.text_if_any("slot", 129);
  const auto what = arguments.texts_if_any("what", 3);
  for (const auto& each : what) {
    if (each != "info" && each != "status" && each != "alerts")
      arguments.reject("what", "knows info, status and alerts");
  }
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (!slot.empty()) return send_slot(desk, slot);
  const auto wanted = [&what](std::string_view each) {
    return what.empty() || std::find(what.begin(), what.end(), each) != what.end();
  };
  Deed deed;
  std::size_t alerts = 0;
  if (wanted("alerts")) {
    const auto done = desk.ledger.write([](store::Journal& journal) { return journal.mark_open_dirty(); });
    if (!done) return refusal(500, "the journal cannot be written: " + done.error().detail);
    alerts = desk.ledger.read([](store::Journal& journal) { return journal.open_slots(); }).size();
  }
  deed.answer.body["alerts"] = alerts;
  deed.afterwards = [desk, info = wanted("info"), status = wanted("status")] {
    if (info) desk.resend_info();
    if (status) desk.resend_status();
    desk.resend_alerts();
  };
  return deed;
}

const Registration<Operation<Tier::read>> entry{"sync", "sends the current documents again, unchanged", synchronise};

}  // namespace
}  // namespace fettle::operations
