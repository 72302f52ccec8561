#include "commands/scan.hpp"

#include "commands/command.hpp"
#include "commands/progress.hpp"
#include "draft.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

namespace fettle::commands {
namespace {

using acquisition::LinkParity;
using acquisition::ScanDepth;
using acquisition::ScanOrder;
using acquisition::ScanProgress;

namespace fs = std::filesystem;

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

/// The first Ctrl-C ends the scan, the second one the program.
extern "C" void interrupt(int number) {
  interrupted = true;
  std::signal(number, SIG_DFL);
}

/// What the verb's options fill and its callback reads.
struct Options {
  std::string scanner, place, units, parity, output;
  std::vector<long> bauds;
  bool quick = false, full = false, force = false, overwrite = false;
  long timeout = 0;
};

std::optional<std::pair<long, long>> parse_units(const std::string& text) {
  constexpr long highest = 255;
  long first = 0, last = 0;
  char rest = 0;
  const auto count = std::sscanf(text.c_str(), "%ld-%ld%c", &first, &last, &rest);  // NOLINT(cert-err34-c)
  if (count == 1 && text.find_first_not_of("0123456789") == std::string::npos) last = first;
  if (count < 1 || count > 2 || first < 0 || last < first || last > highest) return std::nullopt;
  return std::pair{first, last};
}

/// News stand above the line that changes.
bool show(const ScanProgress& progress) {
  if (progress_is_seen()) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(progress.left).count();
    if (!progress.news.empty()) show_news(progress.news);
    show_progress(fmt::format("{}:{:02} left, {} of {}: {} (Ctrl-C ends it)", left / 60, left % 60, progress.done,
                              progress.expected, progress.doing));
  }
  return !interrupted;
}

/// A name that stays the same when adapters are plugged in another order.
std::string lasting_name(const std::string& port) {
  std::error_code error;
  const auto target = fs::canonical(port, error);
  if (error || port.starts_with("/dev/serial/")) return port;
  for (const auto& entry : fs::directory_iterator{"/dev/serial/by-id", error}) {
    if (fs::canonical(entry.path(), error) == target) return entry.path().string();
  }
  return port;
}

DraftPlace place_of_gateway() {
  DraftPlace place;
  std::array<char, 64> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0')
    place.gateway = fmt::format("gw-{}", name.data());
  for (auto& each : place.gateway) {
    if (std::isalnum(static_cast<unsigned char>(each)) == 0 && each != '-' && each != '_') each = '-';
  }
  std::error_code error;
  const auto zone = fs::read_symlink("/etc/localtime", error).string();
  constexpr std::string_view folder = "zoneinfo/";
  if (const auto at = zone.find(folder); at != std::string::npos) place.zone = zone.substr(at + folder.size());
  return place;
}

ScanOrder order_of(const Options& options) {
  ScanOrder order;
  order.place = options.place.starts_with('/') ? lasting_name(options.place) : options.place;
  order.depth = options.quick ? ScanDepth::quick : options.full ? ScanDepth::thorough : ScanDepth::usual;
  if (const auto units = parse_units(options.units); units && !options.units.empty()) {
    order.units_chosen = true;
    order.first_unit = units->first;
    order.last_unit = units->second;
  }
  order.bauds = options.bauds;
  if (!options.parity.empty()) {
    order.parity = options.parity == "none"   ? LinkParity::none
                   : options.parity == "even" ? LinkParity::even
                                              : LinkParity::odd;
  }
  if (options.timeout > 0) order.timeout = Duration{options.timeout};
  order.despite_traffic = options.force;
  const auto beside =
      options.output.empty() ? std::string{} : (fs::path{options.output}.parent_path() / "devices").string();
  order.profiles = profiles_to_recognise(beside);
  return order;
}

bool write(const std::string& file, const std::string& text) {
  std::ofstream stream{file};
  stream << text;
  stream.flush();
  return stream.good();
}

int deliver(const Options& options, const std::string& draft) {
  if (options.output.empty()) {
    fmt::print("\n{}", draft);
    return exit_ok;
  }
  if (!write(options.output, draft)) {
    fmt::print("\n{}", draft);
    fmt::print(stderr, "fettle scan: cannot write {}; the draft stands above\n", options.output);
    return exit_failure;
  }
  fmt::print("\nwritten: {0}\nnext: fettle check -c {0}\n", options.output);
  return exit_ok;
}

/// Looked at before a scan, which may take minutes.
bool may_write(const Options& options) {
  const auto& file = options.output;
  if (file.empty()) return true;
  if (fs::exists(file)) {
    if (!options.overwrite) {
      fmt::print(stderr, "fettle scan: {} exists; name another file, or write over it with --overwrite\n", file);
      return false;
    }
    if (!fs::is_directory(file) && ::access(file.c_str(), W_OK) == 0) return true;
    fmt::print(stderr, "fettle scan: {} cannot be written; name another file with -o\n", file);
    return false;
  }
  const auto folder = fs::absolute(file).parent_path();
  if (::access(folder.c_str(), W_OK) == 0) return true;
  fmt::print(stderr, "fettle scan: no file can be written into {}; name another with -o\n", folder.string());
  return false;
}

int scan(const Options& options) {
  if (!may_write(options)) return exit_usage;
  const auto order = order_of(options);
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  const auto findings = scan_field(options.scanner, order, show);
  show_progress({});
  fmt::print("{}", to_text(findings, colours_of_stdout()));
  if (findings.failure) fmt::print(stderr, "fettle scan: {}\n", findings.failure->detail);
  if (findings.devices.empty()) return exit_failure;
  return deliver(options, draft_of(findings, order.profiles, place_of_gateway()));
}

void add_scan(CLI::App& verb, int& exit_code) {
  const auto options = std::make_shared<Options>();
  std::vector<std::string> names;
  for (const auto& line : scanners()) names.push_back(line.name);
  verb.add_option("BUS", options->scanner, "What to scan")->required()->check(CLI::IsMember(names));
  verb.add_option("PLACE", options->place, "PORT of a serial line, or HOST[:PORT]")->required();
  verb.add_option("--units", options->units, "Only these: 5, or 1-32")->check([](const std::string& text) {
    return parse_units(text) ? std::string{} : "\"" + text + "\" are no units (try 1-32)";
  });
  verb.add_option("--baud", options->bauds, "Only at this rate; may be given several times")
      ->check(CLI::Range(300, 4'000'000));
  verb.add_option("--parity", options->parity, "Only with this parity")->check(CLI::IsMember({"none", "even", "odd"}));
  verb.add_option("--timeout", options->timeout, "How long to wait for a unit, in milliseconds")
      ->check(CLI::Range(10, 10'000));
  const auto quick =
      verb.add_flag("--quick", options->quick, "Only where devices are when they come out of their boxes");
  verb.add_flag("--full", options->full, "Every unit at every rate, in every way; takes long")->excludes(quick);
  verb.add_flag("--force", options->force, "Even where another master speaks");
  verb.add_flag("--overwrite", options->overwrite, "Write over an existing file");
  verb.add_option("-o,--output", options->output, "Write the draft of the site file here, not to the terminal")
      ->type_name("FILE");
  verb.footer(
      "Listens first, then looks where devices are when they come out of their boxes, then asks every unit at the rate "
      "that was\n"
      "answered. Only reads; nothing on the line is changed. Ctrl-C ends it with what was found so far.\n"
      "On M-Bus --units are primary addresses (0 to 250 if absent), and meters are looked for by their numbers as "
      "well.\n"
      "Examples:\n"
      "  fettle scan modbus-rtu /dev/ttyUSB0 -o site.yaml\n"
      "  fettle scan modbus-tcp 192.168.1.20 --units 1-32\n"
      "  fettle scan mbus-serial /dev/ttyUSB0 -o site.yaml\n"
      "  fettle scan mbus-tcp 192.168.1.21:10001");
  verb.callback([options, &exit_code] { exit_code = scan(*options); });
}

const Registration<Command> entry{"scan", "Find the devices on a line, say what they are, and draft a site file",
                                  add_scan};

}  // namespace
}  // namespace fettle::commands
