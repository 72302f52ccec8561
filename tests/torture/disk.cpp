#include "torture/disk.hpp"

#include "torture/durable_copies.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace fettle::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sector = 512;

/// One file as a power cut leaves it: made of what was flushed and of what was written last.
class Remains {
 public:
  explicit Remains(std::mt19937_64& random) : random_{random} {
    // Nothing, little, half or nearly all of what was under way.
    constexpr std::array<double, 4> shares{0, 0.1, 0.5, 0.9};
    share_ = shares.at(std::uniform_int_distribution<std::size_t>{0, shares.size() - 1}(random_));
  }

  bool chance() { return std::bernoulli_distribution{share_}(random_); }

  std::string of(const std::string& flushed, const std::string& written) {
    std::string result(chance() ? written.size() : flushed.size(), '\0');
    for (std::size_t at = 0; at < result.size(); at += sector) {
      const auto& source = chance() ? written : flushed;
      if (at >= source.size()) continue;
      const auto size = std::min({sector, source.size() - at, result.size() - at});
      result.replace(at, size, source, at, size);
    }
    return result;
  }

 private:
  std::mt19937_64& random_;
  double share_ = 0;
};

struct Original {
  std::string name, content;
};

/// By identity.
std::map<std::string, Original> originals(const fs::path& folder) {
  std::map<std::string, Original> result;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    result[identity_of(entry.path())] = {entry.path().lexically_relative(folder).string(), read_text(entry.path())};
  }
  return result;
}

std::map<std::string, Original> flushed(const DurableCopies& copies) {
  std::map<std::string, Original> result;
  for (const auto& each : copies.all()) result[each.identity] = {each.name, read_text(each.copy)};
  return result;
}

}  // namespace

Disk::Disk(Flush flush) : flush_{flush} {
  fs::create_directory(folder_);
  fs::create_directory(durable_);
}

std::map<std::string, std::string> Disk::environment() const {
  std::map<std::string, std::string> result{{"LD_PRELOAD", FETTLE_UNTRUSTED_DISK},
                                            {"FETTLE_DISK_FOLDER", folder_.string()},
                                            {"FETTLE_DISK_DURABLE", durable_.string()},
                                            {"FETTLE_DISK_TROUBLE", trouble_}};
  if (flush_ == Flush::ignored) result["FETTLE_DISK_FORGETFUL"] = "yes";
  return result;
}

void Disk::cut_power(std::mt19937_64& random) {
  Remains remains{random};
  const DurableCopies copies{folder_, durable_};
  const auto before = flushed(copies);
  const auto written = originals(folder_);
  std::map<std::string, std::string> after;
  const auto& names = remains.chance() ? written : before;
  for (const auto& [identity, file] : names) {
    const auto old = before.find(identity);
    const auto now = written.find(identity);
    const auto& safe = old == before.end() ? std::string{} : old->second.content;
    after[file.name] = remains.of(safe, now == written.end() ? safe : now->second.content);
  }
  fs::remove_all(folder_);
  fs::create_directory(folder_);
  for (const auto& [name, content] : after) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream{folder_ / name, std::ios::binary} << content;
  }
  copies.keep_all();
}

void Disk::fail_with(const std::string& error) const {
  // In one step, so that nobody reads half of it.
  std::ofstream{trouble_ + ".new"} << error;
  fs::rename(trouble_ + ".new", trouble_);
}

void Disk::recover() const { fs::remove(trouble_); }

}  // namespace fettle::test
