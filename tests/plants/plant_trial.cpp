#include "plants/plant_trial.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "library.hpp"
#include "pipeline.hpp"
#include "plants/weather.hpp"
#include "support/temp_dir.hpp"

namespace fettle::plants {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::chrono::year year{2026};
constexpr minutes internal_step{1};
constexpr Days learning{28};    ///< that the agent is given before a fault begins
constexpr Days aftermath{14};   ///< in which what broke at once may be found
constexpr double patience = 4;  ///< so many times the life that was meant

std::string site_of(const Plant& plant, const test::TempDir& folder) {
  const std::string models = FETTLE_SOURCE_DIR "/config/equipment";
  std::filesystem::create_directory_symlink(models, folder.path() / "equipment");
  const auto measured = plant.make(1, std::nullopt)->values();
  const auto model = read_model_file(fmt::format("{}/{}.yaml", models, plant.name)).content;
  std::string columns{"time"};
  std::string points;
  std::string wires;
  for (const auto& role : model.roles) {
    if (std::none_of(measured.begin(), measured.end(), [&role](const Value& each) { return each.point == role.name; }))
      continue;
    columns += "," + role.name;
    points += fmt::format("{0}: {{quantity: {1}, column: {0}}}, ", role.name, facts(role.quantity).name);
    wires += fmt::format("{0}: io/{0}, ", role.name);
  }
  folder.write("empty.csv", columns + "\n");
  const auto parameters = plant.parameters.empty() ? "" : fmt::format("parameters: {}, ", plant.parameters);
  return folder.write(
      "site.yaml",
      fmt::format("gateway: {{id: gw-1}}\nsite: {{id: S, tz: Europe/Berlin, building: B}}\nstore: {{folder: store}}\n"
                  "detection: {{watch: false}}\nbuses: [{{id: history, driver: csv}}]\ndevices:\n"
                  "  - {{id: io, bus: history, files: [empty.csv], every: {}m, profile: {{protocol: csv, "
                  "time: {{column: time}}, points: {{{}}}}}}}\n"
                  "assets:\n  - {{id: M, name: machine, model: {}, {}points: {{{}}}}}\n",
                  std::chrono::duration_cast<minutes>(plant.poll).count(), points, plant.name, parameters, wires));
}

/// One machine under its own sky, with the agent's pipeline looking on.
class Life {
 public:
  Life(const Plant& plant, const Installation& installation, std::uint64_t seed, Time begin,
       const std::optional<Fault>& fault)
      : plant_{plant},
        machine_{plant.make(seed, fault)},
        weather_{seed * 101 + 3},
        pipeline_{installation},
        now_{begin} {
    if (fault) mode_ = fault->mode;
    for (const auto& value : machine_->values()) {
      const auto point = std::find_if(installation.points.begin(), installation.points.end(),
                                      [&value](const Point& each) { return each.role == value.point; });
      points_.push_back(point == installation.points.end() ? std::nullopt : std::optional{point->id});
    }
  }

  void step() {
    now_ += internal_step;
    weather_.step(now_, internal_step);
    machine_->step(weather_.now(), internal_step);
    if (now_.time_since_epoch() % plant_.poll == Duration{0}) read();
    if (now_.time_since_epoch() % hours{1} == Duration{0}) keep(pipeline_.tick(now_));
  }

  Time now() const { return now_; }
  std::optional<Time> failed_at() const { return machine_->truth().failed_at; }
  Story& story() { return story_; }

  /// What its alert says at present about when it will fail: nothing, or low, mid and high.
  struct Forecast {
    Time made, low, mid, high;
  };
  std::optional<Forecast> forecast() const {
    for (const auto* episode : pipeline_.episodes()) {
      if (episode->facts().mode != mode_ || !episode->is_active() || !episode->alert()->prognosis) continue;
      const auto& alert = *episode->alert();
      const auto at = [&alert](double span) { return alert.changed_at + Duration{std::llround(span * 3.6e6)}; };
      const auto& ttf = *alert.prognosis;
      return Forecast{now_, at(ttf.low), at(ttf.mid), ttf.high ? at(*ttf.high) : Time::max()};
    }
    return std::nullopt;
  }

 private:
  void read() {
    const auto values = machine_->values();
    for (std::size_t each = 0; each < values.size(); ++each) {
      if (points_[each]) keep(pipeline_.accept(good(*points_[each], now_, values[each].value)));
    }
  }

  void keep(const std::vector<Alert>& alerts) {
    for (const auto& alert : alerts) {
      if (alert.state != AlertState::active || alert.kind == AlertKind::system) continue;
      story_.told.insert(alert.mode);
      const bool visit = dispatch_grade(alert);
      if (visit) story_.dispatched.insert(alert.mode);
      if (alert.mode != mode_) continue;
      if (!story_.found) story_.found = now_;
      if (visit && !story_.sent) story_.sent = now_;
    }
  }

  const Plant& plant_;
  std::unique_ptr<Machine> machine_;
  Weather weather_;
  Pipeline pipeline_;
  Time now_;
  std::string mode_;
  std::vector<std::optional<PointId>> points_;  ///< as the machine's values
  Story story_;
};

/// Where the laws of wear are dealt out in turn, and everything else by chance.
Fault plan(const Injection& injection, Time begin, std::uint64_t seed) {
  constexpr std::array laws{Wear::linear, Wear::power, Wear::exponential, Wear::steps};
  Noise chance{seed * 13 + 1};
  const double days = learning.count() + 7 * chance.uniform();
  const double least = static_cast<double>(injection.least.count());
  const double life = least + (static_cast<double>(injection.most.count()) - least) * chance.uniform();
  const auto in_days = [](double span) { return Duration{std::llround(span * 86'400'000)}; };
  const auto law = injection.most > Days{0} ? laws.at(seed % laws.size()) : Wear::sudden;
  return {injection.mode, begin + in_days(days), in_days(life), law};
}

void compare(const std::vector<Life::Forecast>& forecasts, Time onset, Time failed, Story& story) {
  for (const auto& each : forecasts) {
    ++story.forecasts;
    story.held += static_cast<int>(each.low <= failed && failed <= each.high);
    if (each.made < onset + (failed - onset) / 2) continue;
    const double left = to_hours(failed - each.made);
    const double told = std::max(0.0, to_hours(each.mid - each.made));
    story.late_errors.push_back(std::abs(told / left - 1));
  }
}

}  // namespace

Installation install(const Plant& plant) {
  const test::TempDir folder;
  auto installation = load_installation(site_of(plant, folder));
  if (!installation.confined.empty()) throw std::runtime_error{installation.confined.all().front().text};
  return installation;
}

Story run_to_failure(const Plant& plant, const Installation& installation, const Injection& injection,
                     std::uint64_t seed) {
  const Time begin = std::chrono::sys_days{year / injection.season / 1} + Days{3 * seed};
  const auto fault = plan(injection, begin, seed);
  const bool at_once = fault.wear == Wear::sudden;
  Life life{plant, installation, seed, begin, fault};
  const auto last = [&life, &fault, at_once] {
    if (!life.failed_at())
      return fault.start + Duration{std::llround(patience * static_cast<double>(fault.life.count()))} + aftermath;
    return at_once ? *life.failed_at() + aftermath : *life.failed_at();
  };
  std::vector<Life::Forecast> forecasts;
  while (life.now() < last()) {
    life.step();
    if (life.now() < fault.start || life.now().time_since_epoch() % Days{1} != Duration{0}) continue;
    if (const auto forecast = life.forecast()) forecasts.push_back(*forecast);
  }
  auto& story = life.story();
  story.failed = life.failed_at();
  if (story.failed && !at_once) compare(forecasts, fault.start, *story.failed, story);
  return story;
}

Story run_healthy(const Plant& plant, const Installation& installation, std::uint64_t seed) {
  const Time begin = std::chrono::sys_days{year / 1 / 1} + Days{15 * seed};
  Life life{plant, installation, 1'000 + seed, begin, std::nullopt};
  while (life.now() < begin + Days{365}) life.step();
  life.story().failed = life.failed_at();
  return life.story();
}

}  // namespace fettle::plants
