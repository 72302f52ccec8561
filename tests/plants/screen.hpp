#pragma once

#include <string>
#include <vector>

#include "plants/verdict.hpp"

namespace fettle::plants {

/// How far a machine has come, as the plant tells it once a simulated day.
struct Gauge {
  std::string asset, title, unit;
  double condition = 0, value = 0, limit = 0;
  bool failed = false;
};

/// Where the demo is watched: bars that are refreshed in place on a terminal, a line a week in a file or a pipe.
class Screen {
 public:
  explicit Screen(Time start);

  void show_day(int day, std::vector<Gauge> gauges);
  void show_alert(const Document& document);
  void show_failure(const Failure& failure);
  void say(const std::string& text);
  /// Takes the bars away; what is said then is the end.
  void close();

 private:
  void erase();
  void draw();

  Time start_;
  bool terminal_;
  int day_ = 0;
  std::vector<Gauge> gauges_;
  std::size_t lines_drawn_ = 0;
};

}  // namespace fettle::plants
