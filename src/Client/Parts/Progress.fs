/// How much of something there is, as a bar.
module GopherFlow.Client.Parts.Progress

open Feliz

/// Without a value while it is not known how much there is to do.
let bar (label: string) (value: float option) (most: float) : ReactElement =
    Html.progress [
        prop.className "progress"
        prop.ariaLabel label
        prop.custom ("max", max most 1.0)
        match value with
        | Some value -> prop.custom ("value", value)
        | None -> ()
    ]
