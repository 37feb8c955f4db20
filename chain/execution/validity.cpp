#include "chain/execution/validity.hpp"

#include <utility>

namespace chain {
namespace {

std::string_view sentence(InvalidTransaction reason) {
    switch (reason) {
        case InvalidTransaction::Call: return "Transaction call is not expected";
        case InvalidTransaction::Payment: return "Inability to pay some fees (e.g. account balance too low)";
        case InvalidTransaction::Future: return "Transaction will be valid in the future";
        case InvalidTransaction::Stale: return "Transaction is outdated";
        case InvalidTransaction::BadProof: return "Transaction has a bad signature";
        case InvalidTransaction::AncientBirthBlock: return "Transaction has an ancient birth block";
        case InvalidTransaction::ExhaustsResources: return "Transaction would exhaust the block limits";
        case InvalidTransaction::Custom: return "Custom error: ";
        case InvalidTransaction::BadMandatory: return "A call was labelled as mandatory, but resulted in an Error.";
        case InvalidTransaction::MandatoryValidation:
            return "Transaction dispatch is mandatory; transactions must not be validated.";
        case InvalidTransaction::BadSigner: return "Invalid signing address";
        case InvalidTransaction::IndeterminateImplicit: return "The implicit data was unable to be calculated";
        case InvalidTransaction::UnknownOrigin: return "The transaction extension did not authorize any origin";
    }
    std::unreachable();
}

std::string_view sentence(UnknownTransaction reason) {
    switch (reason) {
        case UnknownTransaction::CannotLookup:
            return "Could not lookup information required to validate the transaction";
        case UnknownTransaction::NoUnsignedValidator:
            return "Could not find an unsigned validator for the unsigned transaction";
        case UnknownTransaction::Custom: return "Custom error: ";
    }
    std::unreachable();
}

template <class Refusal>
void encode_refusal(const Refusal& refusal, Bytes& out) {
    scale::encode(refusal.reason, out);
    if (refusal.reason == decltype(refusal.reason)::Custom) out.push_back(refusal.custom);
}

template <class Refusal>
void decode_refusal(scale::Reader& in, Refusal& refusal) {
    refusal = {};
    scale::decode(in, refusal.reason);
    if (refusal.reason == decltype(refusal.reason)::Custom) scale::decode(in, refusal.custom);
}

}  // namespace

void Invalid::encode_to(Bytes& out) const { encode_refusal(*this, out); }
void Invalid::decode_from(scale::Reader& in) { decode_refusal(in, *this); }
void Unknown::encode_to(Bytes& out) const { encode_refusal(*this, out); }
void Unknown::decode_from(scale::Reader& in) { decode_refusal(in, *this); }

bool is(const ValidityError& error, InvalidTransaction reason) {
    const auto* refusal = std::get_if<Invalid>(&error);
    return refusal != nullptr && refusal->reason == reason;
}

std::string text(const ValidityError& error) {
    return std::visit(
        [](const auto& refusal) {
            std::string out{sentence(refusal.reason)};
            if (refusal.reason == decltype(refusal.reason)::Custom) out += std::to_string(refusal.custom);
            return out;
        },
        error);
}

}  // namespace chain
