namespace GopherFlow.Server

open System
open System.Buffers.Text
open System.Security.Cryptography
open System.Text
open GopherFlow.Storage
open Microsoft.AspNetCore.Identity

/// Session ids, API keys and generated passwords: random, and stored only as hashes.
module internal Secrets =

    [<Literal>]
    let private TokenBytes = 32

    /// A new secret that fits into a cookie or a header.
    let newToken () : string =
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes TokenBytes)

    [<Literal>]
    let private KeyPrefix = "gflow_"

    /// A new API key. The prefix lets people and secret scanners recognize a leaked key.
    let newApiKey () = KeyPrefix + newToken ()

    /// The first characters of a key, by which its owner recognizes it.
    let beginningOf (key: string) = key.Substring(0, KeyPrefix.Length + 4)

    /// The hash that is stored for a token. Tokens are long and random, so a fast hash is enough.
    let hash (token: string) =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes token))

    /// A new password that is easy to type: it has no characters that look alike.
    let newPassword () =
        RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20)

/// Hashes and checks passwords, slowly and with salt.
type Passwords() =
    let hasher = PasswordHasher<string>()
    let decoy = hasher.HashPassword("nobody", Secrets.newToken ())

    /// The hash to store.
    member _.Hash(username: string, password: string) = hasher.HashPassword(username, password)

    /// The user if the password is right. An unknown or disabled user takes as long as a wrong password.
    member _.Check(user: UserRecord option, password: string) =
        let hash =
            user
            |> Option.bind (fun user -> Option.ofObj user.PasswordHash)
            |> Option.defaultValue decoy

        let verdict = hasher.VerifyHashedPassword("", hash, password)

        user
        |> Option.filter (fun user ->
            verdict <> PasswordVerificationResult.Failed
            && user.Enabled
            && not (isNull user.PasswordHash))
