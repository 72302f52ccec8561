#pragma once

#include "core/result.hpp"
#include "core/state.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace fettle::store {

/// A parameter of a statement. Texts and blobs are looked at, not copied.
using Parameter = std::variant<std::int64_t, std::string_view, std::span<const std::byte>>;

/// A value of a row; monostate is NULL.
using Column = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

/// One row of an answer. A column of another type reads as zero or empty.
class Row {
 public:
  explicit Row(std::vector<Column> columns) : columns_{std::move(columns)} {}

  std::int64_t integer(std::size_t column) const;
  std::string text(std::size_t column) const;
  Bytes blob(std::size_t column) const;

 private:
  std::vector<Column> columns_;
};

/// An open SQLite file with its prepared statements. Faults: refused (held by another process), malformed (damaged, or not a
/// database), offline (cannot be read or written); details name the file and what to do.
class Database {
 public:
  static Result<Database> open(const std::string& file);
  /// A file on a disk that is read-only, with what its log adds to it. Without any lock, so only where nobody can write.
  static Result<Database> open_unchanging(const std::string& file);

  /// Runs one statement whose rows, if any, are of no interest.
  Result<void> run(std::string_view sql, std::initializer_list<Parameter> parameters = {});
  Result<std::vector<Row>> rows(std::string_view sql, std::initializer_list<Parameter> parameters = {});
  /// The first column of the first row; 0 without rows.
  Result<std::int64_t> integer(std::string_view sql, std::initializer_list<Parameter> parameters = {});
  /// Gives back the prepared statements that speak of a table which is about to go.
  void forget(std::string_view table);
  /// Gives back the pages that were read and written, until they are wanted again.
  void release_pages();
  /// Runs them in order, up to the first that fails. They are not prepared for another time.
  Result<void> run_all(std::span<const char* const> statements);
  /// Fails with `malformed` for a database of another program; true for a new one, which has nothing in it.
  Result<bool> check_owner(std::int64_t application_id);
  /// How many rows the latest statement changed.
  int changes() const;
  bool is_read_only() const;

  const std::string& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  static Result<Database> open(const std::string& file, const std::string& name, int flags);
  Database(std::string file, sqlite3* connection) : file_{std::move(file)}, connection_{connection} {}
  Result<sqlite3_stmt*> prepared(std::string_view sql);
  Error error() const;

  std::string file_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::map<std::string, Statement, std::less<>> statements_;
};

/// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_{&database} {}
  Database* database_;
};

}  // namespace fettle::store
