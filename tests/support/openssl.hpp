#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace fettle::test {

/// Owns one of OpenSSL's objects.
template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
template <class T, void (*release)(T*)>
using Owned = std::unique_ptr<T, Release<T, release>>;

using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;

/// What a test needs and OpenSSL does not give is the test's end.
inline void need(bool done, const std::string& what) {
  if (!done) throw std::runtime_error{"openssl: " + what};
}

inline OwnedBio file_to_write(const std::string& file) {
  OwnedBio bio{BIO_new_file(file.c_str(), "w")};
  need(bio != nullptr, file + " cannot be written");
  return bio;
}

}  // namespace fettle::test
