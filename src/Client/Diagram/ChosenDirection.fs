/// The direction of diagrams that the user chose, stored in this browser.
module GopherFlow.Client.Diagram.ChosenDirection

open GopherFlow.Client
open GopherFlow.Client.Diagram.Layout

let private storedAs = "gopherflow.diagram.direction"

let current () : Direction =
    match Browser.Storage.tryGet storedAs with
    | Some "right" -> Right
    | _ -> Down

let choose (direction: Direction) : unit =
    Browser.Storage.set
        storedAs
        (match direction with
         | Down -> "down"
         | Right -> "right")
