#include "commands/command.hpp"
#include "commands/named_devices.hpp"
#include "commands/screen.hpp"
#include "commands/watch_table.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

namespace fettle::commands {
namespace {

using boost::system::error_code;

constexpr std::chrono::seconds pace{1};
constexpr std::chrono::milliseconds first_pace{100};  ///< while the first readings come in

/// What the verb's options fill and its callback reads.
struct Options {
  std::vector<std::string> devices;
  bool once = false;
};

/// Looks every second until somebody ends it, and shows what it sees on a terminal, or tells what is new in a pipe.
class Watch {
 public:
  Watch(const Installation& installation, const Options& options, bool on_terminal)
      : field_{home_, installation, options.devices}, once_{options.once}, table_{colours_of_stdout()} {
    if (on_terminal && !once_) screen_.emplace();
    await_signal();
    await_key();
    look();
  }

  int run() {
    home_.run();
    return exit_code_;
  }

 private:
  void await_signal() {
    signals_.async_wait([this](error_code error, int number) {
      if (error) return;
      if (number != SIGWINCH) return home_.stop();
      draw();
      await_signal();
    });
  }

  void await_key() {
    if (!screen_ || !Screen::has_keyboard()) return;
    if (!keyboard_.is_open()) keyboard_.assign(::dup(STDIN_FILENO));
    keyboard_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      for (const auto key : Screen::pressed()) act_on(key);
      draw();
      await_key();
    });
  }

  void act_on(Key key) {
    const auto page = Screen::window().rows / 2;
    const auto last = view_.points.empty() ? 0 : view_.points.size() - 1;
    switch (key) {
      case Key::none: break;
      case Key::quit: home_.stop(); break;
      case Key::up: first_ -= std::min<std::size_t>(first_, 1); break;
      case Key::down: first_ = std::min(last, first_ + 1); break;
      case Key::page_up: first_ -= std::min(first_, page); break;
      case Key::page_down: first_ = std::min(last, first_ + page); break;
      case Key::first: first_ = 0; break;
      case Key::last: first_ = last; break;
    }
  }

  void look() {
    view_ = field_.look();
    const bool complete = field_.is_complete();
    if (once_ && complete) {
      fmt::print("{}", table_.whole(view_));
      exit_code_ = std::all_of(view_.points.begin(), view_.points.end(),
                               [](const auto& each) { return each.report.reading.is_good(); })
                       ? exit_ok
                       : exit_failure;
      return home_.stop();
    }
    if (!once_ && !screen_) {
      fmt::print("{}", table_.news(view_));
      std::fflush(stdout);
    }
    draw();
    timer_.expires_after(complete ? std::chrono::milliseconds{pace} : first_pace);
    timer_.async_wait([this](error_code error) {
      if (!error) look();
    });
  }

  void draw() {
    if (screen_) Screen::show(table_.screen(view_, Screen::window(), first_));
  }

  boost::asio::io_context home_{1};
  boost::asio::signal_set signals_{home_, SIGINT, SIGTERM, SIGWINCH};
  boost::asio::posix::stream_descriptor keyboard_{home_};
  boost::asio::steady_timer timer_{home_};
  FieldWatch field_;
  FieldView view_;
  bool once_;
  WatchTable table_;
  std::optional<Screen> screen_;
  std::size_t first_ = 0;
  int exit_code_ = exit_ok;
};

int watch(const std::string& site_file, const Options& options) {
  spdlog::set_default_logger(spdlog::null_logger_mt("fettle watch"));  // the table says it all
  const auto installation = load_installation(site_file);
  if (!has_all("fettle watch", installation, options.devices)) return exit_usage;
  return Watch{installation, options, ::isatty(STDOUT_FILENO) == 1}.run();
}

void add_watch(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto options = std::make_shared<Options>();
  verb.add_option("DEVICE", options->devices, "Devices of the site file; all of them if none is named");
  verb.add_flag("--once", options->once, "Print both tables once, when every device was asked, and end");
  verb.footer(
      "Arrow and page keys scroll, q or Ctrl-C ends it. In a pipe: one line a reading.\n"
      "While an agent runs on this site's store it is asked (without raw registers; its line counts are ten seconds "
      "old "
      "at most).\nWhere none runs, the buses are opened and read as often as the site file says; nothing is ever "
      "written "
      "to a device.\nExit status of --once: 1 if anything is not good.\nExample: fettle watch -c site.yaml "
      "main_meter");
  verb.callback([site_file, options, &exit_code] { exit_code = watch(*site_file, *options); });
}

const Registration<Command> entry{"watch", "Show all points and the quality of the lines, live", add_watch};

}  // namespace
}  // namespace fettle::commands
