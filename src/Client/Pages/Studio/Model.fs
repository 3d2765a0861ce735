/// The model of the studio: the text, the server's answers about it, and the current version on the server.
module GopherFlow.Client.Pages.Studio.Model

open GopherFlow.Contract
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Parts.Editor
open GopherFlow.Client.Pages.Studio

type Panel =
    | Code
    | Picture
    | Problems
    | Try
    | Versions
    | Changes
    | Loaded

/// A version and its source.
type Deployed = { Version: string; Source: string }

type Tone =
    | Good
    | Bad
    | Neutral

/// The outcome of an operation as text.
type Note = { Tone: Tone; Text: string }

type Deploying =
    | Idle
    /// The confirmation is open.
    | Asking
    | Sending

/// The outcome of a trial, with the source and variables that were tried.
type Tried = {
    Source: string
    Given: string
    Answer: Result<TriedScript, string>
}

type Trying = {
    /// A JSON object as text.
    Variables: string
    Running: bool
    Last: Tried option
    /// The step that is shown.
    Step: int
    Playing: bool
}

/// The server's answer to the check of an edit.
type Found = {
    Edit: int
    Answer: Result<CheckedScript, string>
}

type Model = {
    Name: string
    /// May check, try and deploy.
    Admin: bool
    /// None while the server has no script of that name.
    Details: ScriptDetails option
    /// The version that is being edited; None for a script that was never deployed.
    Base: Deployed option
    Begun: Instant
    Source: string
    /// Counts the texts that were put into the editor by the console.
    Round: int
    /// Counts the changes of the text.
    Edit: int
    /// The edit that the server is checking.
    Checking: int option
    Found: Found option
    /// The definition of the last text without errors.
    Machine: Definition option
    Line: int
    GoTo: (int * Place) option
    /// When the draft was saved with which the studio was opened.
    Restored: Instant option
    /// The source of the draft that this tab has found or stored. A draft that another tab has stored since is a different one.
    Stored: string option
    /// The result of storing the draft last.
    Kept: Drafts.Kept
    Note: Note option
    Deploying: Deploying
    Trying: Trying
    /// The panel that a narrow screen shows.
    Panel: Panel
    /// The panel below editor and diagram.
    Below: Panel
}

type Msg =
    | Read of ScriptDetails
    | Edited of text: string * now: Instant
    | CheckDue of edit: int
    | Checked of edit: int * Result<CheckedScript, string>
    | MachineRead of Definition
    | CursorAt of line: int
    | Select of state: string
    | Jump of Place
    | Show of Panel
    | Discard
    | TakeTheirs
    | KeepMine of now: Instant
    | DraftKept of source: string * Drafts.Kept
    | AskDeploy
    | CancelDeploy
    | Deploy
    | DeployEnded of source: string * Result<CurrentVersion, string>
    | Dismiss
    | SetVariables of string
    | TryIt
    | TrialEnded of Tried
    | ShowStep of int
    | Play of bool
    | PlayOn

type Effect =
    /// Sends CheckDue after a pause.
    | Pause of edit: int
    | Check of edit: int * source: string
    | ReadMachine of version: string
    /// Stores a draft over the one with this source.
    | Keep of Drafts.Draft * stored: string option
    /// Drops the draft with this source.
    | Forget of stored: string option
    | Send of source: string
    | RunTrial of source: string * variables: string

/// The editor uses \n.
let private lines (text: string) = text.Replace("\r\n", "\n")

let current (details: ScriptDetails option) : Deployed option =
    match details with
    | Some {
               CurrentVersion = Some version
               Source = Some source
           } ->
        Some {
            Version = version
            Source = lines source
        }
    | _ -> None

let private template (model: Model) = Template.source model.Name

/// Whether the text differs from the version that is being edited.
let isChanged (model: Model) : bool =
    match model.Base with
    | Some deployed -> deployed.Source <> model.Source
    | None -> template model <> model.Source

/// Whether leaving the page would lose the text.
let isUnkept (model: Model) : bool =
    model.Kept <> Drafts.Stored && isChanged model

/// The version that became current while the text was being edited.
let overtakenBy (model: Model) : Deployed option =
    match current model.Details, model.Base, model.Deploying with
    | _, _, Sending -> None
    | Some deployed, Some began, _ when deployed.Version <> began.Version && isChanged model -> Some deployed
    | Some deployed, None, _ when isChanged model -> Some deployed
    | _ -> None

/// How it became current, as text.
let overtakenText (model: Model) (version: string) : string =
    let known =
        model.Details
        |> Option.bind (fun details -> details.Versions |> List.tryFind (fun known -> known.Version = version))

    match known with
    | Some found when found.Created > model.Begun ->
        $"{found.Author} deployed version {version} while you were editing."
    | _ -> $"Version {version} became current while you were editing."

/// The diagnostics of the last check; of an earlier text while this one is being checked.
let diagnostics (model: Model) : Diagnostic list =
    match model.Found with
    | Some { Answer = Ok found } -> found.Diagnostics
    | _ -> []

let isFault (diagnostic: Diagnostic) =
    Severity.ofWire diagnostic.Severity = Fault

let faults (model: Model) : int =
    diagnostics model |> List.filter isFault |> List.length

/// Whether exactly this text was checked.
let isChecked (model: Model) : bool =
    match model.Found with
    | Some { Edit = edit; Answer = Ok _ } -> edit = model.Edit
    | _ -> false

let private counted (count: int) (one: string) =
    if count = 1 then $"1 {one}" else $"{count} {one}s"

let role (role: string) : string =
    $"Your role is {role}. Changing scripts needs the role admin."

/// Why the text cannot be deployed.
let undeployable (model: Model) : string option =
    if not model.Admin then
        Some "Deploying needs the role admin."
    elif model.Deploying = Sending then
        Some "It is being deployed."
    elif faults model > 0 then
        Some $"""The source has {counted (faults model) "fault"}."""
    elif
        current model.Details
        |> Option.exists (fun deployed -> deployed.Source = model.Source)
    then
        Some "This source is the current version."
    else
        None

let variablesFault (model: Model) : JsonText.Fault option = JsonText.fault model.Trying.Variables

let untriable (model: Model) : string option =
    if not model.Admin then
        Some "A trial runs code on the server, so it needs the role admin."
    elif model.Trying.Running then
        Some "A trial is running."
    elif (variablesFault model).IsSome then
        Some "The variables are not a JSON object."
    else
        None

/// The last trial, if it was of exactly this text.
let trial (model: Model) : Trial option =
    match model.Trying.Last with
    | Some {
               Source = source
               Answer = Ok { Trial = Some trial }
           } when source = model.Source -> Some trial
    | _ -> None

/// The draft to store.
let draft (model: Model) (now: Instant) : Drafts.Draft = {
    Source = model.Source
    Base = model.Base |> Option.map _.Version
    Begun = model.Begun
    Saved = now
}

let private withBase (details: ScriptDetails option) (draft: Drafts.Draft) : Deployed option =
    match current details, draft.Base with
    | Some deployed, Some version when deployed.Version = version -> Some deployed
    // Its source is not needed: it differs from the draft.
    | _, Some version -> Some { Version = version; Source = "" }
    | _, None -> None

/// The initial model, with the stored draft if there is one.
let init
    (name: string)
    (admin: bool)
    (details: ScriptDetails option)
    (kept: Drafts.Draft option)
    (now: Instant)
    : Model * Effect list =
    let deployed = current details

    let began =
        deployed
        |> Option.map _.Source
        |> Option.defaultWith (fun () -> Template.source name)

    let found = kept |> Option.filter (fun _ -> admin)
    let kept = found |> Option.filter (fun draft -> draft.Source <> began)

    let model = {
        Name = name
        Admin = admin
        Details = details
        Base =
            match kept with
            | Some draft -> withBase details draft
            | None -> deployed
        Begun = kept |> Option.map _.Begun |> Option.defaultValue now
        Source = kept |> Option.map _.Source |> Option.defaultValue began
        Round = 0
        Edit = 0
        Checking = None
        Found = None
        Machine = None
        Line = 1
        GoTo = None
        Restored = kept |> Option.map _.Saved
        Stored = found |> Option.map _.Source
        Kept = Drafts.Stored
        Note = None
        Deploying = Idle
        Trying = {
            Variables = "{}"
            Running = false
            Last = None
            Step = 0
            Playing = false
        }
        Panel = Code
        Below = Problems
    }

    model,
    [
        match deployed with
        | Some deployed -> ReadMachine deployed.Version
        | None -> ()
        // The draft may be one that could not be stored before.
        match kept with
        | Some draft -> Keep(draft, Some draft.Source)
        | None -> ()
        if admin then
            Pause 0
    ]
