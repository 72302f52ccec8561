#pragma once

#include "commissioning.hpp"
#include "delivery/alert_document.hpp"
#include "delivery/command.hpp"
#include "host_requests.hpp"
#include "ledger.hpp"
#include "site_patches.hpp"
#include "store/history.hpp"
#include "works.hpp"

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

namespace fettle {

/// What lies before an operation that somebody has asked for: everything it may look at, and what only the agent itself can do.
struct Desk {
  Works& works;
  Ledger& ledger;
  store::History* history;  ///< null while the disk refuses it
  Commissioning& commissioning;
  const SitePatches& patches;
  HostRequests& host;
  Time now{};

  std::function<boost::json::object()> diagnosis = {};
  std::function<void()> tell_info = {};  ///< if it is another one now
  std::function<void()> resend_info = {}, resend_status = {}, resend_alerts = {};
  std::function<void()> restart = {}, restart_host = {}, rotate = {}, keep_learned = {};
  std::function<void(SitePatches)> reconfigure = {};   ///< the settings are others now
  std::function<void(SitePatches)> note_patches = {};  ///< they are not, but what is known of changes is
  Result<void> can_rotate{};
};

/// What an operation does and answers. The agent writes the alerts and the answer to the journal together, sends the answer, and then
/// does what is to be done afterwards.
struct Deed {
  delivery::Answer answer;
  std::vector<Alert> alerts = {};
  std::function<void()> afterwards = {};
};

}  // namespace fettle
