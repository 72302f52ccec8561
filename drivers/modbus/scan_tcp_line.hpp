#pragma once

#include "modbus/scan_line.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <vector>

namespace fettle::modbus {

/// A Modbus TCP host, with whatever units are behind it.
class TcpScanLine final : public ScanLine {
 public:
  explicit TcpScanLine(Wire& wire, std::uint16_t first_transaction = 0)
      : wire_{wire}, transaction_{first_transaction} {}

  Result<Bytes> inquire(const Station& station, ByteSpan question) override;
  /// Several questions are under way at once, to different units. An answer that comes late counts as well.
  Result<void> sweep(std::span<const std::uint8_t> units, const Station& like, ByteSpan question,
                     const SweepWatch& watch) override;
  /// A connection is of one voice.
  Hearing listen_for_voices(const Station& /*station*/, ByteSpan /*question*/) override { return {}; }
  std::size_t break_even(const Station& /*station*/) const override;

  /// How many answers came after their time.
  std::size_t late() const { return late_; }
  /// How often the host hung up while it was asked several things.
  std::size_t hung_up() const { return hung_up_; }

 private:
  struct Asked {
    std::uint8_t unit = 0;
    Moment deadline{};
    bool settled = false;
  };
  struct Frame {
    std::uint16_t transaction = 0;
    Bytes pdu;
  };
  using Open = std::map<std::uint16_t, Asked>;

  Result<std::uint16_t> send(std::uint8_t unit, ByteSpan question);
  Result<std::vector<Frame>> receive(Moment deadline);
  bool settle(Open& open, const std::vector<Frame>& frames, const SweepWatch& watch);
  bool expire(Open& open, const SweepWatch& watch) const;
  bool ask_again(Open& open, std::deque<std::uint8_t>& waiting, const SweepWatch& watch);
  static std::size_t under_way(const Open& open);
  static Moment next_deadline(const Open& open);

  Wire& wire_;
  std::uint16_t transaction_;
  std::size_t window_ = 4;
  std::size_t late_ = 0, hung_up_ = 0;
  Bytes received_;
};

}  // namespace fettle::modbus
