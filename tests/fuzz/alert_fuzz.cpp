// Any document that reads as an alert can be judged, rendered again, and read again.

#include "delivery/alert_document.hpp"

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace fettle;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto alert = delivery::parse_alert_document({reinterpret_cast<const char*>(bytes), size});
  if (!alert) return 0;
  Asset asset;
  asset.key = alert->asset;
  delivery::GatewayFacts gateway;
  gateway.id = "gw-0042";
  gateway.root = "fettle/v1";
  const auto sound = delivery::check_alert(*alert, asset, gateway);
  const auto document = delivery::alert_document(*alert, asset, gateway, 1);
  boost::system::error_code code;
  boost::json::parse(document, code);
  if (code) std::abort();
  if (sound && !delivery::parse_alert_document(document)) std::abort();
  return 0;
}
