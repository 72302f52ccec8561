#include "replay.hpp"

#include "commands/command.hpp"
#include "commands/progress.hpp"
#include "commands/table.hpp"
#include "local_time.hpp"
#include "replay_alerts.hpp"
#include "replay_courses.hpp"
#include "replay_report.hpp"
#include "replay_site.hpp"
#include "replay_summary.hpp"

#include <fmt/format.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace fettle::commands {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int exit_interrupted = 130;
constexpr std::chrono::milliseconds progress_period{100};

struct Options {
  std::vector<std::string> histories;
  std::string alerts, report, from, to;
};

std::string time_mistake(const std::string& text) {
  return parse_moment(text, {}) ? "" : fmt::format("\"{}\" is no time (try 2024-01-15 or 2024-01-15T08:00:00Z)", text);
}

std::string left_text(double done, std::chrono::duration<double> passed) {
  if (done < 0.01) return "";
  const auto left = passed * (1 - done) / done;
  return fmt::format(", {} s left", static_cast<long>(left.count() + 0.5));
}

/// Hears of Ctrl-C.
class Ear {
 public:
  Ear() {
    signals_.async_wait([this](const boost::system::error_code& error, int) { was_stopped_ = !error; });
  }

  bool was_stopped() {
    home_.poll();
    return was_stopped_;
  }

 private:
  boost::asio::io_context home_{1};
  boost::asio::signal_set signals_{home_, SIGINT, SIGTERM};
  bool was_stopped_ = false;
};

/// Tells how far a replay has come.
class Guide {
 public:
  Guide(Replay& replay, const AlertBook& book) : replay_{replay}, book_{book} {}

  void look() {
    const auto now = Steady::now();
    if (progress_is_seen() && now - shown_ >= progress_period) {
      shown_ = now;
      const auto done = replay_.share_done();
      show_progress(fmt::format("{:3.0f} %  {}  {} rows, {} alerts{}", done * 100, minute_text(replay_.now()),
                                grouped(replay_.rows()), book_.stories().size(), left_text(done, now - begin_)));
    }
  }

  Duration took() const { return std::chrono::round<Duration>(Steady::now() - begin_); }

 private:
  Replay& replay_;
  const AlertBook& book_;
  Steady::time_point begin_ = Steady::now(), shown_{};
};

bool write(const std::string& file, const std::string& text) {
  std::ofstream stream{file, std::ios::binary | std::ios::trunc};
  stream << text;
  stream.close();
  if (!stream.fail()) return true;
  fmt::print(stderr, "fettle replay: cannot write {}; check the path and the space\n", file);
  return false;
}

/// Nobody waits minutes to hear that there is no such folder.
bool can_write(const std::string& file) {
  if (file.empty() || std::ofstream{file, std::ios::binary | std::ios::app}) return true;
  fmt::print(stderr, "fettle replay: cannot write {}; check the path\n", file);
  return false;
}

/// Also under another name. A device such as /dev/null loses nothing.
bool is_same_file(const std::string& one, const std::string& other) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (one.empty() || other.empty() || fs::is_character_file(one, none)) return false;
  if (fs::exists(one, none)) return fs::equivalent(one, other, none);
  return fs::weakly_canonical(fs::absolute(one), none) == fs::weakly_canonical(fs::absolute(other), none);
}

/// A history may be the only copy.
bool spares_inputs(const std::string& site_file, const Options& options) {
  const auto inputs = inputs_of_replay(site_file, options.histories);
  for (const auto& [name, output] : {std::pair{"--alerts", &options.alerts}, std::pair{"--report", &options.report}}) {
    const auto input = std::find_if(inputs.begin(), inputs.end(),
                                    [&output = *output](const auto& each) { return is_same_file(output, each); });
    if (input == inputs.end()) continue;
    fmt::print(stderr, "fettle replay: {} {} would write over {}, which is read; name another file\n", name, *output,
               *input);
    return false;
  }
  if (!is_same_file(options.alerts, options.report)) return true;
  fmt::print(stderr, "fettle replay: --alerts and --report are the same file; name another one\n");
  return false;
}

bool write_all(const Options& options, const ReplayedHistory& history) {
  const bool alerts = options.alerts.empty() || write(options.alerts, alerts_csv(history.stories));
  return (options.report.empty() || write(options.report, report_page(history))) && alerts;
}

/// Years of history can say the same thing thousands of times: the first lines of the log are kept, the others counted.
class FewLines final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  void print() const {
    for (const auto& line : lines_) fmt::print(stderr, "fettle replay: {}\n", line);
    if (count_ > lines_.size()) fmt::print(stderr, "fettle replay: {} more like these\n", count_ - lines_.size());
  }

 private:
  static constexpr std::size_t most = 5;

  void sink_it_(const spdlog::details::log_msg& message) override {
    if (++count_ <= most) lines_.emplace_back(message.payload.begin(), message.payload.end());
  }
  void flush_() override {}

  std::vector<std::string> lines_;
  std::size_t count_ = 0;
};

std::shared_ptr<FewLines> log_few_lines() {
  auto sink = std::make_shared<FewLines>();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("fettle replay", sink));
  return sink;
}

int replay(const std::string& site_file, const Options& options) {
  if (!spares_inputs(site_file, options)) return exit_usage;
  Ear ear;
  const auto log = log_few_lines();
  const auto installation = load_for_replay(site_file, options.histories);
  if (!can_write(options.alerts) || !can_write(options.report)) return exit_failure;
  const auto& zone = *installation.zone;
  const ReplaySpan span{parse_moment(options.from, zone), parse_moment(options.to, zone)};
  Replay replay{installation};
  AlertBook book;
  CourseBook courses;
  if (!options.report.empty()) replay.pipeline().on_judgement([&courses](const auto& each) { courses.take(each); });
  Guide guide{replay, book};
  const auto go_on = [&ear, &guide] {
    guide.look();
    return !ear.was_stopped();
  };
  const auto run = replay.run(
      span, [&book](const Alert& alert) { book.take(alert); }, go_on);
  const auto took = guide.took();
  show_progress("");
  log->print();
  const auto summary = summarise(replay, book.stories());
  fmt::print("{}", summary_text(summary, took));
  if (!run) fmt::print(stderr, "fettle replay: {}\n", run.error().detail);
  if (ear.was_stopped()) {
    fmt::print(stderr, "fettle replay: stopped {}; what follows is missing\n",
               replay.rows() == 0 ? "before the first row" : "at " + to_rfc3339(replay.now()));
  } else if (replay.rows() == 0) {
    fmt::print(stderr, "fettle replay: there was no row to replay\n");
  }
  if (!write_all(options, {installation, replay.pipeline(), summary, book.stories(), courses})) return exit_failure;
  if (ear.was_stopped()) return exit_interrupted;
  return run && replay.rows() > 0 ? exit_ok : exit_failure;
}

void add_replay(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto options = std::make_shared<Options>();
  verb.add_option("HISTORY", options->histories,
                  "Tables (CSV) in the place of those that the site file names: FILE where one device has a history, "
                  "else DEVICE=FILE; several of one device in their order");
  verb.add_option("--alerts", options->alerts,
                  "Write a row for each time that an alert was a warning, or was more (CSV)")
      ->type_name("OUT.csv");
  verb.add_option("--report", options->report, "Write one page with all alerts, their plots and what to do (HTML)")
      ->type_name("OUT.html");
  const CLI::Validator is_time{time_mistake, "", "time"};
  verb.add_option("--from", options->from, "Leave out what is older; learning begins there")
      ->type_name("TIME")
      ->check(is_time);
  verb.add_option("--to", options->to, "Leave out what is newer")->type_name("TIME")->check(is_time);
  verb.footer(
      "What Fettle would have told: the recorded history of every device on a bus with driver: csv goes through the\n"
      "same pipeline as readings of `fettle run`, as fast as it can be read. Nothing is published or kept.\n"
      "Times: 2024-01-15 (midnight at the site) or 2024-01-15T08:00:00Z.\n"
      "Exit status 78 if there are mistakes in the settings, 1 if there is nothing to replay, 130 after Ctrl-C.\n"
      "Example: fettle replay -c site.yaml ahu_1=2023.csv ahu_1=2024.csv --report ahu.html");
  verb.callback([site_file, options, &exit_code] { exit_code = replay(*site_file, *options); });
}

const Registration<Command> entry{"replay", "Say what would have been told of recorded history", add_replay};

}  // namespace
}  // namespace fettle::commands
