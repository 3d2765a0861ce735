/// Runs the commands of the account pages.
module GopherFlow.Client.Pages.Accounts.Run

open Feliz
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

let private isShownHere (key: string list) =
    match key with
    | ("users" | "user" | "sessions" | "keys") :: _ -> true
    | _ -> false

let private isOfAccounts (key: string list) =
    isShownHere key || List.tryHead key = Some "audit"

/// The milliseconds between two fetches: no events report changes of users.
let private pace = 15000

let private usePolling () : unit =
    React.useEffect (
        (fun () ->
            Browser.every pace (fun () ->
                if not (Browser.isHidden ()) then
                    Query.refetchWhere isShownHere |> start)),
        [||]
    )

let private effect (dialog: int) (command: Command) : Elm.Effect<Msg> =
    match command with
    | Send request ->
        Elm.Effect.ofPromise (fun () -> send request) (fun outcome -> Done(dialog, outcome)) (fun failure ->
            Refused(dialog, Problem.ofException failure))
    | Refresh -> Elm.Effect.ofAction (fun () -> Query.refetchWhere isOfAccounts |> start)
    | Go page -> Elm.Effect.ofAction (fun () -> Router.go page)

let useAccounts () : Model * (Msg -> unit) =
    usePolling ()

    Elm.useElm (fun () -> Update.init, []) (fun msg model ->
        let next, commands = Update.update msg model
        next, List.map (effect next.Dialogs) commands)
