module GopherFlow.Client.Pages.SignIn.Update

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.SignIn.Model

/// The text for the outcome of a sign-in with the organisation, from `signInProblem` of the URL.
let ofProvider (problem: string) : string =
    match problem with
    | "no-role" -> "Your organisation has not assigned you a role here. Ask an admin of your organisation for one."
    | "no-subject" -> "Your organisation's answer did not identify you. Tell an admin of your organisation."
    | "disabled" -> "Your account here is disabled. An admin can enable it again."
    | "last-admin" ->
        "Your organisation gives you a lower role now, but you are the last enabled admin here. Make another user an admin first."
    | "provider" -> "Your organisation refused the sign-in, or it took too long or began in another browser. Try again."
    | "try-again" -> "Your account was changed while you were signing in. Sign in again."
    | _ -> "The sign-in with your organisation failed. The server log has the reason."

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

/// The seconds until the next attempt is allowed; 0 when it is.
let wait (now: Instant) (model: Model) : int =
    match model.Until with
    | Some until -> max 0 (int (ceil ((Instant.milliseconds until - Instant.milliseconds now) / 1000.0)))
    | None -> 0

let private words (problem: Problem) : string =
    match problem.Status, problem.RetryAfter with
    | 401, _ -> "Wrong user name or password."
    | 429, Some _ -> "Too many failed sign-ins. Wait a moment before you try again."
    | _ -> Problem.text problem

let private refused (problem: Problem) (at: Instant) (model: Model) : Model = {
    model with
        Busy = false
        // A wrong password is cleared; one that the server could not check stays.
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
