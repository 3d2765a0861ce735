/// What the commands of the account pages do.
module GopherFlow.Client.Pages.Accounts.Run

open Fable.Core
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Accounts.Model

let private send (request: Request) : JS.Promise<Outcome> =
    match request with
    | AddUser user -> AccountCalls.addUser user |> map Added
    | ChangeUser(id, change) -> AccountCalls.changeUser id change |> map Changed
    | DeleteUser id -> AccountCalls.deleteUser id |> map (fun () -> Deleted)
    | EndSession(user, session) -> AccountCalls.endSession user session |> map (fun () -> SessionEnded)
    | EndSessions user -> AccountCalls.endSessions user |> map (_.Ended >> SessionsEnded)
    | AddKey(user, key) -> AccountCalls.addKey user key |> map KeyAdded
    | RevokeKey(user, key) -> AccountCalls.revokeKey user key |> map (fun () -> KeyRevoked)
    | ChangePassword(old, next) -> AccountCalls.changePassword old next |> map (fun () -> PasswordChanged)

let private isOfAccounts (key: string list) =
    match key with
    | ("users" | "user" | "sessions" | "keys" | "audit") :: _ -> true
    | _ -> false

let private effect (command: Command) : Elm.Effect<Msg> =
    match command with
    | Send request -> Elm.Effect.ofPromise (fun () -> send request) Done (Problem.ofException >> Refused)
    | Refresh -> Elm.Effect.ofAction (fun () -> Query.refetchWhere isOfAccounts |> start)
    | Go page -> Elm.Effect.ofAction (fun () -> Router.go page)

let useAccounts () : Model * (Msg -> unit) =
    Elm.useElm (fun () -> Update.init, []) (fun msg model ->
        let next, commands = Update.update msg model
        next, List.map effect commands)
