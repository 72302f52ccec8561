#include "installation.hpp"
#include "operations/alert_operation.hpp"
#include "site_change.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace fettle::operations {
namespace {

constexpr std::size_t most_patches = 200;
constexpr std::size_t longest_list = 5;

Deed current(Desk& desk) {
  Deed deed;
  deed.answer.body["rev"] = desk.patches.rev();
  deed.answer.body["config"] = desk.works.installation.fingerprint_text();
  deed.answer.body["onTrial"] = desk.patches.on_trial.has_value();
  deed.answer.body["settings"] = to_json(desk.works.installation.root);
  return deed;
}

std::string first_of(const settings::Mistakes& mistakes) {
  std::string text;
  std::size_t listed = 0;
  for (const auto& each : mistakes.all()) {
    if (++listed > longest_list) return fmt::format("{}; and {} more", text, mistakes.size() - longest_list);
    text += (text.empty() ? "" : "; ") + settings::to_text(each);
  }
  return text;
}

Deed apply(Desk& desk, SitePatches patches) {
  const auto& now = desk.works.installation;
  Deed deed;
  try {
    const auto then = load_installation(now.site.file, patches);
    if (const auto lasting = lasting_change(now, then)) {
      return refusal(400, lasting->path() + " cannot be changed from afar", "an installer changes it on the gateway");
    }
    if (leaves_out_more(now, then)) return refusal(400, first_of(then.confined));
    deed.answer.body["rev"] = patches.rev();
    deed.answer.body["config"] = then.fingerprint_text();
  } catch (const settings::SettingsError& error) {
    return refusal(400, first_of(error.mistakes()), "nothing was changed");
  }
  if (const auto saved = save_patches(now.site.store, patches); !saved) {
    return refusal(500, saved.error().detail, "nothing was changed");
  }
  deed.afterwards = [reconfigure = desk.reconfigure, patches = std::move(patches)] { reconfigure(patches); };
  return deed;
}

/// The patch was kept, and the power failed before the answer was.
Deed done_before(const Desk& desk, const SitePatch& patch) {
  Deed deed;
  deed.answer.body["rev"] = patch.rev;
  deed.answer.body["config"] = desk.works.installation.fingerprint_text();
  return deed;
}

Deed configure(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  if (!arguments.has("patch")) return current(desk);
  auto patch = arguments.object_if_any("patch");
  const auto expected = arguments.number_if_any("ifRev", 0, 1e15);
  if (boost::json::serialize(patch).find("${") != std::string::npos) {
    arguments.reject("patch", "may not refer to the gateway's environment");
  }
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (const auto* known = desk.patches.find(claims.who(), claims.jti)) return done_before(desk, *known);
  if (expected && static_cast<std::uint64_t>(*expected) != desk.patches.rev()) {
    return refusal(409, fmt::format("the settings are at revision {}", desk.patches.rev()), "read them again");
  }
  if (desk.patches.on_trial) return refusal(409, "the former change is still on trial", "ask again in five minutes");
  if (desk.patches.all.size() >= most_patches) {
    return refusal(409, "there are too many patches", "an installer takes them over into the site file");
  }
  auto patches = desk.patches;
  patches.add({0, claims.who(), desk.now, std::move(patch), claims.jti});
  return apply(desk, std::move(patches));
}

const Registration<Operation<Tier::maintenance>> entry{"config", "reads the settings, or patches them (RFC 7396)",
                                                       configure};

}  // namespace
}  // namespace fettle::operations
