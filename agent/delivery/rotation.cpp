#include "delivery/rotation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace fettle::delivery {
namespace {

namespace fs = std::filesystem;

constexpr auto certificate_name = "certificate.pem";
constexpr auto key_name = "key.pem";
constexpr auto link_name = "current";

Error trouble(const std::string& what, const std::string& why) {
  return failure(Fault::offline, fmt::format("{}: {}", what, why));
}

/// Writes what a file system call said, or nothing.
Result<void> outcome(const fs::path& what, const std::error_code& code) {
  if (!code) return {};
  return trouble(what.string(), code.message());
}

Result<void> make_durable(const fs::path& file_or_folder) {
  const int descriptor = ::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
  const bool durable = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (durable) return {};
  return trouble(file_or_folder.string(), std::strerror(error));
}

/// For the owner only from the first byte on; a power cut finds all of it or nothing under this name.
Result<void> replicate(const fs::path& from, const fs::path& to) {
  const auto draft = to.string() + ".new";
  std::error_code code;
  fs::remove(draft, code);
  const int descriptor = ::open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return trouble(draft, std::strerror(errno));
  ::close(descriptor);
  std::ifstream source{from, std::ios::binary};
  std::ofstream target{draft, std::ios::binary};
  target << source.rdbuf() << std::flush;
  if (!source || !target) return trouble(draft, fmt::format("cannot be copied from {}", from.string()));
  target.close();
  if (auto durable = make_durable(draft); !durable) return durable;
  fs::rename(draft, to, code);
  return outcome(to, code);
}

/// Lets `link` point at `target`, whatever stood there, in one step.
Result<void> point(const fs::path& link, const fs::path& target) {
  const auto draft = link.string() + ".new";
  std::error_code code;
  fs::remove(draft, code);
  fs::create_symlink(target, draft, code);
  if (!code) fs::rename(draft, link, code);
  if (code) return outcome(link, code);
  return make_durable(link.parent_path());
}

bool points_at(const fs::path& link, const fs::path& target) {
  std::error_code code;
  return fs::read_symlink(link, code) == target;
}

/// The folders of pairs beside a certificate.
class Shelf {
 public:
  explicit Shelf(const std::string& certificate) : folder_{fs::absolute(certificate).string() + ".d"} {}

  fs::path link() const { return folder_ / link_name; }
  /// What a path of the settings points at.
  fs::path through_link(const char* name) const { return link() / name; }

  /// Keeps a copy of a pair in a folder of its own, whose name comes back.
  Result<fs::path> keep(const TlsFiles& pair) const {
    const auto name = std::to_string(highest() + 1);
    const auto folder = folder_ / name;
    std::error_code code;
    fs::create_directories(folder, code);
    if (!code) fs::permissions(folder_, fs::perms::owner_all, code);
    if (code) return trouble(folder.string(), code.message());
    if (auto copied = replicate(pair.certificate, folder / certificate_name); !copied) return copied.error();
    if (auto copied = replicate(pair.key, folder / key_name); !copied) return copied.error();
    for (const auto& each : {folder, folder_, folder_.parent_path()}) {
      if (auto durable = make_durable(each); !durable) return durable.error();
    }
    return fs::path{name};
  }

  void clear_all_but(const fs::path& name) const {
    std::error_code code;
    for (const auto& each : fs::directory_iterator{folder_, code}) {
      if (each.path().filename() != name && each.path().filename() != link_name) fs::remove_all(each.path(), code);
    }
  }

 private:
  int highest() const {
    int result = 0;
    std::error_code code;
    for (const auto& each : fs::directory_iterator{folder_, code}) {
      const auto name = each.path().filename().string();
      int number = 0;
      std::from_chars(name.data(), name.data() + name.size(), number);
      result = std::max(result, number);
    }
    return result;
  }

  fs::path folder_;
};

/// Turns plain files into links to a copy of them, so that nothing changes for whoever reads them.
Result<void> put_on_shelf(const Shelf& shelf, const TlsFiles& current) {
  const auto certificate = shelf.through_link(certificate_name), key = shelf.through_link(key_name);
  if (points_at(current.certificate, certificate) && points_at(current.key, key)) return {};
  const auto copy = shelf.keep(current);
  if (!copy) return copy.error();
  if (auto pointed = point(shelf.link(), *copy); !pointed) return pointed;
  if (auto pointed = point(fs::absolute(current.certificate), certificate); !pointed) return pointed;
  return point(fs::absolute(current.key), key);
}

}  // namespace

TlsFiles incoming_pair(const BrokerSettings& settings) {
  const fs::path folder{settings.incoming};
  return {settings.tls.authority, (folder / certificate_name).string(), (folder / key_name).string()};
}

Result<void> check_successor(const TlsFiles& current, const TlsFiles& next, const std::string& name, Time now) {
  if (auto sound = check_identity(next, name, now); !sound) return sound;
  // The broker's authority need not be the gateways'; only where it has been, it is to stay so.
  const bool ours_too = !current.authority.empty() && check_chain(current.certificate, current.authority).has_value();
  return ours_too ? check_chain(next.certificate, current.authority) : Result<void>{};
}

Result<void> exchange_pair(const TlsFiles& current, const TlsFiles& next) {
  const Shelf shelf{current.certificate};
  if (auto shelved = put_on_shelf(shelf, current); !shelved) return shelved;
  if (auto kept = replicate(current.certificate, current.certificate + ".previous"); !kept) return kept;
  if (auto kept = replicate(current.key, current.key + ".previous"); !kept) return kept;
  const auto name = shelf.keep(next);
  if (!name) return name.error();
  if (auto pointed = point(shelf.link(), *name); !pointed) return pointed;
  shelf.clear_all_but(*name);
  return {};
}

void remove_pair(const TlsFiles& files) {
  for (const auto& file : {files.certificate, files.key}) {
    std::error_code code;
    fs::remove(file, code);
    if (code) spdlog::warn("{} could not be removed: {}", file, code.message());
  }
}

}  // namespace fettle::delivery
