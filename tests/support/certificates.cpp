#include "support/certificates.hpp"

#include "support/openssl.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <chrono>

namespace fettle::test {
namespace {

using OwnedCertificate = Owned<X509, X509_free>;
using OwnedExtension = Owned<X509_EXTENSION, X509_EXTENSION_free>;

constexpr long a_day = 24L * 60 * 60;

/// From and to, in seconds from now.
struct Validity {
  long from, to;
};

void name_it(X509_NAME* name, const std::string& text) {
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                  static_cast<int>(text.size()), -1, 0) == 1,
       "no name");
}

OwnedCertificate blank(const std::string& name, EVP_PKEY* key, Validity validity) {
  OwnedCertificate certificate{X509_new()};
  std::int64_t serial = 0;
  need(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "no random numbers");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), serial & INT64_MAX);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to);
  name_it(X509_get_subject_name(certificate.get()), name);
  need(X509_set_pubkey(certificate.get(), key) == 1, "no public key");
  return certificate;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const OwnedExtension extension{X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str())};
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, text);
}

Identity write(const std::filesystem::path& folder, const std::string& name, X509* certificate, EVP_PKEY* key) {
  const Identity files{(folder / (name + ".pem")).string(), (folder / (name + ".key.pem")).string()};
  need(PEM_write_bio_X509(file_to_write(files.certificate).get(), certificate) == 1, files.certificate);
  need(PEM_write_bio_PrivateKey(file_to_write(files.key).get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       files.key);
  return files;
}

OwnedKey new_key() {
  OwnedKey key{EVP_EC_gen("P-256")};
  need(key != nullptr, "no key");
  return key;
}

}  // namespace

struct Authority::Signer {
  OwnedKey key = new_key();
  OwnedCertificate certificate;

  void issue(X509* certificate_of_another) const {
    X509_set_issuer_name(certificate_of_another, X509_get_subject_name(certificate.get()));
    extend(certificate_of_another, certificate.get(), NID_authority_key_identifier, "keyid:always");
    need(X509_sign(certificate_of_another, key.get(), EVP_sha256()) > 0, "cannot sign");
  }
};

Authority::Authority(const std::filesystem::path& folder, const std::string& name)
    : folder_{folder}, signer_{std::make_unique<Signer>()} {
  signer_->certificate = blank(name, signer_->key.get(), {-10 * 365 * a_day, 10 * 365 * a_day});
  auto* const own = signer_->certificate.get();
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(own, own, NID_subject_key_identifier, "hash");
  signer_->issue(own);
  own_ = write(folder_, "authority", own, signer_->key.get());
}

Authority::~Authority() = default;

Identity Authority::issue(const std::string& name, int days_valid, const std::filesystem::path& folder) const {
  const auto to = days_valid * a_day;
  const auto key = new_key();
  const auto certificate = blank(name, key.get(), {to < 0 ? to - a_day : -a_day, to});
  auto* const issuer = signer_->certificate.get();
  extend(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  extend(certificate.get(), issuer, NID_subject_alt_name, "DNS:" + name + ",DNS:localhost,IP:127.0.0.1");
  signer_->issue(certificate.get());
  return write(folder.empty() ? folder_ : folder, name, certificate.get(), key.get());
}

}  // namespace fettle::test
