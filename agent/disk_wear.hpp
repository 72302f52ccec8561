#pragma once

#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace fettle {

/// How much is written to disk: bytes by the hour for the last 24, because flash memory wears out by writing. Pure; it is told the
/// process's own count every now and then. An hour is one small number, so that the journal can keep it over a restart.
class DiskWear {
 public:
  static constexpr std::size_t hours = 24;

  /// An hour that is over, as the journal's fact of this name.
  struct Fact {
    std::string name;
    std::int64_t value = 0;
  };

  /// `total` is the count of this process since its start; the first call says only where it stands. Gives back the hour that has ended
  /// with this call, if one has.
  std::optional<Fact> sample(Time now, std::uint64_t total);
  /// The hour that goes on; to be kept before a clean stop.
  Fact present() const;

  /// Where to find an hour among the journal's facts; `place` < hours.
  static std::string name(std::size_t place);
  /// What was kept there.
  void recall(std::size_t place, std::int64_t value);

  /// In the last 24 hours, of which the present one counts as far as it has come.
  std::uint64_t per_day() const;
  /// Since midnight UTC.
  std::uint64_t today() const;

 private:
  struct Hour {
    std::int64_t number = 0;  ///< hours since 1970
    std::uint64_t bytes = 0;
  };
  Hour& hour(std::int64_t number);
  const Hour& latest() const { return hours_.at(static_cast<std::size_t>(now_) % hours); }
  std::uint64_t since(std::int64_t number) const;

  std::array<Hour, hours> hours_{};
  std::int64_t now_ = 0;
  std::optional<std::uint64_t> counted_;
};

}  // namespace fettle
