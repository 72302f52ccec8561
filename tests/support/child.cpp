#include "support/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace fettle::test {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (access(name.c_str(), X_OK) == 0) return std::filesystem::absolute(name).string();
    throw std::runtime_error{"cannot run " + name + ": no such program"};
  }
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  std::istringstream folders{std::string{path != nullptr ? path : ""} + ":/usr/bin:/usr/sbin"};
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto file = folder + "/" + name;
    if (!folder.empty() && access(file.c_str(), X_OK) == 0) return file;
  }
  throw std::runtime_error{"cannot run " + name + ": not in PATH; is its package installed?"};
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {  // NOLINT(*-pointer-arithmetic): the C library's own shape
    const std::string text{*line};
    if (!added.contains(text.substr(0, text.find('=')))) lines.push_back(text);
  }
  for (const auto& [name, value] : added) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What the new process is made of, prepared before the fork: after it, only calls that are safe in a signal handler.
struct Launch {
  std::string program;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string folder;
  pid_t parent;
  int output;
  int input;  ///< -1: empty
};

[[noreturn]] void become(const Launch& launch) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launch.parent) _exit(127);
  sigset_t none{};
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int input = launch.input >= 0 ? launch.input : open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, STDIN_FILENO) < 0) _exit(127);
  if (dup2(launch.output, STDOUT_FILENO) < 0 || dup2(launch.output, STDERR_FILENO) < 0) _exit(127);
  if (!launch.folder.empty() && chdir(launch.folder.c_str()) != 0) _exit(126);
  close_range(STDERR_FILENO + 1, ~0U, 0);  // Asio's sockets are inherited otherwise, and a port stays taken
  execve(launch.program.c_str(), launch.arguments.data(), launch.environment.data());
  _exit(127);
}

int milliseconds_until(Steady::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Steady::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 1'000'000));
}

[[noreturn]] void fail(const std::string& what) { throw std::system_error{errno, std::generic_category(), what}; }

}  // namespace

Child::Child(std::vector<std::string> command, const ChildOptions& options) {
  if (command.empty()) throw std::invalid_argument{"a child needs a program"};
  std::array<int, 2> ends{};
  auto environment = environment_with(options.environment);
  Launch launch{find_program(command.front()),
                pointers_to(command),
                pointers_to(environment),
                options.folder.string(),
                getpid(),
                -1,
                -1};
  if (options.is_fed) {
    // A socket, because writing to one whose other end is gone can be an error instead of a signal.
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("socket for " + command.front());
    input_ = ends[0];
    launch.input = ends[1];
  }
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe for " + command.front());
  launch.output = ends[1];
  pid_ = fork();
  if (pid_ == 0) become(launch);
  close(ends[1]);
  if (launch.input >= 0) close(launch.input);
  pipe_ = ends[0];
  if (pid_ < 0) fail("fork for " + command.front());
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
  process_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (process_ < 0) fail("pidfd_open for " + command.front());
}

Child::Child(Child&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)},
      process_{std::exchange(other.process_, -1)},
      pipe_{std::exchange(other.pipe_, -1)},
      input_{std::exchange(other.input_, -1)},
      closed_{other.closed_},
      status_{other.status_},
      output_{std::move(other.output_)},
      next_line_{other.next_line_} {}

Child::~Child() {
  if (pid_ > 0 && !status_) terminate(std::chrono::seconds{5});
  if (process_ >= 0) close(process_);
  if (pipe_ >= 0) close(pipe_);
  if (input_ >= 0) close(input_);
}

bool Child::is_running() { return !wait(milliseconds{0}); }

bool Child::drain() {
  std::array<char, 65'536> block{};
  bool any = false;
  while (!closed_) {
    const auto count = read(pipe_, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    closed_ = count == 0;
    any = any || count > 0;
    output_.append(block.data(), static_cast<std::size_t>(count));
  }
  return any;
}

bool Child::receive(Deadline deadline) {
  if (closed_) return false;
  std::array<pollfd, 1> watched{{{pipe_, POLLIN, 0}}};
  poll(watched.data(), watched.size(), milliseconds_until(deadline));
  return drain() || (!closed_ && Steady::now() < deadline);
}

std::optional<std::string> Child::take_line() {
  const auto end = output_.find('\n', next_line_);
  if (end == std::string::npos && (!closed_ || next_line_ >= output_.size())) return std::nullopt;
  const auto line = output_.substr(next_line_, end == std::string::npos ? end : end - next_line_);
  next_line_ = end == std::string::npos ? output_.size() : end + 1;
  return line;
}

std::optional<std::string> Child::read_line(Span within) {
  const auto deadline = Steady::now() + within;
  while (true) {
    if (auto line = take_line()) return line;
    if (!receive(deadline)) return take_line();
  }
}

std::optional<std::string> Child::wait_for_line(const std::function<bool(const std::string&)>& pleases, Span within) {
  const auto deadline = Steady::now() + within;
  while (auto line = read_line(std::chrono::ceil<milliseconds>(deadline - Steady::now()))) {
    if (pleases(*line)) return line;
  }
  return std::nullopt;
}

std::optional<std::string> Child::wait_for_line(std::string_view text, Span within) {
  return wait_for_line([text](const std::string& line) { return line.find(text) != std::string::npos; }, within);
}

std::optional<std::string> Child::wait_for_line(const std::regex& pattern, Span within) {
  return wait_for_line([&pattern](const std::string& line) { return std::regex_search(line, pattern); }, within);
}

bool Child::feed(std::string_view text) const {
  while (!text.empty()) {
    const auto count = send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

const std::string& Child::output() {
  drain();
  return output_;
}

std::optional<int> Child::wait(Span within) {
  const auto deadline = Steady::now() + within;
  while (!status_) {
    std::array<pollfd, 2> watched{{{process_, POLLIN, 0}, {closed_ ? -1 : pipe_, POLLIN, 0}}};
    poll(watched.data(), watched.size(), milliseconds_until(deadline));
    drain();
    if (watched[0].revents != 0) reap();
    if (!status_ && Steady::now() >= deadline) return std::nullopt;
  }
  return status_;
}

void Child::reap() {
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) fail("waitpid");
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  drain();
}

void Child::signal(int number) const {
  if (pid_ > 0 && !status_) ::kill(pid_, number);
}

int Child::terminate(Span patience) {
  signal(SIGTERM);
  if (const auto status = wait(patience)) return *status;
  return kill();
}

int Child::kill() {
  signal(SIGKILL);
  while (!wait(std::chrono::seconds{10})) continue;
  return *status_;
}

}  // namespace fettle::test
