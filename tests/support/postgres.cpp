#include "support/postgres.hpp"

#include <pwd.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

namespace fettle::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

/// Debian keeps them out of the path, a folder for each version; the newest that is there.
std::string program(const std::string& name) {
  std::vector<fs::path> found;
  for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql"}) {
    if (fs::exists(version.path() / "bin" / name)) found.push_back(version.path() / "bin" / name);
  }
  if (found.empty()) throw std::runtime_error{"no " + name + "; is Debian's package postgresql installed?"};
  return std::max_element(found.begin(), found.end())->string();
}

/// It refuses to run as root. Changing the user ends our own order to be killed with our parent, so setpriv gives it anew.
std::vector<std::string> unprivileged(std::vector<std::string> command) {
  if (geteuid() != 0) return command;
  std::vector<std::string> result{"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=KILL"};
  result.insert(result.end(), std::make_move_iterator(command.begin()), std::make_move_iterator(command.end()));
  return result;
}

void give_to_nobody(const fs::path& folder) {
  if (geteuid() != 0) return;
  const auto* const nobody = getpwnam("nobody");  // NOLINT(concurrency-mt-unsafe): tests have one thread here
  if (nobody == nullptr || chown(folder.c_str(), nobody->pw_uid, nobody->pw_gid) != 0) {
    throw std::runtime_error{"cannot give " + folder.string() + " to nobody"};
  }
}

}  // namespace

Postgres::Postgres() {
  give_to_nobody(folder_.path());
  const auto folder = folder_.path().string();
  const auto state = folder_.file("state");
  Child maker{unprivileged({program("initdb"), "-D", state, "-U", "fettle", "-A", "trust", "-E", "UTF8", "--locale=C",
                            "--no-sync"}),
              {{}, folder_.path(), false}};
  if (maker.wait(patience) != 0) throw std::runtime_error{"initdb fails:\n" + maker.output()};
  process_.emplace(
      unprivileged({program("postgres"), "-D", state, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"}),
      ChildOptions{{}, folder_.path(), false});
  if (!process_->wait_for_line("ready to accept connections", patience)) {
    throw std::runtime_error{"postgres does not start:\n" + process_->output()};
  }
}

Postgres::~Postgres() {
  process_->signal(SIGINT);  // with SIGTERM it would wait for its clients
  process_->wait(patience);
}

ChildOptions Postgres::environment() const {
  return {{{"PGHOST", folder_.path().string()}, {"PGUSER", "fettle"}, {"PGDATABASE", "postgres"}}, {}, false};
}

std::string Postgres::psql(const std::string& option, const std::string& what) const {
  Child process{{program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", option, what}, environment()};
  const auto status = process.wait(patience);
  auto answer = process.output();
  if (status != 0) throw std::runtime_error{"psql: " + answer};
  if (answer.ends_with('\n')) answer.pop_back();
  return answer;
}

std::string Postgres::ask(const std::string& sql) const { return psql("-c", sql); }

void Postgres::run(const std::string& file) const { psql("-f", file); }

}  // namespace fettle::test
