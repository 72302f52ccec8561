// Judges streams by panels of other seats than the usual ones, to see what each expert, and each byte of state, is worth.
//
// usage: panel_score EXPERT=WEIGHT... < STREAM > SCORES
//
// A line of STREAM is "SECOND VALUE"; an empty line begins a new stream. A line of SCORES is the evidence, from 0. An expert may be followed
// by the rows of its tables: "sequence/64=1.2". On standard error: the bytes of one panel's state.
#include "detection/panel.hpp"
#include "detection/sequence.hpp"

#include <fmt/format.h>

#include <deque>
#include <iostream>
#include <string>

namespace {

using namespace fettle;
using namespace fettle::detection;

/// Experts of another size, by their name and rows.
void register_size(const std::string& name) {
  const auto slash = name.find('/');
  if (slash == std::string::npos || Registry<Expert>::instance().find(name) != nullptr) return;
  const auto rows = static_cast<std::size_t>(std::stoul(name.substr(slash + 1)));
  Registry<Expert>::instance().add(name, "of another size", [rows] { return make_sequence(rows); });
}

std::size_t state_of(const Panel& panel) {
  StateWriter writer;
  panel.save(writer);
  return writer.take().size();
}

}  // namespace

int main(int argc, char** argv) {
  std::deque<std::string> names;  // whose texts stay where they are
  std::vector<Panel::Seat> seats;
  for (int argument = 1; argument < argc; ++argument) {
    const std::string seat{argv[argument]};
    const auto equals = seat.find('=');
    names.push_back(seat.substr(0, equals));
    register_size(names.back());
    seats.push_back({names.back(), equals == std::string::npos ? 1 : std::stod(seat.substr(equals + 1))});
  }
  Panel panel{seats};
  std::size_t state = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) {
      state = state_of(panel);
      panel = Panel{seats};
      continue;
    }
    const auto space = line.find(' ');
    const auto score = panel.judge(std::stoll(line.substr(0, space)), std::stod(line.substr(space + 1)));
    fmt::print("{:.4f}\n", score);
  }
  fmt::print(stderr, "{}\n", std::max(state, state_of(panel)));
}
