/// The properties of a diagram. They are separate from the code that draws it, which is loaded with the first diagram.
module GopherFlow.Client.Diagram.Props

open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

type Size =
    /// Interactive, with tools, pan and zoom.
    | Screen
    /// A static picture.
    | Card

type DiagramProps = {
    Graph: Graph
    Picture: Picture
    Mermaid: string
    Size: Size
    Selected: string option
    Select: (string -> unit) option
    /// Opens the list of the children that the current state waits for.
    OpenChildren: (unit -> unit) option
}
