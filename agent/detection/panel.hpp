#pragma once

#include "detection/expert.hpp"
#include "detection/peaks.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::detection {

/// A panel of experts on one stream of readings, whatever it is of: what each finds strange is put together so that the strangest
/// counts most, and only what stands out from the time before is told. The generic detector of one point.
class Panel {
 public:
  /// The experts' registered names, and how much each counts.
  struct Seat {
    std::string_view expert;
    double weight = 1;
  };
  static std::span<const Seat> usual_seats();

  explicit Panel(std::span<const Seat> seats = usual_seats());

  /// Evidence (-log10 p, roughly) that this reading is no more of what came before; 0 where a stranger one came shortly before.
  /// `second` is local time since 1970. What is not finite is not looked at, and gives 0.
  double judge(std::int64_t second, double value);

  /// In words, what the expert found who counted most in the latest reading.
  std::string explain() const;
  /// Of the latest reading, before peaks are told from their surroundings.
  double strangeness() const { return strangeness_; }
  std::uint64_t seen() const { return seen_; }

  void save(StateWriter& writer) const;
  /// False, and as new, if what is read cannot be a panel's of the same experts.
  bool restore(StateReader& reader);

 private:
  struct Member {
    std::unique_ptr<Expert> expert;
    double weight = 1;
    double evidence = 0;  ///< weighted, of the latest reading
  };

  static std::vector<Member> members_of(std::span<const Seat> seats);
  bool restore_all(StateReader& reader);

  std::vector<Seat> seats_;
  std::vector<Member> members_;
  Peaks peaks_;
  std::uint64_t seen_ = 0;
  double strangeness_ = 0;
};

}  // namespace fettle::detection
