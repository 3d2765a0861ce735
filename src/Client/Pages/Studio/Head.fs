/// The head above the editor: facts about the script, its operations, and banners.
module GopherFlow.Client.Pages.Studio.Head

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Dialog
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Studio.Model

let rollBack (script: Script) (version: string) : Question = {
    Title = $"Roll {script.Name} back"
    Consequence = [
        $"New workflows start on version {version}, on every server. Running workflows stay on their version."
    ]
    Action = "Roll back"
    Act = fun () -> ScriptCalls.rollBack script.Name version
}

let private disable (script: Script) : Question = {
    Title = $"Disable {script.Name}"
    Consequence = [
        $"Until it is enabled again, none of its workflows starts or continues. None is lost. Unfinished: {script.Unfinished}."
    ]
    Action = "Disable"
    Act = fun () -> ScriptCalls.disable script.Name
}

let private enable (script: Script) : Question = {
    Title = $"Enable {script.Name}"
    Consequence = [
        $"Its workflows start and continue again; those that are due run at once. Unfinished: {script.Unfinished}."
    ]
    Action = "Enable"
    Act = fun () -> ScriptCalls.enable script.Name
}

let private discard (model: Model) (dispatch: Msg -> unit) : Question = {
    Title = "Discard the draft"
    Consequence = [
        match current model.Details with
        | Some deployed -> $"What you wrote is dropped, and the source of version {deployed.Version} is shown."
        | None -> "What you wrote is dropped."
    ]
    Action = "Discard"
    Act =
        fun () ->
            dispatch Discard
            resolved ()
}

let private facts (details: ScriptDetails) : ReactElement =
    Html.div [
        prop.className "studio-facts"
        prop.children [
            Scripts.enabledMark (Script.ofDetails details)
            match details.Versions |> List.tryFind _.Current with
            | Some version ->
                Html.span [
                    prop.className "faint"
                    prop.children [
                        Html.code version.Version
                        Html.text " deployed "
                        Clock.time {| at = version.Created |}
                        // The author of a version from the folder is a path on the server.
                        Html.text (
                            if version.Origin = "folder" then
                                " from the folder"
                            else
                                $" by {version.Author}"
                        )
                    ]
                ]

                if details.Enabled && not version.Registered then
                    Html.span [ prop.className "fault"; prop.text "It could not be loaded on this server." ]
            | None -> ()
            link
                (Router.Workflows(WorkflowFilter.where [ WorkflowFilter.Field.Type, details.Name ]))
                $"{details.Unfinished} unfinished workflows"
        ]
    ]

let private ofScript (admin: string option) (ask: Question -> unit) (script: Script) : ReactElement list = [
    if script.CurrentVersion.IsSome then
        if script.Enabled then
            button Plain Icons.pause "Disable" admin (fun () -> ask (disable script))

            linkWith (Router.Start script.Name) [
                prop.className "button"
                prop.children [ Icons.play; Html.text "Start workflow" ]
            ]
        else
            button Plain Icons.play "Enable" admin (fun () -> ask (enable script))
]

let view (session: Session) (model: Model) (ask: Question -> unit) (dispatch: Msg -> unit) : ReactElement =
    let notAdmin = if model.Admin then None else Some(role session.Role)

    Html.header [
        prop.className "studio-head"
        prop.children [
            Html.div [
                prop.className "studio-title"
                prop.children [
                    Html.div [
                        prop.className "studio-name"
                        prop.children [
                            Html.h1 model.Name
                            if isChanged model then
                                Html.span [ prop.className "tag draft"; prop.text "not deployed" ]
                        ]
                    ]
                    match model.Details with
                    | Some details -> facts details
                    | None ->
                        Html.span [
                            prop.className "faint"
                            prop.text "A new script. The server does not know it until it is deployed."
                        ]
                ]
            ]
            Html.div [
                prop.className "moves"
                prop.children [
                    match model.Details with
                    | Some details -> yield! ofScript notAdmin ask (Script.ofDetails details)
                    | None -> ()
                    if isChanged model then
                        button Plain Icons.cross "Discard" None (fun () -> ask (discard model dispatch))
                    button Primary Icons.up "Deploy" (undeployable model) (fun () -> dispatch AskDeploy)
                ]
            ]
        ]
    ]

let private banner (tone: string) (role: string) (text: string) (actions: ReactElement list) : ReactElement =
    Html.div [
        prop.className "studio-banner"
        prop.data ("tone", tone)
        prop.role role
        prop.children [
            Html.span text
            if not actions.IsEmpty then
                Html.div [ prop.className "banner-actions"; prop.children actions ]
        ]
    ]

let private small (text: string) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.className "button small"
        prop.onClick (fun _ -> act ())
        prop.text text
    ]

/// The time, with the day if it is not today.
let private shortTime (at: Instant) : string =
    let text = Instant.exact at

    if Instant.date at = Instant.date (Instant.now ()) then
        text.Substring(11, 5)
    else
        text.Substring(0, 16)

/// `compare` shows the differences between two versions.
let banners
    (session: Session)
    (model: Model)
    (compare: string * string -> unit)
    (ask: Question -> unit)
    (dispatch: Msg -> unit)
    =
    Html.div [
        prop.className "banners"
        prop.children [
            if not model.Admin then
                banner "neutral" "note" (role session.Role) []
            match overtakenBy model with
            | Some deployed ->
                banner "warn" "alert" (overtakenText model deployed.Version) [
                    match model.Base with
                    | Some began -> small "Show the difference" (fun () -> compare (began.Version, deployed.Version))
                    | None -> ()
                    small "Take it" (fun () -> dispatch TakeTheirs)
                    small "Keep mine" (fun () -> dispatch (KeepMine(Instant.now ())))
                ]
            | None -> ()
            match model.Restored with
            | Some saved when isChanged model ->
                banner "neutral" "status" $"Draft from {shortTime saved}, not deployed" [
                    small "Discard" (fun () -> ask (discard model dispatch))
                    small "Continue with it" (fun () -> dispatch Dismiss)
                ]
            | _ -> ()
            if isUnkept model then
                banner
                    "warn"
                    "alert"
                    (match model.Kept with
                     | Drafts.OthersStored ->
                         "Another tab has a draft of this script, and one is kept. What you write here is lost when the page is reloaded or closed."
                     | _ -> "This browser keeps no drafts. What you write is lost when the page is reloaded or closed.")
                    []
            match model.Note with
            | Some note ->
                let tone =
                    match note.Tone with
                    | Good -> "good"
                    | Bad -> "bad"
                    | Neutral -> "neutral"

                banner tone "status" note.Text [ small "Close" (fun () -> dispatch Dismiss) ]
            | None -> ()
        ]
    ]
