#include "site_change.hpp"

namespace fettle {
namespace {

/// Devices and assets that the file names and that are not there.
std::size_t missing(const Installation& installation) {
  const auto& site = installation.site;
  const auto named = site.root["devices"].items().size() + site.root["assets"].items().size();
  const auto installed = installation.devices.size() + installation.assets.size() - 1 - site.buses.size();
  return named - installed;
}

}  // namespace

std::optional<settings::Node> lasting_change(const Installation& now, const Installation& then) {
  const auto& root = then.site.root;
  if (now.site.gateway.id != then.site.gateway.id) return root["gateway"]["id"];
  if (now.site.store != then.site.store) return root["store"]["folder"];
  if (now.site.broker && !then.site.broker) return root["broker"];
  return std::nullopt;
}

bool leaves_out_more(const Installation& now, const Installation& then) {
  return then.confined.size() > now.confined.size() || missing(then) > missing(now);
}

}  // namespace fettle
