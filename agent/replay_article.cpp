#include "replay_article.hpp"

#include "advisory/wording.hpp"
#include "delivery/json_writer.hpp"
#include "local_time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cmath>

namespace fettle {
namespace {

constexpr std::size_t most_plots = 3;

Duration hours(double count) { return Duration{std::llround(count * 3'600'000)}; }

/// An indicator that an alert names, with what is known about it.
struct Shown {
  const EvidencePoint& evidence;
  const health::IndicatorModel* model = nullptr;
  const Course* course = nullptr;
};

/// Writes one alert.
class Article {
 public:
  Article(const AlertStory& story, const std::set<std::size_t>& in_full, const ReplayedHistory& history)
      : story_{story}, in_full_{in_full}, history_{history}, alert_{story.worst} {
    const auto& assets = history.installation.assets;
    asset_ = &*std::find_if(assets.begin(), assets.end(),
                            [this](const auto& each) { return each.asset.key == alert_.asset; });
    const auto& modes = history.pipeline.modes();
    const auto mode = std::find_if(modes.begin(), modes.end(), [this](const FollowedMode& each) {
      return each.asset == asset_->asset.id && each.mode == alert_.mode;
    });
    mode_ = static_cast<std::size_t>(mode - modes.begin());
  }

  std::string write(std::size_t number, Plots& plots) {
    auto text = fmt::format("<article id=\"a{}\">\n<p class=\"soft\">{} · {}</p>\n<h2>{}</h2>\n", number,
                            severity_mark(story_.severity()), html(place()), html(alert_.title));
    text += facts();
    text += figures(number, plots);
    text += "<div class=\"columns\">\n<div>\n" + why() + steps() + "</div>\n<div>\n" + advice() + "</div>\n</div>\n";
    return text + "</article>\n";
  }

 private:
  std::string place() const {
    const auto& asset = asset_->asset;
    std::vector<std::string> parts{asset.key};
    for (const auto* part : {&asset.name, &asset.location.space, &asset.location.building}) {
      if (!part->empty() && *part != parts.back()) parts.push_back(*part);
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  std::string at(Time time) const { return local_text(time, *history_.installation.zone); }

  std::string facts() const {
    std::string text{"<dl class=\"facts\">\n"};
    const auto add = [&text](std::string_view name, const std::string& value) {
      text += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
    };
    add("Raised", at(story_.raised.raised_at));
    if (story_.dispatched && *story_.dispatched != story_.raised.raised_at)
      add("Worth a visit since", at(*story_.dispatched));
    if (!story_.is_dispatch()) add("Visit", "not for this: for information");
    if (!story_.explained_by.empty()) add(story_.is_dispatch() ? "Explained for a time by" : "Explained by", cause());
    if (story_.forecast) add("Time left, as first told", forecast_text(*story_.forecast));
    if (story_.at_limit) add("Limit reached", at(*story_.at_limit));
    if (const auto lead = story_.lead()) add("Warning before that", to_words(*lead));
    add("Ended", story_.last.cleared_at ? at(*story_.last.cleared_at) : "still open at the end");
    if (story_.last.energy && story_.last.energy->kwh >= 1) add("Wasted", energy_text(*story_.last.energy));
    return text + "</dl>\n";
  }

  /// The alert that explains this one, and where it is told.
  std::string cause() const {
    const auto& stories = history_.stories;
    const auto found = std::find_if(stories.begin(), stories.end(),
                                    [this](const auto& each) { return each.raised.id == story_.explained_by; });
    if (found == stories.end()) return "another alert";
    const auto number = static_cast<std::size_t>(found - stories.begin());
    const auto title = html(found->worst.title);
    return in_full_.count(number) > 0 ? fmt::format("<a href=\"#a{}\">{}</a>", number, title) : title;
  }

  static std::string forecast_text(const TimeToFailure& ttf) {
    const auto high = ttf.high ? "to " + to_words(hours(*ttf.high)) : std::string{"or more"};
    return fmt::format("{} ({} {}, with {:.0f} %)", to_words(hours(ttf.mid)), to_words(hours(ttf.low)), high,
                       ttf.level * 100);
  }

  static std::string energy_text(const EnergyWaste& energy) {
    auto text = fmt::format("about {:.0f} kWh", energy.kwh);
    if (energy.cost_per_day) text += fmt::format(", {:.2f} {} a day", *energy.cost_per_day, html(energy.currency));
    return text;
  }

  /// Null for what no model knows.
  const health::ModeModel* mode_model() const {
    if (!asset_->model) return nullptr;
    const auto& modes = history_.installation.models.at(*asset_->model).modes;
    const auto found =
        std::find_if(modes.begin(), modes.end(), [this](const auto& each) { return each.name == alert_.mode; });
    return found == modes.end() ? nullptr : &*found;
  }

  std::vector<Shown> shown() const {
    std::vector<Shown> all;
    if (!alert_.evidence) return all;
    const auto* const mode = mode_model();
    for (const auto& point : alert_.evidence->points) {
      const auto name = point.id.substr(point.id.find('/') + 1);
      Shown each{point, nullptr, history_.courses.find(mode_, name)};
      if (mode != nullptr) {
        const auto& indicators = mode->indicators;
        const auto found = std::find_if(indicators.begin(), indicators.end(),
                                        [&name](const auto& indicator) { return indicator.name == name; });
        if (found != indicators.end()) each.model = &*found;
      }
      all.push_back(each);
    }
    return all;
  }

  std::string figures(std::size_t number, Plots& plots) const {
    std::vector<std::pair<std::string, const Course*>> plotted;
    for (const auto& each : shown()) plotted.emplace_back(each.evidence.label, each.course);
    if (mode_model() == nullptr) {
      for (auto& each : history_.courses.strangest(mode_, alert_.changed_at, most_plots - 1)) plotted.push_back(each);
    }
    std::string text;
    std::size_t count = 0;
    for (const auto& [label, course] : plotted) {
      if (course == nullptr || !course->is_known() || count == most_plots) continue;
      const auto plot = plots.add(story_, *course, course->quantity);
      const auto unit = advisory::display_unit(course->quantity).text;
      text += fmt::format(
          "<figure id=\"a{}p{}\" data-plot=\"{}\">\n<figcaption><b>{}{}</b>{}</figcaption>\n"
          "<div class=\"plot\"></div>\n<div class=\"readout\"></div>\n</figure>\n",
          number, ++count, plot, html(label), unit.empty() ? "" : html(fmt::format(", {}", unit)), keys(*course));
    }
    return text;
  }

  /// What the lines of a plot are.
  std::string keys(const Course& course) const {
    const auto key = [](std::string_view colour, std::string_view shape, std::string_view name) {
      return fmt::format("<span class=\"key\"><i class=\"{}\" style=\"color:var(--{})\"></i>{}</span>", shape, colour,
                         name);
    };
    auto text = key("reading", "", "reading");
    if (course.learned_since) text += key("healthy", "band", "range while learning");
    if (course.learned_since && !course.yardsticks.empty()) text += key("healthy", "", "healthy");
    if (!course.yardsticks.empty()) text += key("warn", "dashed", "warning") + key("limit", "", "limit");
    text += key("ink", "dashed", "raised");
    if (story_.dispatched && *story_.dispatched != story_.raised.raised_at) text += key("ink", "", "worth a visit");
    if (story_.forecast) text += key("fan", "band", "first forecast (80 %)");
    if (story_.last.cleared_at) text += key("healthy", "dotted", "ended");
    return text + key("fan", "", "evidence (below): 3 is 1 in 1,000");
  }

  std::string why() const {
    auto text = fmt::format("<h3>Why</h3>\n<p>{}</p>\n", html(alert_.text));
    for (const auto& each : shown()) {
      text += fmt::format("<p>{}</p>\n", html(evidence_text(each)));
      if (each.model != nullptr && !each.model->source.empty())
        text += fmt::format("<p class=\"soft\">Limits: {}.</p>\n", html(each.model->source));
    }
    return text;
  }

  std::string evidence_text(const Shown& each) const {
    const auto& point = each.evidence;
    auto text = fmt::format("{}: {}", point.label, advisory::with_unit(point.value, point.quantity));
    if (point.baseline) text += fmt::format(", healthy {}", advisory::with_unit(*point.baseline, point.quantity));
    if (point.limit) text += fmt::format(", limit {}", advisory::with_unit(*point.limit, point.quantity));
    const auto evidence = each.course == nullptr ? std::nullopt : each.course->rare_evidence(alert_.changed_at);
    if (!point.baseline || !evidence) return text + ".";
    return text + fmt::format(". If nothing had changed, such a value would {}.",
                              rarity_text(*evidence, each.model == nullptr ? Duration{} : each.model->every));
  }

  /// Revisions that say the same in a row are told once, and so is what goes and comes again many times.
  std::string steps() const {
    constexpr std::size_t many = 6;
    std::string text{"<h3>How it went on</h3>\n<ul class=\"steps\">\n"};
    const auto& steps = story_.steps;
    for (std::size_t first = 0; first < steps.size();) {
      const auto comings = comings_from(first);
      const auto count = comings >= many ? comings : same_from(first);
      const auto until = count > 1 ? fmt::format(" until {}", at(steps[first + count - 1].at)) : std::string{};
      const auto said = comings >= many ? fmt::format("cleared and returned {} times", comings / 2)
                        : count > 1     ? fmt::format("{} … and {} more", step_text(steps[first]), grouped(count - 1))
                                        : step_text(steps[first]);
      text += fmt::format("<li><time>{}</time> <span>{}{}</span></li>\n", at(steps[first].at), said, until);
      first += count;
    }
    return text + "</ul>\n";
  }

  std::size_t same_from(std::size_t first) const {
    const auto& steps = story_.steps;
    std::size_t count = 1;
    while (first + count < steps.size() && step_text(steps[first + count]) == step_text(steps[first])) ++count;
    return count;
  }

  /// How many steps only clear and return in turn; an even number.
  std::size_t comings_from(std::size_t first) const {
    const auto& steps = story_.steps;
    std::size_t count = 0;
    while (first + count + 1 < steps.size() && steps[first + count].event == AlertEvent::cleared &&
           steps[first + count + 1].event == AlertEvent::returned)
      count += 2;
    return count;
  }

  static std::string step_text(const AlertStep& step) {
    const bool goes_on = step.event == AlertEvent::raised || step.event == AlertEvent::updated;
    return goes_on ? severity_mark(step.severity) + ": " + html(step.title) : std::string{name_of(step.event)};
  }

  std::string advice() const {
    if (!alert_.advice) return {};
    const auto& advice = *alert_.advice;
    auto text = fmt::format("<h3>What to do</h3>\n<p>{}</p>\n<ul>\n", html(advice.text));
    const auto add = [&text](std::string_view name, const std::string& value) {
      if (!value.empty()) text += fmt::format("<li>{}: {}</li>\n", name, html(value));
    };
    add("Work", advice.code);
    add("Skills", fmt::format("{}", fmt::join(advice.skills, ", ")));
    add("Parts", parts_text(advice.parts));
    if (advice.minutes > 0)
      add("Time", fmt::format("{:.0f} minutes{}", advice.minutes, advice.shutdown ? ", with the machine off" : ""));
    add("Safety", fmt::format("{}", fmt::join(advice.safety, "; ")));
    add("Check as well", fmt::format("{}", fmt::join(advice.checks, "; ")));
    text += "</ul>\n";
    if (!alert_.customer_note.empty())
      text += fmt::format("<h3>To the customer</h3>\n<p class=\"note\">{}</p>\n", html(alert_.customer_note));
    return text;
  }

  static std::string parts_text(const std::vector<Part>& parts) {
    std::vector<std::string> texts;
    for (const auto& part : parts) texts.push_back(fmt::format("{:g} × {} ({})", part.quantity, part.name, part.sku));
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  const AlertStory& story_;
  const std::set<std::size_t>& in_full_;
  const ReplayedHistory& history_;
  const Alert& alert_;
  const InstalledAsset* asset_ = nullptr;
  std::size_t mode_ = 0;
};

}  // namespace

std::string html(std::string_view text) {
  std::string result;
  for (const char each : text) {
    switch (each) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += each;
    }
  }
  return result;
}

std::string severity_mark(Severity severity) {
  return fmt::format("<span class=\"severity {0}\">{0}</span>", name_of(severity));
}

std::string rarity_text(double evidence, Duration period) {
  constexpr double never = 9;
  if (evidence >= never) return "practically never come";
  const auto times = delivery::significant(std::pow(10, evidence), 2);
  return fmt::format("come once in {} periods{}", grouped(static_cast<std::uint64_t>(std::llround(times))),
                     period > Duration{} ? " of " + to_words(period) : "");
}

std::string article_of(std::size_t number, const std::set<std::size_t>& in_full, const ReplayedHistory& history,
                       Plots& plots) {
  return Article{history.stories[number], in_full, history}.write(number, plots);
}

}  // namespace fettle
