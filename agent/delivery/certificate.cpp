#include "delivery/certificate.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>

namespace fettle::delivery {
namespace {

/// Gives back to OpenSSL what is its own.
struct Free {
  void operator()(BIO* file) const { BIO_free(file); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

/// Without it OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char* /*into*/, int /*size*/, int /*for_writing*/, void* /*unused*/) { return 0; }

Result<Owned<BIO>> open(const std::string& file) {
  errno = 0;
  Owned<BIO> opened{BIO_new_file(file.c_str(), "r")};
  if (opened) return opened;
  return failure(Fault::offline, fmt::format("cannot read \"{}\": {}", file, std::strerror(errno)));
}

Result<Owned<X509>> load(const std::string& file) {
  const auto opened = open(file);
  if (!opened) return opened.error();
  Owned<X509> certificate{PEM_read_bio_X509(opened->get(), nullptr, no_passphrase, nullptr)};
  if (certificate) return certificate;
  return failure(Fault::malformed, fmt::format("\"{}\" is no certificate in PEM", file));
}

Result<Owned<EVP_PKEY>> load_key(const std::string& file) {
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);  // a key that a TPM keeps needs a provider
  const auto opened = open(file);
  if (!opened) return opened.error();
  Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(opened->get(), nullptr, no_passphrase, nullptr)};
  if (key) return key;
  return failure(Fault::malformed, fmt::format("\"{}\" is no private key in PEM, or has a passphrase", file));
}

/// Every certificate of a file, so that those of authorities in between are found.
Owned<STACK_OF(X509)> load_all(const std::string& file) {
  Owned<STACK_OF(X509)> result{sk_X509_new_null()};
  const auto opened = open(file);
  while (opened) {
    Owned<X509> each{PEM_read_bio_X509(opened->get(), nullptr, no_passphrase, nullptr)};
    if (!each || sk_X509_push(result.get(), each.get()) == 0) break;
    static_cast<void>(each.release());  // the stack's from now on
  }
  return result;
}

std::string common_name(const X509& certificate) {
  auto* const subject = X509_get_subject_name(&certificate);
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
  const Owned<unsigned char> owned{text};
  return size < 0 ? std::string{} : std::string(text, text + size);
}

/// By its fields, for time_t ends in 2038 on 32 bits.
Time time_of(const ASN1_TIME* time) {
  std::tm fields{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1) return Time{};
  const std::chrono::year_month_day day{std::chrono::year{fields.tm_year + 1900},
                                        std::chrono::month{static_cast<unsigned>(fields.tm_mon + 1)},
                                        std::chrono::day{static_cast<unsigned>(fields.tm_mday)}};
  return std::chrono::sys_days{day} + std::chrono::hours{fields.tm_hour} + std::chrono::minutes{fields.tm_min} +
         std::chrono::seconds{fields.tm_sec};
}

Certificate facts_of(const X509& certificate) {
  return {common_name(certificate), time_of(X509_get0_notBefore(&certificate)),
          time_of(X509_get0_notAfter(&certificate))};
}

}  // namespace

Result<Certificate> read_certificate(const std::string& file) {
  const auto certificate = load(file);
  if (!certificate) return certificate.error();
  return facts_of(**certificate);
}

std::optional<Time> certificate_expiry(const std::string& file) {
  const auto certificate = read_certificate(file);
  return certificate ? std::optional{certificate->expires} : std::nullopt;
}

Result<void> check_pair(const TlsFiles& files) {
  const auto certificate = load(files.certificate);
  if (!certificate) return certificate.error();
  const auto key = load_key(files.key);
  if (!key) return key.error();
  if (X509_check_private_key(certificate->get(), key->get()) == 1) return {};
  return failure(Fault::refused,
                 fmt::format("the key \"{}\" does not belong to the certificate \"{}\"", files.key, files.certificate));
}

Result<void> check_chain(const std::string& certificate, const std::string& authority) {
  const auto leaf = load(certificate);
  if (!leaf) return leaf.error();
  const auto others = load_all(certificate);
  const Owned<X509_STORE> trusted{X509_STORE_new()};
  const Owned<X509_STORE_CTX> check{X509_STORE_CTX_new()};
  if (X509_STORE_load_file(trusted.get(), authority.c_str()) != 1) {
    return failure(Fault::offline, fmt::format("\"{}\" holds no authority in PEM", authority));
  }
  X509_STORE_set_flags(trusted.get(), X509_V_FLAG_NO_CHECK_TIME);
  if (X509_STORE_CTX_init(check.get(), trusted.get(), leaf->get(), others.get()) == 1 &&
      X509_verify_cert(check.get()) == 1) {
    return {};
  }
  const auto* const why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
  return failure(Fault::refused, fmt::format("\"{}\" does not vouch for \"{}\": {}", authority, certificate, why));
}

Result<void> check_identity(const TlsFiles& files, const std::string& name, Time now) {
  const auto certificate = read_certificate(files.certificate);
  if (!certificate) return certificate.error();
  if (certificate->name != name) {
    return failure(Fault::refused, fmt::format("the certificate \"{}\" is for \"{}\", not for \"{}\"",
                                               files.certificate, certificate->name, name));
  }
  if (certificate->expires <= now || certificate->valid_from > now) {
    return failure(Fault::refused, fmt::format("the certificate \"{}\" is valid from {} to {} only", files.certificate,
                                               to_rfc3339(certificate->valid_from), to_rfc3339(certificate->expires)));
  }
  return check_pair(files);
}

}  // namespace fettle::delivery
