#include "gpu-worker/containers/digest.hpp"

#include "chain/base/check.hpp"
#include "gpu-worker/containers/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace worker {

struct Sha256::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    chain::check(EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;

void Sha256::update(chain::ByteView bytes) {
    chain::check(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

chain::Hash Sha256::finish() {
    chain::Hash hash;
    chain::check(EVP_DigestFinal_ex(context_->evp, hash.value.data(), nullptr) == 1);
    chain::check(EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) == 1);
    return hash;
}

chain::Hash sha256_of(chain::ByteView bytes) {
    Sha256 hasher;
    hasher.update(bytes);
    return hasher.finish();
}

chain::Result<chain::Hash> sha256_of_file(const std::filesystem::path& path) {
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    Sha256 hasher;
    std::array<std::uint8_t, 262'144> buffer;
    for (;;) {
        const auto got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0) return std::unexpected{errno_fault(path.string())};
        if (got == 0) return hasher.finish();
        hasher.update(chain::ByteView{buffer}.first(static_cast<std::size_t>(got)));
    }
}

std::string hex_name(const chain::Hash& hash) { return chain::to_hex(hash).substr(2); }
std::string oci_digest(const chain::Hash& hash) { return "sha256:" + hex_name(hash); }

std::optional<chain::Hash> parse_oci_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    const auto lower_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (text.size() != 64 || !std::ranges::all_of(text, lower_hex)) return std::nullopt;
    return chain::hash_from_hex(text);
}

}  // namespace worker
