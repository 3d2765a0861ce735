/// A notice above a page about a problem, with buttons to solve it.
module GopherFlow.Client.Parts.Banner

open Feliz

type Tone =
    | Note
    | Warning
    | Bad

let private word =
    function
    | Note -> "note"
    | Warning -> "warning"
    | Bad -> "bad"

let view (tone: Tone) (content: ReactElement list) (actions: ReactElement list) : ReactElement =
    Html.div [
        prop.className "banner"
        prop.data ("tone", word tone)
        prop.role (if tone = Bad then "alert" else "status")
        prop.children [
            Icons.warning
            Html.div [ prop.className "banner-text"; prop.children content ]
            yield! actions
        ]
    ]
