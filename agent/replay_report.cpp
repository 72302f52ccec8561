#include "replay_report.hpp"

#include "local_time.hpp"
#include "page_assets.hpp"
#include "replay_article.hpp"
#include "replay_plots.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace fettle {
namespace {

/// More than anybody reads; the table and the alerts file have all of them.
constexpr std::size_t most_articles = 200;

std::string zone_of(const ReplayedHistory& history) {
  const auto& zone = history.installation.site.location.tz;
  return zone.empty() ? "UTC" : zone;
}

std::string figure(const std::string& number, std::string_view meaning) {
  return fmt::format("<div><b>{}</b><span>{}</span></div>\n", number, meaning);
}

std::string figures(const ReplaySummary& summary) {
  const double months = summary.asset_months();
  const auto rate = [months](std::size_t count) {
    return months > 0 ? rate_text(static_cast<double>(count) / months) : std::string{"–"};
  };
  auto text =
      figure(grouped(summary.dispatches), fmt::format("worth a visit, {} an asset-month", rate(summary.dispatches)));
  text +=
      figure(grouped(summary.advisories), fmt::format("for information, {} an asset-month", rate(summary.advisories)));
  const auto lead = summary.median_lead();
  text += figure(lead ? to_words(*lead) : "–",
                 lead ? fmt::format("median warning, {} reached", counted(summary.leads.size(), "predicted limit"))
                      : std::string{"no predicted limit was reached"});
  text += figure(fmt::format("{:.1f}", months),
                 fmt::format("asset-months of {}, {}", counted(summary.assets.size(), "machine"),
                             counted(summary.readings, "reading")));
  return "<div class=\"figures\">\n" + text + "</div>\n";
}

std::string title_of(const ReplayedHistory& history) {
  const auto& place = history.installation.site.location;
  return place.building.empty() ? place.site : fmt::format("{}, {}", place.site, place.building);
}

std::string head(const ReplayedHistory& history) {
  const auto& summary = history.summary;
  const auto& zone = *history.installation.zone;
  auto text = fmt::format("<h1>What Fettle would have told: {}</h1>\n", html(title_of(history)));
  if (!summary.first || !summary.last) return text + "<p class=\"lead\">Nothing was recorded.</p>\n";
  return text + fmt::format(
                    "<p class=\"lead\">Recorded history from {} to {}, seen reading by reading in its own time as the "
                    "agent would have seen it. Times are those of {}.</p>\n",
                    local_day(*summary.first, zone), local_day(*summary.last, zone), html(zone_of(history)));
}

std::string left_text(const AlertStory& story, const Zone& zone) {
  if (const auto lead = story.lead()) {
    return fmt::format("limit reached {}, {} after the call for a visit", local_text(*story.at_limit, zone),
                       to_words(*lead));
  }
  if (story.forecast)
    return fmt::format("{} told", to_words(Duration{static_cast<std::int64_t>(story.forecast->mid * 3'600'000)}));
  return "";
}

std::string table(const ReplayedHistory& history, const std::set<std::size_t>& in_full) {
  if (history.stories.empty()) return "<h2>Alerts</h2>\n<p>None.</p>\n";
  const auto& zone = *history.installation.zone;
  std::string text{
      "<h2>Alerts</h2>\n<div "
      "class=\"scroll\"><table class=\"alerts\">\n<tr><th>Raised</th><th>Machine</th><th>What</th><th>Severity</th>"
      "<th>Time left</th><th class=\"wide\">Ended</th></tr>\n"};
  for (std::size_t number = 0; number < history.stories.size(); ++number) {
    const auto& story = history.stories[number];
    const auto title = html(story.worst.title);
    text += fmt::format(
        "<tr><td class=\"when\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"when "
        "wide\">{}</td></tr>\n",
        local_text(story.raised.raised_at, zone), html(story.raised.asset),
        in_full.count(number) > 0 ? fmt::format("<a href=\"#a{}\">{}</a>", number, title) : title,
        severity_mark(story.severity()), left_text(story, zone),
        story.last.cleared_at ? local_text(*story.last.cleared_at, zone) : "open");
  }
  return text + "</table></div>\n";
}

std::string assets(const ReplaySummary& summary) {
  std::string text{
      "<h2>Machines</h2>\n<div class=\"scroll\"><table>\n<tr><th>Machine</th><th>Name</th><th "
      "class=\"number\">Months</th>"
      "<th class=\"number\">For a visit</th><th class=\"number\">For information</th></tr>\n"};
  for (const auto& asset : summary.assets) {
    text += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number\">{:.1f}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td></tr>\n",
        html(asset.key), html(asset.name), asset.months(), asset.dispatches, asset.advisories);
  }
  return text + "</table></div>\n";
}

/// When an indicator had learned what is healthy.
std::string learned_text(const ReplayedHistory& history, std::size_t mode) {
  std::optional<Time> learned;
  for (const auto& [key, course] : history.courses.courses()) {
    if (key.first != mode || course.yardsticks.empty()) continue;
    learned = std::min(learned.value_or(course.yardsticks.front().from), course.yardsticks.front().from);
  }
  const auto share = history.pipeline.learning().at(mode);
  if (!learned && share == 1) return "followed";
  if (!learned) return fmt::format("{:.0f} % learned: not judged yet", share * 100);
  const auto since = local_day(*learned, *history.installation.zone);
  return share < 1 ? fmt::format("judged since {}, another indicator {:.0f} % learned", since, share * 100)
                   : fmt::format("judged since {}", since);
}

std::string learning(const ReplayedHistory& history) {
  std::string text{
      "<h2>What was followed</h2>\n<div class=\"scroll\"><table>\n<tr><th>Machine</th><th>Failure "
      "mode</th><th>State</th>"
      "</tr>\n"};
  const auto& installed = history.installation.assets;
  const auto& recorded = history.summary.assets;
  const auto is_recorded = [&recorded](const std::string& key) {
    return std::any_of(recorded.begin(), recorded.end(), [&key](const auto& each) { return each.key == key; });
  };
  const auto row = [&text](const std::string& asset, const std::string& mode, const std::string& state) {
    text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", html(asset), html(mode), html(state));
  };
  const auto& modes = history.pipeline.modes();
  for (std::size_t mode = 0; mode < modes.size(); ++mode) {
    const auto& key = installed.at(modes[mode].asset.index).asset.key;
    if (is_recorded(key)) row(key, modes[mode].mode, learned_text(history, mode));
  }
  for (const auto& asset : installed) {
    if (!is_recorded(asset.asset.key)) continue;
    for (const auto& mode : asset.inactive_modes) {
      const auto end = mode.find(": ");
      row(asset.asset.key, mode.substr(0, end), "not followed: " + mode.substr(end + 2));
    }
  }
  return text + "</table></div>\n";
}

std::string_view in_words(Reason reason) {
  return reason == Reason::undefined ? "its conditions were not met" : name_of(reason);
}

/// "61 % not running, 2 % starting": of all periods of a mode, the commonest reasons first.
std::string silence_text(const CourseBook::Silences& silences) {
  std::vector<std::pair<std::size_t, Reason>> reasons;
  auto all = silences.judged;
  for (const auto& [reason, number] : silences.silent) {
    reasons.emplace_back(number, reason);
    all += number;
  }
  std::sort(reasons.rbegin(), reasons.rend());
  std::vector<std::string> parts;
  for (const auto& [number, reason] : reasons) {
    const double share = 100 * static_cast<double>(number) / static_cast<double>(all);
    if (share >= 0.5) parts.push_back(fmt::format("{:.0f} % {}", share, in_words(reason)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Alerts that sent nobody because another one explained them, and for how much of the time nothing could be said.
std::string suppressed(const ReplayedHistory& history) {
  std::map<std::string, std::size_t> explained;
  for (const auto& story : history.stories) {
    if (story.explained_by.empty()) continue;
    const auto cause = std::find_if(history.stories.begin(), history.stories.end(),
                                    [&story](const auto& each) { return each.raised.id == story.explained_by; });
    const auto by = cause == history.stories.end() ? std::string{"another alert"}
                                                   : fmt::format("{} {}", cause->raised.asset, cause->raised.mode);
    ++explained[fmt::format("{} {}, explained by {}", story.raised.asset, story.raised.mode, by)];
  }
  std::string text{"<h2>What was suppressed, and why</h2>\n<ul class=\"left-out\">"};
  for (const auto& [what, times] : explained)
    text += fmt::format("<li>{}: {}</li>", html(what), counted(times, "alert"));
  const auto& modes = history.pipeline.modes();
  for (std::size_t mode = 0; mode < modes.size(); ++mode) {
    const auto silences = silence_text(history.courses.silences(mode));
    if (silences.empty()) continue;
    const auto& asset = history.installation.assets.at(modes[mode].asset.index).asset.key;
    text += fmt::format("<li>{} {}: no verdict for so much of the time: {}</li>", html(asset), html(modes[mode].mode),
                        html(silences));
  }
  return text + "</ul>\n";
}

std::string left_out(const ReplaySummary& summary) {
  if (summary.notes.empty()) return {};
  std::string text{"<h2>What was left out</h2>\n<ul class=\"left-out\">"};
  for (const auto& note : summary.notes) text += fmt::format("<li>{}</li>", html(note));
  return text + "</ul>\n";
}

constexpr std::string_view frame = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{plot_style}{style}</style>
</head>
<body>
{body}<footer>{footer}</footer>
<script type="application/json" id="plots">{plots}</script>
<script>{plot_script}</script>
<script>{script}</script>
</body>
</html>
)";

/// Whatever a name in the data holds, it does not end the script.
std::string in_script(std::string text) {
  for (auto at = text.find("</"); at != std::string::npos; at = text.find("</", at + 3)) text.replace(at, 2, "<\\/");
  return text;
}

}  // namespace

std::string report_page(const ReplayedHistory& history) {
  Plots plots{zone_of(history)};
  const auto in_full = worth_telling(history.stories, most_articles);
  auto body = head(history) + figures(history.summary) + table(history, in_full);
  for (const auto number : in_full) body += article_of(number, in_full, history, plots);
  if (in_full.size() < history.stories.size()) {
    body += fmt::format(
        "<p class=\"soft\">{} of {} alerts are shown in full: those for a visit first, then the more severe, then the "
        "newer.</p>\n",
        in_full.size(), history.stories.size());
  }
  body += assets(history.summary) + learning(history) + suppressed(history) + left_out(history.summary);
  return fmt::format(frame, fmt::arg("title", html("Fettle: " + title_of(history))),
                     fmt::arg("plot_style", page_asset("uplot.css")), fmt::arg("style", page_asset("report.css")),
                     fmt::arg("body", body),
                     fmt::arg("footer", fmt::format("Fettle {}, settings {}. Plots: uPlot (MIT licence).",
                                                    FETTLE_VERSION, history.installation.fingerprint_text())),
                     fmt::arg("plots", in_script(plots.json())), fmt::arg("plot_script", page_asset("uplot.js")),
                     fmt::arg("script", page_asset("report.js")));
}

}  // namespace fettle
