#include "settings/environment.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <optional>

namespace fettle::settings {

bool is_environment_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); });
}

namespace {

/// What stands between the braces: NAME or NAME:-default.
FilledIn value_of(std::string_view inside) {
  const auto colon = inside.find(":-");
  const std::string name{inside.substr(0, colon)};
  if (!is_environment_name(name)) {
    return {{},
            fmt::format("\"${{{}}}\" names no environment variable (write ${{NAME}} or ${{NAME:-default}})", inside)};
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment once a command runs
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return {value, {}};
  if (colon != std::string_view::npos) return {std::string{inside.substr(colon + 2)}, {}};
  return {{},
          fmt::format("the environment variable {0} is not set (set it, for the service in /etc/fettle/environment, or "
                      "write ${{{0}:-default}})",
                      name)};
}

}  // namespace

FilledIn fill_in(std::string_view text) {
  FilledIn result;
  while (true) {
    const auto begin = text.find("${");
    result.text += text.substr(0, begin);
    if (begin == std::string_view::npos) return result;
    text.remove_prefix(begin + 2);
    const auto end = text.find('}');
    if (end == std::string_view::npos)
      return {{}, "\"${\" without a closing brace (write ${NAME} or ${NAME:-default})"};
    auto value = value_of(text.substr(0, end));
    if (!value.mistake.empty()) return value;
    result.text += value.text;
    text.remove_prefix(end + 1);
  }
}

}  // namespace fettle::settings
