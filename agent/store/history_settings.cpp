#include "store/history_settings.hpp"

#include "settings/fields.hpp"

namespace fettle::store {
namespace {

/// Less could not hold a day of a small site together with the log of the file.
constexpr std::uint64_t smallest = 4'000'000;

constexpr Duration shortest_raw = std::chrono::minutes{1};
constexpr Duration shortest_minutes = Days{1};

}  // namespace

HistorySettings read_history(const settings::Node& node, settings::Mistakes& mistakes) {
  HistorySettings history;
  settings::Fields fields{node, mistakes};
  history.size = fields.size("size", smallest, history.size);
  history.raw = fields.duration("raw", shortest_raw, history.raw);
  history.minutes = fields.duration("minutes", shortest_minutes, history.minutes);
  fields.finish();
  return history;
}

}  // namespace fettle::store
