/// The model of the sign-in form.
module GopherFlow.Client.Pages.SignIn.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.Http

type Model = {
    Username: string
    Password: string
    Busy: bool
    /// Why the sign-in failed.
    Fault: string option
    /// Until then the server accepts no further attempt.
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
