#include "mbus/scan.hpp"

#include "mbus/selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fettle::mbus {
namespace {

constexpr std::size_t digits_of_a_number = 10;
constexpr std::uint8_t nobody_s_address = 251;  // reserved
constexpr auto wiring_hint =
    "even an address that no meter can have seems to answer: this is the line, not the meters (the level converter "
    "sends back what it is sent "
    "in another form, lacks power, or has more meters than it can feed; the baud rate or parity is wrong; or the line "
    "is shorted)";

/// What one question found.
enum class Presence : std::uint8_t { nobody, somebody, several };

/// Common to both ways of scanning: keeps the outcome, and asks the watch.
class Scan {
 public:
  Scan(Master& master, const ScanWatch& watch) : master_{master}, watch_{watch} {}

  bool is_over() const { return outcome_.was_cancelled || outcome_.failure.has_value(); }
  ScanOutcome take() {
    outcome_.asked = progress_.asked;
    return std::move(outcome_);
  }
  ScanOutcome& outcome() { return outcome_; }
  Master& master() { return master_; }

  /// False if the scan is over.
  bool announce(std::string at, std::size_t expected) {
    progress_.at = std::move(at);
    progress_.expected = expected;
    progress_.found = nullptr;
    tell();
    return !is_over();
  }
  std::size_t asked() const { return progress_.asked; }
  void count() { ++progress_.asked; }

  /// What the answer to a greeting or a selection says.
  Presence presence(const Result<void>& confirmed) {
    if (confirmed) return Presence::somebody;
    if (confirmed.error().fault == Fault::offline) outcome_.failure = confirmed.error();
    return confirmed.error().fault == Fault::malformed ? Presence::several : Presence::nobody;
  }

  /// Asks whoever confirmed for a telegram; `tries` times, because one disturbance is not a second meter.
  Result<Telegram> preview(std::uint8_t address, int tries) {
    auto telegram = master_.ask(address);
    for (int count = 1; count < tries && !telegram && telegram.error().fault == Fault::malformed; ++count) {
      telegram = master_.ask(address);
    }
    if (!telegram && telegram.error().fault == Fault::offline) outcome_.failure = telegram.error();
    return telegram;
  }

  /// After the first collision: if somebody answers where nobody can be, going on is of no use.
  bool is_line_at_fault() {
    if (!at_fault_) {
      at_fault_ = presence(master_.greet(nobody_s_address)) != Presence::nobody;
      if (*at_fault_) outcome_.hints.emplace_back(wiring_hint);
    }
    return *at_fault_;
  }

  void found(FoundMeter meter) {
    outcome_.meters.push_back(std::move(meter));
    progress_.found = &outcome_.meters.back();
    tell();
    progress_.found = nullptr;
  }

 private:
  void tell() {
    if (watch_ && !watch_(progress_)) outcome_.was_cancelled = true;
  }

  Master& master_;
  const ScanWatch& watch_;
  ScanOutcome outcome_;
  ScanProgress progress_;
  std::optional<bool> at_fault_;
};

FoundMeter meter_of(const Telegram& telegram) {
  FoundMeter meter;
  meter.secondary = telegram.header.meter;
  meter.more_follow = telegram.more_follow;
  for (const auto& record : telegram.records) meter.records.push_back({selector_of(record).to_text(), record});
  return meter;
}

bool is_collision(const Error& error) { return error.fault == Fault::malformed; }

Presence greet(Scan& scan, std::uint8_t address, int tries) {
  auto presence = Presence::nobody;
  for (int count = 0; count < tries && presence == Presence::nobody && !scan.is_over(); ++count) {
    presence = scan.presence(scan.master().greet(address));
  }
  return presence;
}

void look_at_address(Scan& scan, std::uint8_t address, int tries) {
  const auto presence = greet(scan, address, tries);
  scan.count();
  if (presence == Presence::nobody || scan.is_over()) return;
  const auto telegram =
      presence == Presence::somebody ? scan.preview(address, 2) : Result<Telegram>{failure(Fault::malformed, "")};
  if (telegram || !is_collision(telegram.error())) {
    auto meter = telegram ? meter_of(*telegram) : FoundMeter{};
    meter.address = address;
    if (!telegram) meter.trouble = telegram.error().detail;
    return scan.found(std::move(meter));
  }
  if (!scan.is_line_at_fault()) scan.outcome().collisions.push_back({fmt::format("address {}", address)});
}

/// A walk through the digits of secondary addresses.
class DigitWalk {
 public:
  explicit DigitWalk(Scan& scan) : scan_{scan} {}

  void begin(const SecondaryAddress& within) {
    if (!scan_.announce(to_text(within), 1)) return;
    expected_ = 1;
    if (look_at(within) == Presence::several && !scan_.is_line_at_fault()) descend(within);
  }

 private:
  /// Several if they cannot be read together; one that was only disturbed is found again in the details.
  Presence look_at(const SecondaryAddress& mask) {
    const auto presence = select(mask);
    if (presence != Presence::somebody || scan_.is_over()) return presence;
    const auto telegram = scan_.preview(link_address::selected, 1);
    if (telegram && !is_alone(telegram->header.meter, mask)) return Presence::several;
    if (telegram) {
      scan_.found(meter_of(*telegram));
      return Presence::somebody;
    }
    const bool is_silent = telegram.error().fault == Fault::timeout;
    if (is_collision(telegram.error()) || (is_silent && next_place(mask))) return Presence::several;
    FoundMeter meter;
    meter.secondary = mask;
    meter.trouble = telegram.error().detail;
    scan_.found(std::move(meter));
    return Presence::somebody;
  }

  Presence select(const SecondaryAddress& mask) {
    scan_.count();
    return scan_.presence(scan_.master().select(mask));
  }

  /// Meters of one model may answer in step, and then are heard as one whose bits are those that all of them have set. With new meters
  /// of consecutive numbers that can be a frame without fault. So whoever answered is asked for by its number, and its neighbours, which
  /// could hide behind it, must not be there.
  bool is_alone(const SecondaryAddress& meter, const SecondaryAddress& mask) {
    auto exact = mask;
    exact.digits = meter.digits;
    if (exact == mask || exact.digits == SecondaryAddress{}.digits) return true;
    if (select(exact) != Presence::somebody) return false;
    for (std::size_t place = SecondaryAddress::digit_count - 2; place < SecondaryAddress::digit_count; ++place) {
      if (mask.digits.at(place) != SecondaryAddress::any_digit) continue;
      const auto own = meter.digits.at(place);
      for (auto digit = static_cast<std::uint8_t>(own + 1); digit < digits_of_a_number; ++digit) {
        auto neighbours = mask;
        neighbours.digits.at(place) = digit;
        if ((digit & own) == own && select(neighbours) != Presence::nobody) return false;
      }
    }
    return true;
  }

  void descend(const SecondaryAddress& mask) {
    const auto place = next_place(mask);
    if (!place) return tell_apart_by_medium(mask);
    expected_ += digits_of_a_number;
    std::vector<SecondaryAddress> crowded;
    std::size_t answering = 0;
    for (std::uint8_t digit = 0; digit < SecondaryAddress::any_digit && !scan_.is_over(); ++digit) {
      // A few meters have letters for digits. They are looked for where somebody must be and no digit was right.
      if (digit == digits_of_a_number && answering > 0) break;
      auto narrower = mask;
      narrower.digits.at(*place) = digit;
      if (!scan_.announce(to_text(narrower), std::max(expected_, scan_.asked() + 1))) return;
      const auto presence = look_at(narrower);
      if (presence != Presence::nobody) ++answering;
      if (presence == Presence::several) crowded.push_back(narrower);
    }
    // All behind one digit: this digit is the same everywhere, and so may be those beside it.
    if (answering == 1 && crowded.size() == 1) from_the_end_ = !from_the_end_;
    if (answering == 0 && !scan_.is_over()) scan_.outcome().collisions.push_back({to_text(mask)});
    for (const auto& each : crowded) {
      if (!scan_.is_over()) descend(each);
    }
  }

  std::optional<std::size_t> next_place(const SecondaryAddress& mask) const {
    const auto is_open = [](std::uint8_t digit) { return digit == SecondaryAddress::any_digit; };
    const auto& digits = mask.digits;
    if (!from_the_end_) {
      const auto* const found = std::find_if(digits.begin(), digits.end(), is_open);
      return found == digits.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - digits.begin())};
    }
    const auto found = std::find_if(digits.rbegin(), digits.rend(), is_open);
    return found == digits.rend() ? std::nullopt : std::optional{static_cast<std::size_t>(digits.rend() - found - 1)};
  }

  void tell_apart_by_medium(const SecondaryAddress& mask) {
    constexpr std::uint8_t known_media = 0x40;
    std::size_t answering = 0;
    if (mask.medium == SecondaryAddress::any) {
      expected_ += known_media;
      for (std::uint8_t medium = 0; medium < known_media && !scan_.is_over(); ++medium) {
        auto narrower = mask;
        narrower.medium = medium;
        if (!scan_.announce(to_text(narrower), std::max(expected_, scan_.asked() + 1))) return;
        const auto presence = look_at(narrower);
        if (presence == Presence::several) scan_.outcome().collisions.push_back({to_text(narrower)});
        if (presence != Presence::nobody) ++answering;
      }
    }
    if (answering == 0 && !scan_.is_over()) scan_.outcome().collisions.push_back({to_text(mask)});
  }

  Scan& scan_;
  std::size_t expected_ = 0;
  bool from_the_end_ = false;
};

}  // namespace

ScanOutcome scan_primary(Master& master, const PrimaryRange& range, const ScanWatch& watch) {
  Scan scan{master, watch};
  const std::size_t expected = range.last < range.first ? 0 : range.last - range.first + 1U;
  for (std::size_t place = 0; place < expected; ++place) {
    const auto address = static_cast<std::uint8_t>(range.first + place);
    if (!scan.announce(fmt::format("address {}", address), expected)) break;
    look_at_address(scan, address, range.tries);
    if (!scan.outcome().hints.empty()) break;
  }
  return scan.take();
}

ScanOutcome scan_secondary(Master& master, const SecondaryAddress& within, const ScanWatch& watch) {
  Scan scan{master, watch};
  DigitWalk{scan}.begin(within);
  if (!scan.outcome().failure) master.deselect();
  return scan.take();
}

}  // namespace fettle::mbus
