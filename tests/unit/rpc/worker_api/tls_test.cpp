#include "rpc/worker_api/tls.hpp"

#include "tests/support/temp_folder.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <rpc/worker_api/node.grpc.pb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace rpc::worker_api;
namespace proto = tephra::node::v1;

namespace {

/// Answers Chain with the key that the caller proved.
class Mirror : public proto::Node::Service {
    grpc::Status Chain(grpc::ServerContext* context, const proto::ChainRequest*, proto::ChainReply* reply) override {
        const auto key = peer_key(*context->auth_context());
        if (key) reply->set_genesis_hash(std::string{key->value.begin(), key->value.end()});
        return grpc::Status::OK;
    }
};

struct Server {
    Identity identity = Identity::generate().value();
    Mirror service;
    int port = 0;
    std::unique_ptr<grpc::Server> server;

    Server() {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", server_credentials(identity, ClientKey::Required), &port);
        builder.RegisterService(&service);
        server = builder.BuildAndStart();
    }
    ~Server() { server->Shutdown(); }
    std::string address() const { return "127.0.0.1:" + std::to_string(port); }
};

struct Answer {
    grpc::Status status;
    std::string key;
};

Answer call(const Server& server, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    const auto stub = proto::Node::NewStub(grpc::CreateChannel(server.address(), credentials));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{30});
    proto::ChainReply reply;
    auto status = stub->Chain(&context, {}, &reply);
    return {status, reply.genesis_hash()};
}

/// A bare OpenSSL client that offers at most `version`, with an Ed25519 certificate of its own. True: the handshake
/// succeeded.
bool handshakes(int port, int version, const Identity& own) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, version);
    BIO* certificate_pem = BIO_new_mem_buf(own.certificate_pem().data(), -1);
    BIO* secret_pem = BIO_new_mem_buf(own.secret_pem().data(), -1);
    X509* certificate = PEM_read_bio_X509(certificate_pem, nullptr, nullptr, nullptr);
    EVP_PKEY* secret = PEM_read_bio_PrivateKey(secret_pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, secret);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, descriptor);
    static constexpr unsigned char h2[] = {2, 'h', '2'};
    SSL_set_alpn_protos(ssl, h2, sizeof h2);
    const bool done = connected && SSL_connect(ssl) == 1;
    SSL_free(ssl);
    ::close(descriptor);
    EVP_PKEY_free(secret);
    X509_free(certificate);
    BIO_free(secret_pem);
    BIO_free(certificate_pem);
    SSL_CTX_free(context);
    return done;
}

}  // namespace

TEST_CASE("both sides learn each other's key") {
    const Server server;
    const auto own = Identity::generate().value();
    const auto answer = call(server, pinned_channel(server.identity.key(), &own));
    INFO(answer.status.error_message());
    REQUIRE(answer.status.ok());
    CHECK(answer.key == std::string(own.key().value.begin(), own.key().value.end()));
}

TEST_CASE("a server with another key than the pinned one is refused, and both keys are named") {
    const Server server;
    const auto own = Identity::generate().value();
    const auto other = Identity::generate().value();
    const auto answer = call(server, pinned_channel(other.key(), &own));
    CHECK(answer.status.error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK(answer.status.error_message().find(to_hex(server.identity.key())) != std::string::npos);
    CHECK(answer.status.error_message().find("pinned is " + to_hex(other.key())) != std::string::npos);
}

TEST_CASE("a client that borrows a certificate without its secret cannot connect") {
    const Server server;
    const auto victim = Identity::generate().value();
    const auto thief = Identity::generate().value();
    grpc::SslCredentialsOptions options{server.identity.certificate_pem(), thief.secret_pem(),
                                        victim.certificate_pem()};
    CHECK_FALSE(call(server, grpc::SslCredentials(options)).status.ok());
}

TEST_CASE("a client without a key cannot connect where keys are required") {
    const Server server;
    CHECK_FALSE(call(server, pinned_channel(server.identity.key(), nullptr)).status.ok());
}

TEST_CASE("TLS 1.3 is spoken and TLS 1.2 is not") {
    const Server server;
    const auto own = Identity::generate().value();
    CHECK(handshakes(server.port, TLS1_3_VERSION, own));
    CHECK_FALSE(handshakes(server.port, TLS1_2_VERSION, own));
}

TEST_CASE("one seed is one key, and the certificate carries it") {
    std::array<std::uint8_t, 32> seed{};
    seed[0] = 7;
    const auto a = Identity::from_seed(seed).value();
    const auto b = Identity::from_seed(seed).value();
    CHECK(a.key() == b.key());
    CHECK(key_of_certificate(a.certificate_pem()) == a.key());
    CHECK(key_of_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == std::nullopt);
    CHECK(tls_key_from_hex(to_hex(a.key())) == a.key());
}

TEST_CASE("an identity file is made once, private, and read again") {
    const tests::TempFolder folder;
    const auto file = folder / "tls";
    const auto made = Identity::load_or_create(file).value();
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(Identity::load_or_create(file).value().key() == made.key());

    SECTION("a file that others may read is refused with the remedy") {
        ::chmod(file.c_str(), 0644);
        const auto refused = Identity::load_or_create(file);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().text.find("chmod 600") != std::string::npos);
    }
    SECTION("a damaged file is refused, not replaced") {
        std::ofstream{file, std::ios::trunc} << "0x12";
        REQUIRE_FALSE(Identity::load_or_create(file));
    }
}
