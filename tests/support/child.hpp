#pragma once

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::test {

/// What a child is given beside its arguments.
struct ChildOptions {
  std::map<std::string, std::string> environment;  ///< added to ours, or replacing it
  std::filesystem::path folder;                    ///< where it runs; empty: here
  bool is_fed = false;                             ///< it reads what feed() gives it; else its standard input is empty
};

/// A program that runs beside the test, read line by line, and that never outlives the object.
/// It sits in a process group of its own, so that Ctrl-C in a terminal reaches only us; it is killed when we die.
class Child {
 public:
  using Span = std::chrono::milliseconds;

  /// Starts `command`: a path, or a name looked for in PATH and in /usr/sbin. Throws if there is no such program.
  explicit Child(std::vector<std::string> command, const ChildOptions& options = {});
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  bool is_running();

  /// The next line of its standard output or error, without the line's end; none when time is up or the child has closed them.
  std::optional<std::string> read_line(Span within);

  /// The next line that contains `text` (or matches, or pleases); the lines before it are skipped, but stay in output().
  std::optional<std::string> wait_for_line(std::string_view text, Span within);
  std::optional<std::string> wait_for_line(const std::regex& pattern, Span within);
  std::optional<std::string> wait_for_line(const std::function<bool(const std::string&)>& pleases, Span within);

  /// Writes to its standard input; false when it no longer reads.
  bool feed(std::string_view text) const;

  /// Everything it has written so far, read or skipped.
  const std::string& output();

  /// A descriptor to poll() together with others; readable when read_line has something new.
  int descriptor() const { return pipe_; }

  /// Its exit status, 128 + signal if a signal ended it; none while it still runs when time is up.
  std::optional<int> wait(Span within);

  /// SIGTERM, and SIGKILL when that does not end it in time. Returns the exit status.
  int terminate(Span patience = std::chrono::seconds{10});
  int kill();
  void signal(int number) const;

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  bool receive(Deadline deadline);
  bool drain();
  std::optional<std::string> take_line();
  void reap();

  pid_t pid_ = -1;
  int process_ = -1;  ///< a descriptor that becomes readable when the child ends
  int pipe_ = -1;
  int input_ = -1;
  bool closed_ = false;
  std::optional<int> status_;
  std::string output_;
  std::size_t next_line_ = 0;
};

}  // namespace fettle::test
