#pragma once
// libsodium picks its fastest code when it is initialised; every use in this folder goes through here first.

namespace crypto {

/// Initialises libsodium once; stops the program where it cannot. Any thread may call it.
void ensure_sodium();

}  // namespace crypto
