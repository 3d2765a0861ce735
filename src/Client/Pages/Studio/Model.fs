/// What the studio holds: the text that is written, what the server says of it, and what is current on the server.
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

/// How something went, in words.
type Note = { Tone: Tone; Text: string }

type Deploying =
    | Idle
    /// Asks whether it is to be done.
    | Asking
    | Sending

/// What became of a trial, and the source and variables that were tried.
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

/// What the server said of an edit.
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
    /// What the writing began with; None for a script that was never deployed.
    Base: Deployed option
    Begun: Instant
    Source: string
    /// Counts the texts that came from elsewhere than the editor.
    Round: int
    /// Counts the changes of the text.
    Edit: int
    /// The edit that the server is checking.
    Checking: int option
    Found: Found option
    /// The last one without a fault.
    Machine: Definition option
    Line: int
    GoTo: (int * Place) option
    /// When the draft was written with which the studio was opened.
    Restored: Instant option
    /// The source of the draft that this tab has found or stored. What another tab has stored since is another one.
    Stored: string option
    /// What became of the draft as it was last written.
    Kept: Drafts.Kept
    Note: Note option
    Deploying: Deploying
    Trying: Trying
    /// The one panel that a narrow screen shows.
    Panel: Panel
    /// The one that stands below editor and diagram.
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
    /// Says CheckDue after a pause.
    | Pause of edit: int
    | Check of edit: int * source: string
    | ReadMachine of version: string
    /// Stores a draft in the place of the one with that source.
    | Keep of Drafts.Draft * stored: string option
    /// Drops the draft with that source.
    | Forget of stored: string option
    | Send of source: string
    | RunTrial of source: string * variables: string

/// As the editor has it.
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

/// The text is not what it began with.
let isChanged (model: Model) : bool =
    match model.Base with
    | Some deployed -> deployed.Source <> model.Source
    | None -> template model <> model.Source

/// The text would be gone with the page.
let isUnkept (model: Model) : bool =
    model.Kept <> Drafts.Stored && isChanged model

/// The version that became current while another text was being written.
let overtakenBy (model: Model) : Deployed option =
    match current model.Details, model.Base, model.Deploying with
    | _, _, Sending -> None
    | Some deployed, Some began, _ when deployed.Version <> began.Version && isChanged model -> Some deployed
    | Some deployed, None, _ when isChanged model -> Some deployed
    | _ -> None

/// How it became current, in words.
let overtakenText (model: Model) (version: string) : string =
    let known =
        model.Details
        |> Option.bind (fun details -> details.Versions |> List.tryFind (fun known -> known.Version = version))

    match known with
    | Some found when found.Created > model.Begun ->
        $"{found.Author} deployed version {version} while you were editing."
    | _ -> $"Version {version} became current while you were editing."

/// What the last check of this text has found; of an earlier text while this one is being checked.
let diagnostics (model: Model) : Diagnostic list =
    match model.Found with
    | Some { Answer = Ok found } -> found.Diagnostics
    | _ -> []

let isFault (diagnostic: Diagnostic) =
    Severity.ofWire diagnostic.Severity = Fault

let faults (model: Model) : int =
    diagnostics model |> List.filter isFault |> List.length

/// This very text was checked.
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
        Some "Trying runs code on the server, so it needs the role admin."
    elif model.Trying.Running then
        Some "A trial is running."
    elif (variablesFault model).IsSome then
        Some "The variables are not a JSON object."
    else
        None

/// The trial of this very text.
let trial (model: Model) : Trial option =
    match model.Trying.Last with
    | Some {
               Source = source
               Answer = Ok { Trial = Some trial }
           } when source = model.Source -> Some trial
    | _ -> None

/// The draft to be kept of what is written.
let draft (model: Model) (now: Instant) : Drafts.Draft = {
    Source = model.Source
    Base = model.Base |> Option.map _.Version
    Begun = model.Begun
    Saved = now
}

let private withBase (details: ScriptDetails option) (draft: Drafts.Draft) : Deployed option =
    match current details, draft.Base with
    | Some deployed, Some version when deployed.Version = version -> Some deployed
    // Its source need not be known: it is another than what is written.
    | _, Some version -> Some { Version = version; Source = "" }
    | _, None -> None

/// The studio when it is opened, with what was not deployed the last time.
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
        // It may be one that could not be stored before.
        match kept with
        | Some draft -> Keep(draft, Some draft.Source)
        | None -> ()
        if admin then
            Pause 0
    ]
