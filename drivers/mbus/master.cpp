#include "mbus/master.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fettle::mbus {
namespace {

constexpr std::uint8_t ci_select = 0x52, ci_application_reset = 0x50;
constexpr std::size_t most_telegrams = 32;  // a meter that never comes to its end is out of order

/// Asked again, it may answer.
bool is_worth_repeating(const Error& error) { return error.fault == Fault::timeout || error.fault == Fault::malformed; }

/// A meter that ignores the frame count bit says the same again and again; only its header counts on.
bool is_repetition(const Telegram& telegram, const Telegram& former) {
  constexpr std::size_t header = 12;
  const auto& bytes = telegram.payload;
  if (bytes.size() != former.payload.size() || bytes.size() <= header) return false;
  return std::equal(bytes.begin() + header, bytes.end(), former.payload.begin() + header);
}

}  // namespace

Result<std::vector<Telegram>> Master::read(const Address& address, const Manners& manners) {
  if (const auto* const primary = std::get_if<std::uint8_t>(&address)) return read_primary(*primary, manners);
  return read_secondary(std::get<SecondaryAddress>(address), manners);
}

Result<std::vector<Telegram>> Master::read_primary(std::uint8_t address, const Manners& manners) {
  if (auto ready = make_ready(address); !ready) return ready.error();
  auto telegrams = read_all(address, manners);
  // Only a greeting brings a meter with several telegrams back to its first one for sure.
  if (!telegrams || telegrams->size() > 1) forget(address);
  return telegrams;
}

Result<std::vector<Telegram>> Master::read_secondary(const SecondaryAddress& address, const Manners& manners) {
  if (auto selected = select_stubbornly(address); !selected) return selected.error();
  auto telegrams = read_all(link_address::selected, manners);
  forget(link_address::selected);
  if (!telegrams) return telegrams;
  const auto& answering = telegrams->front().header.meter;
  if (address.matches(answering)) return telegrams;
  return failure(Fault::malformed, fmt::format("meter {} answered in its place", to_text(answering)));
}

/// A meter that confirms no greeting may still answer questions, so the last try is one.
Result<void> Master::make_ready(std::uint8_t address) {
  if (known_.test(address)) return {};
  Result<void> greeted = greet(address);
  for (int count = 0; count < retries_ && !greeted && is_worth_repeating(greeted.error()); ++count) {
    greeted = greet(address);
  }
  if (greeted || greeted.error().fault == Fault::timeout) return {};
  return greeted;
}

/// Some meters are found by their number alone, and not when their maker is named as well.
Result<void> Master::select_stubbornly(const SecondaryAddress& address) {
  auto selected = select(address);
  for (int count = 0; count < retries_ && !selected && is_worth_repeating(selected.error()); ++count) {
    if (auto deselected = deselect(); !deselected && !is_worth_repeating(deselected.error())) return deselected;
    selected = select(address);
  }
  if (selected || !address.names_its_maker() || selected.error().fault != Fault::timeout) return selected;
  auto number_alone = SecondaryAddress{};
  number_alone.digits = address.digits;
  return select(number_alone);
}

Result<std::vector<Telegram>> Master::read_all(std::uint8_t address, const Manners& manners) {
  if (manners.application_reset) {
    auto confirmed = link_.confirmed(long_frame(control::send, address, ci_application_reset, {}));
    if (!confirmed && !is_worth_repeating(confirmed.error())) return confirmed.error();
  }
  std::vector<Telegram> telegrams;
  while (telegrams.size() < most_telegrams) {
    auto telegram = ask_stubbornly(address);
    if (!telegram) return telegram.error();
    if (!telegrams.empty() && is_repetition(*telegram, telegrams.back())) return telegrams;
    const bool more_follow = telegram->more_follow;
    telegrams.push_back(std::move(*telegram));
    if (!more_follow) return telegrams;
  }
  return failure(Fault::malformed, fmt::format("more than {} telegrams", most_telegrams));
}

Result<Telegram> Master::ask_stubbornly(std::uint8_t address) {
  const bool was_known = known_.test(address);
  auto telegram = ask(address);
  // Whoever did not even confirm the greeting has had its chances.
  const int tries = was_known ? retries_ : 0;
  for (int count = 0; count < tries && !telegram && is_worth_repeating(telegram.error()); ++count)
    telegram = ask(address);
  if (telegram) known_.set(address);
  return telegram;
}

Result<void> Master::greet(std::uint8_t address) {
  forget(address);
  auto confirmed = link_.confirmed(short_frame(control::reset, address));
  if (confirmed) known_.set(address);
  return confirmed;
}

Result<void> Master::select(const SecondaryAddress& address) {
  forget(link_address::selected);
  auto confirmed = link_.confirmed(long_frame(control::send, link_address::selected, ci_select, address.encoded()));
  if (confirmed) known_.set(link_address::selected);
  return confirmed;
}

Result<void> Master::deselect() {
  forget(link_address::selected);
  auto told = link_.tell(short_frame(control::reset, link_address::selected));
  if (!told && told.error().fault == Fault::timeout) return {};  // nobody has to answer
  return told;
}

Result<Telegram> Master::ask(std::uint8_t address) {
  const auto bit = next_count_.test(address) ? control::frame_count_bit : std::uint8_t{0};
  const auto frame = link_.answered(short_frame(static_cast<std::uint8_t>(control::request | bit), address));
  if (!frame) return frame.error();
  if (!frame->is_answer()) {
    return failure(Fault::malformed, fmt::format("a frame that is no answer (control field {:02X})", frame->control));
  }
  if (address <= link_address::highest_meter && frame->address != address) {
    return failure(Fault::malformed, fmt::format("meter {} answered in its place", frame->address));
  }
  next_count_.flip(address);
  return decode_telegram(*frame);
}

void Master::forget(std::uint8_t address) {
  known_.reset(address);
  next_count_.set(address);  // the first question after a greeting has the bit set
}

}  // namespace fettle::mbus
