#include "chain/network/tls.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/ed25519.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace network {

namespace {

template <auto Free>
struct Freer {
    void operator()(auto* object) const { Free(object); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Freer<X509_free>>;

// A length, then the name.
constexpr unsigned char protocols[] = "\x08tephra/1";
constexpr unsigned int protocols_bytes = sizeof protocols - 1;
// A certificate of ours has 300 bytes.
constexpr long tls_certificates_bytes_max = 4'096;

chain::Result<TlsContext> openssl_fault(std::string_view what) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
    return chain::fault("OpenSSL cannot " + std::string{what} + ": " + reason.data());
}

/// Valid from 1970 to 9999: trust is in the key, and a machine whose clock is wrong must still be able to speak.
CertificatePointer self_signed(EVP_PKEY* key) {
    CertificatePointer certificate{X509_new()};
    chain::check(certificate != nullptr);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "19700101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z");
    X509_NAME* name = X509_get_subject_name(certificate.get());
    static constexpr unsigned char common_name[] = "tephra";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key);
    // Ed25519 has its hash built in, so no digest is named.
    if (X509_sign(certificate.get(), key, nullptr) == 0) certificate.reset();
    return certificate;
}

std::optional<PeerId> key_of(const X509* certificate) {
    const EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
    PeerId peer;
    std::size_t size = peer.value.size();
    if (EVP_PKEY_get_raw_public_key(key, peer.value.data(), &size) != 1 || size != peer.value.size())
        return std::nullopt;
    return peer;
}

/// Instead of a chain of trust: any Ed25519 key will do, for the handshake proves that the other side holds it.
int accept_any_ed25519(X509_STORE_CTX* store, void*) { return key_of(X509_STORE_CTX_get0_cert(store)).has_value(); }

int choose_protocol(ssl_st*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, chosen_size, protocols, protocols_bytes, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void FreeTlsContext::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

chain::Result<TlsContext> make_tls_context(const std::array<std::uint8_t, 32>& seed) {
    const KeyPointer key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())};
    if (key == nullptr) return openssl_fault("use an Ed25519 key");
    const CertificatePointer certificate = self_signed(key.get());
    if (certificate == nullptr) return openssl_fault("sign a certificate");
    TlsContext context{SSL_CTX_new(TLS_method())};
    SSL_CTX* raw = context.get();
    if (raw == nullptr) return openssl_fault("make a context");
    const bool is_set =
        SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1 &&
        SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION) == 1 && SSL_CTX_set1_sigalgs_list(raw, "ed25519") == 1 &&
        SSL_CTX_set1_groups_list(raw, "X25519") == 1 && SSL_CTX_use_certificate(raw, certificate.get()) == 1 &&
        SSL_CTX_use_PrivateKey(raw, key.get()) == 1 && SSL_CTX_set_alpn_protos(raw, protocols, protocols_bytes) == 0;
    if (!is_set) return openssl_fault("set up TLS 1.3 with Ed25519");
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(raw, accept_any_ed25519, nullptr);
    SSL_CTX_set_max_cert_list(raw, tls_certificates_bytes_max);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(raw, 0);
    SSL_CTX_set_options(raw, SSL_OP_NO_TICKET);
    return context;
}

std::optional<PeerId> proven_peer(const ssl_st* connection) {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(connection, &chosen, &size);
    const std::span wanted{protocols + 1, protocols_bytes - 1};
    if (!std::ranges::equal(std::span{chosen, size}, wanted)) return std::nullopt;
    return key_of(SSL_get0_peer_certificate(connection));
}

PeerId peer_of_seed(const std::array<std::uint8_t, 32>& seed) {
    return PeerId{crypto::Ed25519Key::from_seed(seed).public_key().value};
}

}  // namespace network
