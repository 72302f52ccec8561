#include "detection/calibrator.hpp"

#include "detection/logarithm.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace fettle::detection {
namespace {

constexpr double smallest = 1e-9;
constexpr int octave = 4;  // bins
/// Bins below the middle of the first values: what is smaller than that by so much is not strange at all.
constexpr int below = 8 * octave;
constexpr auto nothing = std::numeric_limits<std::int16_t>::min();

constexpr std::uint32_t ones_if(bool so) { return 0U - static_cast<std::uint32_t>(so); }

}  // namespace

/// floor(4 log2 z). Exponent and mantissa give the same answer on every machine, as log2 need not.
int Calibrator::quarter_of(double strangeness) {
  if (!(strangeness > smallest)) return nothing;
  constexpr auto mantissa_of = [](double value) { return std::bit_cast<std::uint64_t>(value) & 0xFFFFFFFFFFFFFULL; };
  constexpr auto first = mantissa_of(1.189207115002721), second = mantissa_of(1.4142135623730951),
                 third = mantissa_of(1.681792830507429);
  const int exponent = static_cast<int>((std::bit_cast<std::uint64_t>(strangeness) >> 52U) & 0x7FFU) - 1023;
  const auto mantissa = mantissa_of(strangeness);
  return octave * exponent + (mantissa >= first) + (mantissa >= second) + (mantissa >= third);
}

std::size_t Calibrator::bin_of(double strangeness) const {
  return static_cast<std::size_t>(std::clamp(quarter_of(strangeness) - lowest_, 0, static_cast<int>(bins) - 1));
}

double Calibrator::rank(double strangeness) {
  is_record_ = strangeness > largest_;
  if (total_ <= first_values) {
    learn(strangeness);
    return 0;
  }
  const auto bin = bin_of(strangeness);
  as_strange_ = from(bin);
  const double evidence = evidence_by(as_strange_, strangeness);
  count_in(bin);
  largest_ = std::max(largest_, strangeness);
  return evidence;
}

double Calibrator::evidence_of(double strangeness) const {
  return total_ > first_values ? evidence_by(from(bin_of(strangeness)), strangeness) : 0;
}

/// The own bin counts in full, so that a value has to exceed the others by a margin before it is rarer than they are.
double Calibrator::evidence_by(double as_strange, double strangeness) const {
  const double evidence = -log10_of_2 * log2_of((as_strange + 0.5) / (total_ + 1.0));
  const bool breaks_record = strangeness > largest_ && largest_ > 0;
  return breaks_record ? evidence + 0.5 * std::log2(strangeness / largest_) : evidence;
}

double Calibrator::share_as_strange(double strangeness) const {
  return total_ > first_values ? (from(bin_of(strangeness)) + 1.0) / (total_ + 1.0) : 1;
}

void Calibrator::learn(double strangeness) {
  count(strangeness);
  largest_ = std::max(largest_, strangeness);
}

/// How many counts there are in a bin and those above.
std::uint32_t Calibrator::from(std::size_t bin) const {
  const auto own = static_cast<std::uint32_t>(bin / block), within = static_cast<std::uint32_t>(bin % block);
  const auto* const counts = counts_.data() + bin / block * block;
  const auto* const blocks = blocks_.data();
  std::uint32_t sum = 0;
  // Loops of one length without a branch, several at once, so that the processor need not guess.
  for (std::uint32_t place = 0; place < block; ++place) sum += counts[place] & ones_if(place >= within);
  for (std::uint32_t place = 0; place < blocks_.size(); ++place) sum += blocks[place] & ones_if(place > own);
  return sum;
}

void Calibrator::count(double strangeness) {
  if (total_ < first_values) {
    first_[total_++] = static_cast<std::int16_t>(quarter_of(strangeness));
    if (total_ == first_values) place_bins();
    return;
  }
  count_in(bin_of(strangeness));
}

void Calibrator::count_in(std::size_t bin) {
  ++counts_[bin];
  ++blocks_[bin / block];
  if (++total_ < memory_) return;
  for (auto& count : counts_) count = (count + 1) / 2;
  sum_up();
}

/// Around the middle of the first values that are not 0.
void Calibrator::place_bins() {
  auto sorted = first_;
  std::sort(sorted.begin(), sorted.end());
  const auto first = std::find_if(sorted.begin(), sorted.end(), [](auto each) { return each != nothing; });
  if (first != sorted.end()) lowest_ = static_cast<std::int16_t>(*(first + (sorted.end() - first) / 2) - below);
  for (const auto each : first_)
    ++counts_[static_cast<std::size_t>(std::clamp(each - lowest_, 0, static_cast<int>(bins) - 1))];
  sum_up();
}

void Calibrator::sum_up() {
  for (std::size_t place = 0; place < bins / block; ++place) {
    const auto* const first = counts_.data() + place * block;
    blocks_[place] = std::accumulate(first, first + block, 0U);
  }
  total_ = std::accumulate(blocks_.begin(), blocks_.end(), 0U);
}

void Calibrator::save(StateWriter& writer) const {
  writer.put(counts_);
  writer.put(first_);
  writer.put(lowest_);
  writer.put(std::min(total_, static_cast<std::uint32_t>(first_values)));
  writer.put(largest_);
}

bool Calibrator::restore(StateReader& reader) {
  Calibrator read{memory_};
  std::uint32_t begun = 0;
  reader.get(read.counts_);
  reader.get(read.first_);
  reader.get(read.lowest_);
  reader.get(begun);
  reader.get(read.largest_);
  const auto total = std::accumulate(read.counts_.begin(), read.counts_.end(), std::uint64_t{0});
  const bool is_begun = begun == first_values ? total >= first_values : begun < first_values && total == 0;
  if (!reader.ok() || !is_begun || total >= memory_ || !(read.largest_ >= 0) || std::isinf(read.largest_)) return false;
  read.sum_up();
  if (begun < first_values) read.total_ = begun;
  *this = read;
  return true;
}

}  // namespace fettle::detection
