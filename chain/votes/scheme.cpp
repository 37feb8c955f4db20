#include "chain/votes/scheme.hpp"

namespace votes {
namespace {

class Ed25519 : public Scheme {
public:
    bool verify(const crypto::Ed25519Public& key, chain::ByteView message, const Signature& signature) const override {
        return crypto::verify(key, message, crypto::Ed25519Signature{signature});
    }
};

}  // namespace

const Scheme& ed25519() {
    static const Ed25519 scheme;
    return scheme;
}

}  // namespace votes
