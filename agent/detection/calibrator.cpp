#include "detection/calibrator.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace fettle::detection {
namespace {

constexpr std::uint32_t fewest = 30;
/// Half a year of minutes. What is older than that counts half, what is older than twice that a quarter.
constexpr std::uint32_t most = 1U << 18U;
constexpr double smallest = 1e-9;
constexpr int lowest_octave = -30;

}  // namespace

/// floor(4 (log2 z + 30)), limited to the bins. Exponent and mantissa give the same answer on every machine, as log2 need not.
std::size_t Calibrator::bin_of(double strangeness) {
  if (!(strangeness > smallest)) return 0;
  constexpr std::array<double, 3> quarters{1.189207115002721, 1.4142135623730951, 1.681792830507429};
  const auto bits = std::bit_cast<std::uint64_t>(strangeness);
  const int octave = static_cast<int>((bits >> 52U) & 0x7FFU) - 1023;
  const auto mantissa = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  const auto quarter = std::count_if(quarters.begin(), quarters.end(), [=](double edge) { return mantissa >= edge; });
  const auto bin = 4L * (octave - lowest_octave) + quarter;
  return static_cast<std::size_t>(std::clamp(bin, 0L, static_cast<long>(bins) - 1));
}

double Calibrator::rank(double strangeness) {
  const auto bin = bin_of(strangeness);
  double evidence = 0;
  is_record_ = strangeness > largest_;
  if (total_ > fewest) {
    // The own bin counts in full, so that a value has to exceed the others by a margin before it is rarer than they are.
    const auto above = from(bin);
    as_strange_ = above;
    evidence = -std::log10((above + 0.5) / (total_ + 1.0));
    if (is_record_ && largest_ > 0) evidence += 0.5 * std::log2(strangeness / largest_);
  }
  count(bin);
  largest_ = std::max(largest_, strangeness);
  return evidence;
}

double Calibrator::share_as_strange(double strangeness) const {
  return total_ > fewest ? (from(bin_of(strangeness)) + 1.0) / (total_ + 1.0) : 1;
}

void Calibrator::learn(double strangeness) {
  count(bin_of(strangeness));
  largest_ = std::max(largest_, strangeness);
}

/// How many counts there are in a bin and those above.
std::uint32_t Calibrator::from(std::size_t bin) const {
  const auto next = bin / block + 1;
  const auto* const counts = counts_.data();
  const auto* const blocks = blocks_.data();
  return std::accumulate(blocks + next, blocks + blocks_.size(),
                         std::accumulate(counts + bin, counts + next * block, 0U));
}

void Calibrator::count(std::size_t bin) {
  ++counts_[bin];
  ++blocks_[bin / block];
  if (++total_ < most) return;
  for (auto& count : counts_) count = (count + 1) / 2;
  sum_up();
}

void Calibrator::sum_up() {
  for (std::size_t place = 0; place < blocks_.size(); ++place) {
    const auto* const first = counts_.data() + place * block;
    blocks_[place] = std::accumulate(first, first + block, 0U);
  }
  total_ = std::accumulate(blocks_.begin(), blocks_.end(), 0U);
}

void Calibrator::save(StateWriter& writer) const {
  writer.put(counts_);
  writer.put(largest_);
}

bool Calibrator::restore(StateReader& reader) {
  std::array<std::uint32_t, bins> counts{};
  double largest = 0;
  reader.get(counts);
  reader.get(largest);
  const auto total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (!reader.ok() || total >= most || !(largest >= 0) || std::isinf(largest)) return false;
  counts_ = counts;
  sum_up();
  largest_ = largest;
  return true;
}

}  // namespace fettle::detection
