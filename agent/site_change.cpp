#include "site_change.hpp"

namespace fettle {
std::optional<settings::Node> lasting_change(const Installation& now, const Installation& then) {
  const auto& root = then.site.root;
  if (now.site.gateway.id != then.site.gateway.id) return root["gateway"]["id"];
  if (now.site.store != then.site.store) return root["store"]["folder"];
  if (now.site.broker && !then.site.broker) return root["broker"];
  return std::nullopt;
}

bool leaves_out_more(const Installation& now, const Installation& then) {
  return then.confined.size() > now.confined.size() || then.missing > now.missing;
}

}  // namespace fettle
