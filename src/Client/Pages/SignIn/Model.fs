/// The form by which somebody signs in.
module GopherFlow.Client.Pages.SignIn.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http

type Model = {
    Username: string
    Password: string
    Busy: bool
    /// Why it was not possible.
    Fault: string option
    /// Until when the server takes no further attempt.
    Until: Instant option
}

type Msg =
    | SetUsername of string
    | SetPassword of string
    | Submit of now: Instant
    | Entered of Session
    | Refused of Problem * at: Instant

type Command =
    | Ask of username: string * password: string
    | Enter of Session
