/// Whether the window is as narrow as a phone; the same limit as in the style sheets.
module GopherFlow.Client.Parts.Width

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client

let useNarrow () : bool =
    let query: obj =
        React.useMemo ((fun () -> Browser.window?matchMedia "(max-width: 760px)"), [||])

    let narrow, setNarrow = React.useState (unbox<bool> query?matches)

    React.useEffect (
        (fun () -> Browser.listen query "change" (fun event -> setNarrow (unbox<bool> event?matches))),
        [||]
    )

    narrow
