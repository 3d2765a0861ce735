/// The columns of the list, and those that the user has chosen.
module GopherFlow.Client.Pages.Workflows.Columns

open GopherFlow.Client

[<RequireQualifiedAccess>]
type Column =
    | Id
    | Type
    | Status
    | State
    | WaitsFor
    | Key
    | ExternalId
    | Group
    | Priority
    | Version
    | Attempts
    | Parent
    | Due
    | Created
    | Ended
    | Changed

/// In display order: the name for storage, and the heading.
let all: (Column * (string * string)) list = [
    Column.Id, ("id", "ID")
    Column.Type, ("type", "Type")
    Column.Status, ("status", "Status")
    Column.State, ("state", "State")
    Column.WaitsFor, ("waits", "Waits for")
    Column.Key, ("key", "Business key")
    Column.ExternalId, ("external", "External ID")
    Column.Group, ("group", "Group")
    Column.Priority, ("priority", "Priority")
    Column.Version, ("version", "Version")
    Column.Attempts, ("attempts", "Attempts")
    Column.Parent, ("parent", "Parent")
    Column.Due, ("due", "Next activation")
    Column.Created, ("created", "Created")
    Column.Ended, ("ended", "Ended")
    Column.Changed, ("changed", "Changed")
]

let name (column: Column) =
    all |> List.find (fst >> (=) column) |> snd |> fst

let heading (column: Column) =
    all |> List.find (fst >> (=) column) |> snd |> snd

let usual = [
    Column.Id
    Column.Type
    Column.Status
    Column.State
    Column.WaitsFor
    Column.Key
    Column.Due
    Column.Changed
]

/// The id is always shown, because it links to the workflow.
let choose (column: Column) (chosen: Column list) : Column list =
    let wanted =
        if List.contains column chosen then
            List.except [ column ] chosen
        else
            column :: chosen

    all
    |> List.map fst
    |> List.filter (fun column -> column = Column.Id || List.contains column wanted)

let write (columns: Column list) : string =
    columns |> List.map name |> String.concat " "

/// Reads the stored columns; the default ones if none are stored or known.
let read (text: string) : Column list =
    let names = text.Split ' '

    match
        all
        |> List.filter (fun (_, (name, _)) -> Array.contains name names)
        |> List.map fst
    with
    | [] -> usual
    | columns -> columns

let private key = "gopherflow.columns"

let load () : Column list =
    Browser.Storage.tryGet key |> Option.map read |> Option.defaultValue usual

let save (columns: Column list) : unit = Browser.Storage.set key (write columns)
