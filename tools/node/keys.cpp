#include "tools/node/keys.hpp"

#include "chain/base/bytes.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/genesis.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace node {

chain::Result<crypto::Ed25519Key> create_key(const std::filesystem::path& file) {
    const auto cannot = [&] { return chain::fault("cannot write " + file.string() + ": " + std::strerror(errno)); };
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0 && errno == EEXIST)
        return chain::fault(file.string() + " exists: keys are never overwritten, choose another name with --out");
    if (out < 0) return cannot();
    auto key = crypto::Ed25519Key::generate();
    const std::string text = chain::to_hex(key.seed()) + "\n";
    const bool written =
        ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(out) == 0;
    if (!written) {
        const auto fault = cannot();
        ::close(out);
        ::unlink(file.c_str());
        return fault;
    }
    ::close(out);
    return key;
}

chain::Result<crypto::Ed25519Key> load_key(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string text;
    if (!in || !std::getline(in, text))
        return chain::fault("cannot read the validator key " + file.string() +
                            ": `tephra-node keys new --out FILE` makes one");
    const auto seed = chain::array_from_hex<32>(text);
    if (!seed)
        return chain::fault(file.string() +
                            " is no validator key: its first line must be 0x and 64 hexadecimal digits");
    struct stat about{};
    if (::stat(file.c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return chain::fault(file.string() + " can be read by others: run `chmod 600 " + file.string() + "`");
    return crypto::Ed25519Key::from_seed(*seed);
}

std::optional<crypto::Ed25519Key> dev_key_for(const crypto::Ed25519Public& key) {
    for (const auto& dev : crypto::dev_keys()) {
        auto candidate = genesis::dev_consensus_key(dev.name);
        if (candidate && candidate->public_key() == key) return candidate;
    }
    return std::nullopt;
}

}  // namespace node
