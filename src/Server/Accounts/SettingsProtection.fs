namespace GopherFlow.Server

open System
open System.Security.Cryptography
open System.Text
open Microsoft.AspNetCore.DataProtection

/// Encrypts and authenticates data for one purpose. The key is derived from a secret, so every process with the same secret can
/// decrypt the data.
type SettingsProtector(secret: byte array, purpose: string) =

    [<Literal>]
    let NonceBytes = 12

    [<Literal>]
    let TagBytes = 16

    let key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, null, Encoding.UTF8.GetBytes purpose)

    interface IDataProtector with
        member _.CreateProtector other =
            SettingsProtector(secret, $"{purpose}\n{other}")

        member _.Protect plaintext =
            let packet = Array.zeroCreate (NonceBytes + TagBytes + plaintext.Length)
            let nonce = Span(packet, 0, NonceBytes)
            RandomNumberGenerator.Fill nonce
            use cipher = new AesGcm(key, TagBytes)

            cipher.Encrypt(
                nonce,
                ReadOnlySpan plaintext,
                Span(packet, NonceBytes + TagBytes, plaintext.Length),
                Span(packet, NonceBytes, TagBytes)
            )

            packet

        member _.Unprotect packet =
            let length = packet.Length - NonceBytes - TagBytes

            if length < 0 then
                raise (CryptographicException "This was not made here.")

            let plaintext = Array.zeroCreate length
            use cipher = new AesGcm(key, TagBytes)

            cipher.Decrypt(
                ReadOnlySpan(packet, 0, NonceBytes),
                ReadOnlySpan(packet, NonceBytes + TagBytes, length),
                ReadOnlySpan(packet, NonceBytes, TagBytes),
                Span plaintext
            )

            plaintext

/// Creates protectors for different purposes from one secret.
type SettingsProtection(secret: byte array) =
    interface IDataProtectionProvider with
        member _.CreateProtector purpose = SettingsProtector(secret, purpose)
