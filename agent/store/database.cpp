#include "store/database.hpp"

#include "core/files.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace fettle::store {
namespace {

constexpr int primary_code = 0xff;  ///< an extended result code tells more than the switch below wants to know

/// Ours to read for as long as the statement runs, so SQLite need not copy; this is what its SQLITE_STATIC stands for.
constexpr sqlite3_destructor_type not_copied = nullptr;

int bind(sqlite3_stmt* statement, int place, const Parameter& parameter) {
  if (const auto* integer = std::get_if<std::int64_t>(&parameter)) {
    return sqlite3_bind_int64(statement, place, *integer);
  }
  if (const auto* text = std::get_if<std::string_view>(&parameter)) {
    return sqlite3_bind_text64(statement, place, text->data(), text->size(), not_copied, SQLITE_UTF8);
  }
  const auto& bytes = std::get<std::span<const std::byte>>(parameter);
  if (bytes.empty()) return sqlite3_bind_zeroblob(statement, place, 0);
  return sqlite3_bind_blob64(statement, place, bytes.data(), bytes.size(), not_copied);
}

Bytes blob_of(sqlite3_stmt* statement, int column) {
  const auto* first = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
  const std::span bytes{first, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
  return {bytes.begin(), bytes.end()};
}

std::string text_of(sqlite3_stmt* statement, int column) {
  const void* first = sqlite3_column_text(statement, column);
  return {static_cast<const char*>(first), static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

Row row_of(sqlite3_stmt* statement) {
  std::vector<Column> columns;
  for (int column = 0; column < sqlite3_column_count(statement); ++column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER: columns.emplace_back(std::int64_t{sqlite3_column_int64(statement, column)}); break;
      case SQLITE_TEXT: columns.emplace_back(text_of(statement, column)); break;
      case SQLITE_BLOB: columns.emplace_back(blob_of(statement, column)); break;
      default: columns.emplace_back();
    }
  }
  return Row{std::move(columns)};
}

/// Makes a cached statement ready for its next use, however this one ended.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_{statement} {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

std::string uri_of(const std::string& file) {
  std::string result = "file:";
  for (const char letter : file) {
    if (letter == '%' || letter == '?' || letter == '#') {
      result += fmt::format("%{:02X}", letter);
    } else {
      result += letter;
    }
  }
  return result;
}

template <class T>
T column_as(const std::vector<Column>& columns, std::size_t column) {
  const auto* value = std::get_if<T>(&columns.at(column));
  return value == nullptr ? T{} : *value;
}

/// Of a file that another user has made, as root does who tries the agent by hand; empty if it is ours to write, or not there.
std::string why_forbidden(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || eaccess(file.c_str(), W_OK) == 0 || errno != EACCES) return {};
  const auto user = name_of_user(geteuid());
  return fmt::format("{}: belongs to {} and cannot be written by {}; chown -R {} {}", file, name_of_user(status.st_uid),
                     user, user, std::filesystem::path{file}.parent_path().string());
}

}  // namespace

std::int64_t Row::integer(std::size_t column) const { return column_as<std::int64_t>(columns_, column); }
std::string Row::text(std::size_t column) const { return column_as<std::string>(columns_, column); }
Bytes Row::blob(std::size_t column) const { return column_as<Bytes>(columns_, column); }

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<Database> Database::open(const std::string& file) {
  if (const auto why = why_forbidden(file); !why.empty()) return failure(Fault::offline, why);
  return open(file, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Database> Database::open_unchanging(const std::string& file) {
  // SQLite reads a log only where it can lock, or pretends to; and without a log only what it is told will not change.
  const bool has_log = std::filesystem::exists(file + "-wal");
  return open(file, uri_of(file) + (has_log ? "?vfs=unix-none" : "?immutable=1"),
              SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<Database> Database::open(const std::string& file, const std::string& name, int flags) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &connection, flags, nullptr);
  Database database{file, connection};
  if (code != SQLITE_OK) return database.error();
  sqlite3_extended_result_codes(connection, 1);
  return database;
}

Result<sqlite3_stmt*> Database::prepared(std::string_view sql) {
  if (const auto known = statements_.find(sql); known != statements_.end()) return known->second.get();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error();
  statements_.emplace(std::string{sql}, Statement{statement});
  return statement;
}

Result<std::vector<Row>> Database::rows(std::string_view sql, std::initializer_list<Parameter> parameters) {
  const auto found = prepared(sql);
  if (!found) return found.error();
  auto* const statement = *found;
  const Use use{statement};
  int place = 0;
  for (const auto& parameter : parameters) {
    if (bind(statement, ++place, parameter) != SQLITE_OK) return error();
  }
  std::vector<Row> result;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) result.push_back(row_of(statement));
  if (code != SQLITE_DONE) return error();
  return result;
}

Result<void> Database::run(std::string_view sql, std::initializer_list<Parameter> parameters) {
  const auto answer = rows(sql, parameters);
  if (!answer) return answer.error();
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql, std::initializer_list<Parameter> parameters) {
  const auto answer = rows(sql, parameters);
  if (!answer) return answer.error();
  return answer->empty() ? 0 : answer->front().integer(0);
}

void Database::forget(std::string_view table) {
  std::erase_if(statements_, [table](const auto& each) { return each.first.find(table) != std::string::npos; });
}

void Database::release_pages() { sqlite3_db_release_memory(connection_.get()); }

Result<void> Database::run_all(std::span<const char* const> statements) {
  for (const auto* const sql : statements) {
    if (const auto done = run(sql); !done) return done;
    statements_.erase(sql);
  }
  return {};
}

Result<bool> Database::check_owner(std::int64_t application_id) {
  const auto identity = integer("PRAGMA application_id");
  if (!identity) return identity.error();
  const auto things = integer("SELECT count(*) FROM sqlite_schema");
  if (!things) return things.error();
  const bool is_new = *identity == 0 && *things == 0;
  if (is_new || *identity == application_id) return is_new;
  return failure(Fault::malformed, fmt::format("{}: is a database of another program", file_));
}

int Database::changes() const { return sqlite3_changes(connection_.get()); }

bool Database::is_read_only() const { return sqlite3_db_readonly(connection_.get(), "main") == 1; }

Error Database::error() const {
  const std::string why = sqlite3_errmsg(connection_.get());
  switch (sqlite3_errcode(connection_.get()) & primary_code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return failure(Fault::refused, fmt::format("{}: another agent holds it; stop that one first, or give this one a "
                                                 "store folder of its own",
                                                 file_));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return failure(Fault::malformed, fmt::format("{}: {}", file_, why));
    case SQLITE_FULL: return failure(Fault::offline, fmt::format("{}: the disk is full; free some space on it", file_));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return failure(Fault::offline,
                     fmt::format("{}: cannot be written ({}); check the owner and the rights of the file and its "
                                 "folder, and that the disk is not read-only",
                                 file_, why));
    default:
      return failure(Fault::offline,
                     fmt::format("{}: {}; check the disk (its free space, its cable, `dmesg`)", file_, why));
  }
}

Result<Transaction> Transaction::begin(Database& database) {
  if (const auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun.error();
  return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}

Transaction::~Transaction() {
  // A transaction that SQLite has rolled back by itself (disk full) makes this fail, and there is nothing left to do.
  if (database_ != nullptr) static_cast<void>(database_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
  auto committed = database_->run("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace fettle::store
