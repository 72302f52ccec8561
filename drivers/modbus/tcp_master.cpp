#include "modbus/tcp_master.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>

namespace fettle::modbus {
namespace {

constexpr std::size_t longest_frame = 260;
constexpr int most_silent = 3;
constexpr int most_silent_knocking = 2;  ///< as it is seconds from one knock to the next
constexpr std::size_t all_registers = 125;
constexpr std::chrono::seconds between_knocks{5};
constexpr std::chrono::milliseconds first_knock{100};  ///< is waited for so long: most units are there

std::string waited_for(Span timeout) {
  return fmt::format("no answer within {}", std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
}

}  // namespace

std::size_t TcpMaster::Batch::open() const {
  return static_cast<std::size_t>(
      std::count_if(questions.begin(), questions.end(), [](const Question& each) { return each.is_open(); }));
}

Result<Words> TcpMaster::ask(const Station& station, const Request& request) {
  return std::move(ask_all(station, std::span{&request, 1}).front());
}

std::vector<Result<Words>> TcpMaster::ask_all(const Station& station, std::span<const Request> requests) {
  Batch batch{station, {}, 0};
  for (const auto& request : requests) batch.questions.push_back({request, 0, {}, {}, std::nullopt});
  const bool was_open = wire_.is_open();
  attempt(batch);
  // Hosts close a connection on which nobody has spoken for a while, which is noticed only now.
  if (was_open && ask_again(batch, Fault::offline)) attempt(batch);
  std::vector<Result<Words>> answers;
  answers.reserve(batch.questions.size());
  for (auto& question : batch.questions) answers.push_back(std::move(*question.answer));
  return answers;
}

void TcpMaster::attempt(Batch& batch) {
  if (auto opened = reopen(batch.station); !opened) return fail(batch, opened.error());
  const auto window = window_;
  run(batch, window);
  learn(batch, window);
}

void TcpMaster::run(Batch& batch, std::size_t window) {
  bool has_heard = false;
  while (true) {
    const auto asked = batch.asked;
    while (batch.asked < batch.questions.size() && batch.open() < window) ask_next(batch);
    if (batch.open() == 0) return;
    if (has_heard && batch.asked == asked) wire_.expect_more();
    auto deadline = Moment::max();
    for (const auto& question : batch.questions) {
      if (question.is_open()) deadline = std::min(deadline, question.deadline);
    }
    has_heard = receive(&batch, deadline);
    expire(batch);
  }
}

void TcpMaster::ask_next(Batch& batch) {
  auto& question = batch.questions[batch.asked++];
  if (question.answer) return;
  question.sent = wire_.now();
  question.deadline = question.sent + batch.station.timeout;
  const auto sent = send(batch.station.unit, question.request, question.deadline);
  if (!sent) return fail(batch, sent.error());
  question.transaction = *sent;
}

Result<std::uint16_t> TcpMaster::send(std::uint8_t unit, const Request& request, Moment deadline) {
  if (++transaction_ == 0) ++transaction_;
  if (auto sent = wire_.write(encode_tcp(transaction_, unit, request), deadline); !sent) {
    opener_.lost(wire_.now(), sent.error());
    hang_up();
    return sent.error();
  }
  return transaction_;
}

/// Waits for one piece of what comes, and takes what is complete. True if something came.
bool TcpMaster::receive(Batch* batch, Moment deadline) {
  std::array<std::uint8_t, longest_frame> chunk{};
  const auto count = wire_.read(chunk, deadline);
  if (!count) {
    opener_.lost(wire_.now(), count.error());
    hang_up();
    if (batch != nullptr) fail(*batch, count.error());
  }
  if (!count || *count == 0) return false;
  silent_ = 0;
  heard_ = wire_.now();
  opener_.heard();
  received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
  take_frames(batch);
  return true;
}

void TcpMaster::take_frames(Batch* batch) {
  while (true) {
    const auto frame = first_tcp_frame(received_);
    if (!frame) {
      hang_up();
      if (batch != nullptr) fail(*batch, frame.error());
      return;
    }
    if (!*frame) return;
    take(batch, **frame);
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>((*frame)->size));
  }
}

/// An answer to a question of the batch or to a knock; anything else is dropped.
void TcpMaster::take(Batch* batch, const TcpFrame& frame) {
  if (const auto knock = knocks_.find(frame.unit); knock != knocks_.end()) {
    knock->second.heard = knock->second.heard || frame.transaction == knock->second.transaction;
  }
  if (batch == nullptr) return;
  for (auto& question : batch->questions) {
    if (question.is_open() && frame.answers(question.transaction, batch->station.unit)) {
      return settle(*batch, question, decode_answer(question.request, frame.pdu));
    }
  }
}

void TcpMaster::settle(Batch& batch, Question& question, Result<Words> answer) {
  const auto took = wire_.now() - question.sent;
  auto& statistics = this->statistics(batch.station.unit);
  if (answer) {
    statistics.answered(took, took);
  } else {
    statistics.failed(answer.error(), took);
  }
  question.answer = std::move(answer);
}

void TcpMaster::expire(Batch& batch) {
  const auto now = wire_.now();
  bool expired = false;
  for (auto& question : batch.questions) {
    if (!question.is_open() || question.deadline > now) continue;
    settle(batch, question, failure(Fault::timeout, waited_for(batch.station.timeout)));
    expired = true;
  }
  if (!expired) return;
  note_silence(most_silent);
  for (auto& question : batch.questions) {
    if (!question.answer && question.transaction == 0) {
      question.answer = failure(Fault::timeout, waited_for(batch.station.timeout));
    }
  }
}

void TcpMaster::fail(Batch& batch, const Error& error) {
  for (auto& question : batch.questions) {
    if (!question.answer) question.answer = error;
  }
}

/// A host that has answered all of several questions may get one more at once. One that has answered only some takes them one by one
/// from now on, beginning with those that it owes.
void TcpMaster::learn(Batch& batch, std::size_t window) {
  const auto& questions = batch.questions;
  const auto answered = [](const Question& each) {
    return each.answer->has_value() || !is_silence(each.answer->error().fault);
  };
  const auto count = static_cast<std::size_t>(std::count_if(questions.begin(), questions.end(), answered));
  if (count == questions.size()) {
    if (questions.size() > 1) window_ = std::min(window_ + 1, widest_);
    return;
  }
  if (window == 1 || count == 0 || !wire_.is_open()) return;
  window_ = widest_ = 1;
  ask_again(batch, Fault::timeout);
  run(batch, 1);
}

/// Opens the questions that have failed so once more; false if there are none.
bool TcpMaster::ask_again(Batch& batch, Fault why) {
  bool any = false;
  batch.asked = 0;
  for (auto& question : batch.questions) {
    if (!question.has_failed(why)) continue;
    question = {question.request, 0, {}, {}, std::nullopt};
    any = true;
  }
  return any;
}

bool TcpMaster::knock(const Station& station, const Request& request) {
  if (!reopen(station)) return false;
  receive(nullptr, wire_.now());
  const bool first = !knocks_.contains(station.unit);
  auto& knock = knocks_[station.unit];
  if (!knock.heard && (!knock.sent || wire_.now() - *knock.sent >= between_knocks)) {
    if (knock.sent) {
      statistics(station.unit).failed(failure(Fault::timeout, {}), {});
      if (heard_ < *knock.sent) note_silence(most_silent_knocking);
    }
    if (!reopen(station)) return false;
    const auto now = wire_.now();
    const auto sent = send(station.unit, request, now + station.timeout);
    if (!sent) return false;
    knock.transaction = *sent;
    knock.sent = now;
    const auto deadline = now + std::min<Span>(first_knock, station.timeout);
    while (first && wire_.is_open() && !knock.heard && wire_.now() < deadline) receive(nullptr, deadline);
  }
  if (!knock.heard) return false;
  knocks_.erase(station.unit);
  return true;
}

/// What was left of an answer when the last connection ended belongs to nothing.
Result<void> TcpMaster::reopen(const Station& station) {
  if (!wire_.is_open()) received_.clear();
  return opener_.open(wire_, station.timeout);
}

/// Bytes cost nothing here that a round trip would not cost more.
std::size_t TcpMaster::break_even(const Station& /*station*/) const { return all_registers; }

void TcpMaster::note_silence(int most) {
  if (++silent_ < most) return;
  hang_up();
  // Some were asked just now, and their answers are lost. A host that hangs up by itself is not knocked at sooner.
  for (auto& [unit, knock] : knocks_) knock.sent.reset();
}

void TcpMaster::hang_up() {
  silent_ = 0;
  window_ = 1;
  received_.clear();
  wire_.close();
}

}  // namespace fettle::modbus
