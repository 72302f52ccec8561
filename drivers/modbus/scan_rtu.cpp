#include "modbus/scan_examination.hpp"
#include "modbus/scan_hints.hpp"
#include "modbus/scan_meter.hpp"
#include "modbus/scan_rates.hpp"
#include "modbus/serial_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace fettle::modbus {
namespace {

using acquisition::FoundDevice;
using acquisition::ScanDepth;
using acquisition::ScanFindings;
using acquisition::ScanOrder;
using acquisition::ScanWatch;
using std::chrono::milliseconds;

constexpr milliseconds patience{150};  ///< with a unit that may not be there
constexpr milliseconds patience_with_found{500};
constexpr milliseconds listening{1500};
constexpr std::size_t usual_rates = 4;  ///< at which every unit is looked for if nothing answers out of the box
constexpr std::string_view parity_names[]{"none", "even", "odd"};

Request first_register(RegisterTable table) { return {table, 0, 1}; }

/// A scan of one serial port.
class SerialScan {
 public:
  SerialScan(const ScanOrder& order, const ScanWatch& watch)
      : order_{order}, meter_{watch}, rates_{rates_of(order)}, units_{units_of(order)} {
    findings_.driver = "modbus_rtu";
  }

  ScanFindings run() {
    if (!is_line_free()) return findings_;
    if (auto done = look_around(); !done) findings_.failure = done.error();
    examine_all();
    findings_.cancelled = !meter_.goes_on();
    conclude();
    return findings_;
  }

 private:
  struct Port {
    Port(const std::string& path, const SerialSettings& serial)
        : wire{path, serial}, timing{LineTiming::of(serial.baud, serial.bits_per_character())}, line{wire, timing} {}
    SerialWire wire;
    LineTiming timing;
    SerialScanLine line;
  };

  void tune(const Rate& rate) {
    port_.reset();  // which another could not open otherwise
    rate_ = rate;
    port_ = std::make_unique<Port>(order_.place, rate.serial);
  }

  Station asked() const { return {1, order_.timeout ? Span{*order_.timeout} : Span{patience}, {}}; }

  bool is_line_free();
  Result<void> look_around();
  Result<void> look_out_of_the_box();
  Result<void> look_everywhere(const Rate& rate);
  Result<void> sweep(std::span<const std::uint8_t> units, RegisterTable table);
  void note(std::uint8_t unit, Presence presence);
  void examine_all();
  void conclude();

  const ScanOrder& order_;
  ScanMeter meter_;
  std::vector<Rate> rates_;
  std::vector<std::uint8_t> units_;
  Rate rate_;
  std::unique_ptr<Port> port_;
  SweepCount count_;
  std::vector<std::uint8_t> present_, garbled_;
  ScanFindings findings_;
};

/// Listens before it speaks. What is no frame at one rate may be one at another.
bool SerialScan::is_line_free() {
  Traffic loudest;
  for (const auto& rate : rates_) {
    tune(rate);
    meter_.expect(1, listening);
    if (!meter_.step(fmt::format("listening at {}", to_text(rate.serial)))) break;
    const auto heard = port_->line.listen(listening);
    if (!heard) {
      findings_.failure = heard.error();
      return false;
    }
    const auto traffic = traffic_in(*heard);
    if (traffic.bytes == 0 && loudest.bytes == 0) break;
    if (findings_.heard.empty() || traffic.has_master()) findings_.heard = traffic_text(traffic, to_text(rate.serial));
    loudest.bytes += traffic.bytes;
    if (traffic.has_master()) break;
  }
  if (loudest.bytes == 0) {
    findings_.heard = "nobody speaks on the line";
    return true;
  }
  if (order_.despite_traffic) return true;
  findings_.failure = failure(
      Fault::refused, findings_.heard +
                          "; two masters on one line disturb each other: switch the other one off while you scan, "
                          "or scan all the same with --force");
  return false;
}

Result<void> SerialScan::look_around() {
  if (!order_.units_chosen) {
    if (auto done = look_out_of_the_box(); !done) return done;
  }
  if (order_.depth == ScanDepth::quick && !order_.units_chosen) return {};
  if (!present_.empty() && order_.depth == ScanDepth::usual) return look_everywhere(rate_);
  const auto last = order_.depth == ScanDepth::thorough ? rates_.size() : std::min(usual_rates, rates_.size());
  for (std::size_t place = 0; place < last && meter_.goes_on(); ++place) {
    if (auto done = look_everywhere(rates_[place]); !done) return done;
    if (!present_.empty()) break;
  }
  return {};
}

/// Ends at the first rate that is answered.
Result<void> SerialScan::look_out_of_the_box() {
  std::size_t steps = 0;
  for (const auto& rate : rates_) steps += rate.units.size();
  meter_.expect(steps, 2 * asked().timeout);
  for (const auto& rate : rates_) {
    tune(rate);
    for (const auto unit : rate.units) {
      const std::array one{unit};
      if (!meter_.step(fmt::format("{}, unit {}", to_text(rate.serial), unit))) return {};
      for (const auto table : {RegisterTable::holding, RegisterTable::input}) {
        if (auto done = sweep(one, table); !done) return done;
        if (!present_.empty()) return {};
      }
    }
  }
  return {};
}

Result<void> SerialScan::look_everywhere(const Rate& rate) {
  tune(rate);
  std::vector<std::uint8_t> left;
  for (const auto unit : units_) {
    if (std::find(present_.begin(), present_.end(), unit) == present_.end()) left.push_back(unit);
  }
  meter_.expect(left.size() * (order_.depth == ScanDepth::thorough ? 2 : 1),
                asked().timeout + 13 * port_->timing.character);
  if (auto done = sweep(left, RegisterTable::holding); !done) return done;
  if (order_.depth != ScanDepth::thorough || !meter_.goes_on()) return {};
  std::erase_if(left,
                [this](auto unit) { return std::find(present_.begin(), present_.end(), unit) != present_.end(); });
  return sweep(left, RegisterTable::input);
}

Result<void> SerialScan::sweep(std::span<const std::uint8_t> units, RegisterTable table) {
  return port_->line.sweep(units, asked(), register_question(first_register(table)),
                           [this, several = units.size() > 1](std::uint8_t unit, Presence presence) {
                             note(unit, presence);
                             if (!several) return true;
                             const auto at = fmt::format("{}, unit {}", to_text(rate_.serial), unit);
                             const bool is_news = presence == Presence::present;
                             return meter_.step(at, is_news ? fmt::format("unit {} answers", unit) : "");
                           });
}

void SerialScan::note(std::uint8_t unit, Presence presence) {
  ++count_.asked;
  if (presence == Presence::present) {
    ++count_.present;
    present_.push_back(unit);
  } else if (presence == Presence::garbled) {
    ++count_.garbled;
    garbled_.push_back(unit);
  }
}

void SerialScan::examine_all() {
  auto units = present_;
  if (!present_.empty()) units.insert(units.end(), garbled_.begin(), garbled_.end());
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  constexpr milliseconds usual_examination{4000};
  meter_.expect(units.size(), usual_examination);
  if (units.empty()) return;
  SerialScanLine measuring{port_->wire, port_->timing};
  for (const auto unit : units) {
    if (findings_.failure || !meter_.step(fmt::format("asking unit {} what it is", unit))) {
      findings_.devices.push_back(found_at(unit));
      continue;
    }
    const Station station{
        unit, order_.timeout ? std::max<Span>(*order_.timeout, patience_with_found) : Span{patience_with_found}, {}};
    const auto goes_on = [this, unit] { return meter_.tell(fmt::format("asking unit {} what it is", unit)); };
    findings_.devices.push_back(Examination{port_->line, measuring, station, order_.profiles, goes_on}.run());
  }
}

void SerialScan::conclude() {
  findings_.timeout = timeout_for(findings_.devices);
  findings_.line = {{"port", order_.place},
                    {"baud", std::to_string(rate_.serial.baud)},
                    {"parity", std::string{parity_names[static_cast<std::size_t>(rate_.serial.parity)]}},
                    {"stop_bits", std::to_string(rate_.serial.stop_bits)}};
  if (!findings_.failure && !findings_.cancelled) findings_.hints = serial_hints(count_, findings_.devices);
}

ScanFindings scan(const ScanOrder& order, const ScanWatch& watch) { return SerialScan{order, watch}.run(); }

const Registration<acquisition::Scanner> entry{"modbus-rtu", "Modbus RTU on a serial port, such as /dev/ttyUSB0", scan};

}  // namespace
}  // namespace fettle::modbus
