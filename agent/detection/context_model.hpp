#pragma once

#include "detection/context_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

namespace fettle::detection {

/// How the values of a stream are cut into symbols.
struct Alphabet {
  double middle = 0, width = 1;

  /// Of sorted values, of which there is at least one: so many symbols between their 2nd and their 98th percentile.
  static Alphabet of(std::span<const double> sorted, int symbols);
  /// Values beyond all that were seen have symbols of their own.
  int symbol(double value) const;
};

/// Learns which symbol follows which, after contexts of several lengths at once, and says how surprising the next one is.
class ContextModel {
 public:
  static constexpr std::size_t most_outputs = 3, longest = 6;
  using Surprise = std::array<std::optional<double>, most_outputs>;

  /// `outputs`: lengths of the longest context that each surprise looks at, rising. `rows`: size of its table.
  ContextModel(int symbols, std::initializer_list<std::size_t> outputs, std::size_t rows);

  void fix_alphabet(std::span<const double> sorted) { alphabet_ = Alphabet::of(sorted, symbols_); }
  /// The mean surprise in bits at each output, nothing while fewer symbols have come; then learns the value.
  Surprise feed(double value);
  std::size_t outputs() const { return outputs_; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  int symbols_;
  std::array<std::size_t, most_outputs> lengths_{};
  std::size_t outputs_ = 0;
  Alphabet alphabet_;
  ContextTable table_;
  std::array<std::int32_t, longest> history_{};  ///< the latest first
  std::uint32_t known_ = 0;                      ///< of it
};

}  // namespace fettle::detection
