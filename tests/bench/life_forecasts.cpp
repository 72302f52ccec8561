// Replays a site's recorded history and prints every forecast that a back office would have been told, one line a revision:
// asset,mode,time,ttf_low_h,ttf_mid_h,ttf_high_h. Usage: life_forecasts SITE.yaml
#include "replay.hpp"
#include "replay_site.hpp"

#include <fmt/format.h>
#include <cstdlib>

namespace fettle::test {
namespace {

void print(const Alert& alert) {
  if (!alert.prognosis || alert.state != AlertState::active) return;
  const auto high = alert.prognosis->high ? fmt::format("{:.3f}", *alert.prognosis->high) : "";
  fmt::print("{},{},{},{:.3f},{:.3f},{}\n", alert.asset, alert.mode, to_rfc3339(alert.changed_at), alert.prognosis->low,
             alert.prognosis->mid, high);
}

int run(const std::string& site) {
  const auto installation = load_for_replay(site, {});
  Replay replay{installation};
  fmt::print("asset,mode,time,ttf_low_h,ttf_mid_h,ttf_high_h\n");
  const auto done = replay.run({}, print, [] { return true; });
  if (!done) fmt::print(stderr, "{}\n", done.error().detail);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fettle::test

int main(int argc, char** argv) { return argc == 2 ? fettle::test::run(argv[1]) : EXIT_FAILURE; }
