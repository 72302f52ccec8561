#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <tuple>

#include "plants/plant_room.hpp"
#include "plants/screen.hpp"
#include "plants/stage.hpp"
#include "plants/summary.hpp"
#include "plants/verdict.hpp"

namespace fettle::plants {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_show{175};

struct Options {
  StageOptions stage;
  bool keep = false;
  std::string log;
};

enum class Ending { all_has_happened, days_are_over, time_is_up, interrupted, agent_ended, subscriber_ended };

std::string_view sentence(Ending ending) {
  switch (ending) {
    case Ending::all_has_happened: return "Every fault has run to its failure.";
    case Ending::days_are_over: return "The simulated days are over.";
    case Ending::time_is_up: return "The three minutes are over.";
    case Ending::interrupted: return "Interrupted.";
    case Ending::agent_ended: return "THE AGENT ENDED BY ITSELF.";
    case Ending::subscriber_ended: return "THE SUBSCRIBER ENDED BY ITSELF.";
  }
  return "";
}

/// Ctrl-C as something to poll, so that the children are ended by us and in order.
int open_signals() {
  sigset_t endings{};
  sigemptyset(&endings);
  sigaddset(&endings, SIGINT);
  sigaddset(&endings, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);
  return signalfd(-1, &endings, SFD_CLOEXEC);
}

/// The demo from the first reading to the verdict: watches plant and subscriber, and shows what they say.
class Demo {
 public:
  Demo(const Options& options, Time start)
      : options_{options}, start_{start}, screen_{start}, failures_{injected(options, start)}, stage_{options.stage} {}

  bool play() {
    const auto ending = watch();
    const auto memory = stage_.agent_memory();
    finish();
    screen_.close();
    const auto verdict = judge(failures_, alerts_);
    screen_.say(fmt::format("\n{}\n\n{}", sentence(ending), summary(verdict, start_)));
    const auto used =
        memory ? fmt::format("{:.1f} MB resident", static_cast<double>(*memory) / 1024) : "memory unknown";
    screen_.say(fmt::format("agent: {}; received: {}", used, documents_text()));
    const bool passed = verdict.passed() && ending != Ending::agent_ended && ending != Ending::subscriber_ended;
    screen_.say(passed ? "PASSED: every failure was announced before it happened, and nothing else was dispatched."
                       : "FAILED: see the table above.");
    return passed;
  }

 private:
  static std::vector<Failure> injected(const Options& options, Time start) {
    std::vector<Failure> failures;
    const PlantRoom room{start, options.stage.seed};
    for (const auto& resident : room.residents()) {
      if (!resident.mode.empty()) failures.push_back({resident.asset, resident.mode, resident.fault, std::nullopt});
    }
    return failures;
  }

  Ending watch() {
    const auto curtain = Steady::now() + longest_show;
    while (true) {
      std::array<pollfd, 4> watched{{{signals_, POLLIN, 0},
                                     {stage_.plant().descriptor(), POLLIN, 0},
                                     {stage_.subscriber().descriptor(), POLLIN, 0},
                                     {stage_.agent().descriptor(), POLLIN, 0}}};
      poll(watched.data(), watched.size(), 1'000);
      if (watched[0].revents != 0) return Ending::interrupted;
      take_lines();
      if (!stage_.agent().is_running()) return Ending::agent_ended;
      if (!stage_.subscriber().is_running()) return Ending::subscriber_ended;
      if (!options_.keep && is_everything_over()) return Ending::all_has_happened;
      if (!stage_.plant().is_running()) return Ending::days_are_over;
      if (!options_.keep && Steady::now() > curtain) return Ending::time_is_up;
    }
  }

  /// All have failed, and a day has gone by since.
  bool is_everything_over() const {
    return std::all_of(failures_.begin(), failures_.end(), [this](const Failure& failure) {
      return failure.at && *failure.at + Days{1} <= start_ + Days{day_};
    });
  }

  void take_lines() {
    while (const auto line = stage_.plant().read_line(0ms)) take_plant_line(*line);
    while (const auto line = stage_.subscriber().read_line(0ms)) take_message(*line);
  }

  void take_plant_line(const std::string& line) {
    boost::system::error_code error;
    const auto told = json::parse(line, error);
    if (error || !told.is_object()) return;
    if (const auto* failure = told.get_object().if_contains("failure")) return take_failure(failure->as_object());
    if (!told.get_object().contains("machines")) return;
    day_ = told.at("day").to_number<int>();
    std::vector<Gauge> gauges;
    for (const auto& machine : told.at("machines").as_array()) gauges.push_back(gauge_of(machine.as_object()));
    screen_.show_day(day_, std::move(gauges));
  }

  static Gauge gauge_of(const json::object& machine) {
    Gauge gauge;
    gauge.asset = machine.at("asset").as_string();
    gauge.title = machine.at("title").as_string();
    gauge.unit = machine.at("unit").as_string();
    gauge.condition = machine.at("condition").to_number<double>();
    gauge.value = machine.at("value").to_number<double>();
    gauge.limit = machine.at("limit").to_number<double>();
    gauge.failed = machine.at("failed").as_bool();
    return gauge;
  }

  void take_failure(const json::object& told) {
    for (auto& failure : failures_) {
      if (failure.asset != told.at("asset").as_string()) continue;
      failure.at = parse_rfc3339(std::string_view{told.at("at").as_string()});
      screen_.show_failure(failure);
    }
  }

  void take_message(const std::string& line) {
    const auto space = line.find(' ');
    const auto topic = line.substr(0, space);
    const auto payload = space == std::string::npos ? std::string{} : line.substr(space + 1);
    if (topic.find("/alert/") == std::string::npos) {
      ++received_[topic.substr(topic.rfind('/') + 1)];
      return;
    }
    ++received_["alert"];
    const auto document = read_document(payload);
    if (!document) {
      if (!payload.empty()) screen_.say("not an alert document: " + line);
      return;
    }
    alerts_.push_back(*document);
    if (is_news(*document)) screen_.show_alert(*document);
  }

  /// Not merely the daily revision.
  bool is_news(const Document& document) {
    const auto& [asset, mode] = std::tie(document.asset, document.mode);
    const auto now =
        document.id + document.state + document.kind + document.severity + std::to_string(document.priority);
    auto& shown = shown_[asset + "/" + mode];
    const bool news = shown != now;
    shown = now;
    return news;
  }

  /// The agent says good-bye while there is still somebody to hear it.
  void finish() {
    const int status = stage_.agent().terminate(5s);
    if (status != 0)
      screen_.say(fmt::format("the agent ended with status {}; the end of its log:\n{}", status, end_of_log()));
    const auto patience = status == 0 ? 2s : 0s;
    while (const auto line = stage_.subscriber().read_line(patience)) {
      take_message(*line);
      if (line->find("\"offline\"") != std::string::npos) break;
    }
    take_lines();
    if (!options_.log.empty()) std::ofstream{options_.log} << stage_.agent().output();
  }

  std::string end_of_log() {
    const auto& log = stage_.agent().output();
    constexpr std::size_t shown = 2'000;
    return log.size() <= shown ? log : log.substr(log.size() - shown);
  }

  std::string documents_text() const {
    std::string text;
    for (const auto& [kind, count] : received_) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, kind);
    return text.empty() ? "nothing" : text;
  }

  Options options_;
  int signals_ = open_signals();
  Time start_;
  Screen screen_;
  std::vector<Failure> failures_;
  std::vector<Document> alerts_;
  std::map<std::string, int> received_;
  std::map<std::string, std::string> shown_;
  int day_ = 0;
  Stage stage_;
};

int play(Options options) {
  const auto start = parse_rfc3339(options.stage.start);
  if (!start) {
    fmt::print(stderr, "demo: --start {} is not a time (try 2026-06-01T00:00:00Z)\n", options.stage.start);
    return EXIT_FAILURE;
  }
  if (options.keep) options.stage.days = 0;
  return Demo{options, *start}.play() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fettle::plants

int main(int argc, char** argv) {
  fettle::plants::Options options;
  options.stage.agent = FETTLE_BINARY;
  options.stage.plant = PLANT_BINARY;
  options.stage.site = EXAMPLE_SITE;
  CLI::App app{"Simulated machines age, and the real agent tells a real broker which of them will fail, and when"};
  app.add_option("--agent", options.stage.agent, "the agent's binary")->check(CLI::ExistingFile);
  app.add_option("--plant", options.stage.plant, "the plant's binary")->check(CLI::ExistingFile);
  app.add_option("--site", options.stage.site, "the site file")->check(CLI::ExistingFile);
  app.add_option("--speed", options.stage.speed, "how many times faster than life")->check(CLI::PositiveNumber);
  app.add_option("--start", options.stage.start, "when the simulated time begins");
  app.add_option("--seed", options.stage.seed, "another seed gives the machines another life");
  app.add_option("--days", options.stage.days, "simulated days")->check(CLI::PositiveNumber);
  app.add_option("--log", options.log, "file for the agent's own log");
  app.add_flag("--keep", options.keep, "run until Ctrl-C");
  CLI11_PARSE(app, argc, argv);
  try {
    return fettle::plants::play(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "demo: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
