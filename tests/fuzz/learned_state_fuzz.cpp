// What was learned comes back from a disk that may have lied: whatever a detector's state is, it takes it or begins anew, goes on with
// finite findings, and what it saves then is a state that it takes.
//
// The first byte names the part and whether the rest is a whole state, or edits (two bytes of place, one of bits) of one that was learned.

#include "core/zone.hpp"
#include "detection/asset_watch.hpp"
#include "detection/detector.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <span>

namespace {

using namespace fettle;
using namespace fettle::detection;
using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration every = 5min;

AssetWatchSettings settings() {
  AssetWatchSettings settings;
  settings.id = "PUMP-01";
  settings.channels = {"flow", "power"};
  settings.zone = std::make_shared<const Zone>();
  return settings;
}

/// A watch, or a detector of one indicator, whose parts are restored.
class Learner {
 public:
  Learner() {
    for (auto* part : watch_.parts()) parts_.push_back(part);
    const auto* entry = Registry<Detector>::instance().find("baseline_limit");
    limit_ = entry->make({"PUMP-01/wear/vibration", every, Days{2}, 0});
    parts_.push_back(limit_.get());
  }

  const std::vector<Stateful*>& parts() const { return parts_; }

  void live(Time from, int readings) {
    for (int reading = 0; reading < readings; ++reading) {
      const Time now = from + reading * every;
      const double flow = 100 + 20 * std::sin(reading / 45.8) + reading % 7;
      check(watch_.observe(0, good({0}, now, flow)));
      check(watch_.observe(1, good({1}, now, 0.05 * flow)));
      check(limit_->observe(good({2}, now, flow)));
    }
  }

 private:
  static void check(const std::optional<Finding>& finding) {
    if (finding && !(std::isfinite(finding->evidence) && finding->evidence >= 0)) std::abort();
  }

  AssetWatch watch_{settings()};
  std::unique_ptr<Detector> limit_;
  std::vector<Stateful*> parts_;
};

Bytes state_of(const Stateful& part) {
  StateWriter writer;
  part.save(writer);
  return writer.take();
}

const std::vector<Bytes>& learned_states() {
  static const auto states = [] {
    Learner learner;
    learner.live(start, 3000);
    std::vector<Bytes> all;
    for (const auto* part : learner.parts()) all.push_back(state_of(*part));
    return all;
  }();
  return states;
}

Bytes edited(Bytes state, std::span<const std::uint8_t> edits) {
  for (; edits.size() >= 3; edits = edits.subspan(3)) {
    const auto place = static_cast<std::size_t>(edits[0]) * 256U + edits[1];
    state[place % state.size()] ^= static_cast<std::byte>(edits[2]);
  }
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  const std::span<const std::uint8_t> rest{bytes + 1, size - 1};
  Learner learner;
  const auto place = (bytes[0] & 0x7FU) % learner.parts().size();
  auto& part = *learner.parts()[place];
  const bool is_whole = (bytes[0] & 0x80U) != 0;
  const auto* const first = reinterpret_cast<const std::byte*>(rest.data());
  const auto state = is_whole ? Bytes(first, first + rest.size()) : edited(learned_states()[place], rest);
  StateReader reader{state};
  part.restore(reader);
  learner.live(start + 3000 * every, 100);
  const auto saved = state_of(part);
  StateReader again{saved};
  Learner other;
  if (!other.parts()[place]->restore(again) || state_of(*other.parts()[place]) != saved) std::abort();
  return 0;
}
