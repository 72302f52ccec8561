#pragma once

#include "modbus/master.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace fettle::modbus {

/// The client of one Modbus TCP host: one connection, one question at a time, matched by its transaction number; late answers to
/// earlier questions are dropped. A connection that says nothing any more is replaced.
class TcpMaster final : public Master {
 public:
  explicit TcpMaster(Wire& wire) : wire_{wire} {}

  Result<Words> ask(const Station& station, const Request& request) override;

 private:
  Result<Words> await_answer(const Station& station, const Request& request, Moment deadline);
  Result<std::optional<Words>> take_answer(const Station& station, const Request& request);
  void hang_up();

  Wire& wire_;
  Opener opener_;
  std::uint16_t transaction_ = 0;
  int silent_ = 0;  ///< questions in a row after which nothing at all came
  std::vector<std::uint8_t> received_;
};

}  // namespace fettle::modbus
