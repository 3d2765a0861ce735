/// The part of TanStack Virtual that long lists use: which rows are in view.
module GopherFlow.Client.Virtual

open System
open Feliz
open Fable.Core
open Fable.Core.JsInterop

type Item = { Index: int; Start: float }

type Rows = {
    /// The rows in view, and some before and after them.
    Items: Item list
    /// The height of all rows in pixels.
    Height: float
}

module private Imported =
    [<Import("useVirtualizer", "@tanstack/react-virtual")>]
    let useVirtualizer (_options: obj) : obj = jsNative

    [<Import("useLayoutEffect", "react")>]
    let useLayoutEffect (_effect: Func<obj>, _dependencies: obj[]) : unit = jsNative

/// Runs an effect before the browser paints.
let useBeforePaint (act: unit -> unit) (dependencies: obj[]) : unit =
    Imported.useLayoutEffect (
        Func<_>(fun () ->
            act ()
            JS.undefined),
        dependencies
    )

let private overscan = 12

/// Rows of equal height in a scrolling element.
let useRows (scroller: IRefValue<obj>) (count: int) (rowHeight: int) : Rows =
    let virtualizer =
        createObj [
            "count", box count
            "getScrollElement", box (Func<_>(fun () -> scroller.current))
            "estimateSize", box (Func<int, int>(fun _ -> rowHeight))
            "overscan", box overscan
            "useFlushSync", box false
        ]
        |> Imported.useVirtualizer

    useBeforePaint (fun () -> virtualizer?measure ()) [| box rowHeight |]
    let items: obj[] = virtualizer?getVirtualItems ()

    {
        Items = [
            for item in items ->
                {
                    Index = item?index
                    Start = item?start
                }
        ]
        Height = virtualizer?getTotalSize ()
    }
