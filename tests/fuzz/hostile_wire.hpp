#pragma once

#include "modbus/wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace fettle::fuzz {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

/// The fuzzer's input, from which whoever has to decide something takes what comes next; zeros when it is used up.
class Script {
 public:
  explicit Script(ByteSpan bytes) : bytes_{bytes} {}

  bool is_over() const { return bytes_.empty(); }
  std::uint8_t take() {
    if (bytes_.empty()) return 0;
    const auto byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  Bytes take(std::size_t count) {
    const auto piece = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(piece.size());
    return {piece.begin(), piece.end()};
  }

 private:
  ByteSpan bytes_;
};

/// A wire with a time of its own, on whose other side the fuzzer sits: it answers rightly, late, in pieces, damaged, to an earlier question,
/// not at all, or with whatever it likes; and it ends the connection or refuses it.
class HostileWire final : public modbus::Wire {
 public:
  using Moment = modbus::Moment;
  /// What a right answer to a question would be; its content is taken from the script.
  using Answer = std::function<Bytes(ByteSpan question, Script& script)>;

  HostileWire(Script& script, Answer answer) : script_{script}, answer_{std::move(answer)} {}

  /// Everything that was brought since a moment; for whoever wants to know where a value came from.
  std::size_t brought() const { return brought_.size(); }
  ByteSpan brought_since(std::size_t place) const { return ByteSpan{brought_}.subspan(place); }
  const std::vector<Bytes>& questions() const { return questions_; }

  Moment now() const override { return now_; }
  bool is_open() const override { return open_; }
  void close() override {
    open_ = false;
    pending_.clear();
  }
  void cancel() override { close(); }
  void rest(Moment until) override { now_ = std::max(now_, until); }

  Result<void> open(Moment /*deadline*/) override {
    if (script_.take() % 8 == 7) return failure(Fault::offline, "refused");
    open_ = true;
    return {};
  }

  Result<void> write(ByteSpan bytes, Moment /*deadline*/) override {
    questions_.emplace_back(bytes.begin(), bytes.end());
    return {};
  }

  Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) override {
    if (pending_.empty() && !script_.is_over() && !decide()) return failure(Fault::offline, "lost");
    if (pending_.empty() || due_ > deadline) {
      now_ = std::max(now_, deadline);
      return std::size_t{0};
    }
    now_ = std::max(now_, due_);
    const auto count = std::min({into.size(), pending_.size(), piece_});
    std::copy_n(pending_.begin(), count, into.begin());
    brought_.insert(brought_.end(), into.begin(), into.begin() + static_cast<std::ptrdiff_t>(count));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

 private:
  /// False if the wire is to be lost. One byte says what happens and when.
  bool decide() {
    const auto choice = script_.take();
    due_ = now_ + std::chrono::milliseconds{16} * (choice / 8);
    piece_ = 4096;
    switch (choice % 8) {
      case 0: break;
      case 1: return false;
      case 2: pending_ = script_.take(script_.take() % 64); break;
      case 3: pending_ = answer(0); break;
      case 4: damage(answer(0)); break;
      case 5: pending_ = answer(script_.take()); break;
      case 6: piece_ = 1U + script_.take() % 8; [[fallthrough]];
      default: pending_ = answer(0); append_noise();
    }
    return true;
  }

  /// The right answer to the question before `age` others.
  Bytes answer(std::size_t age) {
    if (questions_.empty()) return {};
    return answer_(questions_[questions_.size() - 1 - age % questions_.size()], script_);
  }

  void damage(Bytes answer) {
    const auto place = script_.take();
    if (!answer.empty()) answer[place % answer.size()] ^= script_.take();
    pending_ = std::move(answer);
  }

  void append_noise() {
    const auto noise = script_.take(script_.take() % 8);
    pending_.insert(pending_.end(), noise.begin(), noise.end());
  }

  Script& script_;
  Answer answer_;
  Moment now_{std::chrono::hours{1}}, due_{};
  bool open_ = false;
  std::size_t piece_ = 4096;
  std::vector<Bytes> questions_;
  Bytes pending_, brought_;
};

}  // namespace fettle::fuzz
