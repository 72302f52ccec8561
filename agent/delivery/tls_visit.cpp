#include "delivery/tls_visit.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>

namespace fettle::delivery {
namespace {

constexpr int nap_in_milliseconds = 50;
constexpr std::size_t longest_text = 256;
constexpr std::time_t seconds_for_a_verdict = 2;
constexpr auto no_tls = "OpenSSL has no TLS", silent_end = "it ends the connection";

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* chain) const { BIO_free_all(chain); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

/// What OpenSSL has to say first; where it is silent, `otherwise`.
std::string first_error(const char* otherwise) {
  const auto code = ERR_peek_error();
  ERR_clear_error();
  if (code == 0) return otherwise;
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const auto* const reason = ERR_reason_error_string(code);
  return reason == nullptr ? fmt::format("error {}", code) : std::string{reason};
}

Result<Owned<SSL_CTX>> make_context(const TlsFiles& files) {
  ERR_clear_error();
  Owned<SSL_CTX> context{SSL_CTX_new(TLS_client_method())};
  if (!context) return failure(Fault::unsupported, first_error(no_tls));
  // The handshake is to be finished whatever the certificate says, so that all of it can be told.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const bool trusts = files.authority.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                                              : SSL_CTX_load_verify_file(context.get(), files.authority.c_str()) == 1;
  if (!trusts)
    return failure(Fault::malformed, fmt::format("\"{}\": {}", files.authority, first_error("no certificates")));
  if (!files.has_pair()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return failure(Fault::malformed, fmt::format("\"{}\": {}", files.certificate, first_error("no pair")));
  }
  return context;
}

/// The name or address that the certificate must be for.
void expect_host(SSL& connection, std::string host) {
  auto* const wanted = SSL_get0_param(&connection);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return;
  X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0);
  // SSL_set_tlsext_host_name(), which is a macro with casts of C.
  SSL_ctrl(&connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

std::string common_name(const X509_NAME* name) {
  std::string text(longest_text, '\0');
  const int size = X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), static_cast<int>(text.size()));
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

Time time_of(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1) return Time{};
  const std::chrono::year_month_day day{std::chrono::year{fields.tm_year + 1900},
                                        std::chrono::month{static_cast<unsigned>(fields.tm_mon + 1)},
                                        std::chrono::day{static_cast<unsigned>(fields.tm_mday)}};
  return std::chrono::sys_days{day} + std::chrono::hours{fields.tm_hour} + std::chrono::minutes{fields.tm_min};
}

bool shake_hands(BIO& chain, std::chrono::seconds patience) {
  const auto until = std::time(nullptr) + patience.count();
  BIO_set_nbio(&chain, 1);
  ERR_clear_error();
  while (BIO_do_handshake(&chain) != 1) {
    if (!BIO_should_retry(&chain) || BIO_wait(&chain, until, nap_in_milliseconds) != 1) return false;
  }
  return true;
}

/// In TLS 1.3 a server looks at our certificate when the handshake is over for us. Then it sends an alert, or tickets for the next time.
std::string verdict_on_us(SSL& connection) {
  if (SSL_version(&connection) < TLS1_3_VERSION) return {};
  if (BIO_socket_wait(SSL_get_fd(&connection), 1, std::time(nullptr) + seconds_for_a_verdict) != 1) return {};
  char byte = 0;
  ERR_clear_error();
  const int error = SSL_get_error(&connection, SSL_read(&connection, &byte, 1));
  const bool is_over = error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN;
  return is_over ? first_error(silent_end) : std::string{};
}

TlsWelcome welcome_of(SSL& connection) {
  TlsWelcome welcome;
  welcome.protocol = SSL_get_version(&connection);
  if (const auto verdict = SSL_get_verify_result(&connection); verdict != X509_V_OK)
    welcome.not_trusted = X509_verify_cert_error_string(verdict);
  welcome.refusal = verdict_on_us(connection);
  const Owned<X509> certificate{SSL_get1_peer_certificate(&connection)};
  if (!certificate) return welcome;
  welcome.certificate = {common_name(X509_get_subject_name(certificate.get())),
                         time_of(X509_get0_notBefore(certificate.get())),
                         time_of(X509_get0_notAfter(certificate.get()))};
  welcome.issuer = common_name(X509_get_issuer_name(certificate.get()));
  return welcome;
}

}  // namespace

Result<TlsWelcome> visit_tls(const Address& address, const TlsFiles& files, std::chrono::seconds patience) {
  const auto context = make_context(files);
  if (!context) return context.error();
  const Owned<BIO> chain{BIO_new_ssl_connect(context->get())};
  SSL* connection = nullptr;
  if (!chain || BIO_get_ssl(chain.get(), &connection) <= 0) return failure(Fault::unsupported, first_error(no_tls));
  const Endpoint endpoint{address.host, address.port};
  BIO_set_conn_hostname(chain.get(), endpoint.text().c_str());
  expect_host(*connection, address.host);
  if (!shake_hands(*chain, patience)) {
    const bool has_connected = BIO_number_written(SSL_get_wbio(connection)) > 0;
    const auto* const otherwise = BIO_should_retry(chain.get()) ? "no answer in time" : silent_end;
    return failure(has_connected ? Fault::refused : Fault::offline, first_error(otherwise));
  }
  return welcome_of(*connection);
}

}  // namespace fettle::delivery
