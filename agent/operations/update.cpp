#include "operations/alert_operation.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::operations {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool consists_of(std::string_view text, const std::string& characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

/// Everything in it goes into a file of words, so nothing may have a space in it.
UpdateOrder read_order(Arguments& arguments, const Claims& claims) {
  UpdateOrder order{claims.jti, claims.who(), arguments.text("version", 1, 64), arguments.text("url", 1, 1000),
                    arguments.text("sha256", 64, 64)};
  if (!consists_of(order.version, fmt::format("{}{}.+~:-", digits, letters)))
    arguments.reject("version", "is no version of a Debian package");
  const bool is_web = order.url.starts_with("https://") || order.url.starts_with("http://");
  const bool is_one_word =
      std::all_of(order.url.begin(), order.url.end(), [](char each) { return each > ' ' && each < '\x7f'; });
  if (!is_web || !is_one_word) arguments.reject("url", "must begin with https:// or http:// and have no spaces");
  if (!consists_of(order.sha256, fmt::format("{}abcdef", digits))) arguments.reject("sha256", "must be 64 hex digits");
  return order;
}

Deed update(Desk& desk, const Claims& claims) {
  if (!desk.works.installation.site.gateway.updates) {
    return refusal(403, "this gateway takes no updates from afar",
                   "an installer sets gateway.updates in its site file");
  }
  Arguments arguments{claims.args};
  const auto order = read_order(arguments, claims);
  if (!arguments.mistake().empty()) return malformed(arguments);
  Deed deed;
  deed.answer.status = 202;
  deed.answer.body["version"] = order.version;
  const auto& latest = desk.host.latest();
  if (latest && latest->jti == order.jti && latest->by == order.by)
    return deed;  // and the power failed before the answer
  if (desk.host.is_updating()) {
    return refusal(409, fmt::format("the update to {} is on its way", latest->version), "info tells how it ends");
  }
  if (const auto written = desk.host.update(order); !written) return refusal(500, written.error().detail);
  deed.afterwards = desk.tell_info;
  return deed;
}

const Registration<Operation<Tier::maintenance>> entry{
    "update", "asks the host for another version of this agent's package; info tells how it ends", update};

}  // namespace
}  // namespace fettle::operations
