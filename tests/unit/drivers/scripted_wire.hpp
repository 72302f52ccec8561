#pragma once

#include "modbus/wire.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fettle::modbus {

using ByteList = std::vector<std::uint8_t>;

/// Bytes that arrive some time after the question they follow.
struct Delivery {
  Span after{};
  ByteList bytes;
};

/// A wire with a time of its own: nothing waits, and every answer comes exactly when the script says.
class ScriptedWire final : public Wire {
 public:
  /// The next question must be `question`; these are its answers.
  void expect(ByteList question, std::vector<Delivery> answers) {
    script_.emplace_back(std::move(question), std::move(answers));
  }
  /// Bytes that come without a question.
  void babble(Span after, ByteList bytes) { deliver({after, std::move(bytes)}); }
  void break_at(Moment moment) { broken_ = moment; }
  void refuse_to_open(bool refuses) { refuses_ = refuses; }
  /// The other side closes the connection, which the next read notices.
  void hang_up() { is_lost_ = true; }
  /// Whatever is asked from now on gets no answer.
  void ignore_questions() { ignores_ = true; }

  bool finished() const { return script_.empty(); }
  int openings() const { return openings_; }
  int wanted_more() const { return wanted_more_; }
  const std::vector<Moment>& sent() const { return sent_; }
  void pass(Span span) { now_ += span; }

  Moment now() const override { return now_; }
  bool is_open() const override { return open_; }
  void close() override {
    open_ = false;
    pending_.clear();
  }
  void cancel() override { close(); }

  Result<void> open(Moment) override {
    ++openings_;
    if (refuses_) return failure(Fault::offline, "cannot open the wire");
    open_ = true;
    return {};
  }

  Result<void> write(std::span<const std::uint8_t> bytes, Moment) override {
    sent_.push_back(now_);
    if (ignores_) return {};
    if (script_.empty()) {
      ADD_FAILURE() << "a question too many";
      return {};
    }
    const auto [question, answers] = script_.front();
    script_.pop_front();
    EXPECT_EQ(ByteList(bytes.begin(), bytes.end()), question);
    for (const auto& answer : answers) deliver(answer);
    return {};
  }

  void expect_more() override { ++wanted_more_; }
  void rest(Moment until) override { now_ = std::max(now_, until); }

  Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) override {
    if (std::exchange(is_lost_, false)) return failure(Fault::offline, "the wire was lost");
    if (broken_ && deadline >= *broken_) return failure(Fault::offline, "the wire was lost");
    if (pending_.empty() || pending_.front().first > deadline) {
      now_ = std::max(now_, deadline);
      return std::size_t{0};
    }
    auto& [moment, bytes] = pending_.front();
    now_ = std::max(now_, moment);
    const auto count = std::min(into.size(), bytes.size());
    std::copy_n(bytes.begin(), count, into.begin());
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    if (bytes.empty()) pending_.pop_front();
    return count;
  }

 private:
  void deliver(const Delivery& delivery) {
    pending_.emplace_back(now_ + delivery.after, delivery.bytes);
    std::stable_sort(pending_.begin(), pending_.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
  }

  Moment now_{std::chrono::hours{1}};
  bool open_ = false;
  bool refuses_ = false, is_lost_ = false, ignores_ = false;
  int openings_ = 0, wanted_more_ = 0;
  std::optional<Moment> broken_;
  std::vector<Moment> sent_;
  std::deque<std::pair<ByteList, std::vector<Delivery>>> script_;
  std::deque<std::pair<Moment, ByteList>> pending_;
};

}  // namespace fettle::modbus
