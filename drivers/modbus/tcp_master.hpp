#pragma once

#include "modbus/master.hpp"
#include "modbus/mbap.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace fettle::modbus {

/// The client of one Modbus TCP host: one connection, whose answers are matched by transaction number and unit, in whatever order they
/// come; late ones are dropped. Several questions to a station are under way at once as soon as the host has shown that it answers them
/// all. A connection that says nothing any more is replaced.
class TcpMaster final : public Master {
 public:
  explicit TcpMaster(Wire& wire) : wire_{wire} {}

  Result<Words> ask(const Station& station, const Request& request) override;
  std::vector<Result<Words>> ask_all(const Station& station, std::span<const Request> requests) override;
  /// Waits hardly at all: the question stays open, and its answer is noticed whenever it comes.
  bool knock(const Station& station, const Request& request) override;
  bool knocks_freely() const override { return true; }
  std::size_t break_even(const Station& station) const override;

  /// How many questions are under way at once at present.
  std::size_t window() const { return window_; }

 private:
  /// A question of a batch.
  struct Question {
    Request request;
    std::uint16_t transaction = 0;
    Moment sent{}, deadline{};
    std::optional<Result<Words>> answer;
    bool is_open() const { return transaction != 0 && !answer; }
    bool has_failed(Fault why) const { return answer && !*answer && answer->error().fault == why; }
  };
  struct Batch {
    Station station;
    std::vector<Question> questions;
    std::size_t asked = 0;
    std::size_t open() const;
  };
  /// A question to a silent unit that nobody waits for.
  struct Knock {
    std::uint16_t transaction = 0;
    std::optional<Moment> sent;  ///< nothing: to be sent again at once
    bool heard = false;
  };

  void attempt(Batch& batch);
  void run(Batch& batch, std::size_t window);
  void ask_next(Batch& batch);
  bool receive(Batch* batch, Moment deadline);
  void take_frames(Batch* batch);
  void take(Batch* batch, const TcpFrame& frame);
  void settle(Batch& batch, Question& question, Result<Words> answer);
  void expire(Batch& batch);
  void fail(Batch& batch, const Error& error);
  static bool ask_again(Batch& batch, Fault why);
  void learn(Batch& batch, std::size_t window);
  Result<std::uint16_t> send(std::uint8_t unit, const Request& request, Moment deadline);
  void note_silence(int most);
  Result<void> reopen(const Station& station);
  void hang_up();

  Wire& wire_;
  Opener opener_;
  std::uint16_t transaction_ = 0;
  std::size_t window_ = 1;
  std::size_t widest_ = 4;  ///< that the host has not failed to answer
  int silent_ = 0;          ///< questions in a row after which nothing at all came
  Moment heard_ = Moment::min();
  std::map<std::uint8_t, Knock> knocks_;
  std::vector<std::uint8_t> received_;
};

}  // namespace fettle::modbus
