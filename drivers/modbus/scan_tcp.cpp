#include "core/endpoint.hpp"
#include "modbus/scan_examination.hpp"
#include "modbus/scan_hints.hpp"
#include "modbus/scan_meter.hpp"
#include "modbus/scan_rates.hpp"
#include "modbus/scan_tcp_line.hpp"
#include "modbus/tcp_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::ScanDepth;
using acquisition::ScanFindings;
using acquisition::ScanOrder;
using acquisition::ScanWatch;
using std::chrono::milliseconds;

constexpr milliseconds patience{500}, patience_with_found{1000};
constexpr std::uint16_t usual_port = 502;
constexpr std::uint16_t other_numbers = 0x8000;  ///< so that nothing late is taken for another answer
constexpr std::array<std::uint8_t, 3> usual_units{1, 255, 0};
constexpr std::array<std::uint8_t, 3> unlikely_units{97, 151,
                                                     203};  ///< who answers for all three answers for every number

/// A scan of one host.
class HostScan {
 public:
  HostScan(const ScanOrder& order, const ScanWatch& watch, const Endpoint& gateway)
      : order_{order}, meter_{watch}, wire_{gateway.host, gateway.port}, units_{units_of(order)} {
    findings_.driver = "modbus_tcp";
    findings_.line = {{"host", gateway.host}, {"port", std::to_string(gateway.port)}};
  }

  ScanFindings run() {
    if (auto done = look_around(); !done) findings_.failure = done.error();
    examine_all();
    findings_.cancelled = !meter_.goes_on();
    findings_.timeout = std::max<Duration>(milliseconds{500}, timeout_for(findings_.devices));
    hint();
    return findings_;
  }

 private:
  Result<void> look_around();
  Result<void> look_at(std::vector<std::uint8_t> units, RegisterTable table);
  bool answers_for_all();
  void examine_all();
  void hint();
  bool is_present(std::uint8_t unit) const {
    return std::find(present_.begin(), present_.end(), unit) != present_.end();
  }
  Span waited() const { return order_.timeout ? Span{*order_.timeout} : Span{patience}; }

  const ScanOrder& order_;
  ScanMeter meter_;
  TcpWire wire_;
  TcpScanLine line_{wire_};
  std::vector<std::uint8_t> units_, present_;
  bool is_one_device_ = false;
  ScanFindings findings_;
};

Result<void> HostScan::look_around() {
  if (!order_.units_chosen) {
    for (const auto table : {RegisterTable::holding, RegisterTable::input}) {
      if (auto done = look_at({usual_units.begin(), usual_units.end()}, table); !done) return done;
    }
    if (!meter_.goes_on()) return {};
    if (order_.depth != ScanDepth::thorough && !present_.empty() && answers_for_all()) {
      is_one_device_ = true;
      present_ = {is_present(1) ? std::uint8_t{1} : present_.front()};
      return {};
    }
  }
  if (order_.depth == ScanDepth::quick && !order_.units_chosen) return {};
  if (auto done = look_at(units_, RegisterTable::holding); !done || order_.depth != ScanDepth::thorough) return done;
  return look_at(units_, RegisterTable::input);
}

Result<void> HostScan::look_at(std::vector<std::uint8_t> units, RegisterTable table) {
  std::erase_if(units, [this](std::uint8_t unit) { return is_present(unit); });
  constexpr int at_once = 4;
  meter_.expect(units.size(), waited() / at_once);
  return line_.sweep(
      units, {1, waited(), {}}, register_question({table, 0, 1}), [this](std::uint8_t unit, Presence presence) {
        const bool is_new = presence == Presence::present && !is_present(unit);
        if (is_new) present_.push_back(unit);
        return meter_.step(fmt::format("unit {}", unit), is_new ? fmt::format("unit {} answers", unit) : "");
      });
}

/// A device with a network port of its own often does not look at the unit number.
bool HostScan::answers_for_all() {
  return std::all_of(unlikely_units.begin(), unlikely_units.end(), [this](std::uint8_t unit) {
    const auto answer = line_.inquire({unit, waited(), {}}, register_question({RegisterTable::holding, 0, 1}));
    return answer && !is_gateway_refusal(*answer);
  });
}

void HostScan::examine_all() {
  std::sort(present_.begin(), present_.end());
  constexpr milliseconds usual_examination{2000};
  meter_.expect(present_.size(), usual_examination);
  TcpScanLine measuring{wire_, other_numbers};
  for (const auto unit : present_) {
    const auto doing = fmt::format("asking unit {} what it is", unit);
    if (findings_.failure || !meter_.step(doing)) {
      findings_.devices.push_back(found_at(unit));
      continue;
    }
    const Station station{unit, std::max<Span>(waited(), patience_with_found), {}};
    const auto goes_on = [this, &doing] { return meter_.tell(doing); };
    findings_.devices.push_back(Examination{line_, measuring, station, order_.profiles, goes_on}.run());
  }
}

void HostScan::hint() {
  auto& hints = findings_.hints;
  if (is_one_device_) {
    hints.emplace_back(
        "the host answers for every unit number alike, so it is taken for one device (--full asks all of them)");
  }
  if (present_.empty() && !findings_.failure && !findings_.cancelled) {
    hints.emplace_back(
        "the host takes connections, but no unit answers: behind a gateway look at the serial line, and try --timeout "
        "3000");
  }
  if (line_.late() > 0) {
    hints.push_back(fmt::format("{} answers came after {} ms: try a longer --timeout", line_.late(),
                                std::chrono::duration_cast<milliseconds>(waited()).count()));
  }
  if (line_.hung_up() > 0) hints.emplace_back("the host hangs up when it is asked several things at once");
}

ScanFindings scan(const ScanOrder& order, const ScanWatch& watch) {
  if (const auto gateway = parse_endpoint(order.place, usual_port)) return HostScan{order, watch, *gateway}.run();
  ScanFindings findings;
  findings.failure = failure(Fault::offline, fmt::format("\"{}\" is no HOST or HOST:PORT", order.place));
  return findings;
}

const Registration<acquisition::Scanner> entry{"modbus-tcp",
                                               "Modbus TCP: a host, or a gateway with a serial line behind it", scan};

}  // namespace
}  // namespace fettle::modbus
