#include "mbus/link.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fettle::mbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr long bits_of_character = 11, answer_bits = 330, silence_bits = 33;
constexpr milliseconds answer_constant{50};
constexpr long longest_frame = 261;
constexpr seconds patience_for_opening{3};

}  // namespace

LinkTiming LinkTiming::of(unsigned baud, Span margin) {
  const auto bit = std::chrono::nanoseconds{1'000'000'000LL / baud};
  return {bit * bits_of_character, bit * answer_bits + answer_constant + margin, bit * silence_bits + margin};
}

Result<void> Link::confirmed(ByteSpan question) {
  const auto begin = wire_.now();
  return counted(await_confirmation(question), begin);
}

Result<Frame> Link::answered(ByteSpan question) {
  const auto begin = wire_.now();
  return counted(await_frame(question), begin);
}

template <class T>
Result<T> Link::counted(Result<T> outcome, Moment begin) {
  if (statistics_ == nullptr) return outcome;
  const auto busy = wire_.now() - begin;
  if (outcome) {
    statistics_->answered(std::max(Span{}, answered_ - sent_), busy);
    return outcome;
  }
  statistics_->failed(outcome.error(), busy);
  if (outcome.error().fault == Fault::malformed) statistics_->heard_noise(received_.size());
  return outcome;
}

Result<void> Link::await_confirmation(ByteSpan question) {
  if (auto sent = send(question); !sent) return sent.error();
  if (auto received = receive(question, Wanted::acknowledgement); !received) return received.error();
  if (is_complete(Wanted::acknowledgement)) return {};
  return unreadable();
}

Result<Frame> Link::await_frame(ByteSpan question) {
  if (auto sent = send(question); !sent) return sent.error();
  if (auto received = receive(question, Wanted::frame); !received) return received.error();
  auto frame = find_frame(received_, true);
  if (!frame && is_complete(Wanted::acknowledgement)) return failure(Fault::refused, "it has nothing to tell");
  if (!frame) return unreadable();
  return std::move(*frame);
}

Result<void> Link::tell(ByteSpan words) {
  if (auto sent = send(words); !sent) return sent.error();
  return receive(words, Wanted::acknowledgement);
}

Result<void> Link::send(ByteSpan question) {
  ++questions_;
  if (auto opened = opener_.open(wire_, std::max<Span>(timing_.answer, patience_for_opening)); !opened)
    return opened.error();
  if (auto dropped = drop_leftovers(); !dropped) return lost(dropped.error());
  const auto duration = timing_.character * static_cast<long>(question.size());
  auto sent = wire_.write(question, wire_.now() + duration + seconds{1});
  if (!sent) return lost(sent.error());
  sent_ = wire_.now() + duration;
  quiet_since_ = sent_;
  return {};
}

/// What is still to come from an earlier question must not be taken for the answer to the next one. Also keeps the silence that
/// meters need to see where a frame begins.
Result<void> Link::drop_leftovers() {
  const auto patience = wire_.now() + timing_.answer + timing_.character * longest_frame;
  std::array<std::uint8_t, longest_frame> chunk{};
  while (true) {
    const auto count = wire_.read(chunk, std::max(quiet_since_ + timing_.character, wire_.now()));
    if (!count) return count.error();
    if (*count == 0) return {};
    quiet_since_ = wire_.now();
    if (quiet_since_ > patience)
      return failure(Fault::malformed, "the line is never silent (another master, or noise)");
  }
}

/// Returns when the answer is whole, or when nothing more comes.
Result<void> Link::receive(ByteSpan question, Wanted wanted) {
  const auto latest = sent_ + timing_.answer + timing_.silence + timing_.character * 2 * longest_frame;
  auto deadline = sent_ + timing_.answer;
  received_.clear();
  may_echo_ = true;
  std::array<std::uint8_t, longest_frame> chunk{};
  while (true) {
    const auto count = wire_.read(chunk, deadline);
    if (!count) return lost(count.error());
    if (*count == 0) break;
    received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
    quiet_since_ = std::max(wire_.now(), quiet_since_);
    const bool is_first = received_.size() == static_cast<std::size_t>(*count);
    strip_echo(question);
    if (!received_.empty() && (is_first || answered_ < sent_)) answered_ = quiet_since_;
    if (is_complete(wanted)) return {};
    deadline = received_.empty() ? sent_ + timing_.answer : std::min(wire_.now() + timing_.silence, latest);
    deadline = std::max(deadline, sent_);  // an echo comes while we are still sending
  }
  if (!received_.empty()) return {};
  const auto waited = std::chrono::duration_cast<milliseconds>(timing_.answer);
  return failure(Fault::timeout, fmt::format("no answer within {}", waited));
}

bool Link::is_complete(Wanted wanted) const {
  if (wanted == Wanted::frame) return find_frame(received_, false).has_value();
  return received_.size() == 1 && look_at(received_).what == Sighting::What::acknowledgement;
}

void Link::strip_echo(ByteSpan question) {
  if (!may_echo_ || received_.size() < question.size()) return;
  may_echo_ = false;
  if (!std::equal(question.begin(), question.end(), received_.begin())) return;
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(question.size()));
  has_echo_ = true;
}

Error Link::unreadable() const {
  constexpr std::size_t shown = 8;
  const auto head = ByteSpan{received_}.first(std::min(shown, received_.size()));
  return failure(Fault::malformed, fmt::format("{} bytes that are no answer ({}{}): several meters at once, or noise",
                                               received_.size(), to_hex(head), received_.size() > shown ? " ..." : ""));
}

Error Link::lost(const Error& error) {
  if (error.fault == Fault::offline) wire_.close();
  return error;
}

}  // namespace fettle::mbus
