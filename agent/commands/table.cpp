#include "commands/table.hpp"

#include <fmt/color.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>

namespace fettle::commands {
namespace {

constexpr std::string_view gap = "  ";
constexpr char escape = '\x1b';
constexpr std::string_view no_colour = "\x1b[0m";

fmt::text_style style_of(Tone tone) {
  switch (tone) {
    case Tone::plain: return {};
    case Tone::good: return fmt::fg(fmt::terminal_color::green);
    case Tone::warning: return fmt::fg(fmt::terminal_color::yellow);
    case Tone::bad: return fmt::fg(fmt::terminal_color::red) | fmt::emphasis::bold;
    case Tone::faint: return fmt::emphasis::faint;
    case Tone::fresh: return fmt::emphasis::bold | fmt::emphasis::reverse;
  }
  return {};
}

/// Of UTF-8 all bytes but the first of a character begin with 10.
bool begins_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == escape) {
      at = std::min(text.find('m', at), text.size() - 1);
    } else if (begins_a_character(text[at])) {
      ++width;
    }
  }
  return width;
}

std::optional<std::size_t> terminal_columns(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) != 1 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

Colours colours_of_stdout() {
  const bool wanted = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return wanted ? Colours::on : Colours::off;
}

std::string painted(std::string_view text, Tone tone, Colours colours) {
  if (colours == Colours::off || tone == Tone::plain) return std::string{text};
  return fmt::format(style_of(tone), "{}", text);
}

std::string to_text(const std::vector<std::vector<Cell>>& lines, Colours colours) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i].text));
  }
  std::string text;
  for (const auto& line : lines) {
    const bool is_head = &line == &lines.front();
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto room = widths[i] - width_of(line[i].text);
      if (line[i].side == Side::right) text.append(room, ' ');
      text += painted(line[i].text, is_head ? Tone::faint : line[i].tone, colours);
      if (i + 1 < line.size()) text.append(line[i].side == Side::left ? room : 0, ' ').append(gap);
    }
    text += '\n';
  }
  return text;
}

std::string clipped(std::string_view text, std::size_t width) {
  std::string result;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == escape) {
      const auto end = std::min(text.find('m', at), text.size() - 1);
      result += text.substr(at, end + 1 - at);
      at = end;
      continue;
    }
    used += width_of(text.substr(at, 1));
    if (used > width) return result.find(escape) == std::string::npos ? result : result + std::string{no_colour};
    result += text[at];
  }
  return result;
}

std::string minute_text(Time time) {
  constexpr std::size_t day = 10, minute = 16;
  const auto whole = to_rfc3339(time);
  return whole.substr(0, day) + ' ' + whole.substr(day + 1, minute - day - 1);
}

}  // namespace fettle::commands
