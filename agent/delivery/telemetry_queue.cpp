#include "delivery/telemetry_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fettle::delivery {
namespace {

constexpr std::size_t at_once = 16;  ///< read from the spool
constexpr std::size_t largest_spill =
    128 * 1024;  ///< in one transaction, so that the spool's write-ahead log stays small

std::size_t size_of(const TelemetryBatch& batch) { return batch.document.size() + batch.device.size(); }

}  // namespace

void TelemetryQueue::add(TelemetryBatch batch, Moment now) {
  bytes_ += size_of(batch);
  fresh_.push_back({std::move(batch), now});
  if (bytes_ > memory_ && !refused_) spill();
  while (bytes_ > memory_) {
    bytes_ -= size_of(fresh_.front().batch);
    fresh_.pop_front();
    spool_.count_dropped(1);
  }
}

std::optional<TelemetryBatch> TelemetryQueue::next() {
  if (read_ahead_.empty() && spool_.last() > sent_) {
    auto found = spool_.after(sent_, at_once);
    std::move(found.begin(), found.end(), std::back_inserter(read_ahead_));
    // The disk does not give what it has; the later ones wait for it, or it has lost them and says so by being empty.
    if (read_ahead_.empty() && spool_.last() > sent_) return std::nullopt;
  }
  std::optional<TelemetryBatch> batch;
  if (!read_ahead_.empty()) {
    batch = std::move(read_ahead_.front());
    read_ahead_.pop_front();
  } else if (const auto fresh = first_behind(sent_); fresh != fresh_.end()) {
    batch = fresh->batch;
  }
  if (!batch) return std::nullopt;
  sent_ = batch->seq;
  flying_.insert(batch->seq);
  return batch;
}

bool TelemetryQueue::has_unsent() const {
  return spool_.last() > sent_ || (!fresh_.empty() && fresh_.back().batch.seq > sent_);
}

void TelemetryQueue::delivered(std::uint64_t seq) {
  flying_.erase(seq);
  const auto found = first_behind(seq - 1);
  if (found == fresh_.end() || found->batch.seq != seq) return;
  bytes_ -= size_of(found->batch);
  fresh_.erase(found);
}

void TelemetryQueue::link_lost() {
  forget_delivered();
  sent_ = delivered_up_to();
  flying_.clear();
  read_ahead_.clear();
}

std::optional<TelemetryQueue::Moment> TelemetryQueue::oldest_in_memory() const {
  if (fresh_.empty()) return std::nullopt;
  return fresh_.front().added;
}

void TelemetryQueue::spill() {
  if (fresh_.empty()) return;
  forget_delivered();
  do {
    refused_ = !spill_some();
  } while (!refused_ && !fresh_.empty());
  read_ahead_.clear();  // some of it may have had to make room
}

bool TelemetryQueue::spill_some() {
  std::vector<TelemetryBatch> batches;
  std::size_t size = 0;
  for (const auto& fresh : fresh_) {
    if (!batches.empty() && size + size_of(fresh.batch) > largest_spill) break;
    size += size_of(fresh.batch);
    batches.push_back(fresh.batch);
  }
  if (!spool_.keep(batches)) return false;
  fresh_.erase(fresh_.begin(), std::next(fresh_.begin(), static_cast<std::ptrdiff_t>(batches.size())));
  bytes_ -= size;
  return true;
}

void TelemetryQueue::forget_delivered() {
  if (spool_.count() > 0) spool_.forget(delivered_up_to());
}

std::uint64_t TelemetryQueue::delivered_up_to() const { return flying_.empty() ? sent_ : *flying_.begin() - 1; }

TelemetryQueue::FreshOnes::const_iterator TelemetryQueue::first_behind(std::uint64_t seq) const {
  return std::upper_bound(fresh_.begin(), fresh_.end(), seq,
                          [](std::uint64_t number, const Fresh& each) { return number < each.batch.seq; });
}

}  // namespace fettle::delivery
