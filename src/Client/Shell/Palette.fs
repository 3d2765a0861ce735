/// The entries of the command palette, and their search.
module GopherFlow.Client.Shell.Palette

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Shell.Places

type Does =
    | Opens of Router.Page
    | Colours of Preferences.Theme
    | ShowsShortcuts
    | SignsOut

type Entry = {
    Text: string
    Kind: string
    /// The shortcut for the same action; empty for none.
    Keys: string
    /// Shown before anything is typed.
    Usual: bool
    Does: Does
}

let private entry kind text does = {
    Text = text
    Kind = kind
    Keys = ""
    Usual = false
    Does = does
}

let private usual keys entry = { entry with Usual = true; Keys = keys }

let private pages (session: Session) : Entry list =
    (Places.of' session
     |> List.map (fun place -> entry "Page" place.Text (Opens place.Page) |> usual $"g {place.Key}"))
    @ [ entry "Page" "Your account" (Opens Router.Account) |> usual "" ]

let private starts (definitions: string list) : Entry list =
    (entry "Start" "Start a workflow" (Opens Router.StartChoice) |> usual "")
    :: (definitions
        |> List.map (fun name -> entry "Start" $"Start {name}" (Opens(Router.Start name))))

let private ofDefinitions (definitions: string list) : Entry list =
    definitions
    |> List.map (fun name -> entry "Definition" name (Opens(Router.Definition name)))

let private others = [
    entry "Theme" "Light theme" (Colours Preferences.Light)
    entry "Theme" "Dark theme" (Colours Preferences.Dark)
    entry "Theme" "Theme of the system" (Colours Preferences.System)
    entry "Help" "Keyboard shortcuts" ShowsShortcuts |> usual "?"
    entry "Session" "Sign out" SignsOut
]

/// All entries for the user's role, with the names of the definitions.
let entries (session: Session) (definitions: string list) : Entry list =
    pages session
    @ ofDefinitions definitions
    @ (if Session.mayChange session then starts definitions else [])
    @ others

/// The maximum number of entries shown.
let private most = 12

let private byId (query: string) : Entry list =
    match Router.tryId (query.TrimStart '#') with
    | Some id -> [ entry "Workflow" $"Workflow {id}" (Opens(Router.Workflow id)) ]
    | None -> []

/// How well an entry matches the query: 0 is best; None is no match.
let private fit (words: string list) (entry: Entry) : int option =
    let text = entry.Text.ToLowerInvariant()
    let all = $"{text} {entry.Kind.ToLowerInvariant()}"

    if not (words |> List.forall all.Contains) then None
    elif text.StartsWith words.Head then Some 0
    elif text.Contains $" {words.Head}" then Some 1
    else Some 2

/// The matching entries, the best first.
let found (query: string) (entries: Entry list) : Entry list =
    let words =
        query.ToLowerInvariant().Split ' ' |> List.ofArray |> List.filter ((<>) "")

    match words with
    | [] -> entries |> List.filter _.Usual
    | _ ->
        entries
        |> List.choose (fun entry -> fit words entry |> Option.map (fun rank -> rank, entry))
        |> List.sortBy fst
        |> List.map snd
        |> List.append (byId (query.Trim()))
        |> List.truncate most

type Model = { Query: string; Chosen: int }

let opened = { Query = ""; Chosen = 0 }

type Msg =
    | Typed of string
    /// Up or down in the list, wrapping around at its ends.
    | Moved of by: int * among: int

let update (msg: Msg) (model: Model) : Model =
    match msg with
    | Typed text -> { Query = text; Chosen = 0 }
    | Moved(_, 0) -> model
    | Moved(by, among) -> {
        model with
            Chosen = (model.Chosen + by + among) % among
      }
