module GopherFlow.Client.Shell.Update

open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Shell.Places
open GopherFlow.Client.Shell.Model

let init (theme: Preferences.Theme) : Model = {
    Overlay = Nothing
    Going = None
    Theme = theme
    StillIn = None
}

/// The milliseconds within which the second of two keys must follow.
let private secondKeyWithin = 1500.0

let private isGoing (at: GopherFlow.Contract.Instant) (model: Model) =
    model.Going
    |> Option.exists (fun begun -> Instant.milliseconds at - Instant.milliseconds begun < secondKeyWithin)

/// The current meaning of a key; None for keys that the shell does not handle.
let meaning (places: Place list) (model: Model) (press: Press) : Meaning option =
    let free = not (press.Typing || press.Modal || press.Commanding)

    match press.Key with
    | "k"
    | "K" when press.Commanding && not press.Modal -> Some(Opens Palette)
    | key when free && isGoing press.At model ->
        places
        |> List.tryFind (fun place -> place.Key = key)
        |> Option.map (_.Page >> Goes)
    | "g" when free -> Some Begins
    | "?" when free -> Some(Opens Shortcuts)
    | "/" when free -> Some Searches
    | _ -> None

let private press (places: Place list) (press: Press) (model: Model) : Model * Command list =
    let idle = { model with Going = None }

    match meaning places model press with
    | Some(Opens overlay) -> { idle with Overlay = overlay }, []
    | Some(Goes page) -> idle, [ Go page ]
    | Some Begins -> { model with Going = Some press.At }, []
    | Some Searches -> idle, [ FocusSearch ]
    | None -> idle, []

let update (places: Place list) (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | Pressed key -> press places key model
    | Show overlay -> { model with Overlay = overlay }, []
    | Close -> { model with Overlay = Nothing }, []
    | Choose theme -> { model with Theme = theme }, [ Keep theme ]
    | ThemeChosen theme -> { model with Theme = theme }, []
    | SignOut -> { model with StillIn = None }, [ EndSession ]
    | SignOutFailed reason -> { model with StillIn = Some reason }, []
