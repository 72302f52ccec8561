#include "detection/context_model.hpp"

#include "detection/logarithm.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fettle::detection {
namespace {

constexpr int outermost = 60;
constexpr std::uint16_t familiar = 3;  ///< a context that was seen so often says something

/// Any hash that mixes well will do: odd numbers with as many ones as zeros.
constexpr std::uint64_t beginning = 0x9E3779B97F4A7C15, before = 0xBF58476D1CE4E5B9, after = 0xD6E8FEB86659FD93,
                        stirred = 0x94D049BB133111EB;

constexpr std::uint64_t code_of(int symbol) { return static_cast<std::uint64_t>(std::int64_t{symbol} + 1000); }

constexpr std::uint64_t longer(std::uint64_t context, int symbol) {
  context ^= code_of(symbol) * before;
  return std::rotl(context, 27) * stirred;
}

constexpr std::uint64_t finished(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= after;
  return hash ^ (hash >> 29U);
}

constexpr std::uint64_t followed_by(std::uint64_t context, int symbol) { return context ^ (code_of(symbol) * after); }

/// The root of the length and one: longer contexts know better.
constexpr std::array<double, ContextModel::longest + 1> weights_of_lengths{
    1, 1.4142135623730951, 1.7320508075688772, 2, 2.23606797749979, 2.449489742783178, 2.6457513110645907};

}  // namespace

Alphabet Alphabet::of(std::span<const double> sorted, int symbols) {
  const auto at = [&](double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  const double middle = sorted[sorted.size() / 2];
  double spread = at(0.98) - at(0.02);
  if (spread <= 0) spread = sorted.back() - sorted.front();
  if (spread <= 0) spread = std::max(1e-6, 0.05 * std::abs(middle));
  return {middle, spread / symbols};
}

int Alphabet::symbol(double value) const {
  return static_cast<int>(std::round(std::clamp<double>((value - middle) / width, -outermost, outermost)));
}

ContextModel::ContextModel(int symbols, std::initializer_list<std::size_t> outputs, std::size_t rows)
    : symbols_{symbols}, outputs_{outputs.size()}, table_{rows} {
  std::copy(outputs.begin(), outputs.end(), lengths_.begin());
}

ContextModel::Surprise ContextModel::feed(double value) {
  const int symbol = alphabet_.symbol(value);
  Surprise surprise;
  double bits = 0, weights = 0;
  std::uint64_t context = beginning;
  bool is_full = false;
  std::size_t output = 0;
  const auto longest_known = std::min<std::size_t>(known_, lengths_[outputs_ - 1]);
  for (std::size_t length = 0; length <= longest_known; ++length) {
    if (length > 0) context = longer(context, history_[length - 1]);
    const auto times = table_.count(finished(context))++;
    // Its own slot may have made room for what follows it: the count is taken before.
    const auto with = table_.count(finished(followed_by(context, symbol)))++;
    if (times >= familiar) {
      bits -= weights_of_lengths[length] * log2_of((with + 0.5) / (times + 4.0));
      weights += weights_of_lengths[length];
    }
    is_full = is_full || times + 1 == ContextTable::most;
    if (length == lengths_[output]) surprise[output++] = weights > 0 ? bits / weights : 0;
  }
  if (is_full) table_.halve();
  std::shift_right(history_.begin(), history_.end(), 1);
  history_.front() = symbol;
  known_ = std::min<std::uint32_t>(known_ + 1, longest);
  return surprise;
}

void ContextModel::save(StateWriter& writer) const {
  writer.put(alphabet_);
  table_.save(writer);
  writer.put(history_);
  writer.put(known_);
}

bool ContextModel::restore(StateReader& reader) {
  reader.get(alphabet_);
  if (!table_.restore(reader)) return false;
  reader.get(history_);
  reader.get(known_);
  const bool in_range =
      std::all_of(history_.begin(), history_.end(), [](int each) { return std::abs(each) <= outermost; });
  return reader.ok() && std::isfinite(alphabet_.middle) && std::isfinite(alphabet_.width) && alphabet_.width > 0 &&
         known_ <= longest && in_range;
}

}  // namespace fettle::detection
