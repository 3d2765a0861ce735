/// Texts of the entries of the audit log.
module GopherFlow.Client.Pages.Audit.Describe

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api

/// The kinds of targets.
let kinds = [
    "workflow"
    "definition"
    "script"
    "job"
    "schedule"
    "signal"
    "user"
    "session"
    "apiKey"
]

let kindWord (kind: string) =
    if kind = "apiKey" then "API key" else kind

/// Common filters, by the prefix of the action.
let actions = [
    "workflow.", "Everything on workflows"
    "workflow.create", "Starts"
    "workflow.cancel", "Cancels"
    "workflow.variables", "Changed variables"
    "script.", "Everything on scripts"
    "definition.move", "Moves between versions"
    "job.", "Jobs"
    "schedule.", "Schedules"
    "user.", "Everything on users"
    "apiKey.", "API keys"
    "session.", "Signing in and out"
    "session.refused", "Failed sign-ins"
]

let private known =
    Map [
        "workflow.create", "Started a workflow"
        "workflow.createAndWait", "Started a workflow and waited"
        "workflow.import", "Imported workflows"
        "workflow.state", "Moved to a state"
        "workflow.stateAndWait", "Moved to a state and waited"
        "workflow.variables", "Changed variables"
        "workflow.signal", "Sent a signal"
        "workflow.delete", "Deleted a workflow"
        "workflow.cancel", "Cancelled"
        "workflow.pause", "Paused"
        "workflow.resume", "Resumed"
        "workflow.retry", "Retried"
        "workflow.runAgain", "Ran again from a state"
        "workflow.statevars", "Changed a variable"
        "workflow.place", "Changed where it runs"
        "definition.move", "Moved workflows to another version"
        "script.deploy", "Deployed a script"
        "script.rollback", "Rolled a script back"
        "script.enable", "Enabled a script"
        "script.disable", "Disabled a script"
        "signal.send", "Sent a signal"
        "job.start", "Started a job"
        "job.cancel", "Cancelled a job"
        "schedule.create", "Added a schedule"
        "schedule.change", "Changed a schedule"
        "schedule.delete", "Deleted a schedule"
        "schedule.pause", "Paused a schedule"
        "schedule.resume", "Resumed a schedule"
        "schedule.trigger", "Started a run of a schedule"
        "user.create", "Added a user"
        "user.change", "Changed a user"
        "user.delete", "Deleted a user"
        "user.password", "Changed their own password"
        "session.signIn", "Signed in"
        "session.signOut", "Signed out"
        "session.refused", "Failed to sign in"
        "session.oidc", "Signed in with the organisation"
        "session.end", "Ended a session"
        "session.endAll", "Ended all sessions"
        "apiKey.create", "Created an API key"
        "apiKey.revoke", "Revoked an API key"
    ]

/// The text of an action; the server's name if the console does not know it.
let action (name: string) : string =
    known.TryFind name |> Option.defaultValue name

/// The page of a target, if it has one.
let page (kind: string) (id: string) : Router.Page option =
    match kind, Router.tryId id with
    | "workflow", Some id -> Some(Router.Workflow id)
    | "user", Some id -> Some(Router.User id)
    | "job", Some id -> Some(Router.Job id)
    | "schedule", _ when id <> "" -> Some(Router.Schedule id)
    | "script", _ when id <> "" -> Some(Router.Script id)
    | "definition", _ when id <> "" -> Some(Router.Definition id)
    | _ -> None

type Change = {
    Name: string
    /// None when the field did not exist before.
    Before: string option
    After: string option
}

[<Emit("typeof $0 === 'string'")>]
let private isText (_value: obj) : bool = jsNative

let private text (value: obj) : string option =
    if JsInterop.isNullOrUndefined value then None
    elif isText value then Some(unbox<string> value)
    else Some(Json.write value)

let private members (value: RawJson option) : (string * string) list =
    match value with
    | Some value when Json.isObject value ->
        Json.entriesOf value
        |> List.choose (fun (name, value) -> text value |> Option.map (fun text -> name, text))
    | Some value -> text value |> Option.map (fun text -> "", text) |> Option.toList
    | None -> []

/// "displayName" as "display name".
let spaced (name: string) : string =
    name
    |> Seq.map (fun letter ->
        if System.Char.IsUpper letter then
            $" {System.Char.ToLower letter}"
        else
            string letter)
    |> String.concat ""

/// The differences between before and after, by name; everything when only one of them is known.
let changes (before: RawJson option) (after: RawJson option) : Change list =
    let before, after = members before, members after

    let value name (members: (string * string) list) =
        members |> List.tryFind (fst >> (=) name) |> Option.map snd

    (List.map fst before @ List.map fst after)
    |> List.distinct
    |> List.map (fun name -> {
        Name = spaced name
        Before = value name before
        After = value name after
    })
    |> List.filter (fun change -> change.Before <> change.After)

/// The reason of a refusal: "last-admin" as "last admin".
let refusal (entry: AuditLogEntry) : string =
    members entry.After
    |> List.tryFind (fst >> (=) "problem")
    |> Option.map (fun (_, kind) -> kind.Replace("-", " "))
    |> Option.defaultValue ""
