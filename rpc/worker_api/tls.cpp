#include "rpc/worker_api/tls.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/files/whole_file.hpp"

#include <grpc/support/log.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace rpc::worker_api {

namespace {

using chain::fault;

template <auto Free>
struct Freer {
    void operator()(auto* object) const { Free(object); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Freer<X509_free>>;
using BioPointer = std::unique_ptr<BIO, Freer<BIO_free_all>>;

constexpr chain::log::Channel grpc_log{"grpc"};

/// gRPC writes to standard error what a refused handshake looks like from inside; that is a debug line here.
void log_line(gpr_log_func_args* line) { grpc_log.debug("{}", line->message); }

/// Before the first use of gRPC's TLS in this process.
/// gRPC 1.51 has no option for the least TLS version. An Ed25519 certificate cannot serve a TLS 1.2 suite that
/// authenticates by RSA, so with only that one offered below 1.3, no handshake below 1.3 succeeds. (TLS 1.3 suites are
/// OpenSSL's own list.)
void prepare_grpc() {
    static std::once_flag once;
    std::call_once(once, [] {
        ::setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384", 1);
        gpr_set_log_function(log_line);
    });
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::optional<TlsKey> key_of(const EVP_PKEY* key) {
    TlsKey out;
    std::size_t size = out.value.size();
    if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
    if (EVP_PKEY_get_raw_public_key(key, out.value.data(), &size) != 1 || size != out.value.size()) return std::nullopt;
    return out;
}

/// Valid from 1970 to 9999: trust is in the key, and a machine whose clock is wrong must still be able to speak.
Result<std::string> self_signed(EVP_PKEY* key) {
    const CertificatePointer certificate{X509_new()};
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
    if (X509_sign(certificate.get(), key, nullptr) == 0) return fault("OpenSSL cannot sign an Ed25519 certificate");
    const BioPointer out{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(out.get(), certificate.get());
    return text_of(out.get());
}

/// Accepts exactly one key. gRPC hands over the certificate whose secret key the handshake has proven.
class PinnedKey : public grpc::experimental::ExternalCertificateVerifier {
public:
    explicit PinnedKey(const TlsKey& wanted) : wanted_(wanted) {}
    ~PinnedKey() override = default;

    bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
                grpc::Status* status) override {
        const grpc::string_ref pem = request->peer_cert();
        const auto key = key_of_certificate({pem.data(), pem.size()});
        if (key == wanted_) *status = grpc::Status::OK;
        else
            *status = {
                grpc::StatusCode::UNAUTHENTICATED,
                "the server's key is " + (key ? to_hex(*key) : "not Ed25519") + ", pinned is " + to_hex(wanted_)};
        return true;
    }
    void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

private:
    TlsKey wanted_;
};

std::array<std::uint8_t, 32> random_seed() {
    std::array<std::uint8_t, 32> seed{};
    chain::check(RAND_bytes(seed.data(), static_cast<int>(seed.size())) == 1);
    return seed;
}

}  // namespace

std::optional<TlsKey> tls_key_from_hex(std::string_view text) {
    const auto bytes = chain::array_from_hex<32>(text);
    return bytes ? std::optional{TlsKey{*bytes}} : std::nullopt;
}

Identity::Identity(TlsKey key, std::string certificate_pem, std::string secret_pem)
    : key_(key), certificate_pem_(std::move(certificate_pem)), secret_pem_(std::move(secret_pem)) {}

Result<Identity> Identity::from_seed(const std::array<std::uint8_t, 32>& seed) {
    const KeyPointer key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())};
    const auto public_key = key_of(key.get());
    if (!public_key) return fault("OpenSSL does not know Ed25519");
    TRY(std::string certificate, self_signed(key.get()));
    const BioPointer out{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return Identity{*public_key, std::move(certificate), text_of(out.get())};
}

Result<Identity> Identity::generate() { return from_seed(random_seed()); }

Result<Identity> Identity::load_or_create(const std::filesystem::path& file) {
    if (std::error_code missing; !std::filesystem::exists(file, missing)) {
        const auto seed = random_seed();
        TRY_VOID(chain::create_whole(file, chain::to_hex(seed) + "\n", chain::Readers::Owner));
        return from_seed(seed);
    }
    TRY(const std::string text, chain::read_private(file));
    const auto seed = chain::array_from_hex<32>(text);
    if (!seed)
        return fault(file.string() + " is not 32 bytes of hexadecimal: restore it, or remove it to get a new key");
    return from_seed(*seed);
}

std::optional<TlsKey> key_of_certificate(std::string_view pem) {
    const BioPointer in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const CertificatePointer certificate{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
    return certificate ? key_of(X509_get0_pubkey(certificate.get())) : std::nullopt;
}

std::shared_ptr<grpc::ChannelCredentials> pinned_channel(const TlsKey& server, const Identity* own) {
    prepare_grpc();
    grpc::experimental::TlsChannelCredentialsOptions options;
    // The pin replaces the chain of trust and the name: both checks of gRPC's own are off, and PinnedKey is not.
    options.set_verify_server_certs(false);
    options.set_check_call_host(false);
    options.set_certificate_verifier(grpc::experimental::ExternalCertificateVerifier::Create<PinnedKey>(server));
    if (own != nullptr) {
        std::vector<grpc::experimental::IdentityKeyCertPair> pairs{{own->secret_pem(), own->certificate_pem()}};
        options.set_certificate_provider(
            std::make_shared<grpc::experimental::StaticDataCertificateProvider>(std::move(pairs)));
        options.watch_identity_key_cert_pairs();
    }
    return grpc::experimental::TlsCredentials(options);
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const Identity& own, ClientKey client_key) {
    prepare_grpc();
    grpc::SslServerCredentialsOptions options{client_key == ClientKey::Required
                                                  ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY
                                                  : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE};
    options.pem_key_cert_pairs.push_back({own.secret_pem(), own.certificate_pem()});
    return grpc::SslServerCredentials(options);
}

std::optional<TlsKey> peer_key(const grpc::AuthContext& context) {
    const auto certificates = context.FindPropertyValues("x509_pem_cert");
    if (certificates.size() != 1) return std::nullopt;
    return key_of_certificate({certificates.front().data(), certificates.front().size()});
}

}  // namespace rpc::worker_api
