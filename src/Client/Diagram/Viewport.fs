/// The visible part of a drawing and its zoom: the whole drawing while that is readable, else the part around the focus.
module GopherFlow.Client.Diagram.Viewport

open GopherFlow.Client.Diagram.Layout

type Frame = {
    Width: float
    Height: float
    /// Space for tools and legend.
    Top: float
    Bottom: float
    Side: float
    /// The smallest zoom at which showing the whole drawing is still useful.
    Smallest: float
    /// The zoom for a part, when the whole drawing would be too small.
    Comfortable: float
}

/// Position in the frame = point of the drawing * zoom + offset.
type Viewport = { X: float; Y: float; Zoom: float }

let private largest = 1.2

/// How much of a state can be read at a zoom.
type Detail =
    /// Only a coloured block.
    | Block
    /// Only the name.
    | Name
    | All

let detail (zoom: float) : Detail =
    if zoom >= 0.8 then All
    elif zoom >= 0.36 then Name
    else Block

let private middle (box: Box) =
    box.X + box.Width / 2.0, box.Y + box.Height / 2.0

/// The offset along one axis: centred when everything fits, else with the focus in the middle but without empty space at the
/// ends.
let private offset (room: float) (before: float) (after: float) (length: float) (focus: float) : float =
    let free = room - before - after

    if length <= free then
        before + (free - length) / 2.0
    else
        before + free / 2.0 - focus |> min before |> max (room - after - length)

let private at (zoom: float) (frame: Frame) (layout: Layout) (focus: Box) : Viewport =
    let x, y = middle focus

    {
        X = offset frame.Width frame.Side frame.Side (layout.Width * zoom) (x * zoom)
        Y = offset frame.Height frame.Top frame.Bottom (layout.Height * zoom) (y * zoom)
        Zoom = zoom
    }

let private zoomToFit (frame: Frame) (layout: Layout) : float =
    min ((frame.Width - 2.0 * frame.Side) / layout.Width) ((frame.Height - frame.Top - frame.Bottom) / layout.Height)
    |> min largest
    |> max 0.05

/// The whole drawing, however small.
let whole (frame: Frame) (layout: Layout) : Viewport =
    let all: Box = {
        X = 0.0
        Y = 0.0
        Width = layout.Width
        Height = layout.Height
    }

    at (zoomToFit frame layout) frame layout all

/// Whether the whole drawing is useful at the zoom at which it fits.
let fits (frame: Frame) (layout: Layout) : bool =
    zoomToFit frame layout >= frame.Smallest

/// The part around one state.
let around (frame: Frame) (layout: Layout) (focus: Box) : Viewport = at frame.Comfortable frame layout focus

/// The whole drawing when that is large enough, else the part around one state.
let best (frame: Frame) (layout: Layout) (focus: Box option) : Viewport =
    match focus with
    | Some focus when not (fits frame layout) -> around frame layout focus
    | _ -> whole frame layout

let private isInside (frame: Frame) (viewport: Viewport) (box: Box) : bool =
    let left = box.X * viewport.Zoom + viewport.X
    let top = box.Y * viewport.Zoom + viewport.Y

    left >= 0.0
    && top >= 0.0
    && left + box.Width * viewport.Zoom <= frame.Width
    && top + box.Height * viewport.Zoom <= frame.Height

/// The same zoom, moved just far enough to show a state.
let showing (frame: Frame) (layout: Layout) (viewport: Viewport) (box: Box) : Viewport =
    if isInside frame viewport box then
        viewport
    else
        at viewport.Zoom frame layout box
