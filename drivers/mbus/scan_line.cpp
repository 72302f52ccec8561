#include "mbus/scan_line.hpp"

#include "mbus/scan.hpp"
#include "mbus/scan_findings.hpp"
#include "mbus/scan_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;
using acquisition::ScanDepth;
using acquisition::ScanFindings;
using acquisition::ScanOrder;

constexpr std::chrono::milliseconds listening{1500}, opening{3000};
constexpr std::array<unsigned, 3> usual_rates{2400, 300, 9600};
constexpr std::array<unsigned, 8> all_rates{2400, 300, 9600, 4800, 1200, 600, 19200, 38400};
constexpr std::array<unsigned, 2> timings_of_a_network{2400, 300};
constexpr int patient_retries = 2;

/// A network converter has the line's rate among its own settings; here it only says how long an answer may take.
std::vector<unsigned> rates_of(const ScanOrder& order, const LineSettings& settings) {
  std::vector<unsigned> rates;
  for (const auto baud : order.bauds) rates.push_back(static_cast<unsigned>(baud));
  if (!rates.empty()) return rates;
  const bool is_thorough = order.depth == ScanDepth::thorough;
  if (!settings.host.empty())
    return {timings_of_a_network.begin(), timings_of_a_network.begin() + (is_thorough ? 2 : 1)};
  if (is_thorough) return {all_rates.begin(), all_rates.end()};
  return {usual_rates.begin(), usual_rates.end()};
}

PrimaryRange range_of(const ScanOrder& order) {
  const auto address = [](long unit) {
    return static_cast<std::uint8_t>(std::min<long>(unit, link_address::highest_meter));
  };
  if (order.units_chosen) return {address(order.first_unit), address(order.last_unit), 1};
  if (order.depth == ScanDepth::quick) return {0, 1, 1};
  return {0, link_address::highest_meter, order.depth == ScanDepth::thorough ? 2 : 1};
}

/// What one rate has shown.
struct AtRate {
  unsigned baud = 0;
  std::vector<Located> meters;
};

class LineScan {
 public:
  LineScan(const ScanOrder& order, const acquisition::ScanWatch& watch, const LineSettings& settings,
           const MakeWire& make)
      : order_{order}, settings_{settings}, make_{make}, rates_{rates_of(order, settings)}, pace_{watch} {
    findings_.driver = "mbus";
  }

  ScanFindings run() {
    if (!is_line_free()) return std::move(findings_);
    look_around();
    examine_all();
    findings_.cancelled = !pace_.goes_on();
    conclude();
    return std::move(findings_);
  }

 private:
  bool is_over() const { return findings_.failure || !pace_.goes_on(); }

  void tune(unsigned baud) {
    master_.reset();
    wire_.reset();  // which another could not open otherwise
    settings_.baud = baud;
    wire_ = make_(settings_);
    timing_ = timing_of(settings_);
    if (order_.timeout) timing_.answer = *order_.timeout;
    master_ = std::make_unique<Master>(*wire_, timing_, patient_retries);
  }

  std::string rate_text() const {
    const std::string_view parity = settings_.parity == modbus::Parity::even   ? "8E1"
                                    : settings_.parity == modbus::Parity::none ? "8N1"
                                                                               : "8O1";
    return settings_.host.empty() ? fmt::format("{} baud {}", settings_.baud, parity) : settings_.host;
  }
  Span silence_of_one() const { return timing_.answer + 6 * timing_.character; }

  bool is_line_free();
  void look_around();
  bool is_answered();
  void sweep();
  ScanOutcome look(std::string_view how, const std::function<ScanOutcome(const ScanWatch&)>& scan);
  void take_best(AtRate here);
  void examine_all();
  void conclude();

  const ScanOrder& order_;
  LineSettings settings_;
  const MakeWire& make_;
  std::vector<unsigned> rates_;
  ScanPace pace_;
  LinkTiming timing_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Master> master_;  // after wire_, which it uses
  AtRate best_;
  ScanFindings findings_;
};

/// Meters never speak unless they are asked: whatever comes is another master's doing, or noise.
bool LineScan::is_line_free() {
  tune(rates_.front());
  pace_.begin("listening", wire_->now(), listening);
  if (!pace_.tell({}, 0, 1, wire_->now())) return true;
  if (auto opened = wire_->open(wire_->now() + opening); !opened) {
    findings_.failure = opened.error();
    return false;
  }
  std::array<std::uint8_t, 256> chunk{};
  std::size_t heard = 0;
  for (const auto end = wire_->now() + listening; wire_->now() < end;) {
    const auto count = wire_->read(chunk, end);
    if (!count) {
      findings_.failure = count.error();
      return false;
    }
    heard += *count;
  }
  findings_.heard = heard == 0 ? "nobody speaks on the line" : fmt::format("{} bytes came before any question", heard);
  if (heard == 0 || order_.despite_traffic) return true;
  findings_.failure =
      failure(Fault::refused, findings_.heard +
                                  ": another master reads these meters, or the line picks up noise. End the other one "
                                  "while you scan, or scan all the same with --force");
  return false;
}

void LineScan::look_around() {
  std::vector<unsigned> silent;
  for (const auto baud : rates_) {
    if (is_over()) return;
    tune(baud);
    if (order_.units_chosen || is_answered()) {
      sweep();
      if (!best_.meters.empty() && order_.depth != ScanDepth::thorough) return;
    } else {
      silent.push_back(baud);
    }
  }
  // A few meters answer only to their own address.
  if (order_.depth == ScanDepth::quick || !best_.meters.empty() || is_over() || !findings_.hints.empty()) return;
  if (order_.depth == ScanDepth::usual) silent.resize(std::min<std::size_t>(silent.size(), 1));
  for (const auto baud : silent) {
    if (is_over()) return;
    tune(baud);
    sweep();
  }
}

/// Two questions that every meter takes for its own.
bool LineScan::is_answered() {
  const auto is_answer = [this](const Result<void>& confirmed) {
    if (confirmed) return true;
    if (confirmed.error().fault == Fault::offline) findings_.failure = confirmed.error();
    return confirmed.error().fault == Fault::malformed;
  };
  pace_.begin(fmt::format("{}, asking whether anybody is there", rate_text()), wire_->now(), silence_of_one());
  if (!pace_.tell({}, 0, 2, wire_->now())) return false;
  if (is_answer(master_->greet(link_address::anybody))) return true;
  if (is_over() || !pace_.tell({}, 1, 2, wire_->now())) return false;
  const bool selected = is_answer(master_->select(SecondaryAddress{}));
  if (selected) (void)master_->deselect();
  return selected;
}

ScanOutcome LineScan::look(std::string_view how, const std::function<ScanOutcome(const ScanWatch&)>& scan) {
  pace_.begin(fmt::format("{}, {}", rate_text(), how), wire_->now(), silence_of_one());
  auto outcome = scan([this](const ScanProgress& progress) {
    std::string news;
    if (const auto* const meter = progress.found; meter != nullptr) {
      const auto at = meter->address ? fmt::format("address {}", *meter->address) : to_text(*meter->secondary);
      const auto tail = meter->address && meter->secondary ? " (" + to_text(*meter->secondary) + ")" : std::string{};
      news = at + tail + " answers";
    }
    return pace_.tell(progress.at, progress.asked, progress.expected, wire_->now(), std::move(news));
  });
  if (outcome.failure) findings_.failure = outcome.failure;
  for (auto& hint : outcome.hints) {
    auto& hints = findings_.hints;
    if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(std::move(hint));
  }
  return outcome;
}

void LineScan::sweep() {
  const auto range = range_of(order_);
  auto primary = look("by address", [&](const ScanWatch& watch) { return scan_primary(*master_, range, watch); });
  ScanOutcome secondary;
  if (!order_.units_chosen && !is_over() && findings_.hints.empty()) {
    secondary = look("by number",
                     [this](const ScanWatch& watch) { return scan_secondary(*master_, SecondaryAddress{}, watch); });
  }
  take_best({settings_.baud, located(std::move(primary.meters), secondary.meters)});
  auto collisions = std::move(primary.collisions);
  collisions.insert(collisions.end(), secondary.collisions.begin(), secondary.collisions.end());
  for (auto& hint : collision_hints(collisions, !secondary.meters.empty())) findings_.hints.push_back(std::move(hint));
}

void LineScan::take_best(AtRate here) {
  const bool is_better = here.meters.size() > best_.meters.size();
  auto& other = is_better ? best_ : here;
  if (!other.meters.empty()) {
    findings_.hints.push_back(
        fmt::format("{} meters answer at {} baud{}", other.meters.size(), other.baud,
                    is_better ? " as well, or only there: a line has one rate in a site file, so give all meters the "
                                "same"
                              : ", no more than at the rate of this draft"));
  }
  if (is_better) best_ = std::move(here);
}

/// One whole readout each, to see all that they send and how long that takes.
void LineScan::examine_all() {
  const auto& meters = best_.meters;
  if (meters.empty()) return;
  if (!findings_.failure && settings_.baud != best_.baud) tune(best_.baud);
  pace_.begin("reading", wire_->now(), 2 * silence_of_one());
  for (std::size_t place = 0; place < meters.size(); ++place) {
    const auto address = address_of(meters[place], meters);
    const bool is_mute = meters[place].meter.records.empty();
    Result<std::vector<Telegram>> readout = std::vector<Telegram>{};
    const auto begin = wire_->now();
    if (!findings_.failure && pace_.tell("meter " + to_text(address), place, meters.size(), begin) && !is_mute)
      readout = master_->read(address);
    auto device = device_of(address, meters[place], readout, order_.profiles);
    if (readout && !readout->empty())
      device.reading = std::chrono::duration<double, std::milli>{wire_->now() - begin}.count();
    findings_.devices.push_back(std::move(device));
  }
}

void LineScan::conclude() {
  auto& line = findings_.line;
  if (settings_.host.empty()) {
    line = {{"port", settings_.port}};
  } else {
    line = {{"host", settings_.host}, {"port", std::to_string(settings_.tcp_port)}};
  }
  line.emplace_back("baud", std::to_string(best_.meters.empty() ? rates_.front() : best_.baud));
  if (settings_.host.empty() && settings_.parity != modbus::Parity::even)
    line.emplace_back("parity", settings_.parity == modbus::Parity::none ? "none" : "odd");
  const auto own_patience = LinkTiming::of(settings_.baud, Span{}).answer;
  if (order_.timeout && *order_.timeout > own_patience) {
    const auto margin = std::chrono::duration_cast<Duration>(*order_.timeout - own_patience);
    line.emplace_back("margin", fmt::format("{}ms", std::max<std::int64_t>(1, margin.count())));
  }
  if (std::any_of(findings_.devices.begin(), findings_.devices.end(),
                  [](const auto& each) { return each.rest > 0ms; })) {
    findings_.hints.emplace_back(
        "meters that may live on a battery are read every 15 minutes; where one has mains supply write `supply: mains` "
        "at it, and a shorter `every`");
  }
  if (master_ && master_->link().has_echo())
    findings_.hints.emplace_back("the converter sends back what it is sent; that is taken out, and does no harm");
  if (findings_.devices.empty() && !findings_.failure && pace_.goes_on() && findings_.hints.empty()) {
    findings_.hints.emplace_back(
        settings_.host.empty()
            ? "nobody answers: is this an M-Bus level converter (not RS-485), does it have power, are there some 36 V "
              "between the two wires of the line? Then other rates: --full"
            : "the converter takes connections, but no meter answers: look at its serial settings (mostly 2400 baud "
              "8E1), at its power and at the line; --timeout 2000 for a slow network");
  }
}

}  // namespace

ScanFindings scan_line(const ScanOrder& order, const acquisition::ScanWatch& watch, const LineSettings& settings,
                       const MakeWire& make) {
  return LineScan{order, watch, settings, make}.run();
}

}  // namespace fettle::mbus
