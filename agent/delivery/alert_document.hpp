#pragma once

#include "core/asset.hpp"
#include "core/result.hpp"
#include "core/verdicts.hpp"
#include "delivery/documents.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fettle::delivery {

/// The CloudEvents id of a revision: "<episode>-<rev>".
std::string event_id(std::string_view episode, int rev);

/// The contract's alert document, minified. Beyond 4 KiB it does without the indicators' trends, the least important first, and
/// beyond 16 KiB without its log. Ask check_alert first.
std::string alert_document(const Alert& alert, const Asset& asset, const GatewayFacts& gateway, std::uint64_t sequence);

/// Whether the contract's schema would accept the document of this alert; the Error says which field is wrong.
Result<void> check_alert(const Alert& alert, const Asset& asset, const GatewayFacts& gateway);

/// The same for what comes from the back office, before it is put into an alert; the Error says which field is wrong.
Result<void> check_acknowledgement(const Acknowledgement& ack);
Result<void> check_shelving(const Shelving& shelving);
Result<void> check_outcome(const Outcome& outcome);

/// Reads an alert back from its own document, to go on with an episode after a restart. What documents do not carry comes back empty:
/// the advice's lead time, labels but the first indicator's, the note of a cleared alert, and which of the quantities without a unit it was.
Result<Alert> parse_alert_document(std::string_view document);

}  // namespace fettle::delivery
