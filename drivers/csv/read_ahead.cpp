#include "csv/read_ahead.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace fettle::csv {
namespace {

constexpr std::size_t readings_a_batch = 2048, least_rows = 8;

}  // namespace

std::span<const Reading> ReadAhead::readings() const {
  const auto points = batch_.readings.size() / batch_.times.size();
  return std::span{batch_.readings}.subspan(row_ * points, points);
}

Result<bool> ReadAhead::next() {
  if (++row_ < batch_.times.size()) return true;
  if (batch_.end) return *batch_.end;
  if (!ordered_.valid()) order();
  batch_ = ordered_.get();
  row_ = 0;
  if (!batch_.end) order();
  if (batch_.times.empty()) return *batch_.end;
  return true;
}

void ReadAhead::order() {
  ordered_ = boost::asio::post(reader_, boost::asio::use_future([this] { return read(); }));
}

ReadAhead::Batch ReadAhead::read() {
  Batch batch;
  const auto rows = std::max(least_rows, readings_a_batch / std::max<std::size_t>(1, recording_.readings().size()));
  while (batch.times.size() < rows) {
    const auto next = recording_.next();
    if (!next || !*next) {
      batch.end = next;
      break;
    }
    batch.times.push_back(recording_.time());
    const auto readings = recording_.readings();
    batch.readings.insert(batch.readings.end(), readings.begin(), readings.end());
    if (to_ && recording_.time() > *to_) {
      batch.end = false;
      break;
    }
  }
  batch.left = recording_.history().left();
  batch.bytes_read = recording_.history().bytes_read();
  return batch;
}

}  // namespace fettle::csv
