/// The update function of the studio, without a browser or a server: messages change the model and request effects.
module GopherFlow.Client.Pages.Studio.Update

open GopherFlow.Contract
open GopherFlow.Client.Parts.Editor
open GopherFlow.Client.Pages.Studio.Model

let private isBelow (panel: Panel) = panel <> Code && panel <> Picture

let private show (panel: Panel) (model: Model) : Model = {
    model with
        Panel = panel
        Below = if isBelow panel then panel else model.Below
}

/// Goes to a place in the editor.
let private jump (place: Place) (model: Model) : Model =
    let last = model.GoTo |> Option.map fst |> Option.defaultValue 0

    {
        model with
            GoTo = Some(last + 1, place)
            Line = place.Line
            Panel = Code
    }

/// Puts a text into the editor.
let private put (source: string) (model: Model) : Model * Effect list =
    let model = {
        model with
            Source = source
            Round = model.Round + 1
            Edit = model.Edit + 1
    }

    model,
    [
        if model.Admin then
            Pause model.Edit
    ]

/// Forgets the draft.
let private forget (model: Model) : Model * Effect =
    {
        model with
            Stored = None
            Kept = Drafts.Stored
    },
    Forget model.Stored

/// Continues with the current version of the server.
let private adopt (model: Model) : Model * Effect list =
    let deployed = current model.Details

    let source =
        deployed
        |> Option.map _.Source
        |> Option.defaultWith (fun () -> Template.source model.Name)

    let model, dropped = forget model

    let model, effects =
        put source {
            model with
                Base = deployed
                Restored = None
        }

    model,
    [
        dropped
        match deployed with
        | Some deployed -> ReadMachine deployed.Version
        | None -> ()
        yield! effects
    ]

let private adoptedNote (version: string) (model: Model) : Note option =
    model.Base
    |> Option.map (fun _ -> {
        Tone = Neutral
        Text = $"Version {version} is current now; this is its source."
    })

/// A source without changes follows the server; a changed one stays.
let private read (details: ScriptDetails) (model: Model) : Model * Effect list =
    let known = { model with Details = Some details }

    match current known.Details with
    | Some deployed when known.Deploying <> Sending && known.Base <> Some deployed ->
        if deployed.Source = known.Source then
            let model, dropped = forget known

            {
                model with
                    Base = Some deployed
                    Restored = None
            },
            [ dropped ]
        elif not (isChanged known) then
            let note = adoptedNote deployed.Version known
            let model, effects = adopt known
            { model with Note = note }, effects
        else
            known, []
    | _ -> known, []

let private edited (text: string) (now: Instant) (model: Model) : Model * Effect list =
    let begun = if isChanged model then model.Begun else now

    let model = {
        model with
            Source = text
            Edit = model.Edit + 1
            Begun = begun
            Note = None
            Trying = { model.Trying with Playing = false }
    }

    if isChanged model then
        model, [ Keep(draft model now, model.Stored); Pause model.Edit ]
    else
        let model, dropped = forget model
        model, [ dropped; Pause model.Edit ]

let private deployedText (version: CurrentVersion) (model: Model) : string =
    let unfinished = model.Details |> Option.map _.Unfinished |> Option.defaultValue 0.0

    let others =
        match unfinished with
        | 0.0 -> ""
        | 1.0 -> " The unfinished one stays on its version."
        | count -> $" The {count} unfinished ones stay on their versions."

    if version.Changed && version.InEffect then
        $"Version {version.Version} is deployed. New workflows start on it, on every server.{others}"
    elif version.Changed then
        $"Version {version.Version} is deployed, but this server starts no workflows on it yet: the script is disabled, or it is still being loaded.{others}"
    else
        $"Version {version.Version} was already current. Nothing has changed."

let private deployEnded source (answer: Result<CurrentVersion, string>) (model: Model) : Model * Effect list =
    match answer with
    | Error refusal ->
        {
            model with
                Deploying = Idle
                Note =
                    Some {
                        Tone = Bad
                        Text = $"Not deployed. {refusal}"
                    }
        },
        []
    | Ok version ->
        let model = {
            model with
                Deploying = Idle
                Base =
                    Some {
                        Version = version.Version
                        Source = source
                    }
                // Updated at once, because the server's details arrive a moment later.
                Details =
                    model.Details
                    |> Option.map (fun details -> {
                        details with
                            CurrentVersion = Some version.Version
                            Source = Some source
                            Refused = None
                    })
                Restored = None
                Note =
                    Some {
                        Tone = Good
                        Text = deployedText version model
                    }
        }

        if isChanged model then
            model, []
        else
            let model, dropped = forget model
            model, [ dropped ]

let update (msg: Msg) (model: Model) : Model * Effect list =
    match msg with
    | Read details -> read details model
    | Edited(text, now) when text <> model.Source -> edited text now model
    | Edited _ -> model, []
    | CheckDue edit -> Checks.due edit model
    | Checked(edit, answer) -> Checks.ended edit answer model
    | MachineRead definition when model.Machine.IsNone || not (isChanged model) ->
        {
            model with
                Machine = Some(Checks.machine model.Machine definition)
        },
        []
    | MachineRead _ -> model, []
    | CursorAt line -> { model with Line = line }, []
    | Select state ->
        match Places.lineOf state (Places.ofText model.Source) with
        | Some line -> jump { Line = line; Column = 1 } model, []
        | None -> model, []
    | Jump place -> jump place model, []
    | Show panel -> show panel model, []
    | Discard
    | TakeTheirs -> adopt { model with Note = None }
    | KeepMine now ->
        let model = {
            model with
                Base = current model.Details
                Begun = now
        }

        model, [ Keep(draft model now, model.Stored) ]
    | DraftKept(source, kept) ->
        {
            model with
                Kept = kept
                Stored = if kept = Drafts.Stored then Some source else model.Stored
        },
        []
    | AskDeploy ->
        match undeployable model with
        | None ->
            {
                model with
                    Deploying = Asking
                    Note = None
            },
            []
        | Some reason ->
            {
                model with
                    Note =
                        Some {
                            Tone = Neutral
                            Text = $"Not deployed. {reason}"
                        }
            },
            []
    | CancelDeploy when model.Deploying = Sending -> model, []
    | CancelDeploy -> { model with Deploying = Idle }, []
    | Deploy -> { model with Deploying = Sending }, [ Send model.Source ]
    | DeployEnded(source, answer) -> deployEnded source answer model
    | Dismiss ->
        {
            model with
                Note = None
                Restored = None
        },
        []
    | SetVariables text ->
        {
            model with
                Trying = { model.Trying with Variables = text }
        },
        []
    | TryIt ->
        let model = show Try model

        match untriable model with
        | Some _ -> model, []
        | None ->
            {
                model with
                    Trying = {
                        model.Trying with
                            Running = true
                            Playing = false
                    }
            },
            [ RunTrial(model.Source, model.Trying.Variables) ]
    | TrialEnded tried -> Playback.ended tried model
    | ShowStep step ->
        Playback.showStep step {
            model with
                Trying = { model.Trying with Playing = false }
        },
        []
    | Play playing -> Playback.play playing model, []
    | PlayOn -> Playback.playOn model, []
