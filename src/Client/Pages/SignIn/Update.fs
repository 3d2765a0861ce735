module GopherFlow.Client.Pages.SignIn.Update

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.SignIn.Model

/// What the provider's answer came to, by `signInProblem` of the address.
let ofProvider (problem: string) : string =
    match problem with
    | "no-role" -> "Your organisation gives you no role here. Ask an admin of it to give you one."
    | "no-subject" -> "Your organisation's answer did not say who you are. Tell an admin of it."
    | "disabled" -> "Your account here is disabled. An admin can enable it again."
    | "last-admin" ->
        "Your organisation gives you a lower role now, but you are the last enabled admin here. Make another user an admin first."
    | "provider" -> "Your organisation did not sign you in."
    | "try-again" -> "The sign-in took too long, or was begun in another window. Try again."
    | _ -> "The sign-in with your organisation has failed. The log of the server says why."

let init (username: string) (problem: string option) : Model = {
    Username = username
    Password = ""
    Busy = false
    Fault = problem |> Option.map ofProvider
    Until = None
}

let private missing (model: Model) : string option =
    if model.Username.Trim() = "" then
        Some "Enter your user name."
    elif model.Password = "" then
        Some "Enter your password."
    else
        None

/// For how many seconds there is no further attempt; 0 when there may be one.
let wait (now: Instant) (model: Model) : int =
    match model.Until with
    | Some until -> max 0 (int (ceil ((Instant.milliseconds until - Instant.milliseconds now) / 1000.0)))
    | None -> 0

let private words (problem: Problem) : string =
    match problem.Status, problem.RetryAfter with
    | 401, _ -> "Wrong user name or password."
    | 429, Some _ -> "Too many attempts to sign in have failed. Wait a moment before the next one."
    | _ -> Problem.text problem

let private refused (problem: Problem) (at: Instant) (model: Model) : Model = {
    model with
        Busy = false
        // A wrong one is typed anew; what the server could not look at stays.
        Password = if problem.Status = 401 then "" else model.Password
        Fault = Some(words problem)
        Until =
            problem.RetryAfter
            |> Option.map (fun seconds -> Instant.add (float seconds * 1000.0) at)
}

let update (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | SetUsername name -> { model with Username = name }, []
    | SetPassword password -> { model with Password = password }, []
    | Submit now when model.Busy || wait now model > 0 -> model, []
    | Submit _ ->
        match missing model with
        | Some fault -> { model with Fault = Some fault }, []
        | None ->
            {
                model with
                    Busy = true
                    Fault = None
                    Until = None
            },
            [ Ask(model.Username.Trim(), model.Password) ]
    | Entered session -> model, [ Enter session ]
    | Refused(problem, at) -> refused problem at model, []
