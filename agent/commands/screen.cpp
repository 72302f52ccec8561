#include "commands/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdio>

namespace fettle::commands {
namespace {

constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l", leave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view home = "\x1b[H", end_of_line = "\x1b[K", rest_of_screen = "\x1b[J";

struct KeyCode {
  std::string_view bytes;
  Key key;
};

/// As xterm, the Linux console and screen send them.
constexpr std::array<KeyCode, 15> codes{{{"\x1b[A", Key::up},
                                         {"\x1bOA", Key::up},
                                         {"k", Key::up},
                                         {"\x1b[B", Key::down},
                                         {"\x1bOB", Key::down},
                                         {"j", Key::down},
                                         {"\x1b[5~", Key::page_up},
                                         {"\x1b[6~", Key::page_down},
                                         {" ", Key::page_down},
                                         {"\x1b[H", Key::first},
                                         {"\x1b[1~", Key::first},
                                         {"\x1b[F", Key::last},
                                         {"\x1b[4~", Key::last},
                                         {"q", Key::quit},
                                         {"Q", Key::quit}}};

void write_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

std::vector<Key> keys_in(std::string_view bytes) {
  std::vector<Key> keys;
  while (!bytes.empty()) {
    const auto* const code = std::find_if(codes.begin(), codes.end(),
                                          [bytes](const KeyCode& each) { return bytes.starts_with(each.bytes); });
    if (code != codes.end()) keys.push_back(code->key);
    bytes.remove_prefix(code == codes.end() ? 1 : code->bytes.size());
  }
  return keys;
}

bool Screen::has_keyboard() { return ::isatty(STDIN_FILENO) == 1; }

/// Ctrl-C stays a signal, which ends the program in good order.
Screen::Screen() {
  if (has_keyboard_ && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
    auto mode = before_;
    mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  }
  write_out(enter);
}

Screen::~Screen() {
  write_out(leave);
  if (has_keyboard_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

Window Screen::window() {
  winsize size{};
  Window window;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return window;
  return {size.ws_col, size.ws_row};
}

void Screen::show(const std::vector<std::string>& lines) {
  std::string text{home};
  for (const auto& line : lines) {
    if (&line != &lines.front()) text += "\r\n";
    text.append(line).append(end_of_line);
  }
  write_out(text.append(rest_of_screen));
}

std::vector<Key> Screen::pressed() {
  pollfd keyboard{STDIN_FILENO, POLLIN, 0};
  if (::poll(&keyboard, 1, 0) <= 0) return {};
  std::array<char, 64> bytes{};
  const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) return {Key::quit};  // the terminal is gone
  return keys_in({bytes.data(), static_cast<std::size_t>(count)});
}

}  // namespace fettle::commands
