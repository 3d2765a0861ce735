namespace GopherFlow.Contract

open System

/// Who is signed in.
type Session = {
    Username: string
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    /// When the session ends; null for an API key that never does.
    Expires: DateTimeOffset option
}
