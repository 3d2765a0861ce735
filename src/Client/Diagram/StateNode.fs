/// One state of the diagram: its name, type and rules, and its role in a run.
module GopherFlow.Client.Diagram.StateNode

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Picture

type NodeData = {
    View: StateView
    Mode: Mode
    Selected: bool
    /// Whether the keyboard reaches it. In a static picture the summary names the states instead.
    Focusable: bool
    /// Whether the Tab key reaches it; the arrow keys reach the others from there.
    First: bool
    Width: float
    Select: (string -> unit) option
    OpenChildren: (unit -> unit) option
}

[<Fable.Core.Import("Handle", "@xyflow/react")>]
let private handle: obj = Fable.Core.Util.jsNative

// The layout routes the edges; React Flow only requires that a node has handles.
let private ends: ReactElement list = [
    for kind in [ "source"; "target" ] ->
        Interop.createElement (
            handle,
            createObj [
                "key", box kind
                "type", box kind
                "position", box "top"
                "isConnectable", box false
                "className", box "node-end"
            ]
        )
]

let private waitLine =
    React.functionComponent (
        "WaitLine",
        fun (props: {| wait: Wait |}) ->
            let now = Clock.useNow ()

            let exact =
                match props.wait with
                | UntilTime at -> $"until {Instant.exact at}"
                | _ -> Wait.text now props.wait

            Html.span [
                prop.className "node-wait"
                prop.title exact
                prop.text (Wait.text now props.wait)
            ]
    )

let private plainLine (view: StateView) : ReactElement list = [
    Html.span [ prop.text (StateType.wire view.Type) ]
    for rule in view.Rules do
        Html.span [ prop.className "node-rule"; prop.text rule ]
]

let private lineBelow (view: StateView) : ReactElement list =
    match view.Status, view.Wait, view.Change with
    | _, _, Some change -> [
        Html.span [
            prop.className "node-change"
            prop.title (Changes.Change.text change)
            prop.text (Changes.Change.text change)
        ]
      ]
    | Some _, Some wait, _ -> [ waitLine {| wait = wait |} ]
    | Some status, None, _ -> [ Html.span [ prop.className "node-status"; prop.text (Status.word status) ] ]
    | None, _, _ when not view.Tally.IsEmpty -> [
        for status, count in view.Tally ->
            Html.span [
                prop.key (Status.wire status)
                prop.className "node-status-count"
                prop.data ("status", Status.wire status)
                prop.text $"{Tally.short count} {(Status.word status).ToLower()}"
            ]
      ]
    | None, _, _ -> plainLine view

let private groupCount (group: Tally.Group, count: Count) : ReactElement =
    Html.span [
        prop.key (Tally.Group.word group)
        prop.className "node-count"
        prop.data ("group", Tally.Group.word group)
        prop.text (Tally.short count)
    ]

/// Shown on the upper edge of the state, where they do not hide the name.
let private counts (view: StateView) : ReactElement =
    if view.Visits > 1 || view.Retries > 0 || not view.Tally.IsEmpty then
        Html.span [
            prop.className "node-counts"
            prop.ariaHidden true
            if not view.Tally.IsEmpty then
                prop.title (Tally.text view.Tally)
            prop.children [
                yield! Tally.groups view.Tally |> List.map groupCount
                if view.Visits > 1 then
                    Html.span [
                        prop.className "node-count"
                        prop.title $"Entered {view.Visits} times"
                        prop.text $"×{view.Visits}"
                    ]
                if view.Retries > 0 then
                    Html.span [
                        prop.className "node-count"
                        prop.data ("group", "failed")
                        prop.title $"Failed {Summary.times view.Retries}"
                        prop.text $"↻{view.Retries}"
                    ]
            ]
        ]
    else
        Html.none

/// The children as dots. They are outside the state's own element, because a button must not contain another.
let private children (data: NodeData) : ReactElement =
    if data.View.Children.IsEmpty then
        Html.none
    else
        let text = $"Children: {Tally.text data.View.Children}"

        let dots = [
            for group, count in Tally.groups data.View.Children ->
                Html.span [
                    prop.key (Tally.Group.word group)
                    prop.className "node-child"
                    prop.ariaHidden true
                    prop.data ("group", Tally.Group.word group)
                    prop.text (Tally.short count)
                ]
        ]

        match data.OpenChildren with
        | Some openChildren ->
            Html.button [
                prop.type' "button"
                prop.className "node-children nopan"
                prop.testId "node-children"
                prop.title $"{text}. Click to open them."
                prop.onClick (fun _ -> openChildren ())
                prop.children [
                    yield! dots
                    Html.span [ prop.className "visually-hidden"; prop.text $"{text}. Open them." ]
                ]
            ]
        | None -> Html.span [ prop.className "node-children"; prop.title text; prop.children dots ]

/// The group that colours the state when it is too small to read.
let private heat (view: StateView) : string option =
    Tally.groups view.Tally |> List.tryHead |> Option.map (fst >> Tally.Group.word)

let private pressed (data: NodeData) (event: obj) =
    match data.Select with
    | Some select when event?key = "Enter" || event?key = " " ->
        event?preventDefault ()
        select data.View.Name
    | _ -> ()

let private name (className: string) (lines: string list) : ReactElement =
    Html.div [
        prop.className className
        prop.ariaHidden true
        prop.children [ for line in lines -> Html.span line ]
    ]

/// The text for screen readers: everything that is drawn in the state and more. The drawn text is hidden from them.
let private said (view: StateView) : string = Summary.ofState (Instant.now ()) view

let private draw (data: NodeData) : ReactElement =
    let view = data.View

    Html.div [
        prop.className "node"
        prop.testId $"state-{view.Name}"
        prop.data ("state", view.Name)
        prop.data ("type", StateType.wire view.Type)
        prop.data ("phase", Phase.word view.Phase)
        prop.data ("visits", string view.Visits)
        prop.data ("run", (if data.Mode = OfRun then "true" else "false"))
        match view.Status with
        | Some status -> prop.data ("status", Status.wire status)
        | None -> ()
        match view.Wait with
        | Some(ForAttempt _) -> prop.data ("wait", "attempt")
        | _ -> ()
        match heat view with
        | Some group -> prop.data ("heat", group)
        | None -> ()
        match view.Change with
        | Some change -> prop.data ("change", Changes.Change.word change)
        | None -> ()
        prop.title view.Name
        if data.Focusable then
            prop.tabIndex (if data.First then 0 else -1)

        match data.Select with
        | Some _ ->
            prop.role "button"
            prop.ariaPressed data.Selected
        | None ->
            prop.role "img"
            prop.ariaLabel (said view)
        prop.onKeyDown (pressed data)
        prop.onClick (fun _ -> data.Select |> Option.iter (fun select -> select view.Name))
        prop.children [
            name "node-name" (Label.lines Layout.columns view.Name)
            name "node-large-name" (Label.lines (Layout.largeColumns data.Width) view.Name)
            Html.div [
                prop.className "node-below"
                prop.ariaHidden true
                prop.children (lineBelow data.View)
            ]
            counts view
            if data.Select.IsSome then
                Html.span [ prop.className "visually-hidden"; prop.text (said view) ]
            yield! ends
        ]
    ]

let private drawWithChildren (data: NodeData) : ReactElement =
    Html.fragment [ draw data; children data ]

// The select function is a new one with each render but does the same, so it is not compared.
let private same (before: {| data: NodeData |}) (after: {| data: NodeData |}) =
    before.data.View = after.data.View
    && before.data.Selected = after.data.Selected
    && before.data.Mode = after.data.Mode
    && before.data.Focusable = after.data.Focusable
    && before.data.First = after.data.First
    && before.data.Width = after.data.Width
    && before.data.Select.IsSome = after.data.Select.IsSome
    && before.data.OpenChildren.IsSome = after.data.OpenChildren.IsSome

let kind: obj =
    React.memoKind ("StateNode", (fun (props: {| data: NodeData |}) -> drawWithChildren props.data), same)
