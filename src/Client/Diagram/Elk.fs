/// Computes layouts with elkjs in a worker of its own, once for each definition and direction.
module GopherFlow.Client.Diagram.Elk

open System.Collections.Generic
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout

[<ImportDefault("elkjs/lib/elk-worker.min.js?url")>]
let private workerUrl: string = jsNative

[<ImportDefault("elkjs/lib/elk-api.js"); Emit("new $0({ workerFactory: () => new Worker($1) })")>]
let private createEngine (_workerUrl: string) : obj = jsNative

let private engine = lazy (createEngine workerUrl)

let private finished = Dictionary<string, Layout>()
let private running = Dictionary<string, JS.Promise<Layout>>()

let private requestText (direction: Direction) (graph: Graph) =
    JS.JSON.stringify (request direction graph)

/// The layout, if it has been computed before in this session.
let tryFinished (direction: Direction) (graph: Graph) : Layout option =
    let asked = requestText direction graph

    match finished.TryGetValue asked with
    | true, layout -> Some layout
    | _ ->
        let stored = StoredLayouts.tryFind direction graph asked
        stored |> Option.iter (fun layout -> finished[asked] <- layout)
        stored

let private run (asked: string) (direction: Direction) (graph: Graph) : JS.Promise<Layout> =
    let answer: JS.Promise<obj> = engine.Value?layout(request direction graph)

    answer
    |> map (fun answer ->
        let layout = read answer
        finished[asked] <- layout
        StoredLayouts.keep direction graph asked layout
        layout)

/// The layout, computed when it is asked for the first time.
let layout (direction: Direction) (graph: Graph) : JS.Promise<Layout> =
    let asked = requestText direction graph

    match running.TryGetValue asked with
    | true, layout -> layout
    | _ ->
        let layout = run asked direction graph
        running[asked] <- layout
        layout
