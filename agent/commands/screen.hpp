#pragma once

#include "commands/watch_table.hpp"

#include <termios.h>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::commands {

/// What somebody has pressed.
enum class Key : unsigned char { none, quit, up, down, page_up, page_down, first, last };

/// The keys in what a terminal sends.
std::vector<Key> keys_in(std::string_view bytes);

/// A terminal that is drawn on as a whole: its other screen, without cursor and echo. Everything is as it was when the object goes.
class Screen {
 public:
  Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  static Window window();
  /// Redraws in place: nothing flickers.
  static void show(const std::vector<std::string>& lines);
  /// What was pressed since the last call; waits for nothing.
  static std::vector<Key> pressed();
  static bool has_keyboard();

 private:
  termios before_{};
  bool has_keyboard_ = has_keyboard();
};

}  // namespace fettle::commands
