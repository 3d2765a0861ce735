/// A progress bar.
module GopherFlow.Client.Parts.Progress

open Feliz

/// `value` is None while the total is not known.
let bar (label: string) (value: float option) (most: float) : ReactElement =
    Html.progress [
        prop.className "progress"
        prop.ariaLabel label
        prop.custom ("max", max most 1.0)
        match value with
        | Some value -> prop.custom ("value", value)
        | None -> ()
    ]
