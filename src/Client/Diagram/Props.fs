/// What a diagram is to show. It is apart from the code that draws it, which is loaded with the first diagram.
module GopherFlow.Client.Diagram.Props

open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

type Size =
    /// With tools, pan and zoom.
    | Screen
    /// A picture to look at.
    | Card

type DiagramProps = {
    Graph: Graph
    Picture: Picture
    Mermaid: string
    Size: Size
    Selected: string option
    Select: (string -> unit) option
    /// Opens the children that a state waits for.
    OpenChildren: (unit -> unit) option
}
