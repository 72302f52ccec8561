#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// How a part wears in the course of its life; `sudden` breaks at once.
enum class Wear : std::uint8_t { linear, power, exponential, steps, sudden };

/// A failure that is put into a machine, by its name in the equipment model.
struct Fault {
  std::string mode;
  Time start{};
  Duration life{};  ///< of work, from the start to a damage of 1, about
  Wear wear = Wear::linear;
};

/// The damage that a fault has done: 0 is sound, 1 about where the part no longer does its duty. It grows while the machine works, by
/// the law of its wear and by chance. Whether the machine really fails is for the machine to say.
class Damage {
 public:
  Damage(std::optional<Fault> fault, std::uint64_t seed);

  /// `work`: how hard the machine works, 1 as usual.
  void grow(Time now, Duration span, double work = 1);
  /// 0 for every mode but the fault's own.
  double of(std::string_view mode) const { return fault_ && fault_->mode == mode ? level_ : 0; }

  void fail(Time now);
  const std::optional<Time>& failed_at() const { return failed_at_; }
  Truth truth() const;

 private:
  double level_at(double age);

  std::optional<Fault> fault_;
  Noise noise_;
  Wander pace_{0.3, std::chrono::hours{30}};
  double age_ = 0;        ///< as a share of its life
  double next_step_ = 0;  ///< the age at which it comes
  double level_ = 0;
  std::optional<Time> failed_at_;
};

}  // namespace fettle::plants
