#include "delivery/tls_visit.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <chrono>
#include <ctime>
#include <memory>

namespace fettle::delivery {
namespace {

constexpr int nap_in_milliseconds = 50;
constexpr std::size_t longest_text = 256;

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* chain) const { BIO_free_all(chain); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string last_error() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "no answer in time";
  const auto* const reason = ERR_reason_error_string(code);
  return reason == nullptr ? fmt::format("error {}", code) : std::string{reason};
}

Result<Owned<SSL_CTX>> make_context(const TlsFiles& files) {
  ERR_clear_error();
  Owned<SSL_CTX> context{SSL_CTX_new(TLS_client_method())};
  if (!context) return failure(Fault::unsupported, last_error());
  // The handshake is to be finished whatever the certificate says, so that all of it can be told.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const bool trusts = files.authority.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                                              : SSL_CTX_load_verify_file(context.get(), files.authority.c_str()) == 1;
  if (!trusts) return failure(Fault::malformed, fmt::format("\"{}\": {}", files.authority, last_error()));
  if (!files.has_pair()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return failure(Fault::malformed, fmt::format("\"{}\": {}", files.certificate, last_error()));
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

TlsWelcome welcome_of(const SSL& connection) {
  TlsWelcome welcome;
  welcome.protocol = SSL_get_version(&connection);
  if (const auto verdict = SSL_get_verify_result(&connection); verdict != X509_V_OK)
    welcome.not_trusted = X509_verify_cert_error_string(verdict);
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
  if (!chain || BIO_get_ssl(chain.get(), &connection) <= 0) return failure(Fault::unsupported, last_error());
  const Endpoint endpoint{address.host, address.port};
  BIO_set_conn_hostname(chain.get(), endpoint.text().c_str());
  expect_host(*connection, address.host);
  if (BIO_do_connect_retry(chain.get(), static_cast<int>(patience.count()), nap_in_milliseconds) != 1 ||
      !SSL_is_init_finished(connection)) {
    return failure(Fault::offline, last_error());
  }
  return welcome_of(*connection);
}

}  // namespace fettle::delivery
