#include "installation.hpp"
#include "operations/alert_operation.hpp"
#include "site_change.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <optional>
#include <utility>

namespace fettle::operations {
namespace {

constexpr std::size_t most_patches = 200;
constexpr Duration furthest_start = Days{30};

Deed current(Desk& desk) {
  Deed deed;
  deed.answer.body["rev"] = desk.patches.rev();
  deed.answer.body["config"] = desk.works.installation.fingerprint_text();
  deed.answer.body["onTrial"] = desk.patches.on_trial.has_value();
  if (desk.patches.held) deed.answer.body["held"] = desk.patches.held->patch.patch;
  deed.answer.body["settings"] = to_json(desk.works.installation.root);
  return deed;
}

/// The patch was kept, and the power failed before the answer was.
Deed done_before(const Desk& desk, const SitePatch& patch) {
  Deed deed;
  deed.answer.body["rev"] = patch.rev;
  deed.answer.body["config"] = desk.works.installation.fingerprint_text();
  return deed;
}

/// Keeps what has become of a change; `afterwards` makes it known.
Deed kept(const Desk& desk, Deed deed, SitePatches patches) {
  if (const auto saved = save_patches(desk.works.installation.site.store, patches); !saved) {
    return refusal(500, saved.error().detail, "nothing was changed");
  }
  deed.afterwards = [note = desk.note_patches, patches = std::move(patches)] { note(patches); };
  return deed;
}

Deed withdraw(const Desk& desk) {
  Deed deed;
  deed.answer.body["withdrawn"] = desk.patches.held.has_value();
  if (!desk.patches.held) return deed;
  auto patches = desk.patches;
  patches.withdraw();
  return kept(desk, std::move(deed), std::move(patches));
}

/// The patch with its conditions; its author is left to be filled in.
HeldPatch read_patch(Arguments& arguments, Time now) {
  HeldPatch wanted;
  wanted.patch.patch = arguments.object_if_any("patch");
  wanted.ring = static_cast<int>(arguments.number_if_any("ring", 1, settings::last_ring).value_or(settings::last_ring));
  wanted.start = arguments.time_if_any("start");
  if (const auto rev = arguments.number_if_any("ifRev", 0, 1e15)) wanted.if_rev = static_cast<std::uint64_t>(*rev);
  if (boost::json::serialize(wanted.patch.patch).find("${") != std::string::npos) {
    arguments.reject("patch", "may not refer to the gateway's environment");
  }
  if (wanted.start > now + furthest_start) arguments.reject("start", "is more than 30 days away");
  return wanted;
}

/// Why no change can be taken now, whatever it is.
std::optional<Deed> busy(const SitePatches& patches, const HeldPatch& wanted) {
  if (wanted.if_rev && *wanted.if_rev != patches.rev()) {
    return refusal(409, fmt::format("the settings are at revision {}", patches.rev()), "read them again");
  }
  if (patches.on_trial) return refusal(409, "the former change is still on trial", "ask again in five minutes");
  if (patches.all.size() >= most_patches) {
    return refusal(409, "there are too many patches", "an installer takes them over into the site file");
  }
  return std::nullopt;
}

/// The patch is laid over the settings, or waits; whatever waited before gives way to it.
Deed change(Desk& desk, HeldPatch wanted) {
  const auto& now = desk.works.installation;
  auto patches = desk.patches;
  const auto former = std::exchange(patches.held, std::nullopt);
  auto changed = patches;
  changed.add(wanted.patch);
  const auto then = patched_installation(now, changed);
  if (!then) {
    auto unchanged = desk.patches;
    unchanged.reject(wanted.patch, then.error().detail);
    return kept(desk, refusal(400, then.error().detail, "nothing was changed"), std::move(unchanged));
  }
  Deed deed;
  if (former && former->patch.jti != wanted.patch.jti) deed.answer.body["replaced"] = former->patch.jti;
  if (const auto waits_for = wanted.waits_for(now.site.gateway.rollout_ring(), desk.now); !waits_for.empty()) {
    deed.answer.status = 202;
    deed.answer.body["held"] = waits_for;
    patches.held = std::move(wanted);
    return kept(desk, std::move(deed), std::move(patches));
  }
  deed.answer.body["rev"] = changed.rev();
  deed.answer.body["config"] = then->fingerprint_text();
  deed = kept(desk, std::move(deed), changed);
  if (deed.afterwards) {
    deed.afterwards = [reconfigure = desk.reconfigure, changed = std::move(changed)] { reconfigure(changed); };
  }
  return deed;
}

Deed configure(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const bool unwanted = arguments.flag_if_any("withdraw").value_or(false);
  if (arguments.mistake().empty() && unwanted) return withdraw(desk);
  if (arguments.mistake().empty() && !arguments.has("patch")) return current(desk);
  auto wanted = read_patch(arguments, desk.now);
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (const auto* known = desk.patches.find(claims.who(), claims.jti)) return done_before(desk, *known);
  if (auto refused = busy(desk.patches, wanted)) return std::move(*refused);
  wanted.patch.by = claims.who();
  wanted.patch.jti = claims.jti;
  wanted.patch.at = desk.now;
  return change(desk, std::move(wanted));
}

const Registration<Operation<Tier::maintenance>> entry{
    "config", "reads the settings, or patches them (RFC 7396): now, or when ring and start are reached", configure};

}  // namespace
}  // namespace fettle::operations
